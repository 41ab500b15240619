"""What carriage and insurance add to a price, and what a kilogram costs.

Here: true CIF margins by pair and product, true unit values. Not here: what is published.
"""

import numpy as np

from assets.source.simulated.countries import EURASIAN_UNION, places
from assets.source.simulated.draws import Ints, from_log, log_of, normal
from assets.source.simulated.gravity import PAIRS, K, N, is_neighbour, log_distance
from assets.source.simulated.products import LISTED, TECHNICAL


def cif_margins(seed: int) -> Ints:
    """ln(CIF/FOB) in ten-thousandths: (exporter, importer, product).

    Neighbours by land about 1% inside a union and 3% across its border, others from 3% to
    15% with distance; goods of high value per kilogram pay less.
    """
    close = np.isin(np.arange(N), np.union1d(EURASIAN_UNION, places("E27")))
    land = np.where(close[:, None] & close[None, :], 100, 300)
    far = np.clip((log_distance() - log_of(1_000)) * 3 // 100, 0, 900)
    pair = 250 + far + normal(seed, "margin", PAIRS, 150)
    pair = np.where(is_neighbour() == 1, land + normal(seed, "land margin", PAIRS, 40), pair)
    weight = np.where(LISTED, 70, np.where(TECHNICAL, 100, 130))
    margins: Ints = np.clip(pair[:, :, None] * weight // 100, 20, 1_600)
    return margins


def unit_values(seed: int) -> Ints:
    """Cents per kilogram: (country the goods were made in, product)."""
    products = np.arange(K, dtype=np.int64)
    usual = np.where(LISTED, log_of(9_000), np.where(TECHNICAL, log_of(2_500), log_of(150)))
    logs = usual + normal(seed, "unit value", products, 9_000)
    makers = np.arange(N, dtype=np.int64)[:, None] * 1000 + products
    return np.maximum(1, from_log(logs + normal(seed, "maker", makers, 1_500)))
