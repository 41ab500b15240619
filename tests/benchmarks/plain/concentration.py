"""mart.concentration by plain pandas: how concentrated an importer's suppliers are.

HHI = sum of squared shares among the partners named; what nobody is named for is spread thin at
the low end and all the first supplier's at the high end. A bloc is one supplier, or 27 equal ones.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import (
    FIGURES,
    Read,
    beside,
    families,
    first_that,
    flagged,
    holds,
    hubs,
    members,
    named,
    thresholds,
)

CELL = ["importer", "basis", "year", "product"]
FIGURE = ["year", "product", "classification", "reporter", "partner", "value_usd", "status"]


def concentration(read: Read) -> pd.DataFrame:
    """One row an importer, basis, year and product: its own report, and its partners'."""
    table = measure(market(read), read)
    return explain(against_the_past(table, thresholds(read)), thresholds(read))


def figures(read: Read) -> pd.DataFrame:
    """Suppliers by the importer's own report (origin) and by their exports to it (mirror)."""
    destinations = read("reference.hub", ["destination"])["destination"].unique().tolist()
    importers = [*hubs(read), *destinations]
    own = read(FIGURES, FIGURE, (pc.field("flow") == "M") & pc.field("reporter").isin(importers))
    own = own.rename(columns={"reporter": "importer", "partner": "supplier"})
    own = own[own["supplier"].isin(named(read, "country", "bloc", "world"))]
    sent = read(FIGURES, FIGURE, (pc.field("flow") == "X") & pc.field("partner").isin(destinations))
    sent = sent.rename(columns={"partner": "importer", "reporter": "supplier"})
    both = pd.concat([own.assign(basis="origin"), sent.assign(basis="mirror")], ignore_index=True)
    both = both[both["status"] != "incomplete"].drop(columns="status")
    text = ["basis", "importer", "supplier", "product", "classification"]
    return both.astype(dict.fromkeys(text, "category"))


def suppliers(read: Read, figure: pd.DataFrame) -> pd.DataFrame:
    """Partners with a value, the largest first; a bloc's own figure stands for its members."""
    is_bloc = figure["supplier"] == "E27"
    blocs = figure.loc[is_bloc, CELL].drop_duplicates().assign(has_bloc=True)
    table = figure.merge(blocs, on=CELL, how="left").assign(is_bloc=is_bloc.to_numpy())
    table["has_bloc"] = holds(table["has_bloc"])
    is_member = table["supplier"].isin(members(read, "E27")["member"])
    is_world = table["supplier"].isin(named(read, "world"))
    counts = ~is_world & (table["value_usd"] > 0) & ~(is_member & table["has_bloc"])
    order = [*CELL, "value_usd", "supplier"]
    table = table[counts].sort_values(order, ascending=[True] * 4 + [False, True])
    return table.assign(place=table.groupby(CELL).cumcount())


def market(read: Read) -> pd.DataFrame:
    """Sums over the suppliers of a cell, their squared shares, and all that was imported."""
    figure = figures(read)
    supplier = suppliers(read, figure)
    value, by = supplier["value_usd"], [supplier[name] for name in CELL]
    named_usd = value.groupby(by).transform("sum")
    square = (value / named_usd) ** 2
    supplier = supplier.assign(
        first_usd=value.where(supplier["place"] == 0, 0),
        three_usd=value.where(supplier["place"] < 3, 0),
        hhi=square,
        bloc_square=square.where(supplier["is_bloc"], 0),
        classification=supplier["classification"].astype(str),
    )
    cells = supplier.groupby(CELL).agg(
        classification=("classification", "max"),
        suppliers=("place", "size"),
        partners_usd=("value_usd", "sum"),
        first_usd=("first_usd", "sum"),
        three_usd=("three_usd", "sum"),
        hhi=("hhi", "sum"),
        bloc_square=("bloc_square", "sum"),
        has_bloc=("is_bloc", "any"),
    )
    return everything_imported(read, figure, cells.reset_index())


