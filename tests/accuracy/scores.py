"""How the marts of one simulated world stand against its truth: one number a measure.

Here: which cells are held against which truth, and the measures. Not here: how many worlds, what
is published of them (table), or how a statistic is computed (assets/mart).

A cell is what a row of a mart claims: a product or a list, a year or a run of years, a hub, a
group of exporters. `planted` cells are those the scheme of the world has a part in.
"""

import duckdb
import numpy as np
import pandas as pd

from assets.source.simulated.countries import COUNTRIES, HUBS, PLACE
from assets.source.simulated.draws import Ints
from assets.source.simulated.products import PRODUCTS
from assets.source.simulated.world import World
from tests.accuracy.marts import marts
from tests.accuracy.worlds import Kind

WANTED = ("mart.receipt", "mart.route", "mart.screening")
_ISO = np.array([country.iso3 for country in COUNTRIES])
_HS6 = np.array([product.hs2022 for product in PRODUCTS])

# What the truth of a row is made of: its products, its years, the part of the true flows.
_GOODS = """
    select distinct product_list as product_group, '*' as product, series from mart.listed_series
    union all
    select '*', product, product from mart.product_family
    where classification = 'H6' and length(product) = 6
"""
_CLAIMS = """
    select 'total' as route, '*' as hub, exporter_group, product_group, product, year as from_year,
        year, received_low_usd as low, received_usd as usd, received_high_usd as high
    from mart.receipt where exporter_group = 'W00' and year > 2021
    union all
    select route, hub, exporter_group, product_group, product, from_year, year,
        received_low_usd, received_usd, received_high_usd
    from mart.route
"""
_PARTS = """
    select 'total' as route, '*' as hub, 'W00' as exporter_group, product, year, cents,
        false as planted from arrived
    union all
    select 'total', '*', 'W00', product, year, cents, true from transit
    union all
    select 'direct', '*', 'W00', product, year, cents, false from arrived
    union all
    select 'direct', '*', country_group, product, year, cents, false
    from sent join reference.country_group on member = country
    union all
    select 'recorded', hub, 'W00', product, year, cents, true from transit where route = 'recorded'
    union all
    select 'unrecorded', hub, case when country = 'CHN' then 'CHINA' else 'COALITION' end, product,
        year, cents, true from transit where route = 'unrecorded'
"""
_CELLS = f"""
    with goods as ({_GOODS}), claim as ({_CLAIMS}), part as ({_PARTS})
    select claim.*, coalesce(sum(cents), 0) / 100 as truth,
        coalesce(bool_or(planted), false) as planted
    from claim
    join goods on goods.product_group = claim.product_group and goods.product = claim.product
    left join part on part.route = claim.route and part.hub = claim.hub
        and part.exporter_group = claim.exporter_group and part.product = goods.series
        and part.year between claim.from_year and claim.year
    where claim.product_group <> 'civilian'
    group by all
"""
_SUBJECTS = {
    "total": "route == 'total' and product_group == '*'",
    "direct": "route == 'direct' and product_group == '*' and exporter_group == 'W00'",
    "direct, coalition": "route == 'direct' and product_group == '*'"
    " and exporter_group == 'COALITION'",
    "recorded, Kazakhstan": "route == 'recorded' and product_group != '*' and hub == 'KAZ'",
    "recorded, other hubs": "route == 'recorded' and product_group != '*' and hub != 'KAZ'",
    "unrecorded, Kazakhstan": "route == 'unrecorded' and product_group != '*'"
    " and exporter_group == 'COALITION' and hub == 'KAZ'",
    "unrecorded, other hubs": "route == 'unrecorded' and product_group != '*'"
    " and exporter_group == 'COALITION' and hub != 'KAZ'",
}
Scores = dict[str, float | None]
"""`subject|cells|measure` -> value, None where no cell gives one."""


def scores(kind: Kind, world: World) -> Scores:
    """All measures of one world."""
    with marts(world, kind.has_office, *WANTED) as connection:
        return of_ranges(cells(connection, world)) | of_screening(connection, world)


