"""Why two builds differ: which inputs, code, packages or settings changed, and what each reaches.

Here belongs naming causes and following them from table to table. A cause reaches a table
through tables that differ themselves; where several reach one, all are named. What each of
them did alone is told by an experiment: see `mirror-trade diff --apart`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipelines.tables import tables
from warehouse.builds import Build

ASSETS = "assets/"
RECEIVED = ("raw.source_file", "raw.trade_flow", "raw.product_code")
PINS = {"assets/source/pins.toml"}
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that changed. `starts`: the tables it changes by itself; None: any table."""

    kind: str
    name: str
    finding: str
    before: str
    after: str
    starts: frozenset[str] | None

    def __str__(self) -> str:
        moved = f": {self.before} -> {self.after}" if self.before and self.after else ""
        return f"{self.kind} {self.name} {self.finding}{moved}"


def causes(before: Build, after: Build) -> list[Cause]:
    """Everything that changed between two builds and can change a figure."""
    packages = _changed("package", before.packages, after.packages)
    code = _changed("code", _code(before), _code(after))
    settings = [_settings(build) for build in (before, after)]
    return [
        *_inputs(before, after),
        *(Cause(*one, _starts(one[1])) for one in code),
        *(Cause(*one, None) for one in packages),
        *(Cause(*one, None) for one in _changed("setting", *settings)),
    ]


def _code(build: Build) -> dict[str, str]:
    """The code; what is an input too, or the pin of one, is told as an input."""
    inputs = {one["url"] for one in build.inputs if one["source"] != "reference"}
    return {path: sha for path, sha in build.code.items() if path not in inputs | PINS}


def _settings(build: Build) -> dict[str, str]:
    said = {name: build.configuration.get(name) for name in ("sources", "years")}
    return {name: str(value) for name, value in {**said, "years held": build.years}.items()}


def _inputs(before: Build, after: Build) -> Iterator[Cause]:
    """Files whose bytes or release changed; reference tables are code, and stand there."""
    sides = [
        {
            f"{one['source']} {one['url']}": f"{one['sha256'][:SHOWN]} ({one['release']})"
            for one in build.inputs
            if one["source"] != "reference"
        }
        for build in (before, after)
    ]
    for one in _changed("input", *sides):
        yield Cause(*one, frozenset(RECEIVED))


def _changed(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Kind, name, finding, before and after of each entry that is not the same on both sides."""
    for name in sorted({*before, *after}):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            finding = "changed" if name in before and name in after else "left"
            finding = "joined" if name not in before else finding
            short = [text[:SHOWN] if kind == "code" else str(text) for text in (old, new)]
            yield kind, name, finding, short[0], short[1]


def _starts(path: str) -> frozenset[str] | None:
    """Tables that a file of code makes; None where it may have a hand in any."""
    room, _, rest = path.partition("/")
    place, _, file = rest.rpartition("/")
    stem = file.partition(".")[0]
    if room == "checks":
        return frozenset(("validated.trade_flow", "quarantine.trade_flow"))
    if room == "assets" and place.startswith("source"):
        return frozenset(RECEIVED)
    if room == "assets" and not place and path.endswith(".sql"):
        return frozenset(name for name in tables() if name.endswith(f".{stem}"))
    # Thresholds are filled into the SQL of any table.
    known = f"{place}.{stem}" in tables() and stem != "threshold"
    return frozenset((f"{place}.{stem}",)) if room == "assets" and known else None


class Reach:
    """Which causes reach which of the tables that differ."""

    def __init__(self, found: Collection[Cause], differing: Collection[str]) -> None:
        self.found, self.differing = found, set(differing)

    @cached_property
    def _reached(self) -> dict[str, set[int]]:
        """By table, the places of the causes that reach it; inputs come before what reads them."""
        reached: dict[str, set[int]] = {}
        for name in self.differing - tables().keys():
            reached[name] = set(range(len(self.found)))
        for name, table in tables().items():
            own = {
                place
                for place, cause in enumerate(self.found)
                if cause.starts is None or name in cause.starts
            }
            through = [reached[one] for one in table.inputs if one in self.differing]
            reached[name] = own.union(*through)
        return reached

    def of(self, table: str) -> list[Cause]:
        """The causes that can have changed a table."""
        places = self._reached.get(table, set())
        return [cause for place, cause in enumerate(self.found) if place in places]
