"""mart.screening by plain pandas: products in order of priority for a closer look.

How far trade through a hub outgrew that of civilian goods: onward to the destination, inward from
the first suppliers. Civilian goods are scored beside the rest; a high place is no finding.
"""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.goods import placebos, series_of
from tests.benchmarks.plain.ranking import ranked
from tests.benchmarks.plain.steps import (
    FIGURES,
    Read,
    first_that,
    flagged,
    holds,
    hubs,
    lists_of,
    members,
    thresholds,
    with_groups,
)

MEASURE = ["hub", "destination", "series", "measure"]
YEAR = ["hub", "destination", "year"]
CODE = ["classification", "product"]


def screening(read: Read) -> pd.DataFrame:
    """One row a hub, destination, later year and product that went through it at all."""
    threshold = thresholds(read)
    dataset = read("transformed.dataset").astype({"reporter": str})
    dataset = dataset[dataset["year"] >= threshold["baseline_from"]]
    steady = steady_suppliers(read, dataset)
    flow = counted(read, steady, threshold["baseline_from"])
    grown = grow(every_good(read, dataset, steady, flow), threshold)
    grown["is_placebo"] = grown["series"].isin(placebos(read))
    product = side_by_side(scored(grown, threshold))
    table = ranked(traded(read, product), threshold)
    return explain(table, threshold["smoothing_usd"])


def steady_suppliers(read: Read, dataset: pd.DataFrame) -> list[str]:
    """First suppliers with a whole dataset in every year there is: none is a newcomer."""
    first = members(read, "COALITION", "CHINA")["member"]
    whole = (dataset["flow"] == "X") & holds(dataset["absence_is_zero"])
    years = dataset[whole & dataset["reporter"].isin(first)].groupby("reporter").size()
    return years.index[years == dataset["year"].nunique()].tolist()


def counted(read: Read, steady: list[str], first_year: float) -> pd.DataFrame:
    """What hubs sent on, what steady suppliers sent hubs, and what hubs recorded of that."""
    hub, measures = read("reference.hub", ["hub", "destination"]).astype(str), []
    for name, flow, own, other, others, value in (
        ("onward", "X", "reporter", "partner", hub["destination"].unique().tolist(), "value_usd"),
        ("inward", "X", "partner", "reporter", steady, "value_usd"),
        ("arrival", "M", "reporter", "partner", steady, "value_fob_usd"),
    ):
        asked = (pc.field("flow") == flow) & pc.field(own).isin(hubs(read))
        columns = ["reporter", "partner", "year", *CODE, "status", value]
        table = read(FIGURES, columns, asked & (pc.field("year") >= int(first_year)))
        table = table[(table["status"] != "incomplete") & table[other].isin(others)]
        table = table.astype(dict.fromkeys(["reporter", "partner", *CODE], str))
        table = table.merge(hub, left_on=own, right_on="hub")
        if name == "onward":
            table = table[table["partner"] == table["destination"]]
        table = table.rename(columns={value: "usd"}).assign(measure=name)
        measures.append(table[[*YEAR, *CODE, "measure", "usd"]])
    each = pd.concat(measures).merge(series_of(read, 4, 6), on=CODE)
    return each.groupby([*MEASURE, "year"])["usd"].sum().round(2).reset_index()


def every_good(
    read: Read, dataset: pd.DataFrame, steady: list[str], flow: pd.DataFrame
) -> pd.DataFrame:
    """Every good in the years in which an absent row of the measure is a zero."""
    hub = read("reference.hub", ["hub", "destination"]).astype(str)
    whole = dataset[holds(dataset["absence_is_zero"])].rename(columns={"reporter": "hub"})
    own = hub.merge(whole[["hub", "year", "flow"]].astype({"flow": str}), on="hub")
    own["measure"] = own.pop("flow").map({"X": "onward", "M": "arrival"})
    years = dataset[["year"]].drop_duplicates()
    inward = hub.merge(years, how="cross").assign(measure="inward")
    span = pd.concat([own, inward] if steady else [own])
    goods = series_of(read, 4, 6).groupby("series", as_index=False)["comparable"].all()
    table = span.merge(goods, how="cross").merge(flow, on=[*MEASURE, "year"], how="left")
    return table.assign(usd=table["usd"].fillna(0))


