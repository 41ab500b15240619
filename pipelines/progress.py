"""Progress of a run: the terminal sees bars, everybody else the log.

Here belongs who is told how far a run has come. A run tells `watch`; the CLI puts a watcher
with bars in its place for as long as a run lasts.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LOG = logging.getLogger("mirror_trade")


@dataclass
class Told:
    """What a step tells when it is done."""

    rows: int | None = None


class Watcher:
    """Tells the log."""

    @contextmanager
    def step(self, name: str) -> Iterator[Told]:
        """A step of the run, from its start to its end."""
        begun, told = time.monotonic(), Told()
        self.begin(name)
        yield told
        self.end(name, told, time.monotonic() - begun)

    def begin(self, name: str) -> None:
        LOG.info("%s begins", name)

    def end(self, name: str, told: Told, seconds: float) -> None:
        rows = "" if told.rows is None else f", {told.rows:,} rows"
        LOG.info("%s done%s in %.1f s", name, rows, seconds)

    def progress(self, done: int, planned: int, what: str) -> None:
        """How far one long step has come."""


class _Current:
    """Stands for whichever watcher is in place now."""

    watcher = Watcher()

    def step(self, name: str):  # type: ignore[no-untyped-def]
        return self.watcher.step(name)

    def progress(self, done: int, planned: int, what: str) -> None:
        self.watcher.progress(done, planned, what)


watch = _Current()
