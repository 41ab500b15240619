"""Rows as spreadsheets read them: CSV and workbooks whose text cannot turn into a formula.

Here belongs how a cell is written so that nothing is lost and nothing is executed. Which tables
are exported, and under what names, stands in pipelines/exports/export.py.

Text that a spreadsheet would take for a formula opens with an apostrophe in CSV, and so does
text that opens with one already: taking one away gives the text back. In a workbook it is a text
cell that stays text when it is edited. A number of more than 15 digits, which a workbook would
round, is written as text. Lists are JSON.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from warehouse.errors import InputError

# What opens a formula in Excel, LibreOffice or Google Sheets, in full width too.
OPENS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SHEET_ROWS = 1_048_575  # below the row of names
SHEET_NAME = 31
CELL_CHARACTERS = 32_767
EXACT_DIGITS = 15
FIRST_DATE = date(1900, 3, 1)  # before it Excel's calendar has a day that never was
MADE = datetime(1980, 1, 1)  # the same rows give the same bytes
BATCH = 10_000
WIDTH = 18
Batches = Iterable[Sequence[Sequence[Any]]]


def batches(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query, some at a time, so that no table has to fit in memory."""
    answer = connection.execute(query)
    while rows := answer.fetchmany(BATCH):
        yield rows


def write_csv(path: Path, names: Sequence[str], rows: Batches) -> None:
    """Write rows as CSV in UTF-8; NULL is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # or a lone \r would not be quoted
        writer.writerow(names)
        for batch in rows:
            writer.writerows([as_text(cell) for cell in row] for row in batch)


def as_text(cell: object) -> str | None:
    """A cell as text that a spreadsheet reads back exactly, and never as a formula."""
    if cell is None:
        return None
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(("'", *OPENS_FORMULA)) else cell
    return plain(cell)


def plain(cell: object) -> str:
    """A cell that is not text, exactly: decimals with their places, dates by ISO 8601, JSON."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return json.dumps(cell, ensure_ascii=False, default=str)


class Workbook:
    """A workbook that is written row by row: it never holds more than one row in memory.

    `left_out` tells of cells whose text is longer than a cell holds.
    """

    def __init__(self, path: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"created": MADE})
        self.left_out: list[str] = []
        self._formats: dict[str, Any] = {}
        self._of(bold="bold")

    def close(self) -> None:
        self.book.close()

    def sheet(self, name: str, names: Sequence[str], rows: Batches) -> None:
        """Add a sheet: a row of names, kept in sight, and the rows.

        Raises InputError where a sheet cannot hold them.
        """
        sheet = self.book.add_worksheet(name[:SHEET_NAME])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(names) - 1, 0), WIDTH)
        for column, text in enumerate(names):
            sheet.write_string(0, column, text, self._of(bold="bold"))
        number = 0
        for batch in rows:
            for row in batch:
                number += 1
                refuse_beyond(name, number)
                for column, cell in enumerate(row):
                    self._write(sheet, number, column, cell, f"{name}.{names[column]}")

    def _write(self, sheet: Any, row: int, column: int, cell: object, place: str) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, (int, float, Decimal)) and is_exact(cell):
            sheet.write_number(row, column, cell, self._of(number=_shown(cell)))
        elif isinstance(cell, date) and _as_date(cell) >= FIRST_DATE:
            shown = "yyyy-mm-dd hh:mm:ss" if isinstance(cell, datetime) else "yyyy-mm-dd"
            sheet.write_datetime(row, column, cell, self._of(number=shown))
        else:
            self._write_text(
                sheet, row, column, cell if isinstance(cell, str) else plain(cell), place
            )

    def _write_text(self, sheet: Any, row: int, column: int, text: str, place: str) -> None:
        if len(text) > CELL_CHARACTERS:
            told = f"{len(text):,} characters, and a cell holds {CELL_CHARACTERS:,}"
            self.left_out.append(f"{place}, row {row + 1}: {told}")
            text = f"left out: {told}; the exports as csv and parquet have them"
        quoted = text.startswith(OPENS_FORMULA)
        sheet.write_string(row, column, text, self._of(quote="quote") if quoted else None)

    def _of(self, bold: str = "", number: str = "", quote: str = "") -> Any:
        """A cell format, made once."""
        key = bold + number + quote
        if key not in self._formats:
            options = {"bold": bool(bold), "num_format": number, "quote_prefix": bool(quote)}
            given = {name: value for name, value in options.items() if value}
            self._formats[key] = self.book.add_format(given)
        return self._formats[key]


def refuse_beyond(name: str, rows: int) -> None:
    """Raises InputError where a table has more rows than a sheet."""
    if rows > SHEET_ROWS:
        raise InputError(
            f"table {name}",
            f"has {rows:,} rows, and a sheet of a workbook holds {SHEET_ROWS:,}",
            "Export it with --format csv or parquet, or name the tables you want and leave it out",
        )


def is_exact(cell: float | Decimal) -> bool:
    """Whether a workbook keeps the number as it is: floats are of its own kind."""
    if isinstance(cell, float):
        return cell == cell and abs(cell) != float("inf")
    digits = str(abs(cell)).replace(".", "").strip("0")
    return len(digits) <= EXACT_DIGITS


def _shown(cell: float | Decimal) -> str:
    """Number format: decimals with the places they have."""
    if not isinstance(cell, Decimal):
        return ""
    places = -int(cell.as_tuple().exponent)
    return "#,##0" + (f".{'0' * places}" if places > 0 else "")


def _as_date(cell: date) -> date:
    return cell.date() if isinstance(cell, datetime) else cell
