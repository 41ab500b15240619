"""Kazakhstan, Bureau of National Statistics: yearly workbooks of trade by country.

Here belongs what such a workbook is, its release, and the figure of every country,
group and total in it. Finding the table in a sheet stands in kz_bns_table.py, the
workbook of trade inside the EAEU by HS code in kz_bns_union.py.

Trade with third countries comes from customs, trade inside the EAEU from the survey
form 1-TS (the bureau's own note in the edition of 25.07.2024): hence SURVEY_SOURCE.
Group rows are given as printed: the EU row holds the United Kingdom up to 2022 and
not in 2023, so nothing may be built on one.
"""

import json
import re
from decimal import Decimal

from assets.source import kz_bns_union
from assets.source.country_names import Named, resolve
from assets.source.kz_bns_table import Table, find_table, header_row
from assets.source.printed import PrintedFigure
from assets.source.printed_totals import must_add_up
from assets.source.workbook import Sheet, is_number, printed, sheets, sheets_or_none
from warehouse.errors import InputError

SOURCE = "kz_bns"
_TITLE = re.compile(r"внешней\s+торговли.*казахстан", re.IGNORECASE | re.DOTALL)
_PUBLISHED = re.compile(r"дата\s+опубликования\D{0,5}(\d{2})\.(\d{2})\.(\d{4})", re.IGNORECASE)
_PUBLISHED_ISO = re.compile(r"дата\s+опубликования\D{0,5}(\d{4})-(\d{2})-(\d{2})", re.IGNORECASE)
# Kazakhstan's yearly totals since 1995 lie between; outside, unit and figures disagree.
_PLAUSIBLE_USD = (Decimal(10**9), Decimal(10**12))
_PARTIAL = ("PARTIAL_YEAR",)
_DOLLARS = {"thousand USD": 10**3, "million USD": 10**6, "billion USD": 10**9}


def recognise(name: str, content: bytes) -> str | None:
    """What the workbook is, or None when it is not one of these."""
    found = sheets_or_none(content, name)
    if kz_bns_union.hs6_sheet(found):
        return "Kazakhstan BNS: trade with EAEU partners by HS code"
    titled = any(_TITLE.search(cell) for sheet in found for row in sheet.rows for cell in row)
    tables = [sheet.name for sheet in found if titled and header_row(sheet) is not None]
    return f"Kazakhstan BNS: trade by country, sheets {', '.join(tables)}" if tables else None


def figures(content: bytes, name: str) -> list[PrintedFigure]:
    """Every printed figure, imports CIF and exports FOB, partners as ISO or group codes.

    Raises InputError naming file, sheet and cell for a table without total or unit, an
    unknown name, and a total that the countries do not add up to within 0.2%.
    """
    found = sheets(content, name)
    if union := kz_bns_union.hs6_sheet(found):
        return kz_bns_union.figures_of(union, _published(found))
    tables = _tables(found)
    if not tables:
        raise InputError(name, "no sheet has columns Экспорт and Импорт", "Give a BNS workbook")
    edition = max(tables, key=lambda table: (table.period.year, table.period.last)).period.edition
    release = _published(found) or edition
    return [figure for table in tables for figure in _table_figures(table, release)]


def _tables(found: list[Sheet]) -> list[Table]:
    return [table for sheet in found if (table := find_table(sheet))]


def _published(found: list[Sheet]) -> str | None:
    """The publication date as yyyy-mm-dd, where a sheet states it."""
    for sheet in found:
        for row in sheet.rows:
            text = " ".join(row)
            if match := _PUBLISHED.search(text):
                return "-".join(reversed(match.groups()))
            if match := _PUBLISHED_ISO.search(text):
                return "-".join(match.groups())
    return None


def _table_figures(table: Table, release: str) -> list[PrintedFigure]:
    rows = [(row, name) for row in table.rows if (name := _name_of(table, row))]
    for flow in ("X", "M"):
        _check_flow(table, rows, flow)
    return [
        figure
        for row, name in rows
        for flow in ("X", "M")
        if (figure := _figure(table, row, flow, name, release))
    ]


def _name_of(table: Table, row: int) -> Named | None:
    """The country or group a row is about; None for remarks, which print no figure."""
    column = table.label_column(row)
    label = table.sheet.cell(row, column)
    if not any(is_number(cell) for cell in table.values(row)):
        return None
    return resolve(label, "ru", table.sheet.place(row, column))


def _check_flow(table: Table, rows: list[tuple[int, Named]], flow: str) -> None:
    column = table.columns[flow]
    place = table.sheet.place(table.total_row, column)
    values = [(name.kind, printed(table.sheet.cell(row, column))[0]) for row, name in rows]
    total = Decimal(printed(table.sheet.cell(table.total_row, column))[0] or 0)
    low, high = _PLAUSIBLE_USD
    if not low <= total * _DOLLARS[table.unit] <= high:
        finding = f"the total {total} is no plausible figure in the unit stated, {table.unit}"
        raise InputError(table.unit_place, finding, f"See {place}, and state the unit it has")
    parts = [Decimal(value) for kind, value in values if value and kind in {"country", "area_nes"}]
    if parts:
        must_add_up(total, parts, place, step=Decimal("0.1"))


def _figure(table: Table, row: int, flow: str, name: Named, release: str) -> PrintedFigure | None:
    cell = table.sheet.cell(row, table.columns[flow])
    value, readable = printed(cell)
    if value is None and readable:
        return None  # a dash or a blank: none printed
    union = name.code in kz_bns_union.PARTNERS
    basis = "unknown" if union else {"M": "origin", "X": "last_known_destination"}[flow]
    flags = (("SURVEY_SOURCE",) if union else ()) + (() if table.period.complete else _PARTIAL)
    return PrintedFigure(
        source=SOURCE,
        release=release,
        year=table.period.year,
        reporter="KAZ",
        partner=name.code,
        flow=flow,
        classification="NA",
        product="TOTAL",
        value=value,
        unit=table.unit,
        valuation={"M": "CIF", "X": "FOB"}[flow],
        partner_basis=basis,
        is_reported=True,
        file_row=table.sheet.file_row(row),
        flags=flags,
        original=None if readable else json.dumps(table.sheet.rows[row], ensure_ascii=False),
    )
