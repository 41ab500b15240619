"""Who ships what to whom before any scheme: sparse, heavy-tailed, gravity-like.

Here: true bilateral flows by origin and destination, in FOB cents, and their reaction to
2020 and 2022. Not here: goods passing through a third country (entrepots, scheme).
"""

import math
from functools import lru_cache

import numpy as np

from assets.source.simulated.countries import COALITION, COUNTRIES, HUBS, NEIGHBOURS, PLACE, places
from assets.source.simulated.draws import LOG, Ints, from_log, log_of, normal, uniform
from assets.source.simulated.products import LISTED, PRODUCTS, TECHNICAL
from assets.source.simulated.settings import WorldSettings

N, K = len(COUNTRIES), len(PRODUCTS)
PAIRS = np.arange(N * N, dtype=np.int64).reshape(N, N)
# Cells are numbered with room for 1000 products and the calendar year, so that a draw
# stays the same when the list of products or the range of years grows at its end.
CELLS = PAIRS[:, :, None] * 1000 + np.arange(K, dtype=np.int64)
COMMODITIES = ("270900", "271121", "284410", "740311", "260300", "100199", "310210", "720839")


def yearly(cells: Ints, years: range) -> Ints:
    return cells[..., None] * 10_000 + np.array(years, dtype=np.int64)


def is_neighbour() -> Ints:
    beside = np.zeros((N, N), dtype=np.int64)
    for first, second in NEIGHBOURS:
        beside[PLACE[first], PLACE[second]] = 1
    return beside


def log_distance() -> Ints:
    """Log of kilometres on a flat map: integer roots, since sines differ between machines."""
    logs = np.zeros((N, N), dtype=np.int64)
    for i, a in enumerate(COUNTRIES):
        for j, b in enumerate(COUNTRIES):
            east = abs(a.longitude - b.longitude)
            east = min(east, 360 - east) * 75
            north = (a.latitude - b.latitude) * 111
            logs[i, j] = log_of(max(300, math.isqrt(east * east + north * north)))
    return logs


def _supply(seed: int) -> Ints:
    """What an exporter is good at: (exporter, product), logs."""
    cells = np.arange(N, dtype=np.int64)[:, None] * 1000 + np.arange(K, dtype=np.int64)
    supply = normal(seed, "supply", cells, 11_000)
    makers = np.union1d(COALITION, places("CHN", "VNM", "MYS", "THA"))
    supply += np.where(TECHNICAL[None, :], -15_000, 0)
    supply[np.ix_(makers, np.flatnonzero(TECHNICAL))] += 15_000
    supply[np.ix_(places("CHN"), np.flatnonzero(TECHNICAL))] += 5_000
    raw = np.flatnonzero([p.hs2022 in COMMODITIES for p in PRODUCTS])
    supply[np.ix_(places("KAZ", "RUS", "AUS", "NOR"), raw)] += 28_000
    return supply


def _level(seed: int) -> Ints:
    """Log of the usual yearly flow in cents: (exporter, importer, product)."""
    size = np.array([log_of(c.gdp) for c in COUNTRIES], dtype=np.int64)
    products = normal(seed, "product size", np.arange(K, dtype=np.int64), 8_000)
    demand_cells = 1_000_000 + np.arange(N, dtype=np.int64)[:, None] * 1000 + np.arange(K)
    demand = normal(seed, "demand", demand_cells, 6_000)
    pair = 87_000 + size[:, None] * 80 // 100 + size[None, :] * 60 // 100
    pair = pair - log_distance() * 90 // 100 + is_neighbour() * 9_000 + 60_000
    return (
        pair[:, :, None]
        + (products[None, :] + _supply(seed))[:, None, :]
        + demand[None, :, :]
        + normal(seed, "pair product", CELLS, 13_000)
    )


def _wish(seed: int, level: Ints) -> Ints:
    """How far a flow is from not existing: above zero it exists.

    Rises with the level, but slowly, so that small flows exist and some large ones do not.
    Trade far from the corridor is kept thin: it feeds reliability scores, no more.
    """
    needed = np.full((N, N), 87_000, dtype=np.int64)
    needed[:, places(*HUBS)] = 86_000
    needed[:, places("TUR", "ARE")] = 93_500
    for focus in places("KAZ", "RUS"):
        needed[:, focus] = needed[focus, :] = 77_500
    corridor = places("KAZ", "RUS")
    needed[np.ix_(corridor, corridor)] = 64_000
    wish = level * 4 // 10 + normal(seed, "presence", CELLS, 9_000) - needed[:, :, None]
    wish[np.arange(N), np.arange(N)] = -10 * LOG
    return wish


def _trend(years: range) -> Ints:
    steps = {2020: -1_200, 2021: 1_500, 2022: 1_200, 2023: 0, 2024: 300}
    trend, level = [], 0
    for year in years:
        level += steps.get(year, 300)
        trend.append(level)
    return np.array(trend, dtype=np.int64)


def _after_2022(seed: int, years: range) -> Ints:
    """Sanctions and reorientation, as logs: (exporter, importer, product, year)."""
    change = np.zeros((N, N, K, len(years)), dtype=np.int64)
    russia = PLACE["RUS"]
    friends = places("CHN", "HKG", "TUR", "ARE", "IND", "KAZ", "BLR")
    gainers = places("KAZ", "KGZ", "ARM", "UZB", "GEO")
    depth = uniform(seed, "collapse", CELLS[:, russia, :], 18_000, 42_000)
    for t, year in enumerate(years):
        if year < 2022:
            continue
        ramp = min(10, 5 + 3 * (year - 2022))
        fall = np.where(LISTED[None, :], depth, depth // 5) * ramp // 10
        change[COALITION, russia, :, t] = -fall[COALITION]
        change[russia, COALITION, :, t] = -9_000 * ramp // 10
        change[friends, russia, :, t] = 450 * ramp
        # Imports of the region also grew for reasons that are not the scheme.
        change[:, gainers, :, t] += 250 * ramp
    return change


def base_flows(settings: WorldSettings) -> Ints:
    """True shipments in FOB cents: (origin, destination, product, year)."""
    return _flows(settings.seed, settings.years)


@lru_cache(maxsize=1)  # worlds of one seed differ in what is planted and printed, not in this
def _flows(seed: int, years: range) -> Ints:
    level = _level(seed)
    wish = _wish(seed, level)
    alive = np.flatnonzero(wish > -6_000)
    cells = yearly(CELLS.ravel()[alive], years)
    there = wish.ravel()[alive][:, None] + normal(seed, "yearly presence", cells, 4_000) > 0
    logs = level.ravel()[alive][:, None] + _trend(years)[None, :]
    logs = logs + normal(seed, "yearly level", cells, 2_500)
    logs += _after_2022(seed, years).reshape(N * N * K, len(years))[alive]
    flows = np.zeros((N * N * K, len(years)), dtype=np.int64)
    flows[alive] = np.where(there, from_log(logs), 0)
    flows.setflags(write=False)
    return flows.reshape(N, N, K, len(years))
