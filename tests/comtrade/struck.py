"""A stand-in of the UN Comtrade API whose faults are set anew for every run."""

from collections.abc import Iterator
from contextlib import contextmanager

from assets.source.simulated.api import Fault, Served, serve
from assets.source.simulated.faults import Faults
from assets.source.simulated.published import Published


class Struck:
    """What is asked of it, and which requests a fault met."""

    base: Served

    def __init__(self) -> None:
        self.strike: Faults = lambda count, url: None
        self.struck: set[int] = set()

    def faults(self, count: int, url: str) -> Fault | None:
        fault = self.strike(count, url)
        if fault:
            self.struck.add(count)
        return fault

    def begin(self, strike: Faults) -> None:
        self.strike, self.struck = strike, set()
        self.base.requests.clear()

    def came(self, part: str) -> list[str]:
        """Requests for addresses with this part that came through."""
        asked = enumerate(self.base.requests, start=1)
        return [url for count, url in asked if part in url and count not in self.struck]


@contextmanager
def struck(world: Published, key: str | None = None) -> Iterator[Struck]:
    """Serve a world; no fault strikes before `begin` sets some."""
    server = Struck()
    with serve(world, key=key, faults=server.faults) as server.base:
        yield server
