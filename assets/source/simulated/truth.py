"""The truth on disk, for scoring: true flows by route, and the scheme's parameters.

Here: writing it to its own files. Not here: any reader. No table of the pipeline reads it.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from assets.source.simulated.countries import COUNTRIES, HUBS
from assets.source.simulated.draws import LOG, Ints
from assets.source.simulated.products import PRODUCTS
from assets.source.simulated.world import World

_ISO = np.array([country.iso3 for country in COUNTRIES])
_HS6 = np.array([product.hs2022 for product in PRODUCTS])
_HUBS = np.array(HUBS)


def _long(flows: Ints, route: str, years: range) -> pd.DataFrame:
    origin, second, product, year = np.nonzero(flows)
    through = route.startswith("hub")
    hubs = _HUBS[second] if through else np.full(len(origin), "")
    to_russia = np.full(len(origin), "RUS")
    ends = hubs if route == "hub_kept" else to_russia if through else _ISO[second]
    return pd.DataFrame(
        {
            "route": route,
            "origin": _ISO[origin],
            "hub": hubs,
            "destination": ends,
            "product": _HS6[product],
            "year": np.array(years)[year],
            "fob_cents": flows[origin, second, product, year],
        }
    )


def true_flows(world: World) -> pd.DataFrame:
    """One row per route, origin, hub, destination, HS2022 product and year; FOB cents.

    Routes: `direct`; `entrepot` (traded through one, still from origin to destination);
    `hub_recorded` and `hub_unrecorded` to Russia through a hub; `hub_kept` stays there.
    """
    years = world.settings.years
    routes = {
        "direct": world.base - world.passed,
        "entrepot": world.passed,
        "hub_recorded": world.scheme.recorded,
        "hub_unrecorded": world.scheme.unrecorded,
        "hub_kept": world.scheme.kept,
    }
    return pd.concat([_long(flows, route, years) for route, flows in routes.items()])


def scheme_parameters(world: World) -> dict[str, object]:
    """What was planted, as shares of one: by hub and by HS2022 product."""
    planted = world.scheme
    products = {
        product.hs2022: {
            "intensity": planted.intensity[k] / LOG,
            "reexported_share": planted.reexported_share[k] / LOG,
            "unrecorded_share": {
                hub: planted.unrecorded_share[h, k] / LOG for h, hub in enumerate(HUBS)
            },
        }
        for k, product in enumerate(PRODUCTS)
        if planted.intensity[k]
    }
    strength = {hub: planted.strength[h] / LOG for h, hub in enumerate(HUBS)}
    return {"scheme": world.settings.scheme, "strength": strength, "products": products}


def write_truth(world: World, path: Path) -> None:
    """Write the flows to `path` (Parquet) and the parameters beside it (same name, .json)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    true_flows(world).to_parquet(path, index=False)
    text = json.dumps(scheme_parameters(world), indent=1, sort_keys=True)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
