"""A polite HTTP client: asks slowly, tries again what may pass, keeps secrets.

Here belongs how bytes are fetched: throttle, timeouts, retries and the words of
a final failure. What is asked for, what an answer means and where it is kept do
not: a caller judges the content with `check`, and the archive keeps it. How a file
that was cut is gone on with stands in resume.py.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from warehouse import resume
from warehouse.errors import InputError, RefusedError, UnreachableError

LOG = logging.getLogger("mirror_trade")
LOOPBACK = ("127.0.0.1", "localhost")
REFUSAL = 4096  # bytes of a refusal that are read for its words
LATER = "Run again later; what was fetched so far is kept"
REMEDIES = {
    401: "Check the key",
    403: "Check that the key allows this, and whether its quota is spent",
    404: "Check the address",
    429: "Lower the requests per second, or run again later",
}


def _tell(details: RetryDetails) -> None:
    LOG.warning(
        "asked again in %.0f s: %s", details.wait_for, getattr(details.caused_by, "finding", "")
    )


set_on_retry_hooks([_tell])  # or every retry would print the innards of this module


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent. `address` holds no secret; `retrieved_at` is ISO 8601 in UTC."""

    address: str
    content: bytes
    retrieved_at: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A key and the header that carries it; printing one shows the header's name alone."""

    header: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Manners:
    """How slowly to ask and how long to be patient, in seconds.

    `longest_wait` bounds every pause: a server that asks for a longer one
    (Retry-After) ends the run instead. `whole_answer` bounds one attempt, so that
    a server that drips bytes cannot hold a run; `largest_answer`, in bytes once unpacked, so
    that one that floods cannot fill the memory.
    """

    requests_per_second: float | None = 1.0
    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 120.0
    silence: float = 60.0
    whole_answer: float = 600.0
    largest_answer: int = 1_000_000_000


