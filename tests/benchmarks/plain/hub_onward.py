"""mart.hub_onward by plain pandas: a hub's exports beyond what they would have been anyway.

Expected anyway: median of the base years, grown as civilian goods of the hub grew (those of all
hubs where it has too few). Range: past spread, scatter of civilian growth, and goods that may have
stopped passing through as the first suppliers' own exports did.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.goods import listed, placebos, series_of
from tests.benchmarks.plain.steps import (
    Read,
    first_that,
    flagged,
    holds,
    members,
    thresholds,
    with_groups,
)

GOOD = ["hub", "destination", "series"]
BLOCK = ["hub", "destination", "product_group", "product", "year"]


def hub_onward(read: Read) -> pd.DataFrame:
    """One row a hub, destination, later year, and product or list."""
    threshold = thresholds(read)
    flow = exports(read, threshold)
    grown = grow(read, flow, threshold)
    expected = expect(grown, control(read, grown, threshold), fallen(read, flow, threshold))
    spread(expected, threshold)
    return explain(read, beyond(summed(read, expected)))


def exports(read: Read, threshold: dict[str, float]) -> pd.DataFrame:
    """Exports to the destinations as reported and reconciled, by series of goods."""
    money = ["reconciled_low_usd", "reconciled_usd", "reconciled_high_usd", "exports_usd"]
    flow = read("mart.reconciled_flow", ["year", "product", "exporter", "importer", *money])
    destinations = read("reference.hub", ["destination"])["destination"].unique()
    asked = flow["importer"].isin(destinations) & flow["exports_usd"].notna()
    flow = flow[asked & (flow["year"] >= threshold["baseline_from"])]
    flow = flow.astype({"product": str, "exporter": str, "importer": str})
    dataset = read("transformed.dataset", ["reporter", "year", "flow", "vintage"])
    sent = dataset[dataset["flow"] == "X"].astype({"reporter": str, "vintage": str})
    sent = sent.rename(columns={"reporter": "exporter", "vintage": "classification"})
    flow = flow.merge(sent[["exporter", "year", "classification"]], on=["exporter", "year"])
    flow = flow.merge(series_of(read, 4, 6), on=["classification", "product"])
    names = dict(zip(money, ["low", "usd", "high", "x"], strict=True))
    return flow.rename(columns={"importer": "destination", **names})


def grow(read: Read, flow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Every good of every hub and later year beside its base; an absent row is a zero."""
    dataset = read("transformed.dataset").astype({"reporter": str})
    whole = (dataset["flow"] == "X") & holds(dataset["absence_is_zero"])
    whole &= dataset["year"] >= threshold["baseline_from"]
    hub = read("reference.hub", ["hub", "destination"]).astype(str)
    reporting = hub.merge(
        dataset.loc[whole, ["reporter", "year"]], left_on="hub", right_on="reporter"
    )
    goods = flow.groupby(["destination", "series"], as_index=False)["comparable"].all()
    cell = reporting.drop(columns="reporter").merge(goods, on="destination")
    figures = ["low", "usd", "high", "x"]
    key = [*GOOD, "year"]
    cell = cell.merge(
        flow.rename(columns={"exporter": "hub"})[[*key, *figures]], on=key, how="left"
    )
    cell[figures] = cell[figures].fillna(0)
    past = cell[cell["comparable"] & (cell["year"] <= threshold["baseline_to"])]
    cell = cell[cell["year"] > threshold["baseline_to"]]
    cell = with_groups(cell, past.groupby(GOOD)["x"].median().rename("base"), GOOD)
    added = threshold["smoothing_usd"]
    return cell.assign(growth=np.log((cell["x"] + added) / (cell["base"] + added)))


