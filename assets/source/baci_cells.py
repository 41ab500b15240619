"""What the six cells of BACI's rows mean, a block of them at a time.

Here belongs turning texts into numbers, units and codes: thousands of dollars to dollars, tons
to kilograms, BACI's numbers to country codes. Where the blocks come from stands in baci_rows.py.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse import dictionary

NUMBER = pa.decimal128(18, 6)
THOUSAND = pa.scalar(1000, pa.decimal128(4, 0))  # dollars of a unit of v, kilograms of one of q
LARGEST = 10**12  # thousand dollars, or tons: ten times the trade of the world


def flow(cells: pa.RecordBatch, year: int, codes: Mapping[str, str]) -> dict[str, pa.Array]:
    """The cells that differ from row to row, each in its type, and rows that could not be read."""
    (value, _), (tons, said) = (_numbers(cells.column(name)) for name in "vq")
    dated = _matching(cells.column("t"), str(year))
    unread = pc.or_(
        pc.or_(pc.invert(dated), pc.is_null(value)),
        pc.and_(pc.is_valid(said), pc.is_null(tons)),
    )
    kilograms = pc.multiply(tons, THOUSAND)
    # 0.000 t is under half a kilogram, not none: a weight not known, and yet no blank.
    is_zero = pc.equal(kilograms, 0)
    return {
        "year": pc.if_else(dated, pa.scalar(year, pa.int16()), None),
        "reporter": _renamed(cells.column("i"), codes),
        "partner": _renamed(cells.column("j"), codes),
        "product": _renamed(cells.column("k"), {}),
        "value_usd": pc.round(pc.multiply(value, THOUSAND), 2).cast(kind_of("value_usd")),
        "net_weight_kg": pc.if_else(is_zero, None, kilograms).cast(kind_of("net_weight_kg")),
        "quantity": pc.if_else(is_zero, tons, None).cast(kind_of("quantity")),
        "quantity_unit": pc.if_else(is_zero, pa.scalar("t"), None),
        "original": _originals(cells, unread),
    }


def _matching(column: pa.DictionaryArray, word: str) -> pa.Array:
    known = pa.array([text == word for text in column.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(known.take(column.indices), False)


def _renamed(column: pa.DictionaryArray, codes: Mapping[str, str]) -> pa.DictionaryArray:
    texts = [text.strip() for text in column.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(
        column.indices, pa.array([codes.get(text, text) for text in texts], pa.string())
    )


def _numbers(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Texts as decimals, and the texts that say something; what is no number is NULL.

    Blanks, and NA as some releases print it, say nothing. The quick way reads a block that holds
    plain numbers alone, and no other.
    """
    with suppress(pa.ArrowInvalid):
        return column.cast(NUMBER), column
    text = pc.utf8_trim_whitespace(column)
    said = pc.if_else(pc.is_in(text, pa.array(["", "NA"])), None, text)
    with suppress(pa.ArrowInvalid):
        return said.cast(NUMBER), said
    return pa.array([_decimal(cell) for cell in said.to_pylist()], NUMBER), said


def _decimal(cell: str | None) -> Decimal | None:
    """A number to a thousandth of a dollar; NULL where it is none, or larger than any trade."""
    if cell is None or not re.fullmatch(r"[-+]?\d+(\.\d*)?([eE][-+]?\d{1,3})?", cell):
        return None
    number = Decimal(cell)
    return number.quantize(Decimal("0.000001")) if abs(number) < LARGEST else None


def _originals(cells: pa.RecordBatch, unread: pa.Array) -> pa.Array:
    """JSON of each row that could not be read, NULL for all others."""
    if not pc.any(unread).as_py():
        return pa.nulls(cells.num_rows, pa.string())
    texts: list[str | None] = [None] * cells.num_rows
    places = np.flatnonzero(unread.to_numpy(zero_copy_only=False))
    for place, row in zip(places, cells.take(places).to_pylist(), strict=True):
        texts[place] = json.dumps(row)
    return pa.array(texts, pa.string())


def kind_of(name: str) -> pa.DataType:
    """The Arrow type of a word of the dictionary."""
    kind = dictionary.words()[name].type
    if found := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return pa.decimal128(int(found[1]), int(found[2]))
    return {"VARCHAR": pa.string(), "BOOLEAN": pa.bool_()}[kind]
