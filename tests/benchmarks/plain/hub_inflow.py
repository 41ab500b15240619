"""mart.hub_inflow by plain pandas: shipped to a hub, and not shown by its imports beyond the usual.

A cell is an exporter, a hub and a product of six digits. Expected ratio of imports to exports: the
cell's own of the base years, shrunk to its pair, moved by what civilian goods of hub and year show.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.fitness import hub_years, spans
from tests.benchmarks.plain.goods import listed, placebos, series_of
from tests.benchmarks.plain.steps import (
    Read,
    first_that,
    flagged,
    holds,
    hubs,
    thresholds,
    with_groups,
)

CELL = ["hub", "exporter", "exporter_group", "series"]
SPAN = ["hub", "exporter_group", "from_year", "year"]
BLOCK = ["hub", "exporter_group", "product_group", "product", "from_year", "year"]
SUMS = ["shipped", "arrived", "added", "absent", "missing", "spread", "shift_spread"]


def hub_inflow(read: Read) -> pd.DataFrame:
    """One row a hub, group, product or list, and year or run of years."""
    threshold = thresholds(read)
    expected = expect(read, cells(read, threshold), threshold)
    year = hub_years(read, control(expected, threshold), threshold)
    span = spans(year)
    block = blocks(read, span, of_cells(span, measure(expected, year)))
    return explain(block, threshold["range_spreads"])


def suppliers(read: Read) -> pd.DataFrame:
    """Members of the coalition and of China's group: exporter_group, exporter."""
    sets = read("mart.exporter_set").astype({"exporter_group": str, "exporter": str})
    first = sets["exporter_group"].isin(["COALITION", "CHINA"])
    return sets.loc[first & ~sets["is_bloc"].astype(bool), ["exporter_group", "exporter"]]


def cells(read: Read, threshold: dict[str, float]) -> pd.DataFrame:
    """What each supplier shipped to each hub (x), and what the hub's whole dataset shows (m)."""
    columns = ["exports_usd", "imports_fob_usd", "past_mean", "past_spread"]
    flow = read("mart.reconciled_flow", ["year", "product", "exporter", "importer", *columns])
    flow = flow[flow["importer"].isin(hubs(read))].rename(columns={"importer": "hub"})
    flow = flow.astype({"product": str, "exporter": str, "hub": str})
    flow = flow.merge(suppliers(read), on="exporter")
    dataset = read("transformed.dataset").astype({"reporter": str, "vintage": str})
    newest = dataset.dropna(subset="vintage").groupby("year")["vintage"].max()
    flow = flow.join(newest.rename("classification"), on="year")
    flow = flow.merge(series_of(read, 6), on=["classification", "product"])
    arrival = dataset[dataset["flow"] == "M"].rename(columns={"reporter": "hub"})
    flow = flow.merge(arrival[["hub", "year", "absence_is_zero"]], on=["hub", "year"], how="left")
    is_whole = holds(flow["absence_is_zero"])
    asked = (flow["exporter"] != flow["hub"]) & (flow["exports_usd"].notna() | is_whole)
    x, m = flow["exports_usd"], flow["imports_fob_usd"].where(is_whole)
    above = (x >= threshold["floor_usd"]) & (m >= threshold["floor_usd"])
    return flow.assign(x=x, m=m, log_ratio=np.log((m / x).where(above)))[asked]


