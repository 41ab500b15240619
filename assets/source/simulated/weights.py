"""Weights as reporters give them, and the flags that come with a row.

Here: missing, zero and estimated weights, FOB beside CIF, isReported. Not here: values.
"""

from dataclasses import replace

import numpy as np

from assets.source.simulated.codes import LEVELS
from assets.source.simulated.countries import PLACE, places
from assets.source.simulated.draws import uniform
from assets.source.simulated.recorded import IMPORTS
from assets.source.simulated.rows import NULL, Rows
from assets.source.simulated.settings import WorldSettings

# Importers that give CIF and FOB on the same row; one that fills the field with zero.
_BOTH_VALUES = places("AUS", "GEO")
_ZERO_FOB = places("TUR")


def with_flags(settings: WorldSettings, rows: Rows) -> Rows:
    """Rows with the weights, FOB values and flags that their reporters print."""
    seed, leaf = settings.seed, LEVELS[rows.code] == 6
    fate = uniform(seed, "weight", rows.key, 0, 100)
    weight = np.where(leaf & (fate < 4), 0, rows.weight)
    weight = np.where(leaf & (fate >= 4) & (fate < 7), NULL, weight)
    drawn = uniform(seed, "estimated", rows.key, 0, 100)
    estimation = np.select([drawn < 80, drawn < 87, drawn < 95], [0, 2, 4], 6)
    estimation = np.where(leaf, estimation, np.where(weight > 0, 2, 0))
    imports = rows.flow == IMPORTS
    fob = np.where(imports & np.isin(rows.reporter, _ZERO_FOB), 0, NULL)
    fob = np.where(imports & np.isin(rows.reporter, _BOTH_VALUES), rows.fob, fob)
    partial = (rows.reporter == PLACE["KAZ"]) & np.isin(rows.year, settings.kz_incomplete_years)
    reported = np.where(leaf & ~partial, 1, 0)
    return replace(rows, weight=weight, fob=fob, estimation=estimation, reported=reported)
