"""What a workbook's reader would open and then lose a figure, or all memory, on.

Here belongs refusing such files before they are read: by their size unpacked, by the rectangle
their cells span, by formulas without results. Reading stands in workbook.py.
"""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from warehouse.errors import InputError

# The largest of the publishers' workbooks unpacks to a few MB and has some thousand rows.
LARGEST, MOST_CELLS = 200_000_000, 5_000_000
PIECE = 1 << 20
OWN = "Give the publisher's own workbook"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def refuse_zipped(content: bytes, name: str) -> None:
    """Raises InputError for an .xlsx that is none, unpacks too far or holds an unfit sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > LARGEST:
                finding = f"a workbook that unpacks to more than {LARGEST // 10**6} MB"
                raise InputError(name, finding, OWN)
            for part in book.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    _SheetReader(f"{name}, {part.rpartition('/')[2]}").read(book, part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        finding = f"no readable workbook ({error})"
        raise InputError(name, finding, "Download it again, without a password") from error


def refuse_too_wide(rows: int, columns: int, place: str) -> None:
    """A reader holds every cell of the rectangle that the cells span, filled or not."""
    if rows * columns > MOST_CELLS:
        finding = f"a sheet of {rows} rows and {columns} columns, as none of these tables has"
        raise InputError(place, finding, OWN)


class _SheetReader:
    """One pass over a sheet's XML: the far corner of its cells, and formulas without results."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.row = self.column = self.rows = self.columns = 0
        self.formula = self.result = self.inside = False

    def read(self, book: zipfile.ZipFile, part: str) -> None:
        """Raises InputError for a sheet that spans too much or was not computed."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            with book.open(part) as sheet:
                while piece := sheet.read(PIECE):
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise InputError(self.place, f"no readable sheet ({error})", OWN) from error
        refuse_too_wide(self.rows, self.columns, self.place)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":  # both addresses may be left out: the next one is meant
                number = attributes.get("r", "")
                self.row, self.column = int(number) if number.isdigit() else self.row + 1, 0
            case "c":
                self._cell(attributes.get("r", ""))
            case "f":
                self.formula = True
            case "v" | "is":
                self.inside = True

    def _cell(self, address: str) -> None:
        self.column += 1
        if found := _CELL.fullmatch(address):
            self.column, self.row = _column(found[1]), int(found[2])
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        self.formula = self.result = self.inside = False

    def _text(self, text: str) -> None:
        self.result = self.result or (self.inside and bool(text))

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "is":
                self.inside = False
            case "c" if self.formula and not self.result:
                cell = f"{letters(self.column)}{self.row}"
                remedy = "Open the workbook in a spreadsheet program and save it"
                raise InputError(
                    f"{self.place}, cell {cell}", "a formula without its result", remedy
                )

    def _doctype(self, *_: object) -> None:
        raise InputError(self.place, "declares entities, as no workbook does", OWN)


def _column(name: str) -> int:
    """The number of a column from 1: AB is 28."""
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def letters(column: int) -> str:
    """The column counted from 1 as a spreadsheet names it: 28 is AB."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