def expect(read: Read, cell: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Later years of each cell beside its own past, shrunk to the pair's."""
    first, last = threshold["baseline_from"], threshold["baseline_to"]
    dataset = read("transformed.dataset", ["year"])["year"]
    years = dataset[dataset.between(first, last)].nunique()
    past = cell[cell["comparable"] & cell["year"].between(first, last)]
    past = past.assign(log_ratio=past["log_ratio"].round(9)).groupby(CELL)
    known = past.agg(cells=("log_ratio", "count"), logs=("log_ratio", "sum"), sent=("x", "sum"))
    later = with_groups(cell[cell["year"] > last], known, CELL)
    later[["cells", "logs", "sent"]] = later[["cells", "logs", "sent"]].fillna(0)
    weight = threshold["shrink_years"]
    usual = later["logs"] + weight * later["past_mean"].fillna(0)
    return later.assign(
        usual=usual / (later["cells"] + weight),
        shipped_before=later["sent"] / max(years, 1),
        is_new=later["cells"] == 0,
        is_placebo=later["series"].isin(placebos(read)),
    )


def control(expected: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """What civilian goods of a hub, year and group show: how many, how far off, and how wide."""
    own = expected[expected["is_placebo"]]
    off = own["log_ratio"] - own["usual"]
    is_sent = own["x"] >= threshold["floor_usd"]
    by = own.assign(
        off=off,
        spreads=off / own["past_spread"],
        is_sent=is_sent,
        is_absent=is_sent & own["m"].isna(),
    ).groupby(["hub", "year", "exporter_group"])
    table = by.agg(goods=("log_ratio", "count"), usual_spread=("past_spread", "median"))
    shrunk = table["goods"] / (table["goods"] + threshold["shrink_cells"])
    table["shift"] = by["off"].median() * shrunk
    width = by["spreads"].quantile(0.95) - by["spreads"].quantile(0.05)
    table["scatter"] = width / (2 * threshold["z90"])
    sent = by["is_sent"].sum()
    table["absent_share"] = by["is_absent"].sum() / sent.where(sent > 0)
    root = np.sqrt(table["goods"].where(table["goods"] > 0))
    table["shift_spread"] = 1.25 * table["scatter"] * table["usual_spread"] / root
    return table.reset_index()


def measure(expected: pd.DataFrame, year: pd.DataFrame) -> pd.DataFrame:
    """Missing of each cell, and how wide its expectation is, in cents."""
    key = ["hub", "year", "exporter_group"]
    columns = ["shift", "scatter", "shift_spread"]
    table = expected.merge(year[[*key, *columns]], on=key)
    shipped, arrived = table["x"].fillna(0), table["m"]
    implied = arrived * np.exp(-table["usual"] - table["shift"].fillna(0))
    factor = table["scatter"].fillna(1)
    factor = factor.mask(table["is_new"], factor.clip(lower=1)) * table["past_spread"]
    spread = np.fmax(shipped, implied) * np.sqrt(np.exp(factor**2) - 1)
    figures = {
        "shipped": shipped,
        "arrived": arrived.fillna(0),
        "added": shipped - table["shipped_before"],
        "absent": shipped.where(arrived.isna(), 0),
        "missing": (shipped - implied).where(arrived.notna(), 0),
        "spread": spread.where(arrived.notna(), 0),
        "shift_spread": shipped * table["shift_spread"].fillna(0),
    }
    return table[[*CELL, "year"]].assign(**{name: each.round(2) for name, each in figures.items()})


def of_cells(span: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Sums of each cell over a run of years: they add up as if they erred alike."""
    runs = span[SPAN].rename(columns={"year": "last_year"})
    each = runs.merge(measured, on=["hub", "exporter_group"])
    each = each[each["year"].between(each["from_year"], each["last_year"])]
    each = each.drop(columns="year").rename(columns={"last_year": "year"})
    return each.groupby([*SPAN, "exporter", "series"])[SUMS].sum(min_count=1).round(2).reset_index()


def blocks(read: Read, span: pd.DataFrame, cell: pd.DataFrame) -> pd.DataFrame:
    """Sums over the cells of a product or list: cells scatter apart, the shift is common."""
    each = cell.merge(listed(read, cell["series"].unique()), on="series")
    each = each[(each["from_year"] == each["year"]) | (each["product_group"] != "*")]
    by = each.assign(square=each["spread"] ** 2).groupby(BLOCK)
    table = by[[*SUMS, "square"]].sum(min_count=1).round(4)
    square = table["square"].where(table["square"] > 0)
    table["effective_cells"] = table["spread"] ** 2 / square
    table["spread"] = np.sqrt(table["square"] + table["shift_spread"] ** 2)
    return table.assign(cells=by.size()).reset_index().merge(span, on=SPAN)


def explain(table: pd.DataFrame, spreads: float) -> pd.DataFrame:
    """Missing with its range, the most that went on unseen, and why it cannot be measured."""
    reason, missing, absent = table["reason"], table["missing"], table["absent"]
    known, off = reason.isna(), spreads * table["spread"]
    printed = known | ~reason.fillna("").str.startswith("the hub")
    high = (missing + absent + off).where(known)
    said = reason.fillna("")
    return table.assign(
        shipped_usd=table["shipped"],
        arrived_usd=table["arrived"].where(printed),
        absent_usd=absent.where(printed),
        missing_low_usd=(missing - off).where(known),
        missing_usd=missing.where(known),
        missing_high_usd=high,
        unseen_most_usd=np.fmin(table["added"], high).clip(lower=0),
        signal=(missing / table["spread"].where(table["spread"] != 0)).where(known),
        control_cells=table["goods"].astype("Int64"),
        control_shift=table["shift"],
        control_absent_share=table["absent_share"],
        driver=first_that(
            (known & (absent == 0) & (table["spread"] == 0), "none"),
            (known & (absent > off), "absent_rows"),
            (known, "past_gap"),
        ),
        status=first_that((known, "value"), otherwise="not_measurable"),
        flags=flagged(
            (said.str.endswith("incomplete"), "INCOMPLETE"),
            (said.str.startswith("not all"), "MEMBER_MISSING"),
        ),
    )
