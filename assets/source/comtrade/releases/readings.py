"""Readings of data availability, kept in the archive: which release an answer is of.

An answer does not say of which release it is. So availability is read before figures are asked
for, every answer is filed under the name of that reading, and availability is read again
afterwards. Where it is the same, the reading is confirmed. Where it is not, an answer of a
reporter-year that was released meanwhile is of nobody knows which release: it is asked for anew,
and its rows enter no table.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assets.source.comtrade.releases.availability import (
    DataSet,
    DataSets,
    Key,
    data_sets,
    release_of,
)
from warehouse.archive import Archive, Entry

CONFIRMED = " confirmed"


@dataclass(frozen=True, slots=True)
class Reading:
    """Availability as it was read once: `known` of the years asked about, filed under `name`.

    `reporters` names those asked about, by year, where not all of them were.
    """

    name: str
    known: DataSets
    years: frozenset[int]
    confirmed: bool
    reporters: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def is_about(self, key: Key) -> bool:
        """Whether a reporter's year would stand here if there were a data set."""
        reporter, year = key
        return year in self.years and reporter in self.reporters.get(year, (reporter,))


def source_of(source: str) -> str:
    """The name under which readings are archived, apart from figures."""
    return f"{source}_releases"


def readings(archive: Archive, source: str) -> list[Reading]:
    """Every reading, in the order of reading, which is told by the number in its name."""
    contents: dict[str, DataSets] = {}
    years: dict[str, set[int]] = {}
    reporters: dict[str, dict[int, frozenset[int]]] = {}
    confirmed = set()
    for entry in archive.in_order(source_of(source)):
        if entry.release.endswith(CONFIRMED):
            confirmed.add(entry.release.removesuffix(CONFIRMED))
            continue
        contents.setdefault(entry.release, {}).update(data_sets(archive.read(entry.sha256)))
        years.setdefault(entry.release, set()).add(_year(entry))
        if asked := re.search(r"reporterCode=([\d,]+)", entry.address):
            codes = frozenset(map(int, asked[1].split(",")))
            reporters.setdefault(entry.release, {})[_year(entry)] = codes
    return [
        Reading(name, known, frozenset(years[name]), name in confirmed, reporters.get(name, {}))
        for name, known in sorted(contents.items(), key=lambda one: int(one[0].rpartition("#")[2]))
    ]


def last_of(archive: Archive, source: str, years: Iterable[int]) -> Reading:
    """The last reading of these years."""
    asked = frozenset(years)
    return [one for one in readings(archive, source) if one.years == asked][-1]


def entries(archive: Archive, source: str, name: str) -> list[Entry]:
    """The answers of a reading, one a year, and that it was confirmed, where it was."""
    names = (name, name + CONFIRMED)
    return [entry for entry in archive.in_order(source_of(source)) if entry.release in names]


def name_for(known: DataSets, years: Iterable[int], before: Sequence[Reading]) -> str:
    """The name of a reading: that of the last one of these years, where that says the same."""
    alike = [one for one in before if one.years == frozenset(years)]
    return alike[-1].name if alike and alike[-1].known == known else next_name(known, before)


def next_name(known: DataSets, before: Sequence[Reading]) -> str:
    """A name that no reading has, which tells its place in the order of reading."""
    return f"{release_of(known)}#{len(before) + 1}"


def certain(before: Sequence[Reading]) -> dict[str, DataSets]:
    """By reading, the data sets that answers filed under it are of for certain."""
    return {
        one.name: {
            key: found
            for key, found in one.known.items()
            if one.confirmed or _stood(key, found, before[place + 1 :])
        }
        for place, one in enumerate(before)
    }


def _stood(key: Key, found: DataSet, later: Sequence[Reading]) -> bool:
    """Whether the next reading of the year says the same, or there was none yet."""
    following = next((one for one in later if key[1] in one.years), None)
    return following is None or following.known.get(key) == found


def withdrawn(before: Sequence[Reading]) -> set[Key]:
    """Reporter-years that had a data set, and have none by the last reading that is about them."""
    had = {key for one in before for key in one.known}
    last = {key: next(one for one in reversed(before) if one.is_about(key)) for key in had}
    return {key for key in had if key not in last[key].known}


def labels(before: Sequence[Reading]) -> Mapping[tuple[Key, DataSet], str]:
    """A name for each release of a reporter-year: its date, and a number where a date has several.

    Names sort in the order of release.
    """
    named: dict[tuple[Key, DataSet], str] = {}
    taken: dict[tuple[Key, str], int] = {}
    for one in before:
        for key, found in one.known.items():
            if (key, found) not in named:
                count = taken[key, found.released] = taken.get((key, found.released), 0) + 1
                named[key, found] = found.released + (f" #{count}" if count > 1 else "")
    return named


def _year(entry: Entry) -> int:
    found = re.search(r"period=(\d{4})", entry.address)
    assert found, entry.address
    return int(found[1])
