"""The planted scheme: listed goods that reach Russia through its neighbours after 2022.

Here: how much more is shipped to each hub, and how it divides into a part that is re-exported
to Russia and recorded, a part that never enters the hub's records, and a part that stays.
Not here: the ordinary flows it is added to (gravity), or who publishes what (recorded).
"""

from dataclasses import dataclass

import numpy as np

from assets.source.simulated.countries import COALITION, HUBS, PLACE
from assets.source.simulated.draws import LOG, Ints, exponential, normal, scaled, share_of, uniform
from assets.source.simulated.gravity import CELLS, K, N, yearly
from assets.source.simulated.products import LISTED
from assets.source.simulated.settings import SchemeName, WorldSettings

# Size in ten-thousandths of the standard one, and the range of unrecorded shares.
_SHAPES: dict[SchemeName, tuple[int, int, int]] = {
    "standard": (LOG, 2_500, 6_000),
    "none": (0, 2_500, 6_000),
    "mostly_unrecorded": (LOG, 7_000, 9_200),
    "half": (LOG // 2, 2_500, 6_000),
}
_RAMP = {2022: 4_500, 2023: 8_500}
_SMALLEST = 100_000  # cents: shipments below 1,000 USD are not worth a scheme


@dataclass(frozen=True)
class Scheme:
    """FOB cents by (origin, hub, product, year); shares in ten-thousandths.

    `intensity` (product) is the size of the scheme against the former direct trade, 0 where
    none is planted; `unrecorded_share` (hub, product) the part of a shipment that no record
    of the hub shows; `reexported_share` (product) the part of the rest that goes on to Russia.
    """

    recorded: Ints
    unrecorded: Ints
    kept: Ints
    strength: Ints
    intensity: Ints
    unrecorded_share: Ints
    reexported_share: Ints

    @property
    def shipped(self) -> Ints:
        return self.recorded + self.unrecorded + self.kept


def _strength(seed: int, size: int) -> Ints:
    """Share of the former direct trade that each hub takes over; Kazakhstan far more."""
    cells = np.arange(len(HUBS), dtype=np.int64)
    low = np.array([1_500, *[150] * (len(HUBS) - 1)])
    high = np.array([3_500, *[700] * (len(HUBS) - 1)])
    return share_of(low + share_of(high - low, uniform(seed, "strength", cells)), size)


def _intensity(seed: int) -> Ints:
    products = np.arange(K, dtype=np.int64)
    planted = LISTED & (uniform(seed, "planted", products) < 7_500)
    sizes = np.rint(exponential(normal(seed, "intensity", products, 6_000)) * LOG)
    return np.where(planted, sizes.astype(np.int64), 0)


def _pool(base: Ints, years: range) -> Ints:
    """Former direct trade of the scheme's exporters with Russia: (origin, product)."""
    before = [t for t, year in enumerate(years) if 2019 <= year <= 2021]
    usual = base[:, PLACE["RUS"]][:, :, before].sum(axis=2) // max(1, len(before))
    pool = np.zeros((N, K), dtype=np.int64)
    pool[COALITION] = usual[COALITION]
    pool[PLACE["CHN"]] = usual[PLACE["CHN"]] // 2
    return pool


def _shipped(settings: WorldSettings, base: Ints, strength: Ints, intensity: Ints) -> Ints:
    ramp = np.array(
        [0 if year < 2022 else _RAMP.get(year, LOG) for year in settings.years], dtype=np.int64
    )
    pool = share_of(_pool(base, settings.years), intensity[None, :])
    usual = share_of(pool[:, None, :], strength[None, :, None])
    hubs = [PLACE[hub] for hub in HUBS]
    wobble = normal(settings.seed, "scheme", yearly(CELLS[:, hubs], settings.years), 3_000)
    shipped = scaled(share_of(usual[..., None], ramp), wobble)
    shipped[hubs, range(len(hubs))] = 0
    return np.where(shipped < _SMALLEST, 0, shipped)


def plant(settings: WorldSettings, base: Ints) -> Scheme:
    """Add the scheme to a world of ordinary flows."""
    seed = settings.seed
    size, low, high = _SHAPES[settings.scheme]
    strength, intensity = _strength(seed, size), _intensity(seed)
    products = np.arange(K, dtype=np.int64)
    unrecorded_share = np.tile(uniform(seed, "unrecorded", products, low, high), (len(HUBS), 1))
    unrecorded_share[1:] //= 2
    reexported_share = uniform(seed, "re-exported", products, 6_000, 9_000)
    shipped = _shipped(settings, base, strength, intensity)
    unrecorded = share_of(shipped, unrecorded_share[None, :, :, None])
    recorded = share_of(shipped - unrecorded, reexported_share[None, None, :, None])
    kept = shipped - unrecorded - recorded
    return Scheme(
        recorded, unrecorded, kept, strength, intensity, unrecorded_share, reexported_share
    )


def add_to_reports(scheme: Scheme, exported: Ints, imported: Ints) -> None:
    """Add the scheme, in place, to what each side could report of it."""
    russia = PLACE["RUS"]
    for place, hub in enumerate(HUBS):
        exported[:, PLACE[hub]] += scheme.shipped[:, place]
        imported[PLACE[hub]] += scheme.recorded[:, place] + scheme.kept[:, place]
        onward = scheme.recorded[:, place].sum(axis=0)
        exported[PLACE[hub], russia] += onward
        imported[russia, PLACE[hub]] += onward
        imported[russia] += scheme.unrecorded[:, place]
