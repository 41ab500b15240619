"""Russian customs: the general totals that open a monthly bulletin.

Here belongs the small table above the months: world exports and imports with fish,
bunker fuel, goods of travellers and estimates for the EAEU. The customs records
themselves stand below it and are read by ru_fcs_flows.py.
"""

import re

from assets.source.headings import flow, money_unit, newest, period
from assets.source.printed import PrintedFigure
from assets.source.ru_fcs_figure import figure_at
from assets.source.workbook import Sheet, is_number
from warehouse.errors import InputError

_GENERAL = re.compile(r"общие\s+итоги", re.IGNORECASE)


def has_general_totals(sheet: Sheet) -> bool:
    """Whether the sheet opens with the totals that include what customs does not record."""
    return any(_GENERAL.search(cell) for row in sheet.rows[:12] for cell in row)


def general_totals(found: list[Sheet]) -> list[PrintedFigure]:
    """World totals by the periods in their heading.

    A period short of the year is PARTIAL_YEAR as labelled, though one edition (2015)
    has a heading of January to September over figures of the year.
    """
    return [figure for sheet in found for figure in _general_totals(sheet)]


def _general_totals(sheet: Sheet) -> list[PrintedFigure]:
    title = next(r for r, row in enumerate(sheet.rows) if any(map(_GENERAL.search, row)))
    header = next(r for r in range(title, len(sheet.rows)) if any(map(period, sheet.rows[r])))
    periods = [found for cell in sheet.rows[header] if (found := period(cell))]
    unit, _, _ = money_unit(sheet, title, header)
    # Sorts before ", by month" of the same edition: the records are the series that goes on.
    release = f"{newest(periods).edition} of general totals"
    out: list[PrintedFigure | None] = []
    for side in ("X", "M"):
        row, cells = _flow_row(sheet, header, side)
        for spot, when in zip(cells, periods, strict=False):
            out.append(
                figure_at(
                    sheet,
                    row,
                    spot,
                    release=release,
                    period=when,
                    partner="W00",
                    flow=side,
                    unit=unit,
                )
            )
    return [figure for figure in out if figure]


def _flow_row(sheet: Sheet, header: int, side: str) -> tuple[int, list[int]]:
    """The first row of the flow, and its columns with figures: headings may stand askew."""
    for row in range(header + 1, len(sheet.rows)):
        cells = [c for c, cell in enumerate(sheet.rows[row]) if is_number(cell)]
        if flow(sheet.cell(row, 0)) == side and cells:
            return row, cells
    raise InputError(sheet.place(header), f"no row of flow {side} below", "Give the whole sheet")
