"""Rows that break a total down by mode of transport or customs procedure.

Here: which reporters publish them and how a row divides. They sum to their C00/0 row, and
adding them to it counts the trade twice. Not here: the other defects of the wire format.
"""

from dataclasses import replace

import numpy as np

from assets.source.simulated.codes import CUSTOMS, MODES
from assets.source.simulated.countries import places
from assets.source.simulated.draws import Ints, share_of, uniform
from assets.source.simulated.rows import NULL, Rows, concat

BY_MODE = places("AUS", "KOR", "SRB", "GEO", "UZB")
BY_PROCEDURE = places("AUS", "THA", "GEO")
# These return their breakdown rows even when asked for C00 and 0 alone.
LEAKY = places("KOR", "SRB", "GEO")


def _portion(values: Ints, left: Ints, share: Ints, last: bool) -> Ints:
    """The next portion of what is left; NULL stays NULL."""
    portion = left if last else share_of(np.maximum(left, 0), share)
    return np.where(values == NULL, NULL, portion)


def _divided(seed: int, rows: Rows, places_of: list[tuple[int, int]]) -> Rows:
    """Each row in as many parts as there are (customs, mode) pairs; empty parts left out."""
    parts = []
    left = {name: getattr(rows, name) for name in ("value", "fob", "weight")}
    for number, (customs, mode) in enumerate(places_of):
        share = uniform(seed, f"breakdown {customs} {mode}", rows.key, 1_500, 8_500)
        last = number == len(places_of) - 1
        taken = {n: _portion(getattr(rows, n), left[n], share, last) for n in left}
        left = {n: np.where(taken[n] == NULL, NULL, left[n] - taken[n]) for n in left}
        where = {n: np.full(len(rows), v) for n, v in (("customs", customs), ("mode", mode))}
        part = replace(rows, **taken, **where)
        parts.append(part.take(part.value > 0))
    return concat(parts).marked("breakdown")


def breakdown(seed: int, rows: Rows) -> Rows:
    """The breakdown rows of clean rows, in the years in which a reporter gives any."""
    rows = rows.take(uniform(seed, "breakdown year", rows.key >> 26 << 7 | rows.reporter) < 5_000)
    air, sea, rail = (MODES.index(mode) for mode in (1000, 2100, 3100))
    by_mode = rows.take(np.isin(rows.reporter, BY_MODE))
    procedure = rows.take(np.isin(rows.reporter, BY_PROCEDURE))
    home, warehouse = CUSTOMS.index("C01"), CUSTOMS.index("C04")
    return concat(
        [
            _divided(seed, by_mode, [(0, rail), (0, sea), (0, air)]),
            _divided(seed, procedure, [(home, 0), (warehouse, 0)]),
        ]
    )
