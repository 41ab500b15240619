"""What each reporter's books hold of the true flows: noisy, in its own prices.

Here: CIF on imports and FOB on exports, reporter noise, survey noise inside the union,
lasting under-recording, HS2017 codes before 2022, partners outside the sample.
Not here: what of the books is published (suppressed, withheld) or printed wrong (defects).
"""

import math

import numpy as np

from assets.source.simulated.codes import LEAF_2017, LEAF_2022, NES, OUTSIDE
from assets.source.simulated.countries import COUNTRIES, EURASIAN_UNION, PLACE, places
from assets.source.simulated.draws import LOG, Ints, normal, scaled, share_of, uniform
from assets.source.simulated.gravity import CELLS
from assets.source.simulated.products import PRODUCTS
from assets.source.simulated.rows import Cells, Mask, join, pack, sum_by, with_partner
from assets.source.simulated.world import World

IMPORTS, EXPORTS = 0, 1
_SURVEY_SPREAD = 1_500
# The totals of this pair mirrored well before 2022, and so must its books.
_CAREFUL = places("KAZ", "RUS")
# Some reporters file trade under "Areas, nes"; these always do.
_NAMES_NES = places("KAZ", "TUR")
# Goods declared elsewhere or not at all, long before the war: logs by (importer, origin).
_LASTING = {("KAZ", "CHN"): -4_500, ("KGZ", "CHN"): -9_000, ("UZB", "CHN"): -1_500}

Index = tuple[Ints, ...]


def _inside_union(reporter: Ints, partner: Ints) -> Ints:
    member = np.zeros(len(COUNTRIES), dtype=np.int64)
    member[EURASIAN_UNION] = 1
    return member[reporter] * member[partner]


def _times(values: Ints, factor: float) -> Ints:
    return share_of(values, round(factor * LOG))


def _noisier(world: World, side: str, reporter: Ints) -> Mask:
    """Whether this is the worse of the reporter's two offices."""
    of_exports = uniform(world.settings.seed, "noisier office", reporter, 0, 2) == 1
    mask: Mask = of_exports == (side == "exports")
    return mask


def _spread(world: World, side: str, reporter: Ints, year: Ints) -> tuple[Ints, Ints]:
    """Standard deviations of a reporter's lasting and yearly error, in ten-thousandths."""
    settings = world.settings
    everyone = np.arange(len(COUNTRIES), dtype=np.int64)
    usual = uniform(settings.seed, f"{side} spread", everyone, 900, 3_600)[reporter]
    usual = np.where(np.isin(reporter, _CAREFUL), np.minimum(usual, 1_500), usual)
    usual = np.where(_noisier(world, side, reporter), _times(usual, settings.noisier_office), usual)
    later = np.where(year > 2021, _times(usual, settings.noise_after_2021), usual)
    return usual * 7 // 10, later * 7 // 10


def _noise(world: World, side: str, at: Index) -> Ints:
    """ln(recorded/true) of each cell (reporter, partner, product, year)."""
    reporter, partner, product, place = at
    seed, year = world.settings.seed, np.array(world.settings.years, dtype=np.int64)[place]
    lasting, passing = _spread(world, side, reporter, year)
    cell = CELLS[reporter, partner, product]
    now = cell * 10_000 + year
    wild = np.where(uniform(seed, f"{side} wild", now, 0, 100) < 3, 3, 1)
    shared = world.settings.shared_noise
    own = _times(passing, math.sqrt(1 - shared))
    noise = normal(seed, f"{side} lasting", cell, lasting)
    noise = noise + normal(seed, f"{side} yearly", now, own * wild)
    common = _times(passing, math.sqrt(shared))
    noise = noise + normal(seed, f"{side} shared", reporter * 10_000 + year, common)
    survey = normal(seed, f"{side} survey", now, _SURVEY_SPREAD)
    return noise + survey * _inside_union(reporter, partner)


