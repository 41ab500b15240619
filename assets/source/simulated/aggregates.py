"""From HS6 books to what is printed: World rows, HS4, HS2 and TOTAL.

Here: sums and what is left out of print. Not here: defects.
"""

from dataclasses import dataclass

import numpy as np

from assets.source.simulated.codes import LEVELS, OUTSIDE, PARENTS, WORLD
from assets.source.simulated.countries import PLACE
from assets.source.simulated.draws import Ints
from assets.source.simulated.rows import Cells, join, sum_by, with_code, with_partner
from assets.source.simulated.settings import WorldSettings
from assets.source.simulated.withheld import incomplete, silent, suppressed
from assets.source.simulated.world import World

OfficeTotals = tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True)
class Printed:
    """Clean cells in print, the keys kept out of print, and the office's own totals (cents)."""

    cells: Cells
    suppressed: Ints
    incomplete: Ints
    office: OfficeTotals


def _parents(cells: Cells) -> Cells:
    return sum_by(with_code(cells.key, PARENTS[cells.key & 511]), cells)


def _all_levels(leaves: Cells) -> Cells:
    headings = _parents(leaves)
    chapters = _parents(headings)
    return join([leaves, headings, chapters, _parents(chapters)])


def _office_totals(cells: Cells) -> OfficeTotals:
    """Kazakhstan's World totals as its statistical office prints them, complete."""
    own = cells.take((cells.key >> 16 & 127) == PLACE["KAZ"])
    totals = sum_by(own.key >> 23 << 23, own)
    return tuple(
        ("KAZ", "MX"[int(key >> 23 & 7)], 2000 + int(key >> 26), int(value))
        for key, value in zip(totals.key, totals.value, strict=True)
    )


def printed(world: World, books: Cells) -> Printed:
    """The clean rows of all reporters, before weights are lost and defects added."""
    settings: WorldSettings = world.settings
    heard = books.take(~silent(settings, books))
    lost = incomplete(settings, heard)
    there = heard.take(~lost)
    leaves = join([there, sum_by(with_partner(there.key, WORLD), there)])
    hidden = suppressed(settings, there)
    hidden_keys = np.sort(there.key[hidden])
    cells = _all_levels(leaves)
    shown = (cells.key >> 9 & 127) != OUTSIDE
    shown &= (LEVELS[cells.key & 511] < 6) | ~np.isin(cells.key, hidden_keys)
    missing = heard.key[lost]
    missing = missing[(missing >> 9 & 127) != OUTSIDE]
    return Printed(cells.take(shown), hidden_keys, np.sort(missing), _office_totals(books))