def control(read: Read, grown: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """How civilian goods grew: by hub, and by destination over all hubs (hub *)."""
    civilian = grown["series"].isin(placebos(read))
    traded = grown["x"] + grown["base"] > 2 * threshold["smoothing_usd"]
    own = grown[civilian & traded & (grown["series"].str.len() == 6)]
    by = pd.concat([own, own.assign(hub="*")]).groupby(["hub", "destination", "year"])["growth"]
    table = by.agg(goods="size", middle="median")
    table["scatter"] = (by.quantile(0.95) - by.quantile(0.05)) / (2 * threshold["z90"])
    return table[table["goods"] >= threshold["control_floor"]].reset_index()


def fallen(read: Read, flow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """What the first suppliers' own exports fell to, over their median of the base years."""
    sets = read("mart.exporter_set")
    first = sets["exporter_group"].isin(["COALITION", "CHINA"]) & ~sets["is_bloc"].astype(bool)
    direct = flow[flow["comparable"] & flow["exporter"].isin(sets.loc[first, "exporter"])]
    key = ["destination", "series"]
    sent = direct.groupby([*key, "year"])["x"].sum().round(2).reset_index()
    base = sent[sent["year"] <= threshold["baseline_to"]].groupby(key)["x"].median()
    later = sent[sent["year"] > threshold["baseline_to"]]
    sent = with_groups(later, base.rename("base"), key)
    fallen_to = sent["x"] / sent["base"].where(sent["base"] != 0)
    return sent[[*key, "year"]].assign(fallen=fallen_to)


def expect(grown: pd.DataFrame, civilian: pd.DataFrame, fell: pd.DataFrame) -> pd.DataFrame:
    """What each good would have been anyway, and what of it may have stopped."""
    key = ["hub", "destination", "year"]
    pooled = civilian[civilian["hub"] == "*"].drop(columns="hub")
    table = grown.merge(civilian, on=key, how="left")
    table = table.merge(pooled, on=key[1:], how="left", suffixes=("", "_pooled"))
    table = table.merge(fell, on=["destination", "series", "year"], how="left")
    table["is_pooled"] = table["goods"].isna()
    for name in ("goods", "middle", "scatter"):
        table[name] = table[name].fillna(table[f"{name}_pooled"])
    factor = np.exp(table["middle"])
    table["usual"] = table["base"] * factor
    left = np.fmin(factor, table["fallen"].fillna(factor))
    table["maybe_stopped"] = table["usual"] - table["base"] * left
    return table


def spread(table: pd.DataFrame, threshold: dict[str, float]) -> None:
    """Squares of a good's own range, and the width all goods share, in place."""
    scatter, usual = table["scatter"], table["usual"]
    own = (usual * np.sqrt(np.exp(scatter**2) - 1) * threshold["z90"]).fillna(0) ** 2
    table["narrow"] = ((table["usd"] - table["low"]) ** 2 + own).round(2)
    table["wide"] = ((table["high"] - table["usd"]) ** 2 + own).round(2)
    table["shared_wide"] = usual * 1.25 * scatter / np.sqrt(table["goods"]) * threshold["z90"]


def summed(read: Read, good: pd.DataFrame) -> pd.DataFrame:
    """Sums over the goods of a product or list, in cents as far as they are money."""
    good["compared"] = good["usd"].where(good["comparable"])
    sums = ["usd", "compared", "usual", "maybe_stopped", "shared_wide", "narrow", "wide"]
    good[sums] = good[sums].round(2)
    lists = listed(read, good["series"].unique())
    each = good.merge(lists[lists["product_group"] != "civilian"], on="series")
    by = each.groupby(BLOCK)
    table = by[sums].sum(min_count=1).join(by[["goods", "middle", "is_pooled"]].first())
    table["any_comparable"], table["all_comparable"] = (
        by["comparable"].any(),
        by["comparable"].all(),
    )
    return table.reset_index()


def beyond(table: pd.DataFrame) -> pd.DataFrame:
    """Exports beyond the usual; of goods without a past the share that the others show."""
    compared = table["compared"].fillna(0)
    excess, unknown = compared - table["usual"], table["usd"] - compared
    share = (excess.clip(lower=0) / compared).where(compared > 0, 0)
    shared = table["shared_wide"] ** 2
    down = np.sqrt(table["narrow"] + shared)
    up = np.sqrt(table["wide"] + shared) + table["maybe_stopped"]
    known = table["any_comparable"] & table["usual"].notna()
    return table.assign(
        onward_usd=table["usd"],
        usual_usd=table["usual"],
        beyond_low_usd=(excess - down).clip(lower=0).where(known),
        beyond_usd=(excess.clip(lower=0) + unknown * share).where(known),
        beyond_high_usd=((excess + up).clip(lower=0) + unknown).where(known),
        control_goods=table["goods"].astype("Int64"),
        control_growth=table["middle"],
        driver=first_that(
            (known & (up == 0) & (down == 0) & (unknown == 0), "none"),
            (known & (unknown > up) & (unknown > down), "code_bridge"),
            (known & (table["maybe_stopped"] > up / 2), "baseline_choice"),
            (known & (table["shared_wide"] > down / 2), "control"),
            (known, "past_gap"),
        ),
    )


def explain(read: Read, table: pd.DataFrame) -> pd.DataFrame:
    """Status, reason and flags."""
    has_past, is_known = table["any_comparable"], table["usual"].notna()
    return table.assign(
        status=first_that(
            (has_past & is_known, "value"), (has_past, "not_measurable"), otherwise="no_code"
        ),
        reason=first_that(
            (
                ~has_past,
                "no baseline: the code is not known to hold the same goods before and after 2022",
            ),
            (~is_known, "too few civilian goods to compare with"),
        ),
        flags=flagged(
            (~table["all_comparable"], "NOMEN_BREAK"),
            (table["is_pooled"], "POOLED_CONTROL"),
            (table["hub"].isin(members(read, "EAEU")["member"]), "SURVEY_SOURCE"),
        ),
    )
