"""Sheets of .xls and .xlsx files as rows of text, and the cells in them.

Here belongs what every printed workbook needs: opening it, the address of a cell,
the decimal a cell holds. What the words in a cell mean stands in headings.py, what a
publisher's table looks like in that publisher's own module.
"""

import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from python_calamine import CalamineError, CalamineWorkbook

from assets.source import workbook_guard
from warehouse.errors import InputError

Rows = tuple[tuple[str, ...], ...]

# The first bytes of an OLE2 (.xls) and of a zip (.xlsx) file.
_WORKBOOK_STARTS = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04")
_NO_FIGURE = {"", "-", "–", "—", "−", "x", "х", "...", "…", ":", "н/д"}
_SPACES = r"[ \u00a0\u202f\u2009']"
_NUMBER = re.compile(rf"[-−]?(\d{{1,3}}({_SPACES}\d{{3}})+|\d+)([.,]\d+)?([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; rows and columns count from 0 here, and from 1 or A in what people read.

    `offset` is the number of rows in the sheets before this one.
    """

    file: str
    name: str
    offset: int
    rows: Rows

    def cell(self, row: int, column: int) -> str:
        """The text of a cell, empty outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def place(self, row: int | None = None, column: int = 0) -> str:
        """Where a cell stands, in words for an error; without a row, the sheet alone."""
        where = f"{self.file}, sheet {self.name}"
        return where if row is None else f"{where}, cell {address(row, column)}"

    def file_row(self, row: int) -> int:
        """The row counted from 1 over all sheets of the workbook."""
        return self.offset + row + 1


def address(row: int, column: int) -> str:
    """The cell as a spreadsheet names it: address(5, 1) is B6."""
    return f"{workbook_guard.letters(column + 1)}{row + 1}"


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as .xls or .xlsx files do."""
    return content.startswith(_WORKBOOK_STARTS)


def sheets(content: bytes, name: str) -> list[Sheet]:
    """All sheets in order. Raises InputError when the bytes are no readable workbook."""
    found, offset = [], 0
    if content.startswith(_WORKBOOK_STARTS[1]):
        workbook_guard.refuse_zipped(content, name)
    try:
        contents = _contents(content, name)
    except CalamineError as error:
        raise InputError(name, f"no readable workbook ({error})", "Download it again") from error
    for title, rows in contents:
        found.append(Sheet(name, title, offset, rows))
        offset += len(rows)
    return found


def sheets_or_none(content: bytes, name: str) -> list[Sheet]:
    """All sheets, or none where the bytes are something else: for recognising a file."""
    try:
        return sheets(content, name) if is_workbook(content) else []
    except InputError:
        return []


@lru_cache(maxsize=2)  # recognising and reading a file ask for the same bytes in turn
def _contents(content: bytes, name: str) -> tuple[tuple[str, Rows], ...]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return tuple((title, _rows(book, title, name)) for title in book.sheet_names)


def _rows(book: CalamineWorkbook, title: str, name: str) -> Rows:
    sheet = book.get_sheet_by_name(title)
    place = f"{name}, sheet {title}"
    workbook_guard.refuse_too_wide(sheet.total_height, sheet.total_width, place)
    # Empty rows at the top count: an address must be the one the reader sees.
    values = sheet.to_python(skip_empty_area=False)
    return tuple(tuple(_text(value) for value in row) for row in values)


def _text(value: object) -> str:
    if isinstance(value, float):
        # repr is the shortest text that gives the same number back: nothing is rounded.
        return plain(Decimal(repr(value)))
    return value.isoformat() if isinstance(value, date) else str(value)


def plain(value: Decimal) -> str:
    """Decimal text without exponent; a whole number has no decimal point."""
    text = format(value, "f")
    return text.removesuffix(".0") if "." in text else text


def number(cell: str) -> str | None:
    """The decimal text a cell prints, with a dot; None where it prints no figure.

    Both 1 234,5 and 1234.5 are read. A dash, a blank or an ellipsis is no figure,
    while 0,0 is a figure. Raises ValueError for anything else.
    """
    text = cell.strip()
    if text.casefold() in _NO_FIGURE:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{cell!r} is not a number")
    return plain(Decimal(re.sub(_SPACES, "", text).replace(",", ".").replace("−", "-")))


def is_number(cell: str) -> bool:
    """Whether the cell prints a figure."""
    try:
        return number(cell) is not None
    except ValueError:
        return False


def printed(cell: str) -> tuple[str | None, bool]:
    """(value, readable): an unreadable cell has no value and is not readable."""
    try:
        return number(cell), True
    except ValueError:
        return None, False


def filled(row: tuple[str, ...]) -> list[str]:
    """The row with each label carried right over the blank cells of its merged range."""
    label, out = "", []
    for cell in row:
        label = cell if cell.strip() else label
        out.append(label)
    return out
