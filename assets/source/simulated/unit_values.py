"""Bounds of unit values as the API sets them (getSUV): USD a kilogram by year, flow and product.

Here: bounds about what clean rows print. Not here: which of them are asked for (catalogue). What
the real API repeats in a row besides the bounds is documented nowhere; this one repeats all of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assets.source.simulated.codes import CODES, FLOWS, LEVELS, WORLD
from assets.source.simulated.printing import vintage
from assets.source.simulated.published import Published
from assets.source.simulated.rows import Cells, sum_by

KILOGRAM = 8
_LOWEST, _HIGHEST = 80, 150  # percent of the average: prices lie close in this world, a few outside
_MANY = 30  # rows of goods that cluster around one price, in this world


def unit_values(published: Published) -> list[dict[str, Any]]:
    """One record a year, flow and product of six digits that somebody prints with a weight."""
    rows = published.rows
    rows = rows.take(
        (rows.kind == 0) & (LEVELS[rows.code] == 6) & (rows.partner < WORLD) & (rows.flow < 2)
    )
    rows = rows.take((rows.weight > 0) & (rows.value > 0))
    key = (rows.year << 3 | rows.flow) << 9 | rows.code
    summed = sum_by(key, Cells(key, rows.value, np.ones_like(key), rows.weight))
    columns = (summed.key, summed.value, summed.fob, summed.weight)
    return [_record(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _record(key: int, cents: int, cells: int, grams: int) -> dict[str, Any]:
    year, flow, code = key >> 12, key >> 9 & 7, key & 511
    average = cents * 100_000 // grams  # ten-thousandths of a dollar a kilogram
    return {
        "typeCode": "C",
        "freqCode": "A",
        "period": str(year),
        "classificationCode": vintage(year),
        "classificationSearchCode": "HS",
        "cmdCode": CODES[code],
        "flowCode": FLOWS[flow],
        "qtyUnitCode": KILOGRAM,
        "uvMin": average * _LOWEST // 100 / 10_000,
        "suv": average / 10_000,
        "uvMax": average * _HIGHEST // 100 / 10_000,
        "isUniModalDistribution": cells >= _MANY,
    }
