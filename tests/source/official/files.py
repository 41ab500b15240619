"""The publishers' own files, where the checkout has them beside it, and made-up ones.

Real files are read in place and never copied. A test that needs one is skipped, with
the reason, where it is missing.
"""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from assets.source.printed import PrintedFigure

DATA = Path(__file__).parents[4] / "shared" / "data"
_MILLIONS = {"thousand USD": Decimal("0.001"), "million USD": Decimal(1), "billion USD": 1000}
_MILLIONS |= {"EUR": Decimal("0.000001")}

Rows = list[list[object]]


def real(path: str) -> bytes:
    """The bytes of a publisher's file, or a skip that says which is missing."""
    file = DATA / path
    if not file.exists():
        pytest.skip(f"the publisher's file {path} is not beside the checkout")
    return file.read_bytes()


def real_files(folder: str) -> list[str]:
    """The files of a folder of the publishers' files, as paths for `real`."""
    names = sorted(file.name for file in (DATA / folder).glob("*"))
    return [f"{folder}/{name}" for name in names] or [f"{folder}/missing"]


def millions(figure: PrintedFigure) -> Decimal:
    """The value in millions of its currency."""
    return Decimal(figure.value or 0) * _MILLIONS[figure.unit]


def pick(figures: list[PrintedFigure], **fields: object) -> PrintedFigure:
    """The one figure with these fields."""
    found = [f for f in figures if all(getattr(f, k) == v for k, v in fields.items())]
    assert len(found) == 1, f"{len(found)} figures with {fields}"
    return found[0]


def workbook(sheets: dict[str, Rows], merge: Callable[[Workbook], None] | None = None) -> bytes:
    """An .xlsx of these sheets; `merge` may change it before it is saved."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if merge:
        merge(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