def cells(connection: duckdb.DuckDBPyConnection, world: World) -> pd.DataFrame:
    """A row a claim of mart.receipt and mart.route: low, usd, high, truth in USD; planted."""
    russia = PLACE["RUS"]
    connection.register("arrived", long(world.base[:, russia], world))
    connection.register("sent", long(world.exported[:, russia], world))
    connection.register("transit", in_transit(world))
    found = connection.execute(_CELLS).df()
    money = ["low", "usd", "high", "truth"]
    return found.astype(dict.fromkeys(money, float))


def in_transit(world: World) -> pd.DataFrame:
    """The scheme's flows: route, hub, and as `long` has them."""
    routes = {"recorded": world.scheme.recorded, "unrecorded": world.scheme.unrecorded}
    return pd.concat(
        long(flows[:, place], world).assign(route=route, hub=hub)
        for route, flows in routes.items()
        for place, hub in enumerate(HUBS)
    )


def long(flows: Ints, world: World) -> pd.DataFrame:
    """Cents by (country, product, year) as rows: country, product, year, cents."""
    country, product, year = np.nonzero(flows)
    return pd.DataFrame(
        {
            "country": _ISO[country],
            "product": _HS6[product],
            "year": np.array(world.settings.years)[year],
            "cents": flows[country, product, year],
        }
    )


def of_ranges(claims: pd.DataFrame) -> Scores:
    """Share published, coverage, median width and error of each route's published ranges."""
    found: Scores = {}
    for subject, which in _SUBJECTS.items():
        own = claims.query(which)
        for name, some in (("all", own), ("planted", own[own["planted"]])):
            for measure, value in of_cells(some).items():
                found[f"{subject}|{name}|{measure}"] = value
    return found


def of_cells(some: pd.DataFrame) -> Scores:
    """Measures of some cells; widths are over the central value, errors over the truth."""
    published = some[some["usd"].notna()]
    holds = (published["low"] <= published["truth"]) & (published["truth"] <= published["high"])
    positive = published[published["usd"] > 0]
    real = published[published["truth"] > 0]
    return {
        "cells": float(len(published)) if len(some) else None,
        "published": len(published) / len(some) if len(some) else None,
        "coverage": float(holds.mean()) if len(published) else None,
        "width": middle((positive["high"] - positive["low"]) / positive["usd"]),
        "error": middle((real["usd"] - real["truth"]).abs() / real["truth"]),
    }


def middle(values: pd.Series) -> float | None:
    return float(values.median()) if len(values) else None


def of_screening(connection: duckdb.DuckDBPyConnection, world: World) -> Scores:
    """How well mart.screening puts planted products first, for Kazakhstan, years taken together.

    `auc` is the chance that a planted product stands before another one of the same year;
    `auc without exports` uses what exporters ship to the hub alone. `flags` is the share of
    civilian products in a tier, `power` that of planted ones.
    """
    planted = _HS6[world.scheme.shipped[:, 0].sum(axis=(0, 2)) > 0].tolist()
    listed = connection.execute(
        "select year, product, score, score_inward, tier, is_placebo from mart.screening "
        "where hub = 'KAZ' and destination = 'RUS' and length(product) = 6 and score is not null"
    ).df()
    is_planted = listed["product"].isin(planted)
    flagged = listed["tier"].notna()
    return {
        "screening|all|auc": auc(listed, is_planted, "score"),
        "screening|all|auc without exports": auc(listed, is_planted, "score_inward"),
        "screening|placebo|flags": share(flagged[listed["is_placebo"]]),
        "screening|planted|power": share(flagged[is_planted]),
    }


def share(marks: pd.Series) -> float | None:
    return float(marks.mean()) if len(marks) else None


def auc(listed: pd.DataFrame, is_planted: pd.Series, score: str) -> float | None:
    """Area under the curve, pairs of a planted and another product of the same year counted."""
    wins = pairs = 0.0
    for _, year in listed.assign(planted=is_planted).dropna(subset=score).groupby("year"):
        first = year.loc[year["planted"], score].to_numpy()[:, None]
        other = year.loc[~year["planted"], score].to_numpy()[None, :]
        wins += float((first > other).sum() + (first == other).sum() / 2)
        pairs += first.size * other.size
    return wins / pairs if pairs else None
