"""The truth of the simulated world.

Here: the flows as they happened, and what either side of each flow could know of it.
Not here: noise, silence and defects, which belong to what reporters print (published).
"""

from dataclasses import dataclass

import numpy as np

from assets.source.simulated import entrepots, scheme
from assets.source.simulated.draws import Ints
from assets.source.simulated.gravity import base_flows
from assets.source.simulated.margins import cif_margins, unit_values
from assets.source.simulated.settings import WorldSettings

__all__ = ["World", "WorldSettings", "build_world"]


@dataclass(frozen=True)
class World:
    """True flows, in FOB cents. Axes are countries.COUNTRIES, products.PRODUCTS, years.

    `base` (origin, destination, product, year) without the scheme, `passed` the part of it
    that went through an entrepot; `exported` (exporter,
    last known destination, ...) and `imported` (importer, origin, ...) with it: what a
    perfect exporter and a perfect importer would report. `margins` (exporter, importer,
    product) is ln(CIF/FOB) in ten-thousandths, `unit_values` (maker, product) cents a kilogram.
    """

    settings: WorldSettings
    base: Ints
    passed: Ints
    scheme: scheme.Scheme
    exported: Ints
    imported: Ints
    margins: Ints
    unit_values: Ints


def build_world(settings: WorldSettings) -> World:
    """The one world that these settings describe."""
    base = base_flows(settings)
    passed = np.zeros_like(base)
    planted = scheme.plant(settings, base)
    exported, imported = base.copy(), base.transpose(1, 0, 2, 3).copy()
    for passage in entrepots.passages(settings.seed, base):
        entrepots.add_to_reports(passage, exported, imported)
        passed += passage.passed
    scheme.add_to_reports(planted, exported, imported)
    margins, prices = cif_margins(settings.seed), unit_values(settings.seed)
    return World(settings, base, passed, planted, exported, imported, margins, prices)
