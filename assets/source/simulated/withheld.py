"""What of the books never reaches the reader.

Here: silent reporters, Kazakhstan's incomplete years, HS6 cells suppressed for secrecy.
Not here: rows that are printed wrong (defects).
"""

import numpy as np

from assets.source.simulated.codes import NES, OUTSIDE
from assets.source.simulated.countries import COUNTRIES, PLACE
from assets.source.simulated.draws import LOG, uniform
from assets.source.simulated.recorded import IMPORTS
from assets.source.simulated.rows import Cells, Mask
from assets.source.simulated.settings import WorldSettings

# Per cent of the overall completeness: China far below it, as in 2020-2022, others above.
_CHINA, _OTHERS = 45, 120


def is_silent(settings: WorldSettings, reporter: int, year: int) -> bool:
    """Whether a reporter (its place) publishes no dataset for the year."""
    return any(PLACE[iso] == reporter and year >= first for iso, first in settings.silent)


def silent(settings: WorldSettings, cells: Cells) -> Mask:
    reporter, year = cells.key >> 16 & 127, 2000 + (cells.key >> 26)
    mask = np.zeros(len(cells.key), dtype=np.bool_)
    for iso, first in settings.silent:
        mask |= (reporter == PLACE[iso]) & (year >= first)
    return mask


def incomplete(settings: WorldSettings, cells: Cells) -> Mask:
    """Kazakhstan's import cells (partner by product) missing from its published dataset."""
    key = cells.key
    partner = key >> 9 & 127
    there = np.where(partner == PLACE["CHN"], _CHINA, _OTHERS) * LOG // 100
    there = there * round(settings.kz_completeness * LOG) // LOG
    lost = uniform(settings.seed, "incomplete", key) >= there
    lost &= (key >> 16 & 127) == PLACE["KAZ"]
    lost &= (key >> 23 & 7) == IMPORTS
    mask: Mask = lost & np.isin(2000 + (key >> 26), settings.kz_incomplete_years)
    return mask


def suppressed(settings: WorldSettings, cells: Cells) -> Mask:
    """HS6 cells present in their parents and in World but not printed themselves."""
    everyone = np.arange(len(COUNTRIES), dtype=np.int64)
    secrecy = uniform(settings.seed, "secrecy", everyone, 0, 500)
    secrecy[PLACE["KAZ"]] = 40
    reporter, partner = cells.key >> 16 & 127, cells.key >> 9 & 127
    hidden = uniform(settings.seed, "suppressed", cells.key) < secrecy[reporter]
    mask: Mask = hidden & (partner != OUTSIDE) & (partner != NES)
    return mask