def everything_imported(read: Read, figure: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The market: as printed, or the partners' exports over the share they stand for."""
    key = ["importer", "year", "product"]
    is_world = figure["supplier"].isin(named(read, "world"))
    world = figure[is_world].groupby(key)["value_usd"].max().rename("world_usd").reset_index()
    covered = read(
        "transformed.mirror_statistics",
        ["destination", "year", "product", "destination_partners_coverage"],
    ).rename(columns={"destination": "importer", "destination_partners_coverage": "coverage"})
    covered = covered.groupby(key)["coverage"].max().reset_index()
    cells = beside(beside(cells, world, key), covered, key)
    partners, coverage = cells["partners_usd"].round(2), cells["coverage"]
    printed = cells["world_usd"].fillna(partners).clip(lower=partners)
    mirrored = (partners / coverage.clip(upper=1)).where(coverage > 0)
    is_origin = cells["basis"] == "origin"
    return cells.assign(
        partners_usd=partners, market_usd=printed.where(is_origin, mirrored), is_origin=is_origin
    )


def measure(cells: pd.DataFrame, read: Read) -> pd.DataFrame:
    """HHI and the shares of the first and the first three, each with its range."""
    partners, market = cells["partners_usd"], cells["market_usd"]
    first, three, hhi = cells["first_usd"], cells["three_usd"], cells["hhi"]
    rest, known = market - partners, market.notna()
    thin = (hhi - 26 / 27 * cells["bloc_square"]) * (partners / market) ** 2
    thick = (hhi * partners**2 - first**2 + (first + rest) ** 2) / market**2
    table = cells.assign(
        hhi_low=thin.clip(upper=hhi),
        hhi=hhi.where(known),
        hhi_high=thick.clip(upper=1).clip(lower=hhi),
    )
    for name, value in (("top_share", first), ("top_three_share", three)):
        share = value / partners
        low = (value / market).mask(cells["has_bloc"], 0).where(known)
        table[f"{name}_low"] = low.clip(upper=share)
        table[name] = share.where(known)
        table[f"{name}_high"] = ((value + rest) / market).clip(lower=share)
    family = families(read)
    key = ["classification", "product"]
    table["classification"] = table["classification"].astype("category")
    table = beside(table, family, key)
    comparable = holds(table["comparable"])
    series = table["family"].astype(str).where(comparable, table["product"].astype(str))
    return table.assign(comparable=comparable, series=series)


def against_the_past(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """The change against the median of the base years of the same goods."""
    base = table["year"].between(threshold["baseline_from"], threshold["baseline_to"])
    past = table[base & table["comparable"] & table["market_usd"].notna()]
    key = ["importer", "basis", "series"]
    before = past.groupby(key)["hhi"].agg(baseline_hhi="median", baseline_years="count")
    table = table.merge(before.reset_index(), on=key, how="left")
    table["baseline_years"] = table["baseline_years"].fillna(0).astype(int)
    for end in ("_low", "", "_high"):
        table[f"hhi_change{end}"] = table[f"hhi{end}"] - table["baseline_hhi"]
    return table


def explain(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Driver, status, reason and flags."""
    partners, market, is_origin = table["partners_usd"], table["market_usd"], table["is_origin"]
    holds, comparable = market.notna(), table["comparable"]
    more = market > partners
    return table.assign(
        driver=first_that(
            (holds & table["has_bloc"], "bloc_as_one"),
            (more & ~is_origin, "coverage"),
            (more, "residual"),
            (holds, "none"),
        ),
        status=first_that((holds, "value"), otherwise="not_reported"),
        reason=first_that(
            (
                ~holds,
                "how much of the imports the reporting partners stand for is not known",
            ),
            (
                ~comparable,
                "no baseline: the code is not known to hold the same goods before and after 2022",
            ),
            (table["baseline_hhi"].isna(), "no baseline: no base year was printed"),
        ),
        flags=flagged(
            (table["has_bloc"], "BLOC_AS_ONE"),
            (
                ~is_origin & (table["coverage"].fillna(0) < threshold["coverage_floor"]),
                "LOW_COVERAGE",
            ),
            (~comparable, "NOMEN_BREAK"),
            (is_origin & (market - partners > threshold["residual_share"] * market), "RESIDUAL"),
            (is_origin & table["world_usd"].isna(), "WORLD_SUMMED"),
        ),
    )
