"""The journal: one line an event, as JSON, in `log/mirror-trade.jsonl` below the warehouse.

Here belongs how an event becomes a line, without secrets, and reading lines back. Who has
something to tell writes to the logger "mirror_trade"; the fields of an event are its `extra`.
The lines are for people and machines that watch runs: no result is ever read from them.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog

LOG = logging.getLogger("mirror_trade")
# Variables of the environment whose values no line may hold.
SECRETS = ("COMTRADE_API_KEY", "MIRROR_TRADE_DB_PASSWORD", "MIRROR_TRADE_WEBHOOK")
LARGEST = 10_000_000
KEPT_FILES = 5


def path_of(root: Path) -> Path:
    """The file that new lines go to."""
    return root / "log" / "mirror-trade.jsonl"


@contextmanager
def kept(root: Path, **fields: str) -> Iterator[None]:
    """While it lasts, every event becomes a line; `fields` stand in each, as the profile does.

    A folder that cannot be written keeps no journal and stops no run.
    """
    try:
        handler = _handler(path_of(root), fields)
    except OSError:
        yield
        return
    level = LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(level)
        handler.close()


def lines(root: Path) -> list[dict[str, Any]]:
    """Every line of the newest journal file; one that a killed run left half written is passed."""
    found = []
    path = path_of(root)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _handler(path: Path, fields: Mapping[str, str]) -> logging.Handler:
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = _Quiet(path, maxBytes=LARGEST, backupCount=KEPT_FILES, encoding="utf-8")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.ExtraAdder(),
                lambda _, __, event: {**event, **fields},
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_line),
            ],
        )
    )
    return handler


def _line(event: Mapping[str, Any], **_: object) -> str:
    return without_secrets(json.dumps(event, ensure_ascii=False, default=str))


class _Quiet(RotatingFileHandler):
    """A full disk ends the journal, not the run."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Says nothing."""


def without_secrets(text: str) -> str:
    """The text with the value of every secret of the environment taken out."""
    for name in SECRETS:
        secret = os.environ.get(name, "")
        if secret:
            text = text.replace(secret, "***").replace(json.dumps(secret)[1:-1], "***")
    return text
