"""Progress of a run: every step becomes an event of the log, and a terminal sees bars.

Here belongs who is told how far a run has come. Steps tell `watch`; the command line puts a
watcher with bars in its place for as long as a run lasts.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from pipelines.orchestration.journal import LOG


@dataclass
class Told:
    """What a step tells when it is done."""

    rows: int = 0
    unchanged: bool = False
    bytes: int | None = None

    def __str__(self) -> str:
        if self.bytes is not None:
            return f"{self.bytes / 1e6:.1f} MB"
        return "unchanged" if self.unchanged else f"{self.rows:,} rows"


class Watcher:
    """Watches in silence."""

    def begin(self, name: str) -> None:
        """A step begins."""

    def end(self, name: str, told: Told, seconds: float) -> None:
        """A step is done."""

    def progress(self, done: int, planned: int, what: str) -> None:
        """How far a long step has come."""


class _Watch:
    """Whichever watcher is in place now."""

    def __init__(self) -> None:
        self.watcher = Watcher()

    @contextmanager
    def step(self, name: str) -> Iterator[Told]:
        """A step of the run, told at its start and at its end."""
        begun, told = time.monotonic(), Told()
        self.watcher.begin(name)
        try:
            yield told
        except Exception as error:
            LOG.error("%s failed: %s", name, error, extra={"kind": "failed", "step": name})
            raise
        seconds = round(time.monotonic() - begun, 3)
        self.watcher.end(name, told, seconds)
        event = {"kind": "step", "step": name, "seconds": seconds, **asdict(told)}
        LOG.info("%s: %s", name, told, extra=event)

    def progress(self, done: int, planned: int, what: str) -> None:
        self.watcher.progress(done, planned, what)


watch = _Watch()


class _Bars(Watcher):
    """A bar for the run, and one for the step that takes long."""

    def __init__(self, title: str, steps: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self.console = Console(stderr=True)
        self.bars = Progress(
            TextColumn("{task.fields[title]:<22}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=self.console,
            transient=not self.console.is_terminal,
        )
        self.run = self.bars.add_task("", total=steps, title=title)
        self.long = self.bars.add_task("", total=None, title="", visible=False)

    def begin(self, name: str) -> None:
        self.bars.update(self.run, description=name)

    def end(self, name: str, told: Told, seconds: float) -> None:
        self.bars.update(self.run, advance=0 if name.startswith("check ") else 1)
        self.bars.update(self.long, visible=False)
        if not self.console.is_terminal and not name.startswith("check "):
            self.console.print(f"  {name}: {told}, {seconds:.1f} s", highlight=False)

    def progress(self, done: int, planned: int, what: str) -> None:
        self.bars.update(
            self.long, completed=done, total=planned, title="  " + what[:20], visible=True
        )


@contextmanager
def on_terminal(title: str, steps: int) -> Iterator[None]:
    """Bars on standard error while a run lasts; plain lines where that is no terminal."""
    bars = _Bars(title, steps)
    before, watch.watcher = watch.watcher, bars
    bars.console.print(f"[bold]{title}[/]", highlight=False)
    try:
        with bars.bars:
            yield
    finally:
        watch.watcher = before