class Throttle:
    """Lets one caller pass per interval, over all threads."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        time.sleep(max(0.0, turn - now))


@dataclass
class _AttemptError(Exception):
    """An attempt that failed; `wait` is what the server asked for, None where it did not.

    `kind` is the error in which it ends where it will not pass.
    """

    finding: str
    passing: bool
    remedy: str = LATER
    wait: float | None = None
    kind: type[InputError] = InputError


class Client:
    """Fetches addresses below one base address; safe to share between threads.

    `remedies` says, by status code, what a person can do about a final failure,
    `words` reads what a refusal says. Redirects are not followed: they would
    carry the secret to another host.
    """

    def __init__(
        self,
        base_address: str,
        manners: Manners | None = None,
        secret: Secret | None = None,
        remedies: Mapping[int, str] | None = None,
        words: Callable[[bytes], str] = lambda content: content.decode("utf-8", "replace"),
    ) -> None:
        _refuse_unusable(base_address, secret)
        self.base_address = base_address.rstrip("/")
        self._manners, self._secret = manners or Manners(), secret
        self._remedies, self._words = {**REMEDIES, **(remedies or {})}, words
        self._throttle = Throttle(self._manners.requests_per_second)
        self._patiently = stamina.RetryingCaller(
            attempts=self._manners.attempts,
            timeout=None,
            wait_initial=self._manners.first_wait,
            wait_max=self._manners.longest_wait,
            wait_jitter=self._manners.first_wait,
        ).on(_may_pass)
        self._http = httpx.Client(
            timeout=httpx.Timeout(self._manners.silence, connect=min(20, self._manners.silence)),
            headers={secret.header: secret.value} if secret else {},
            # A proxy of the environment cannot reach a stand-in on this machine.
            mounts={f"all://{host}": None for host in LOOPBACK},
        )

    def close(self) -> None:
        self._http.close()

    def get(self, address: str, check: Callable[[bytes], object] | None = None) -> Answer:
        """Fetch `address` (relative to the base address) and return what came.

        `check` gets the content: a ValueError from it means the answer came
        damaged and is asked for again, an InputError ends the attempts.
        Raises InputError, which never holds the secret: UnreachableError when attempts are spent,
        RefusedError for a status of refusal (4xx), and of `check` what it raised.
        """
        return self._ask(address, lambda place: self._once(place, check))

    def save(
        self, address: str, path: Path, check: Callable[[Path], object] | None = None
    ) -> Answer:
        """Fetch `address` into a file as it comes, so that no size fills the memory.

        The answer's content stays empty, and the bytes are those that were sent. What was cut, by
        the server or with this process, goes on where it was; `path` exists once all of it is
        there, `check` gets it before that. Raises InputError as `get` does.
        """
        return self._ask(address, lambda place: self._saved(place, path, check))

    def has(self, address: str) -> bool:
        """Whether there is surely something at `address`; nothing of it is fetched."""
        self._throttle.wait()
        try:
            return self._http.head(self.base_address + address).status_code == httpx.codes.OK
        except httpx.RequestError:
            return False

    def _ask(self, address: str, attempt: Callable[[str], Answer]) -> Answer:
        place = self.base_address + address
        try:
            return self._patiently(attempt, place)
        except _AttemptError as fault:
            tries = f" ({self._manners.attempts} attempts)" if fault.passing else ""
            kind = UnreachableError if fault.passing else fault.kind
            failure = fault.finding + tries, fault.remedy
        except InputError as error:
            kind, failure = type(error), (f"{error.place} {error.finding}", error.remedy)
        raise kind(*map(self._hide, (place, *failure)))  # outside: no cause to print

    def _once(self, place: str, check: Callable[[bytes], object] | None) -> Answer:
        self._throttle.wait()
        try:
            response, content = self._receive(place)
        except httpx.RequestError as error:
            finding = f"gave no whole answer ({type(error).__name__}: {error})"
            raise _AttemptError(self._hide(finding), passing=True) from None
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response, content)
        if self._secret and self._secret.value.encode() in content:
            raise _AttemptError("answered with the key inside", False, "Nothing is kept: report it")
        try:
            if check:
                check(content)
        except ValueError as error:
            finding = f"sent {len(content)} bytes that cannot be used ({error})"
            raise _AttemptError(finding, passing=True) from None
        return _answer(place, response, content)

    def _saved(self, place: str, path: Path, check: Callable[[Path], object] | None) -> Answer:
        self._throttle.wait()
        try:
            with self._http.stream("GET", place, headers=resume.headers(path)) as response:
                if response.status_code not in resume.STATUSES:
                    raise self._refusal(response, next(response.iter_bytes(REFUSAL), b""))
                parts = self._bounded(response.iter_raw(), resume.begun(path, response))
                resume.write(path, response, parts)
            resume.finish(path, check)
        except httpx.RequestError as error:
            finding = f"gave no whole answer ({type(error).__name__}: {error})"
            raise _AttemptError(self._hide(finding), passing=True) from None
        except ValueError as error:
            finding = f"sent a file that cannot be used ({error})"
            raise _AttemptError(self._hide(finding), passing=True) from None
        return _answer(place, response, b"")

    def _receive(self, place: str) -> tuple[httpx.Response, bytes]:
        with self._http.stream("GET", place) as response:
            return response, b"".join(self._bounded(response.iter_bytes()))

    def _bounded(self, parts: Iterable[bytes], size: int = 0) -> Iterator[bytes]:
        """A body as it comes, until it is too large or has taken too long as a whole."""
        end = time.monotonic() + self._manners.whole_answer
        for part in parts:
            yield part
            size += len(part)
            if size > self._manners.largest_answer:
                finding = f"sent more than {self._manners.largest_answer:,} bytes"
                raise _AttemptError(finding, False, "Check what was asked")
            if time.monotonic() > end:
                raise httpx.ReadTimeout("the answer took too long as a whole")

    def _refusal(self, response: httpx.Response, content: bytes) -> _AttemptError:
        status, said = response.status_code, " ".join(self._words(content).split())[:300]
        finding = self._hide(f"answered {status}: {said or 'nothing'}")
        passing = status == 429 or status >= 500
        kind = RefusedError if 400 <= status < 500 and status != 429 else InputError
        wait = _asked_wait(response.headers.get("retry-after", "").strip())
        if wait is not None and wait > self._manners.longest_wait:
            finding, passing = f"{finding}, and to wait {wait:.0f} seconds", False
            kind = InputError  # no refusal for good
        remedy = self._remedies.get(status, LATER if status >= 500 else "Check what was asked")
        return _AttemptError(finding, passing, remedy, wait, kind)

    def _hide(self, text: str) -> str:
        return text.replace(self._secret.value, "***") if self._secret else text


def _answer(place: str, response: httpx.Response, content: bytes) -> Answer:
    moment = _moment(response.headers.get("date", "")) or datetime.now(UTC)
    media = response.headers.get("content-type", "")
    return Answer(place, content, moment.isoformat(timespec="seconds"), media)


def _refuse_unusable(base_address: str, secret: Secret | None) -> None:
    address = httpx.URL(base_address)
    if address.scheme not in ("http", "https") or not address.host:
        raise InputError("base address", "is no http or https address", "Write https://host")
    if secret and address.scheme == "http" and address.host not in LOOPBACK:
        raise InputError(f"{address.host}", "would be sent a key unencrypted", "Use https")


def _may_pass(error: Exception) -> bool | float:
    """For stamina: whether to try again, or the seconds the server asked to wait before."""
    if not isinstance(error, _AttemptError) or not error.passing:
        return False
    return True if error.wait is None else error.wait


def _asked_wait(text: str) -> float | None:
    """Seconds of a Retry-After header, which holds a number or a date."""
    moment = _moment(text)
    if text.isdecimal() or moment is None:
        return float(text) if text.isdecimal() else None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError):
        return None
