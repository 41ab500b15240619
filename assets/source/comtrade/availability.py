"""Which reporter-years have a data set, in which release.

Here belongs reading and comparing data availability (getDa). Fetching figures
(client) and tables of availability for analysts (parse) do not.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assets.source.comtrade.answer import rows
from assets.source.comtrade.demand import Demand
from assets.source.comtrade.plan import PREVIEW
from warehouse.errors import InputError


@dataclass(frozen=True, slots=True)
class DataSet:
    """The published figures of one reporter and year."""

    records: int
    released: str  # YYYY-MM-DD, as the publisher dates it
    checksums: tuple[str, ...]


DataSets = dict[tuple[int, int], DataSet]


def addresses(demands: Sequence[Demand], keyed: bool) -> list[str]:
    """One address a year: the keyless API takes one period, and a year is under its row limit."""
    path = "/data/v1/getDa/C/A/HS" if keyed else "/public/v1/getDa/C/A/HS"
    years = sorted({year for demand in demands for year in demand.years})
    return [f"{path}?{_reporters(demands, year)}period={year}" for year in years]


def _reporters(demands: Sequence[Demand], year: int) -> str:
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
            one = DataSet(_records(row), str(row["lastReleased"])[:10], (_checksum(row),))
        except (KeyError, TypeError) as error:
            raise ValueError(f"data availability without {error}") from None
        found[key] = _joined(found[key], one) if key in found else one
    return found


def _records(row: dict[str, object]) -> int:
    return int(str(row.get("totalRecords") or 0))


def _checksum(row: dict[str, object]) -> str:
    parts = (row.get("classificationCode"), row["lastReleased"], row.get("datasetChecksum"))
    return "|".join(map(str, parts))


def _joined(one: DataSet, other: DataSet) -> DataSet:
    return DataSet(
        one.records + other.records,
        max(one.released, other.released),
        tuple(sorted({*one.checksums, *other.checksums})),
    )


def release(request: Demand, known: DataSets) -> str:
    """One name for the releases a request draws on: newest date and a hash of them all."""
    asked = ((reporter, year) for reporter in request.reporters or () for year in request.years)
    return release_of({key: known[key] for key in asked if key in known})


def release_of(sets: DataSets) -> str:
    """As `release`, for all given data sets; "none" where there is not one."""
    if not sets:
        return "none"
    text = repr([(key, sets[key].checksums) for key in sorted(sets)])
    newest = max(one.released for one in sets.values())
    return f"{newest}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"
