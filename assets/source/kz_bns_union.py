"""Kazakhstan, Bureau of National Statistics: trade with EAEU partners by HS code.

Published from 2025 on: a sheet a code length, months in groups of columns with exports
before imports and tonnes, supplementary unit and thousand USD in each, the year last.
Codes stand in the first column, a code's partners in the rows below it. Here belongs
reading the sheet of HS6 codes; the year comes from the year's own columns only, never
from a sum of months. Tonnes are not read: a printed figure has no place for them.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from assets.source.country_names import known, resolve
from assets.source.headings import Period, flow, money_unit, months, period
from assets.source.hs_vintage import hs_vintage
from assets.source.printed import PrintedFigure
from assets.source.printed_totals import must_add_up
from assets.source.workbook import Sheet, filled, is_number, printed
from warehouse.errors import InputError

# Kazakhstan's trade with the other members is surveyed (form 1-TS).
PARTNERS = frozenset({"RUS", "BLR", "KGZ", "ARM"})
_HS6_SHEET = re.compile(r"\b6\s*знак", re.IGNORECASE)
_NOMENCLATURE = re.compile(r"тн\s*вэд", re.IGNORECASE)
_MONEY_COLUMN = re.compile(r"долл|usd|стоимост", re.IGNORECASE)
_YEAR_WORDS = re.compile(r"\bгод|итого|всего", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the year's money stands by flow, where rows start and labels end."""

    sheet: Sheet
    period: Period
    unit: str
    columns: dict[str, int]
    first_row: int
    labels_end: int


@dataclass(frozen=True, slots=True)
class _Row:
    product: str
    partner: str
    row: int


def hs6_sheet(found: list[Sheet]) -> Sheet | None:
    """The sheet of HS6 codes by months, where the workbook is of this kind."""
    by_name = sorted(found, key=lambda sheet: not _HS6_SHEET.search(sheet.name))
    for sheet in by_name:
        text = " ".join([sheet.name, *(cell for row in sheet.rows[:12] for cell in row)])
        named = _HS6_SHEET.search(text) and _NOMENCLATURE.search(text)
        if named and _month_row(sheet) is not None:
            return sheet
    return None


def figures_of(sheet: Sheet, published: str | None) -> list[PrintedFigure]:
    """Yearly figures by HS6 and partner; the row of a code itself is partner XEA.

    Where fewer than twelve months have columns, all are PARTIAL_YEAR. Raises InputError
    as kz_bns.figures does, for partners that do not add up to the row of their code too.
    """
    layout = _layout(sheet)
    rows = _rows(layout)
    for _, of_product in groupby(rows, key=lambda row: row.product):
        _check(layout, list(of_product))
    release = published or layout.period.edition
    made = (_figure(layout, row, flow, release) for row in rows for flow in ("X", "M"))
    return [figure for figure in made if figure]


def _month_row(sheet: Sheet) -> int | None:
    for row, cells in enumerate(sheet.rows[:20]):
        if len({span for cell in cells if (span := months(cell)) and len(cell) < 40}) >= 2:
            return row
    return None


def _layout(sheet: Sheet) -> _Layout:
    row = _month_row(sheet) or 0
    groups = [column for column, cell in enumerate(sheet.rows[row]) if _is_period(cell)]
    first = _first_code_row(sheet, row)
    return _Layout(
        sheet=sheet,
        period=_period(sheet, row, groups),
        unit=money_unit(sheet, 0, first - 1)[0],
        columns=_columns(sheet, row, groups[-1], first),
        first_row=first,
        labels_end=groups[0],
    )


def _is_period(cell: str) -> bool:
    return bool(months(cell) or period(cell) or _YEAR_WORDS.search(cell))


def _first_code_row(sheet: Sheet, header: int) -> int:
    for row in range(header + 1, len(sheet.rows)):
        if _code(sheet.cell(row, 0)):
            return row
    raise InputError(sheet.place(header), "no six-digit code below", "Give the sheet of HS6 codes")


