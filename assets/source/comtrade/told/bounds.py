"""What the rows of archived getSUV answers bound: a product, flow, year and revision.

Here belongs reading them. A wrong bound would flag good rows, and which of the things asked for a
row repeats is documented nowhere: so a row bounds only what it names itself. One that names no
revision bounds the codes of its year's own revision and no others: figures are asked for as
reported, and what a late reporter files under the older code may be other goods.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from assets.source.comtrade.calls import answer
from assets.source.comtrade.told.unit_values import KILOGRAM, asked_at
from assets.source.hs_vintage import hs_vintage
from warehouse.archive import Archive, Entry

Row = dict[str, Any]
FIELDS = {"product": "cmdCode", "year": "period", "flow": "flowCode", "unit": "qtyUnitCode"}
BOUND = ("year", "flow", "classification", "product")
LAST_DIGIT, LARGEST = Decimal("0.00000001"), Decimal(10) ** 10  # of a DECIMAL(18,8)


def bounds(archive: Archive, entries: Iterable[Entry]) -> list[Row]:
    """One record a row of the answers, in USD a kilogram.

    `reason` says why a row bounds nothing; None where it does, and then no other row bounds the
    same. What a row does not name, or names as nobody asked, is None.
    """
    found = [row for entry in entries for row in _of_answer(archive, entry)]
    alike: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in found:
        if row["reason"] is None:
            alike[tuple(row[name] for name in BOUND)].append(row)
    for same in alike.values():
        _refuse_repeated(same)
    return found


def _of_answer(archive: Archive, entry: Entry) -> Iterator[Row]:
    asked = _asked(entry)
    sent = answer.rows(archive.read(entry.sha256), Decimal)
    for place, row in enumerate(sent, start=1):
        named = {name: str(row.get(field) or "") for name, field in FIELDS.items()}
        read = {name: code if code in asked[name] else None for name, code in named.items()}
        revision, (lowest, highest) = _revision(row, read["year"]), _range(row)
        reason = _reason(named, read) or (
            "revision_not_known" if not revision else "no_range" if lowest is None else None
        )
        yield {
            **{name: read[name] for name in ("year", "flow", "product")},
            "classification": revision,
            "lowest_usd_per_kg": lowest,
            "standard_usd_per_kg": _standard(row),
            "highest_usd_per_kg": highest,
            "is_unimodal": row.get("isUniModalDistribution") in (True, "true"),
            "reason": reason,
            "original": json.dumps(row, default=float) if reason else None,
            "file_sha256": entry.sha256,
            "file_row": place,
        }


def _asked(entry: Entry) -> dict[str, set[str]]:
    box = asked_at(entry.address)
    years, flows = set(map(str, box.years)), set(box.flows)
    return {"product": set(box.products), "year": years, "flow": flows, "unit": {KILOGRAM}}


def _reason(named: Mapping[str, str], read: Mapping[str, str | None]) -> str | None:
    misfits = (name for name in FIELDS if read[name] is None)
    first = next(misfits, None)
    return first and f"{first}_{'not_asked' if named[first] else 'not_named'}"


def _revision(row: Row, year: str | None) -> str | None:
    named = str(row.get("classificationCode") or "HS")
    if named == "HS":
        return hs_vintage(int(year)) if year else None
    return named if re.fullmatch("H[0-6]", named) else None


def _range(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """Both bounds, rounded outwards, so that no row on the border falls outside; or neither."""
    low, high = _number(row.get("uvMin")), _number(row.get("uvMax"))
    if low is None or high is None or low > high:
        return None, None
    lowest = low.quantize(LAST_DIGIT, ROUND_FLOOR)
    return (lowest, high.quantize(LAST_DIGIT, ROUND_CEILING)) if lowest else (None, None)


def _standard(row: Row) -> Decimal | None:
    number = _number(row.get("suv"))
    return number.quantize(LAST_DIGIT) if number is not None else None


def _number(cell: object) -> Decimal | None:
    """A price above nothing and below any."""
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return None
    number = Decimal(cell)
    return number if 0 < number < LARGEST else None


def _refuse_repeated(same: list[Row]) -> None:
    """Of rows that bound the same, the first stands; none where they differ."""
    ranges = {(row["lowest_usd_per_kg"], row["highest_usd_per_kg"]) for row in same}
    for row in same if len(ranges) > 1 else same[1:]:
        row["reason"] = "repeated" if len(ranges) == 1 else "given_differently"
