"""Russian customs tables with a column for each flow and period.

Here belongs telling by its rows what such a table is: months added up since January,
chapters, continents or countries, and reading it. Where the tables stand in a sheet is
found by ru_fcs_block.py; series over many years stand in ru_fcs_series.py.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from assets.source.country_names import Named, known, resolve
from assets.source.headings import Period, money_unit, months, newest, squeezed
from assets.source.hs_vintage import hs_vintage
from assets.source.printed import PrintedFigure
from assets.source.printed_totals import must_add_up, must_not_exceed
from assets.source.ru_fcs_block import Block, Column, blocks
from assets.source.ru_fcs_figure import NO_PRODUCT, figure_at
from assets.source.workbook import Sheet, printed
from warehouse.errors import InputError

_SPAN = r"\d{2}(?:\s*-\s*\d{2})?"
_CHAPTERS = re.compile(rf"({_SPAN}(?:\s*,\s*{_SPAN})*)\s*[-.\s]\s*\D")
_QUARTER = re.compile(r"квартал", re.IGNORECASE)
_OF_WHICH = re.compile(r"\s*(?:в том числе|из них)", re.IGNORECASE)
_LISTED_IN_FULL = 50  # a table with as many countries claims all of them


def has_tables(sheet: Sheet) -> bool:
    """Whether the sheet has a table of this shape that gives figures by year."""
    return any(_reader(block) for block in blocks(sheet))


def tables(found: list[Sheet]) -> list[PrintedFigure]:
    """The figures of all tables of this shape."""
    there = (block for sheet in found for block in blocks(sheet))
    return [figure for block in there if (read := _reader(block)) for figure in read(block)]


def _reader(block: Block) -> Callable[[Block], list[PrintedFigure]] | None:
    """How to read the block; None for months and quarters one by one."""
    labels = [block.label(row) for row in block.labelled]
    if any(span[0] == 1 < span[1] for label in labels if (span := months(label))):
        return _cumulative
    singly = any(months(label) or _QUARTER.search(label) for label in labels)
    return _listing if labels and not singly else None


def _cumulative(block: Block) -> list[PrintedFigure]:
    """The year from the row of January to December.

    The form repeats the newest sum in the months still to come, so a sum that does not
    grow ends where it first stood: such a column is PARTIAL_YEAR.
    """
    rows = {span[1]: row for row in block.labelled if (span := months(block.label(row)))}
    columns = [replace(c, period=_reached(block, rows, c)) for c in block.columns]
    release = f"{newest([column.period for column in columns]).edition}, by month"
    partner = _scope(block).code
    row = max(rows.items())[1]
    made = (_cell(block, row, column, release, partner) for column in columns)
    return [figure for figure in made if figure]


def _cell(
    block: Block,
    row: int,
    column: Column,
    release: str,
    partner: str,
    product: tuple[str, str] = NO_PRODUCT,
) -> PrintedFigure | None:
    unit, _, _ = money_unit(block.sheet, block.after, block.first - 1)
    return figure_at(
        block.sheet,
        row,
        column.index,
        release=release,
        period=column.period,
        partner=partner,
        flow=column.flow,
        unit=unit,
        product=product,
    )


def _reached(block: Block, rows: dict[int, int], column: Column) -> Period:
    values = {m: printed(block.sheet.cell(row, column.index))[0] for m, row in rows.items()}
    final = values[max(values)]
    return Period(column.period.year, 1, min(m for m, value in values.items() if value == final))


def _scope(block: Block) -> Named:
    """The partners a table is about: the nearest heading above that is a known name."""
    for row in range(block.header - 1, block.after - 1, -1):
        for cell in block.sheet.rows[row]:
            if found := known(squeezed(cell), "ru"):
                return found
    place = block.sheet.place(block.header)
    raise InputError(place, "no heading above names the partners", "Give the sheet as published")


def _listing(block: Block) -> list[PrintedFigure]:
    """A row a chapter, a continent or a country."""
    rows = [row for row in block.labelled if not _OF_WHICH.match(block.label(row))]
    products = {row: match[1] for row in rows if (match := _CHAPTERS.match(block.label(row)))}
    names = {row: _name(block, row) for row in rows if row not in products}
    for column in block.columns:
        _check(block, column, names)
    edition = newest([column.period for column in block.columns]).edition
    release = f"{edition}, {_kind(products, names)}"
    out = []
    for row in rows:
        partner = names[row].code if row in names else "W00"
        for column in block.columns:
            product = _product(products.get(row), column.period.year)
            out.append(_cell(block, row, column, release, partner, product))
    return [figure for figure in out if figure]


def _product(chapters: str | None, year: int) -> tuple[str, str]:
    return (hs_vintage(year), "".join(chapters.split())) if chapters else NO_PRODUCT


def _name(block: Block, row: int) -> Named:
    return resolve(block.label(row), "ru", block.sheet.place(row, 0))


def _kind(products: dict[int, str], names: dict[int, Named]) -> str:
    if products:
        return "by chapter" if sum(len(code) == 2 for code in products.values()) > 2 else _GROUPS
    return "by country" if any(n.kind == "country" for n in names.values()) else "by continent"


_GROUPS = "by group of chapters"


def _check(block: Block, column: Column, names: dict[int, Named]) -> None:
    cell = {row: printed(block.sheet.cell(row, column.index))[0] for row in names}
    world = next((row for row, name in names.items() if name.kind == "world" and cell[row]), None)
    parts = [
        Decimal(value)
        for row, value in cell.items()
        if value and names[row].kind in {"country", "area_nes"}
    ]
    if world is None or not parts:
        return
    total, place = Decimal(cell[world] or 0), block.sheet.place(world, column.index)
    if len(parts) >= _LISTED_IN_FULL:
        must_add_up(total, parts, place, step=Decimal("0.1"))
    must_not_exceed(total, parts, place)