def grow(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Later years over the median of the base years, in logs."""
    past = table[table["comparable"] & (table["year"] <= threshold["baseline_to"])]
    later = table[table["year"] > threshold["baseline_to"]]
    later = with_groups(later, past.groupby(MEASURE)["usd"].median().rename("base"), MEASURE)
    added = threshold["smoothing_usd"]
    return later.assign(growth=np.log((later["usd"] + added) / (later["base"] + added)))


def scored(grown: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """How far each good stands off the civilian goods that are traded at all, in their spreads."""
    by = [*YEAR, "measure"]
    civilian = grown[grown["is_placebo"] & (grown["usd"] + grown["base"] > 0)].groupby(by)["growth"]
    control = civilian.agg(count="size", middle="median")
    control["low"], control["high"] = civilian.quantile(0.05), civilian.quantile(0.95)
    control = control[control["count"] >= threshold["control_floor"]].drop(columns="count")
    table = with_groups(grown, control, by)
    width = (table["high"] - table["low"]) / 3.29
    return table.assign(z=(table["growth"] - table["middle"]) / width.where(width != 0))


def side_by_side(score: pd.DataFrame) -> pd.DataFrame:
    """One row a product and year, its measures beside each other."""
    key = [*YEAR, "series"]
    columns = ["usd", "base", "growth", "middle", "low", "high", "z"]
    table = score.groupby([*key, "is_placebo"])["comparable"].all().reset_index()
    for measure in ("onward", "inward", "arrival"):
        part = score.loc[score["measure"] == measure, [*key, *columns]].set_index(key)
        table = with_groups(table, part.add_suffix(f"_{measure}"), key)
    return table.assign(missing=table["growth_inward"] - table["growth_arrival"])


def traded(read: Read, table: pd.DataFrame) -> pd.DataFrame:
    """Products by their HS2022 code that went in or on at all, with their score."""
    code = series_of(read, 4, 6)
    code = code.loc[code["classification"] == "H6", ["series", "product", "family"]]
    table = table.merge(code, on="series")
    onward, inward = table["usd_onward"], table["usd_inward"]
    table = table[onward.fillna(0) + inward.fillna(0) > 0].reset_index(drop=True)
    flows = table["base_onward"] + table["usd_onward"] + table["base_inward"] + table["usd_inward"]
    score = table["z_onward"] + 0.5 * table["z_inward"].fillna(0)
    return table.assign(score=score.where(flows > 0))


def explain(table: pd.DataFrame, smoothing: float) -> pd.DataFrame:
    """Excess over civilian growth, tiers, and the reasons in words."""
    past = table["base_onward"] + smoothing
    excess = {
        end: (table["usd_onward"] - past * np.exp(table[growth]) + smoothing).round(2)
        for end, growth in (("_low", "high_onward"), ("", "middle_onward"), ("_high", "low_onward"))
    }
    known, stands_out = table["score"].notna(), table["stands_out"]
    reasons = {
        "scored above 95% of the other civilian goods": stands_out,
        "exports to the destination outgrew those of 95% of civilian goods": table["growth_onward"]
        > table["high_onward"],
        "what the coalition and China ship to the hub outgrew that of 95% of civilian goods": table[
            "growth_inward"
        ]
        > table["high_inward"],
        "more is missing from the hub's imports than for 95% of civilian goods": table["missing"]
        > table["missing_high"],
        "not ranked: the code is not known to hold the same goods before and after 2022": ~table[
            "comparable"
        ],
        "not ranked: too few civilian goods to compare with": table["comparable"] & ~known,
    }
    bits = sum(case.astype(int) * (1 << place) for place, case in enumerate(reasons.values()))
    tier = pd.Series(2, table.index).mask(excess["_low"] > 0, 1).where(known & stands_out)
    central = excess[""]
    return table.assign(
        position=table["place"].where(known).astype("Int64"),
        tier=tier.astype("Int64"),
        excess_low_usd=excess["_low"],
        excess_usd=central,
        excess_high_usd=excess["_high"],
        score_inward=table["z_inward"],
        driver=first_that(
            (central.notna() & (excess["_low"] == excess["_high"]), "none"),
            (central.notna(), "control"),
        ),
        status=first_that((known, "value"), otherwise="not_measurable"),
        reasons=lists_of(bits, list(reasons)),
        flags=flagged((~table["comparable"], "NOMEN_BREAK")),
    )
