"""Russian customs series: years in sheets (94itog), main countries in columns (96stran).

Here belongs reading tables whose rows are flows with partners below, or months with
countries as columns. Tables with flows as columns stand in ru_fcs_flows.py.
"""

import re
from dataclasses import replace
from decimal import Decimal

from assets.source.country_names import resolve
from assets.source.headings import Period, flow, money_unit, months
from assets.source.printed import PrintedFigure
from assets.source.printed_totals import must_add_up, must_not_exceed
from assets.source.ru_fcs_figure import figure_at
from assets.source.workbook import Sheet, is_number, plain, printed

_YEAR = re.compile(r"(?:19|20)\d{2}")


def is_yearly(sheet: Sheet) -> bool:
    """A column headed by a bare year, with rows for exports and imports below."""
    return _year_cell(sheet) is not None


def yearly(found: list[Sheet]) -> list[PrintedFigure]:
    """Totals, the CIS, the rest of the world and CIS countries, a sheet a year."""
    years = [int(sheet.cell(*cell)) for sheet in found if (cell := _year_cell(sheet))]
    release = f"{Period(max(years, default=0)).edition}, series by year"
    return [figure for sheet in found for figure in _year_figures(sheet, release)]


def is_by_country(sheet: Sheet) -> bool:
    """Countries as columns; as rows years with their months below."""
    return _title_flow(sheet) is not None and len(_year_rows(sheet)) > 0


def by_country(found: list[Sheet]) -> list[PrintedFigure]:
    """A year by country and flow: the sum of its twelve months, PARTIAL_YEAR with fewer.

    The release names no month, so that it sorts before the series by year: months are
    corrected later in the series by year than here (2018: 5,349 here, 5,451 there).
    """
    years = [int(sheet.cell(row, 0)) for sheet in found for row in _year_rows(sheet)]
    release = f"{max(years, default=0)} edition, main countries by month"
    return [figure for sheet in found for figure in _country_figures(sheet, release)]


def _year_cell(sheet: Sheet) -> tuple[int, int] | None:
    for row in range(min(12, len(sheet.rows))):
        filled_cells = [(row, c) for c, cell in enumerate(sheet.rows[row]) if cell.strip()]
        if len(filled_cells) == 1 and _YEAR.fullmatch(sheet.cell(*filled_cells[0])):
            column = filled_cells[0][1]
            below = {flow(sheet.cell(r, 0)) for r in range(row, len(sheet.rows))}
            return (row, column) if column and {"X", "M"} <= below else None
    return None


def _year_figures(sheet: Sheet, release: str) -> list[PrintedFigure]:
    header, column = _year_cell(sheet) or (0, 0)
    period = Period(int(sheet.cell(header, column)))
    unit, _, _ = money_unit(sheet, 0, header)
    out: list[PrintedFigure] = []
    side: str | None = None
    for row in range(header + 1, len(sheet.rows)):
        side = flow(sheet.cell(row, 0)) or side
        if side and is_number(sheet.cell(row, column)):
            partner = _partner(sheet, row)
            figure = figure_at(
                sheet,
                row,
                column,
                release=release,
                period=period,
                partner=partner,
                flow=side,
                unit=unit,
            )
            out += [figure] if figure else []
    _check_groups(sheet, column, out)
    return out


def _partner(sheet: Sheet, row: int) -> str:
    label = sheet.cell(row, 0)
    return "W00" if flow(label) else resolve(label, "ru", sheet.place(row, 0)).code


def _check_groups(sheet: Sheet, column: int, out: list[PrintedFigure]) -> None:
    """The CIS and the rest of the world make the total; the CIS countries are a selection."""
    for side in ("X", "M"):
        value = {f.partner: Decimal(f.value) for f in out if f.flow == side and f.value}
        row = next((f.file_row for f in out if f.flow == side and f.partner == "W00"), None)
        if row is None:
            continue
        place = sheet.place(row - sheet.offset - 1, column)
        if {"XCS", "XFA"} <= set(value):
            must_add_up(value["W00"], [value["XCS"], value["XFA"]], place, step=Decimal(1))
        must_not_exceed(value["W00"], [v for p, v in value.items() if p[0] not in "XW"], place)


def _title_flow(sheet: Sheet) -> str | None:
    titles = [cell for row in sheet.rows[:5] for cell in row if cell.strip()]
    return next((side for cell in [*titles, sheet.name] if (side := flow(cell))), None)


def _year_rows(sheet: Sheet) -> list[int]:
    """Rows that hold a bare year, with a month in the row below."""
    return [
        row
        for row in range(len(sheet.rows) - 1)
        if _YEAR.fullmatch(sheet.cell(row, 0).strip()) and months(sheet.cell(row + 1, 0))
    ]


def _country_figures(sheet: Sheet, release: str) -> list[PrintedFigure]:
    rows, side = _year_rows(sheet), _title_flow(sheet) or ""
    header = rows[0] - 1
    unit, _, _ = money_unit(sheet, 0, header)
    out: list[PrintedFigure] = []
    for column, label in enumerate(sheet.rows[header]):
        if label.strip():
            partner = resolve(label, "ru", sheet.place(header, column)).code
            for row in rows:
                out += _sum_of_months(sheet, row, column, release, partner, side, unit)
    return out


def _sum_of_months(
    sheet: Sheet, year_row: int, column: int, release: str, partner: str, side: str, unit: str
) -> list[PrintedFigure]:
    """One figure, standing in the row of the year; none where no month is printed."""
    values = _month_values(sheet, year_row, column)
    if not values:
        return []
    whole = len(values) == 12
    period = Period(int(sheet.cell(year_row, 0)), 1 if whole else 0, max(values))
    first = next(row for row in range(year_row + 1, len(sheet.rows)) if sheet.cell(row, column))
    model = figure_at(
        sheet, first, column, release=release, period=period, partner=partner, flow=side, unit=unit
    )
    total = plain(sum(values.values(), Decimal()).normalize())
    row = sheet.file_row(year_row)
    return [replace(model, value=total, file_row=row, original=None)] if model else []


def _month_values(sheet: Sheet, year_row: int, column: int) -> dict[int, Decimal]:
    values: dict[int, Decimal] = {}
    for row in range(year_row + 1, len(sheet.rows)):
        span = months(sheet.cell(row, 0))
        if span is None:
            break
        value, _ = printed(sheet.cell(row, column))
        if value is not None:
            values[span[0]] = Decimal(value)
    return values
