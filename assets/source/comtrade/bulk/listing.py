"""Bulk files: every row of a reporter's year, for holders of a premium key.

Here belongs which files there are, which of them are of the current release, and what is read of
each. Asking for them stands in client, reading their rows in files.

A file holds far more than calls would return: what a call would ask for is read of it, and nothing
else. That is said behind the `#` of its address in the archive, once for each box of figures.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from assets.source.comtrade.calls.answer import rows
from assets.source.comtrade.calls.plan import BULK_PATH
from assets.source.comtrade.releases.availability import DataSets, Key, reporters_of
from assets.source.comtrade.wanted.boxes import disjoint
from assets.source.comtrade.wanted.demand import Demand

UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A file as the publisher lists it; `size` in bytes as far as it is told, `place` its path."""

    reporter: int
    year: int
    revision: str
    published: str  # YYYY-MM-DD
    size: int
    place: str

    @property
    def key(self) -> Key:
        return self.reporter, self.year


def source_of(source: str) -> str:
    """The name under which listings of files are archived, apart from figures."""
    return f"{source}_files"


def listings(demands: Sequence[Demand]) -> list[str]:
    """One address a year, which lists the files of every reporter asked about."""
    years = sorted({year for demand in demands for year in demand.years})
    return [f"/bulk/v1/get/C/A/HS?{reporters_of(demands, year)}period={year}" for year in years]


def listed(content: bytes) -> list[BulkFile]:
    """Files of a year's goods as they were reported; of several of one revision the newest.

    Raises ValueError where the listing is damaged.
    """
    found: dict[tuple[Key, str], BulkFile] = {}
    for row in rows(content):
        if (row.get("typeCode"), row.get("freqCode")) != ("C", "A"):
            continue
        if row.get("isOriginalClassification") is False:
            continue
        file = _file(row)
        other = found.setdefault((file.key, file.revision), file)
        found[file.key, file.revision] = max(file, other, key=lambda one: one.published)
    return sorted(found.values(), key=lambda one: one.place)


def _file(row: dict[str, object]) -> BulkFile:
    """Only the path of the address is used: whom to ask, and show the key, is not theirs to say."""
    try:
        place = urlsplit(str(row["fileUrl"])).path
        reporter, year = int(str(row["reporterCode"])), int(str(row["period"]))
        published = str(row["publicationDate"])[:10]
    except (KeyError, ValueError) as error:
        raise ValueError(f"a list of files without {error}") from None
    if not re.fullmatch(rf"{BULK_PATH}{reporter}/[0-9A-Za-z]+", place):
        raise ValueError(f"a list of files with the address {place[:100]}")
    return BulkFile(
        reporter, year, str(row.get("classificationCode")), published, _size(row), place
    )


def _size(row: dict[str, object]) -> int:
    told = re.fullmatch(r"([\d.]+) ?([KMG]?B)", str(row.get("fileSize")))
    return int(float(told[1]) * UNITS[told[2]]) if told else 0


def current(files: Iterable[BulkFile], known: DataSets) -> dict[Key, list[BulkFile]]:
    """The files of each data set that are of its release, where they are there in each revision.

    A file that was published before its data set was last released is of an older release.
    """
    together: dict[Key, list[BulkFile]] = {}
    for file in files:
        if file.key in known and file.published >= known[file.key].released:
            together.setdefault(file.key, []).append(file)
    return {
        key: some
        for key, some in together.items()
        if {file.revision for file in some} == set(known[key].revisions)
    }


def boxes_at(key: Key, demands: Iterable[Demand]) -> list[Demand]:
    """What is wanted of a reporter's year, each figure once."""
    reporter, year = key
    return disjoint(
        [
            replace(demand, reporters=(reporter,), years=(year,))
            for demand in demands
            if year in demand.years and (demand.reporters is None or reporter in demand.reporters)
        ]
    )