def _lasting_gap(world: World, at: Index) -> Ints:
    reporter, partner, product, _ = at
    gap = np.zeros((len(COUNTRIES), len(COUNTRIES)), dtype=np.int64)
    for (importer, origin), log in _LASTING.items():
        gap[PLACE[importer], PLACE[origin]] = log
    by_product = normal(world.settings.seed, "lasting gap", product, 3_500)
    missing = gap[reporter, partner]
    return np.where(missing < 0, np.minimum(0, missing + by_product), 0)


def _neighbours() -> Ints:
    """For each product the next one of its HS chapter, the last followed by the first."""
    chapters = [product.hs2022[:2] for product in PRODUCTS]
    places_of = {c: [i for i, other in enumerate(chapters) if other == c] for c in chapters}
    return np.array(
        [
            places_of[c][(places_of[c].index(i) + 1) % len(places_of[c])]
            for i, c in enumerate(chapters)
        ],
        dtype=np.int64,
    )


_NEIGHBOUR = _neighbours()


def _misfiled(world: World, reporter: Ints, product: Ints) -> Mask:
    """Whether a reporter files a product under its neighbour's code from 2022 on."""
    seed, share = world.settings.seed, round(world.settings.code_breaks * LOG)
    broken = uniform(seed, "code break", product) < share
    mask: Mask = broken & (uniform(seed, "misfiles", reporter * 1_000 + product, 0, 2) == 1)
    return mask


def _keys(world: World, flow: int, at: Index) -> Ints:
    reporter, partner, product, place = at
    year = np.array(world.settings.years, dtype=np.int64)[place]
    filed = np.where(_misfiled(world, reporter, product), _NEIGHBOUR[product], product)
    code = np.where(year < 2022, LEAF_2017[product], LEAF_2022[filed])
    return pack(year, flow, reporter, partner, code)


def _imports(world: World) -> Cells:
    at = np.nonzero(world.imported)
    true = world.imported[at]
    reporter, partner, product, _ = at
    noise = _noise(world, "imports", at) + _lasting_gap(world, at)
    margin = world.margins[partner, reporter, product]
    grams = true * 1000 // world.unit_values[partner, product]
    cells = Cells(
        _keys(world, IMPORTS, at), scaled(true, noise + margin), scaled(true, noise),
        scaled(grams, noise),
    )  # fmt: skip
    return sum_by(cells.key, cells)


def _exports(world: World) -> Cells:
    at = np.nonzero(world.exported)
    true = world.exported[at]
    noise = _noise(world, "exports", at)
    value = scaled(true, noise)
    grams = true * 1000 // world.unit_values[at[0], at[2]]
    cells = Cells(_keys(world, EXPORTS, at), value, value, scaled(grams, noise))
    return sum_by(cells.key, cells)


def _part(cells: Cells, shares: Ints, partner: int) -> Cells:
    key = with_partner(cells.key, partner)
    return Cells(key, *(share_of(v, shares) for v in (cells.value, cells.fob, cells.weight)))


def _elsewhere(world: World, cells: Cells) -> Cells:
    """Trade with partners outside the sample: in World only, some of it as Areas nes."""
    seed = world.settings.seed
    every = sum_by(with_partner(cells.key, OUTSIDE), cells)
    share = uniform(seed, "outside", every.key, 200, 1_500)
    reporter = every.key >> 16 & 127
    names_nes = uniform(seed, "names areas nes", reporter, 0, 100) < 25
    names_nes |= np.isin(reporter, _NAMES_NES)
    names_nes &= uniform(seed, "areas nes", every.key, 0, 100) < 20
    outside = _part(every, share, OUTSIDE)
    nes = _part(every, share // 2, NES).take(names_nes)
    both = join([outside, nes])
    return both.take(both.value > 0)


def recorded(world: World) -> Cells:
    """The books of all reporters: HS6 cells with value in cents, imports CIF, exports FOB."""
    cells = join([_imports(world), _exports(world)])
    cells = cells.take(cells.value > 0)
    return join([cells, _elsewhere(world, cells)])