def _code(cell: str) -> str | None:
    # Stored as a number, a code loses its leading zero.
    digits = "".join(cell.split())
    return digits.zfill(6) if re.fullmatch(r"\d{5,6}", digits) else None


def _period(sheet: Sheet, row: int, groups: list[int]) -> Period:
    spans = [months(sheet.cell(row, column)) for column in groups]
    single = {span[0] for span in spans if span and span[0] == span[1]}
    last = sheet.cell(row, groups[-1])
    above = (cell for cells in sheet.rows[: row + 1] for cell in cells)
    stated = period(last) or next((found for cell in above if (found := period(cell))), None)
    if stated is None or (spans[-1] and spans[-1][0] == spans[-1][1]):
        finding = "no year stated" if stated is None else "the last columns are a month's"
        raise InputError(sheet.place(row, groups[-1]), finding, "Give the sheet as published")
    whole = len(single) == 12 and spans[-1] in {None, (1, 12)}
    return Period(stated.year) if whole else Period(stated.year, 0, max(single, default=0))


def _columns(sheet: Sheet, row: int, start: int, first: int) -> dict[str, int]:
    """In the last group: the money column under each flow."""
    found: dict[str, int] = {}
    for header in range(row + 1, first):
        for column, label in list(enumerate(filled(sheet.rows[header])))[start:]:
            here = flow(label)
            headings = " ".join(sheet.cell(r, column) for r in range(header, first))
            if here and _MONEY_COLUMN.search(headings):
                found.setdefault(here, column)
    if set(found) != {"X", "M"}:
        finding = "no money columns for exports and imports in the last group of columns"
        raise InputError(sheet.place(row, start), finding, "Give the sheet as published")
    return found


def _rows(layout: _Layout) -> list[_Row]:
    found, product = [], None
    for row in range(layout.first_row, len(layout.sheet.rows)):
        code = _code(layout.sheet.cell(row, 0))
        product = code or product
        if product and any(is_number(layout.sheet.cell(row, c)) for c in layout.columns.values()):
            found.append(_Row(product, _partner(layout, row, code), row))
    return found


def _partner(layout: _Layout, row: int, code: str | None) -> str:
    """The partner named in the row; XEA where it is the row of the code, or of a total."""
    cells = range(1 if code else 0, layout.labels_end)
    labels = [column for column in cells if layout.sheet.cell(row, column).strip()]
    names = (known(layout.sheet.cell(row, column), "ru") for column in labels)
    name = next((name for name in names if name), None)
    if name is None and not code:
        column = labels[0] if labels else 0
        name = resolve(layout.sheet.cell(row, column), "ru", layout.sheet.place(row, column))
    return name.code if name and name.kind != "world" else "XEA"


def _check(layout: _Layout, rows: list[_Row]) -> None:
    for column in layout.columns.values():
        values = {row: printed(layout.sheet.cell(row.row, column))[0] for row in rows}
        parts = [Decimal(value) for row, value in values.items() if value and row.partner != "XEA"]
        whole = next((row for row, value in values.items() if value and row.partner == "XEA"), None)
        if whole and parts:
            place = layout.sheet.place(whole.row, column)
            must_add_up(Decimal(values[whole] or 0), parts, place, step=Decimal("0.1"))


def _figure(layout: _Layout, row: _Row, flow: str, release: str) -> PrintedFigure | None:
    value, readable = printed(layout.sheet.cell(row.row, layout.columns[flow]))
    if value is None and readable:
        return None
    cells = layout.sheet.rows[row.row]
    return PrintedFigure(
        source="kz_bns",
        release=release,
        year=layout.period.year,
        reporter="KAZ",
        partner=row.partner,
        flow=flow,
        classification=hs_vintage(layout.period.year),
        product=row.product,
        value=value,
        unit=layout.unit,
        valuation={"M": "CIF", "X": "FOB"}[flow],
        partner_basis="unknown",
        is_reported=True,
        file_row=layout.sheet.file_row(row.row),
        flags=("SURVEY_SOURCE",) + (() if layout.period.complete else ("PARTIAL_YEAR",)),
        original=None if readable else json.dumps(cells, ensure_ascii=False),
    )
