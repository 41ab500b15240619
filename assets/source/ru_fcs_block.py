"""Where tables of flows by period stand in a Russian customs sheet.

Here belongs locating them by their headings: one row says the flows, the next the
periods, or the other way about, and several tables stand one below the other. What
their rows mean stands in ru_fcs_flows.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assets.source.headings import Period, flow, period
from assets.source.workbook import Sheet, filled, is_number

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures."""

    index: int
    flow: str
    period: Period


@dataclass(frozen=True, slots=True)
class Block:
    """One table: its columns, its rows, and the row its own heading starts after."""

    sheet: Sheet
    columns: tuple[Column, ...]
    after: int
    header: int
    first: int
    last: int

    @property
    def labelled(self) -> list[int]:
        """Rows with a label and a figure."""
        rows = range(self.first, self.last)
        return [r for r in rows if self.label(r) and any(self.numbers(r))]

    def label(self, row: int) -> str:
        """The first cell with letters left of the figures; serial numbers may precede it."""
        cells = self.sheet.rows[row][: self.columns[0].index]
        return next((cell.strip() for cell in cells if _LETTER.search(cell)), "")

    def numbers(self, row: int) -> Iterator[bool]:
        """Whether each column holds a figure."""
        return (is_number(self.sheet.cell(row, column.index)) for column in self.columns)


def blocks(sheet: Sheet) -> list[Block]:
    """All such tables of the sheet, from the top."""
    heads: list[tuple[int, int, tuple[Column, ...]]] = []
    row = 0
    while row < len(sheet.rows):
        below = _next_filled(sheet, row)
        columns = _columns(sheet, row, below)
        if columns:
            heads.append((row, below, columns))
        row = below if columns else row + 1
    ends = [*(head for head, _, _ in heads[1:]), len(sheet.rows)]
    starts = [0, *(first for _, first, _ in heads)]
    return [
        Block(sheet, columns, after, head, below + 1, end)
        for (head, below, columns), after, end in zip(heads, starts, ends, strict=False)
    ]


def _next_filled(sheet: Sheet, row: int) -> int:
    after = range(row + 1, len(sheet.rows))
    return next((r for r in after if any(cell.strip() for cell in sheet.rows[r])), len(sheet.rows))


def _columns(sheet: Sheet, row: int, below: int) -> tuple[Column, ...]:
    """Columns whose two headings name one flow and one period, whichever stands above."""
    upper = filled(sheet.rows[row])
    found = []
    for index, label in enumerate(upper):
        headings = (label, sheet.cell(below, index))
        side = next((side for text in headings if (side := flow(text))), None)
        when = next((when for text in headings if (when := period(text))), None)
        if side and when and sheet.cell(below, index).strip():
            found.append(Column(index, side, when))
    return tuple(found)
