"""Who may ask, how often, how much: keys, quota, rate.

Here: the gate before any answer is looked up. Not here: the wording of refusals (answers).
"""

import time
from collections.abc import Mapping
from threading import Lock

from assets.source.simulated.answers import BAD_KEY, NO_KEY, OUT_OF_QUOTA, TOO_FAST, Answer

_BURST = 3
_KEYED = ("/data/", "/bulk/")
_LONGEST_URL = 4_096


class Gate:
    """Counts calls. `rate` is calls a second beyond a burst of three, `quota` keyed calls in all.

    Without a `key` of its own it lets any key pass, but still wants one on keyed paths.
    """

    def __init__(self, key: str | None, quota: int | None, rate: float | None) -> None:
        self._key, self._quota, self._rate = key, quota, rate
        self._spent = 0
        self._tokens, self._since = float(_BURST), time.monotonic()
        self._lock = Lock()

    def refuse(self, path: str, shown_key: str | None) -> Answer | None:
        """The refusal that meets a call, None where it may pass."""
        if not path.startswith((*_KEYED, "/public/")):
            return None
        with self._lock:
            keyed = path.startswith(_KEYED)
            return (
                (self._refuse_key(shown_key) if keyed else None)
                or (None if self._in_pace() else TOO_FAST)
                or (None if not keyed or self._in_quota() else OUT_OF_QUOTA)
            )

    def _refuse_key(self, shown: str | None) -> Answer | None:
        if not shown:
            return NO_KEY
        return BAD_KEY if self._key is not None and shown != self._key else None

    def _in_pace(self) -> bool:
        if self._rate is None:
            return True
        now = time.monotonic()
        self._tokens = min(float(_BURST), self._tokens + (now - self._since) * self._rate)
        self._since = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _in_quota(self) -> bool:
        self._spent += 1
        return self._quota is None or self._spent <= self._quota


def key_of(parameters: Mapping[str, str], headers: Mapping[str, str]) -> str | None:
    return parameters.get("subscription-key") or headers.get("Ocp-Apim-Subscription-Key")


def too_long(url: str) -> bool:
    return len(url) > _LONGEST_URL
