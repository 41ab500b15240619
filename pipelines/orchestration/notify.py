"""Telling somebody that a run failed: the log, unless another notifier is named.

Here belongs who is told. When a run counts as failed is decided by automation.py and runs.py.

MIRROR_TRADE_NOTIFY names the notifier: `log` (default); `webhook`, which posts JSON to the address
in MIRROR_TRADE_WEBHOOK (a secret: it is never written anywhere); or `module:function` of yours,
called with (subject, text).
"""

import importlib
import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from pipelines.orchestration.journal import LOG, without_secrets
from warehouse.errors import InputError

Notifier = Callable[[str, str], None]
SECONDS = 20.0


def tell(subject: str, text: str) -> None:
    """Tell it to whoever is named; that nobody could be reached is logged, and hides nothing."""
    subject, text = without_secrets(subject), without_secrets(text)
    try:
        notifier()(subject, text)
    except Exception as error:  # a notifier of the user's own may raise anything
        LOG.error("%s: %s", subject, text, extra={"kind": "notify"})
        LOG.error(
            "nobody was notified: %s",
            type(error).__name__,
            extra={"kind": "notify", "finding": without_secrets(str(error))},
        )


def notifier() -> Notifier:
    """The notifier of the environment. Raises InputError where there is none of that name."""
    name = os.environ.get("MIRROR_TRADE_NOTIFY", "log")
    if name in OWN:
        return OWN[name]
    module, _, function = name.partition(":")
    try:
        found: Notifier = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError):
        remedy = f"Write {', '.join(OWN)} or module:function"
        raise InputError(f"MIRROR_TRADE_NOTIFY {name}", "is no notifier", remedy) from None
    return found


def _log(subject: str, text: str) -> None:
    LOG.error("%s: %s", subject, text, extra={"kind": "notify"})


def _webhook(subject: str, text: str) -> None:
    """POST {"subject", "text"}; what went wrong is told without the address."""
    address = os.environ.get("MIRROR_TRADE_WEBHOOK", "")
    if not address:
        remedy = "Set it to the address that takes a POST of JSON"
        raise InputError("MIRROR_TRADE_WEBHOOK", "is not set", remedy)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log the address
    try:
        answer = httpx.post(address, json={"subject": subject, "text": text}, timeout=SECONDS)
    except httpx.HTTPError as error:
        finding = f"gave no answer ({type(error).__name__})"
        raise InputError("the webhook", finding, "Check its address") from None
    if not answer.is_success:
        raise InputError("the webhook", f"answered {answer.status_code}", "Check its address")


OWN: dict[str, Notifier] = {"log": _log, "webhook": _webhook}


def reasons(failures: Iterable[Any]) -> list[str]:
    """What each failed step says, without the stack; from Dagster's step failure events."""
    told = []
    for event in failures:
        error = event.event_specific_data.error
        while error.cause is not None:
            error = error.cause
        said = error.message.strip().removeprefix(f"{InputError.__module__}.{error.cls_name}: ")
        told.append(f"step {event.step_key} failed: {said}")
    return told
