"""International Monetary Fund, International Merchandise Trade Statistics (IMTS).

Here belongs reading the wide CSV download: a row a reporter, counterpart and flow, a
column a year. Only annual series of imports and exports of goods are read.

The table fills in what a country did not report with estimates from its partners.
Estimates have more decimals than the six a report has, and Russia reported no partner
after 2021 whatever the table shows: both carry NOT_REPORTED and is_reported False.
"""

import json
import re

from assets.source.country_names import Named, resolve
from assets.source.delimited import header, records
from assets.source.printed import PrintedFigure
from warehouse.errors import InputError

SOURCE = "imf_imts"
_SERIES = {"MG_CIF_USD": ("M", "CIF"), "MG_FOB_USD": ("M", "FOB"), "XG_FOB_USD": ("X", "FOB")}
_UNITS = {"0": "USD", "3": "thousand USD", "6": "million USD", "9": "billion USD"}
_NEEDED = {"DATASET", "COUNTRY.ID", "INDICATOR.ID", "COUNTERPART_COUNTRY.ID", "SCALE.ID"}
_REPORTED_DECIMALS = 6
_LAST_REPORT = {"RUS": 2021}
_EAEU = frozenset({"ARM", "BLR", "KAZ", "KGZ", "RUS"})
_NUMBER = re.compile(r"-?\d+(\.\d*)?([eE][-+]?\d+)?")


def recognise(name: str, content: bytes) -> str | None:
    """What the file is, or None when it is no IMTS download."""
    columns = header(content)
    years = [column for column in columns if _is_year(column)]
    if not years or not set(columns) >= _NEEDED:
        return None
    return f"IMF IMTS: annual trade by counterpart, {min(years)} to {max(years)}"


def figures(content: bytes, name: str) -> list[PrintedFigure]:
    """Every yearly value; groups of countries and areas not specified have X codes.

    Raises InputError naming file and row for an unknown scale or counterpart.
    """
    out = []
    for position, record in enumerate(records(content, name)):
        if record.get("INDICATOR.ID") in _SERIES and record.get("FREQUENCY.ID", "A") == "A":
            out += _record_figures(record, position + 2, name)
    if not out:
        raise InputError(name, "no annual imports or exports of goods", "Download IMTS, annual")
    return out


def _is_year(column: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d{2}", column))


def _record_figures(record: dict[str, str], file_row: int, name: str) -> list[PrintedFigure]:
    place = f"{name}, row {file_row}"
    unit = _UNITS.get(record["SCALE.ID"])
    if unit is None:
        finding = f"unknown scale {record['SCALE.ID']!r}"
        raise InputError(f"{place}, column SCALE.ID", finding, "Download values in millions of USD")
    reporter = resolve(record["COUNTRY.ID"], "imf", f"{place}, column COUNTRY.ID")
    column = f"{place}, column COUNTERPART_COUNTRY.ID"
    partner = resolve(record["COUNTERPART_COUNTRY.ID"], "imf", column)
    years = (key for key in record if _is_year(key) and record[key].strip())
    return [_figure(record, year, reporter, partner, unit, file_row) for year in years]


def _figure(
    record: dict[str, str], year: str, reporter: Named, partner: Named, unit: str, file_row: int
) -> PrintedFigure:
    flow, valuation = _SERIES[record["INDICATOR.ID"]]
    cell = record[year].strip()
    readable = bool(_NUMBER.fullmatch(cell))
    reported = not _is_estimate(reporter.code, int(year), cell)
    return PrintedFigure(
        source=SOURCE,
        release=record["DATASET"],
        year=int(year),
        reporter=reporter.code,
        partner=partner.code,
        flow=flow,
        classification="NA",
        product="TOTAL",
        value=cell if readable else None,
        unit=unit,
        valuation=valuation,
        partner_basis=_basis(reporter.code, partner.code, flow),
        is_reported=reported,
        file_row=file_row,
        flags=() if reported else ("NOT_REPORTED",),
        original=None if readable else json.dumps(record, ensure_ascii=False),
    )


def _is_estimate(reporter: str, year: int, cell: str) -> bool:
    decimals = len(cell.partition(".")[2])
    return decimals > _REPORTED_DECIMALS or year > _LAST_REPORT.get(reporter, year)


def _basis(reporter: str, partner: str, flow: str) -> str:
    # The rule is known for Russia's customs data only, and not inside the union.
    if reporter != "RUS" or partner in _EAEU:
        return "unknown"
    return {"M": "origin", "X": "last_known_destination"}[flow]
