"""Where the table of trade by country stands in a sheet of a BNS workbook.

Here belongs locating header, columns, unit, period, total and names by what they say.
Header rows, columns and decimals move between editions: no row number is relied on.
"""

import re
from dataclasses import dataclass

from assets.source.country_names import known
from assets.source.headings import Period, flow, money_unit, period
from assets.source.workbook import Sheet, is_number
from warehouse.errors import InputError

_HEADER_DEPTH = 4  # rows a header with sub-headings may take
_FIGURES_IN_A_TABLE = 20  # a sheet with more, and no header, is a table we cannot read


@dataclass(frozen=True, slots=True)
class Table:
    """A located table; `columns` maps flow to column, `rows` are those below the header."""

    sheet: Sheet
    period: Period
    unit: str
    unit_place: str
    columns: dict[str, int]
    total_row: int
    first_figure: int
    rows: tuple[int, ...]

    def values(self, row: int) -> list[str]:
        """The cells that hold the figures of a row."""
        return [self.sheet.cell(row, column) for column in self.columns.values()]

    def label_column(self, row: int) -> int:
        """The column of the row's name: a known one, else the first that is text."""
        return _label_column(self.sheet, row, self.first_figure)


def find_table(sheet: Sheet) -> Table | None:
    """The table of the sheet, or None where the sheet has none (cover, notes).

    Raises InputError when figures stand without a header, total, unit or year.
    """
    header = header_row(sheet)
    if header is None:
        _must_be_text(sheet)
        return None
    columns = _columns(sheet, header)
    total_row, first_figure = _total(sheet, header, columns)
    unit, unit_row, unit_column = money_unit(sheet, 0, min(header + _HEADER_DEPTH, total_row) - 1)
    return Table(
        sheet=sheet,
        period=_period(sheet, header),
        unit=unit,
        unit_place=sheet.place(unit_row, unit_column),
        columns=columns,
        total_row=total_row,
        first_figure=first_figure,
        rows=_rows_below(sheet, header, columns),
    )


def header_row(sheet: Sheet) -> int | None:
    """The first row with a column of exports and a column of imports, or None."""
    for row, cells in enumerate(sheet.rows):
        if {"X", "M"} <= {flow(cell) for cell in cells if len(cell) < 60}:
            return row
    return None


def _must_be_text(sheet: Sheet) -> None:
    if sum(is_number(cell) for row in sheet.rows for cell in row) > _FIGURES_IN_A_TABLE:
        finding = "figures, but no header row with Экспорт and Импорт"
        raise InputError(sheet.place(), finding, "Give the header row, or remove the sheet")


def _columns(sheet: Sheet, header: int) -> dict[str, int]:
    labels = [column for column, cell in enumerate(sheet.rows[header]) if cell.strip()]
    found: dict[str, int] = {}
    for here, column in enumerate(labels):
        heading = flow(sheet.cell(header, column))
        if heading in found:
            place = sheet.place(header, column)
            raise InputError(place, "a second column of this flow", "Give a year a sheet")
        if heading:
            end = labels[here + 1] if here + 1 < len(labels) else len(sheet.rows[header])
            found[heading] = _value_column(sheet, header, column, end)
    return found


def _value_column(sheet: Sheet, header: int, start: int, end: int) -> int:
    """Under a merged heading the column called всего; the heading's own without one."""
    for row in range(header + 1, header + _HEADER_DEPTH):
        for column in range(start, end):
            if re.match(r"(всего|total)\b", sheet.cell(row, column).strip(), re.IGNORECASE):
                return column
    return start


def _total(sheet: Sheet, header: int, columns: dict[str, int]) -> tuple[int, int]:
    """The row of the world total, and the first column of it that holds a figure."""
    for row in range(header + 1, len(sheet.rows)):
        if all(is_number(sheet.cell(row, column)) for column in columns.values()):
            label = _label_column(sheet, row, min(columns.values()))
            name = known(sheet.cell(row, label), "ru")
            if name and name.kind == "world":
                cells = sheet.rows[row]
                return row, next(c for c in range(label + 1, len(cells)) if is_number(cells[c]))
    place = sheet.place(header, min(columns.values()))
    raise InputError(place, "no row with a total (Всего) below", "Give the table with its total")


def _label_column(sheet: Sheet, row: int, end: int) -> int:
    """Serial numbers and codes may stand left of the name, totals in their column."""
    texts = [c for c in range(end) if re.search(r"[^\W\d_]{2}", sheet.cell(row, c))]
    names = [c for c in texts if known(sheet.cell(row, c), "ru")]
    return next(iter(names + texts), 0)


def _period(sheet: Sheet, header: int) -> Period:
    stated = [
        (found, row, column)
        for row in range(header + 1)
        for column, cell in enumerate(sheet.rows[row])
        if (found := period(cell))
    ]
    in_name = re.search(r"(?:19|20)\d{2}", sheet.name)
    years = {found.year for found, _, _ in stated} | ({int(in_name[0])} if in_name else set())
    if len(years) != 1:
        row, column = stated[0][1:] if stated else (header, 0)
        finding = f"years {sorted(years)} in title and sheet name" if years else "no year stated"
        raise InputError(sheet.place(row, column), finding, "Title and sheet must say one year")
    return stated[0][0] if stated else Period(years.pop())


def _rows_below(sheet: Sheet, header: int, columns: dict[str, int]) -> tuple[int, ...]:
    below = range(header + 1, len(sheet.rows))
    return tuple(row for row in below if not _numbers_columns(sheet.rows[row]))


def _numbers_columns(cells: tuple[str, ...]) -> bool:
    """The row that numbers the columns, А 1 2 3, in tables of this tradition."""
    numbers = [int(cell) for cell in cells if cell.strip().isdigit()]
    consecutive = (
        numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    )
    return consecutive and len(numbers) > 2 and numbers[0] in {1, 2}
