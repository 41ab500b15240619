"""What the archive holds of which release, so that nothing is asked for twice.

Here belongs taking what is held out of what is wanted. Which release an answer is of is told by
readings, how requests are packed by plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from assets.source.comtrade.calls.answer import count_checked
from assets.source.comtrade.calls.plan import asked_at
from assets.source.comtrade.releases.availability import DataSets, Key
from assets.source.comtrade.releases.readings import certain, labels, readings
from assets.source.comtrade.wanted.boxes import joined, overlap, without
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry


@dataclass(frozen=True, slots=True)
class Held:
    """An archived answer: what was asked, of which releases it is, its rows and the most it may.

    Or a part of a bulk file, which is never cut off: `most` is None, and its rows count as one.
    """

    entry: Entry
    box: Demand
    sets: DataSets
    rows: int
    most: int | None

    @property
    def whole(self) -> bool:
        """False for an answer as long as one may be: the API cuts off there without a word."""
        return self.most is None or self.rows < self.most


@dataclass(frozen=True, slots=True)
class Released:
    """The release that rows of some reporters and a year are of, in an archived file."""

    file_sha256: str
    year: int
    release: str
    reporters: tuple[int, ...]


def held(archive: Archive, source: str) -> list[Held]:
    """Every archived answer of figures, in the order of receipt."""
    of_reading = certain(readings(archive, source))
    found = (describe(archive, entry, of_reading) for entry in archive.in_order(source))
    return [one for one in found if one]


def describe(archive: Archive, entry: Entry, of_reading: Mapping[str, DataSets]) -> Held | None:
    """What an archived answer is; None where it is no answer of figures."""
    asked = asked_at(entry.address)
    if asked is None:
        return None
    box, most = asked
    known = of_reading.get(entry.release, {})
    sets = {key: known[key] for key in keys(box) if key in known}
    rows = 1 if most is None else count_checked(archive.read(entry.sha256))
    return Held(entry, box, sets, rows, most)


def keys(box: Demand) -> Iterable[Key]:
    """The reporter-years of a box."""
    return product(box.reporters or (), box.years)


def current(one: Held, known: DataSets) -> set[Key]:
    """The reporter-years of which an answer holds the current release."""
    return {key for key, found in one.sets.items() if known.get(key) == found}


def answer_to(request: Demand, holdings: Sequence[Held], known: DataSets) -> Held | None:
    """The answer to exactly this request, also one that was cut off, of current releases."""
    for one in reversed(holdings):
        if one.box == request and current(one, known) >= {k for k in keys(request) if k in known}:
            return one
    return None


def missing(request: Demand, holdings: Sequence[Held], known: DataSets) -> list[Demand]:
    """The parts of a request that no whole answer of the current release holds.

    A reporter's year without a data set has no figures: it is never missing.
    """
    parts = [request]
    for one in holdings:
        if one.whole and overlap(request, one.box):
            without_data = {key for key in keys(one.box) if key not in known}
            for box in _boxes(one, current(one, known) | without_data):
                parts = [rest for part in parts for rest in without(part, box)]
    parts = [part for part in parts if any(key in known for key in keys(part))]
    return joined(parts) if parts != [request] else parts


def _boxes(one: Held, valid: set[Key]) -> list[Demand]:
    """The answer's box, cut down to reporter-years; as few boxes as have the same years."""
    together: dict[tuple[int, ...], list[int]] = {}
    for reporter in one.box.reporters or ():
        years = tuple(year for year in one.box.years if (reporter, year) in valid)
        together.setdefault(years, []).append(reporter)
    return [
        replace(one.box, reporters=tuple(reporters), years=years)
        for years, reporters in together.items()
        if years
    ]


def of_demand(holdings: Sequence[Held], wanted: Sequence[Demand]) -> list[Entry]:
    """Whole answers, of the current and of older releases, that hold something of a demand."""
    useful = [
        one.entry
        for one in holdings
        if one.whole and one.sets and any(overlap(box, one.box) for box in wanted)
    ]
    return sorted(useful, key=lambda entry: (entry.address, entry.release))


def with_releases(
    archive: Archive, source: str, entries: Iterable[Entry]
) -> list[tuple[Held, dict[Key, str]]]:
    """Archived answers, each with the release of every reporter's year that it is known to be of.

    Where the same bytes came again with a newer release, they are of the newer one; empty answers
    are alike whatever was asked, so each is of its own.
    """
    before = readings(archive, source)
    named, of_reading = labels(before), certain(before)
    answers = [one for entry in entries if (one := describe(archive, entry, of_reading))]
    newest: dict[tuple[str, Key], str] = {}
    for one in answers:
        for key, found in one.sets.items():
            place = one.entry.sha256, key
            newest[place] = max(newest.get(place, ""), named[key, found])
    return [
        (
            one,
            {
                key: newest[one.entry.sha256, key] if one.rows else named[key, found]
                for key, found in one.sets.items()
            },
        )
        for one in answers
    ]


def releases(archive: Archive, source: str, entries: Iterable[Entry]) -> list[Released]:
    """The release of every reporter's year in archived answers."""
    together: dict[tuple[str, int, str], set[int]] = {}
    for one, released in with_releases(archive, source, entries):
        for (reporter, year), release in released.items() if one.rows else ():
            together.setdefault((one.entry.sha256, year, release), set()).add(reporter)
    return [Released(*said, tuple(sorted(some))) for said, some in sorted(together.items())]
