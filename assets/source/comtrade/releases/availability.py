"""Which reporter-years have a data set, in which release.

Here belongs reading data availability (getDa). What the archive holds of which release stands
in readings, tables of availability for analysts in assets/raw.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assets.source.comtrade.calls.answer import rows
from assets.source.comtrade.calls.plan import PREVIEW
from assets.source.comtrade.wanted.demand import Demand
from warehouse.errors import InputError


@dataclass(frozen=True, slots=True)
class DataSet:
    """The published figures of one reporter and year, in one release."""

    records: int
    released: str  # YYYY-MM-DD, as the publisher dates it
    checksums: tuple[str, ...]
    revisions: tuple[str, ...] = ()  # of the Harmonized System: H5, H6


Key = tuple[int, int]  # reporter, year
DataSets = dict[Key, DataSet]


def addresses(demands: Sequence[Demand], keyed: bool) -> list[str]:
    """One address a year: the keyless API takes one period, and a year is under its row limit."""
    path = "/data/v1/getDa/C/A/HS" if keyed else "/public/v1/getDa/C/A/HS"
    years = sorted({year for demand in demands for year in demand.years})
    return [f"{path}?{reporters_of(demands, year)}period={year}" for year in years]


def reporters_of(demands: Sequence[Demand], year: int) -> str:
    """The reporters to ask about a year, as a part of an address; nothing where it is all."""
    asking = [demand.reporters for demand in demands if year in demand.years]
    if None in asking:
        return ""
    codes = sorted({code for some in asking for code in some or ()})
    return f"reporterCode={','.join(map(str, codes))}&"


def data_sets(content: bytes) -> DataSets:
    """The data sets an answer lists. Several of one reporter-year count as one.

    Raises ValueError where the answer is damaged.
    """
    found: DataSets = {}
    listed = rows(content)
    if len(listed) == PREVIEW.rows:
        raise InputError("data availability", "is cut off at the preview's rows", "Set a key")
    for row in listed:
        try:
            key = int(row["reporterCode"]), int(row["period"])
            one = _data_set(row)
        except (KeyError, TypeError) as error:
            raise ValueError(f"data availability without {error}") from None
        found[key] = _joined(found[key], one) if key in found else one
    return found


def _data_set(row: dict[str, object]) -> DataSet:
    revision = str(row.get("classificationCode"))
    checksum = "|".join((revision, str(row["lastReleased"]), str(row.get("datasetChecksum"))))
    records = int(str(row.get("totalRecords") or 0))
    return DataSet(records, str(row["lastReleased"])[:10], (checksum,), (revision,))


def _joined(one: DataSet, other: DataSet) -> DataSet:
    return DataSet(
        one.records + other.records,
        max(one.released, other.released),
        tuple(sorted({*one.checksums, *other.checksums})),
        tuple(sorted({*one.revisions, *other.revisions})),
    )


def release_of(sets: DataSets) -> str:
    """One name for many releases: the newest date and a hash of all; "none" without any."""
    if not sets:
        return "none"
    text = repr([(key, sets[key].checksums) for key in sorted(sets)])
    newest = max(one.released for one in sets.values())
    return f"{newest}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"
