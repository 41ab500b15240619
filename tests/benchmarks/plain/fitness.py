"""Which years of a hub are fit to be measured with a group of suppliers: for mart.hub_inflow."""

import pandas as pd

from tests.benchmarks.plain.steps import Read, first_that, holds, hubs, with_groups

KEY = ["hub", "year", "exporter_group"]


def hub_years(read: Read, control: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Each hub, group and later year, what civilian goods show, and why it cannot be measured."""
    dataset = read("transformed.dataset").astype({"reporter": str, "vintage": str})
    later = dataset[dataset["year"] > threshold["baseline_to"]]
    table = pd.DataFrame({"hub": hubs(read)}).merge(missing_suppliers(read, later), how="cross")
    arrival = later[later["flow"] == "M"].rename(columns={"reporter": "hub"})
    columns = ["is_incomplete", "absence_is_zero", "vintage"]
    table = table.merge(arrival[["hub", "year", *columns]], on=["hub", "year"], how="left")
    table = table.merge(control, on=KEY, how="left")
    no_products = ~holds(table["absence_is_zero"]) | table["vintage"].isna()
    too_absent = table["absent_share"] > 1 - threshold["completeness_floor"]
    reason = first_that(
        (table["is_incomplete"].isna(), "the hub published no imports"),
        (holds(table["is_incomplete"]), "the hub's dataset is incomplete"),
        (no_products, "the hub prints no whole dataset by product"),
        (
            ~(table["goods"] >= threshold["control_floor"]),
            "too few civilian goods to compare with",
        ),
        (too_absent, "civilian goods are missing from the hub's imports too: incomplete"),
    )
    silent = "not all members reported: " + table["missing"]
    return table.assign(reason=silent.fillna(pd.Series(reason, table.index).astype(str)))


def missing_suppliers(read: Read, later: pd.DataFrame) -> pd.DataFrame:
    """Of each group and later year, the suppliers without a whole dataset of exports, by name."""
    sets = read("mart.exporter_set").astype({"exporter_group": str, "exporter": str})
    own = sets["exporter_group"].isin(["COALITION", "CHINA"]) & ~sets["is_bloc"].astype(bool)
    years = later[["year"]].drop_duplicates()
    each = sets.loc[own, ["exporter_group", "exporter"]].merge(years, how="cross")
    whole = later[(later["flow"] == "X") & holds(later["absence_is_zero"])]
    whole = whole[["reporter", "year"]].rename(columns={"reporter": "exporter"})
    each = each.merge(whole, on=["exporter", "year"], how="left", indicator=True)
    absent = each[each["_merge"] == "left_only"].sort_values("exporter")
    key = ["exporter_group", "year"]
    names = absent.groupby(key)["exporter"].agg(", ".join).rename("missing")
    return with_groups(each[key].drop_duplicates(), names, key)


def spans(year: pd.DataFrame) -> pd.DataFrame:
    """Each year, and each run of years that can all be measured, with what they have in common."""
    key = ["hub", "exporter_group"]
    last = year[[*key, "year", "reason"]]
    first = year[["year"]].drop_duplicates().rename(columns={"year": "from_year"})
    run = last.merge(first, how="cross")
    run = run[run["from_year"] <= run["year"]]
    inside = year[[*key, "year", "reason", "goods", "absent_share", "shift"]]
    each = run.merge(inside, on=key, suffixes=("", "_inside"))
    each = each[each["year_inside"].between(each["from_year"], each["year"])]
    each["shift"] = each["shift"].round(9)
    by = each.groupby([*key, "from_year", "year"])
    table = by.agg(
        reason=("reason", "first"),
        faults=("reason_inside", "count"),
        goods=("goods", "min"),
        absent_share=("absent_share", "max"),
    )
    table["shift"] = by["shift"].sum(min_count=1) / by.size()
    table = table.reset_index()
    fit = (table["from_year"] == table["year"]) | (table["faults"] == 0)
    return table[fit].drop(columns="faults")
