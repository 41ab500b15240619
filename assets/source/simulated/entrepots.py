"""Goods that change hands in Hong Kong, the Emirates, Turkey or the Netherlands.

Here: how much of a true flow passes through an entrepot, and what either side then knows:
the importer names the country of ORIGIN, the exporter the LAST KNOWN DESTINATION.
Not here: the planted scheme, which uses the same two rules (scheme).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assets.source.simulated.countries import COALITION, ENTREPOTS, PLACE, places
from assets.source.simulated.draws import Ints, share_of, uniform
from assets.source.simulated.gravity import CELLS, PAIRS, N
from assets.source.simulated.products import TECHNICAL


@dataclass(frozen=True)
class Passage:
    """Through one entrepot, FOB cents by (origin, destination, product, year).

    `hidden` is the part whose exporter names the entrepot, not the destination.
    """

    entrepot: int
    passed: Ints
    hidden: Ints


def _routes() -> Ints:
    """The entrepot a pair of countries uses, -1 for none: (origin, destination)."""
    route = np.full((N, N), -1, dtype=np.int64)
    region = places("EEU", "UZB", "GEO")
    east = places("CHN", "S19", "KOR", "JPN", "VNM", "MYS", "THA", "SGP")
    europe = places("E27")
    route[np.ix_(np.setdiff1d(np.arange(N), europe), europe)] = PLACE["NLD"]
    route[east, :] = PLACE["HKG"]
    odd = (np.arange(N)[:, None] + np.arange(N)[None, :]) % 2 == 1
    west = np.ix_(np.setdiff1d(COALITION, east), region)
    route[west] = np.where(odd[west], PLACE["TUR"], PLACE["ARE"])
    for entrepot in places(*ENTREPOTS):
        route[:, entrepot] = -1
        route[entrepot, :] = -1
    return route


def _shares(seed: int, entrepot: int, cells: Ints, products: Ints) -> Ints:
    """Share of each flow that passes, in ten-thousandths: electronics through Hong Kong most."""
    eastern = entrepot == PLACE["HKG"]
    share = uniform(seed, "entrepot share", cells, 0, 3_500 if eastern else 1_200)
    used = uniform(seed, "entrepot used", cells, 0, 100) < 40
    if eastern:
        used &= TECHNICAL[products]
    return np.where(used, share, 0)


def _passage(seed: int, base: Ints, entrepot: int, pairs: Ints) -> Passage:
    origin, destination, product, year = np.nonzero(base * pairs[:, :, None, None])
    place = (origin, destination, product, year)
    share = _shares(seed, entrepot, CELLS[place[:3]], product)
    knowing = uniform(seed, "destination known", PAIRS[place[:2]], 2_000, 8_000)
    passed, hidden = np.zeros_like(base), np.zeros_like(base)
    passed[place] = share_of(base[place], share)
    hidden[place] = share_of(passed[place], knowing)
    return Passage(entrepot, passed, hidden)


def passages(seed: int, base: Ints) -> Iterator[Passage]:
    """The parts of the true flows that pass through each entrepot, one entrepot at a time."""
    routes = _routes()
    for place in places(*ENTREPOTS):
        yield _passage(seed, base, int(place), (routes == place).astype(np.int64))


def add_to_reports(passage: Passage, exported: Ints, imported: Ints) -> None:
    """Move the hidden part, in place, to where the two sides believe it went.

    `exported` is (exporter, named destination, ...), `imported` (importer, origin, ...).
    """
    by_origin = passage.hidden.sum(axis=1)
    exported -= passage.hidden
    exported[:, passage.entrepot] += by_origin
    exported[passage.entrepot] += passage.hidden.sum(axis=0)
    imported[passage.entrepot] += by_origin
