"""mart.family_bound by plain pandas: at most what a code of HS2022 without a past can have been.

The sum of all its HS2017 codes, which hold other goods too: a bound, no estimate. Refused where the
correlation does not name every code that shares its goods.
"""

import pandas as pd

from tests.benchmarks.plain.goods import series_of
from tests.benchmarks.plain.steps import Read, first_that, flagged, holds

KEY = ["hub", "destination", "year", "product"]


def family_bound(read: Read) -> pd.DataFrame:
    """One row a hub, destination, year of HS2017, and code of HS2022 without a past."""
    asked = hub_years(read).merge(wanted(read), how="cross")
    passed = read("mart.pass_through", [*KEY, "classification", "exports_usd", "imports_usd"])
    passed = passed.astype(dict.fromkeys(["hub", "destination", "product", "classification"], str))
    passed = passed[passed["classification"] == "H5"].drop(columns="classification")
    each = asked.merge(
        passed.rename(columns={"product": "hs2017"}), on=[*KEY[:3], "hs2017"], how="left"
    )
    return explain(summed(each.sort_values("hs2017")))


def wanted(read: Read) -> pd.DataFrame:
    """Codes of HS2022 that have no one code of HS2017 for the same goods, and all they had."""
    columns = ["hs2022", "hs2017", "further_links", "note"]
    table = read("reference.hs_correlation", columns)
    table = table.astype({"hs2022": str, "hs2017": str, "note": str})
    code = series_of(read, 6)
    code = code[(code["classification"] == "H6") & ~code["comparable"]]
    table = table[table["hs2022"].isin(code["product"])].rename(columns={"hs2022": "product"})
    links = table.pop("further_links").fillna(0)
    return table.assign(is_refused=(links > 0) | table["hs2017"].isna())


def hub_years(read: Read) -> pd.DataFrame:
    """The years a hub reported in HS2017, and which sides are whole."""
    dataset = read("transformed.dataset").astype({"reporter": str, "vintage": str, "flow": str})
    dataset = dataset[dataset["vintage"] == "H5"]
    hub = read("reference.hub", ["hub", "destination"]).astype(str)
    table = hub.merge(dataset, left_on="hub", right_on="reporter")
    whole = holds(table["absence_is_zero"])
    table["sends_whole"] = whole & (table["flow"] == "X")
    table["receives_whole"] = whole & (table["flow"] == "M")
    return table.groupby(KEY[:3])[["sends_whole", "receives_whole"]].any().reset_index()


def summed(each: pd.DataFrame) -> pd.DataFrame:
    """Sums over the HS2017 codes; an absent one is a zero only in a whole dataset."""
    by = each.groupby(KEY)
    table = by[["sends_whole", "receives_whole", "is_refused"]].any()
    table["codes"] = by["hs2017"].agg(lambda codes: " ".join(codes.dropna()))
    table["note"] = by["note"].first()
    for side, value, whole in (
        ("x", "exports_usd", "sends_whole"),
        ("m", "imports_usd", "receives_whole"),
    ):
        known = table[whole] | (by[value].count() == by["hs2017"].count())
        table[side] = by[value].sum().round(2).where(known)
    return table.reset_index()


def explain(table: pd.DataFrame) -> pd.DataFrame:
    """The bounds, and what they hold or why there are none."""
    refused = table["is_refused"]
    unknown = table["x"].isna() & table["m"].isna()
    other = "upper bound: these codes hold other goods too (" + table["note"] + ")"
    return table.assign(
        hs2017_codes=table["codes"].where(table["codes"] != ""),
        exports_at_most_usd=table["x"].mask(refused),
        imports_at_most_usd=table["m"].mask(refused),
        status=first_that((refused, "no_code"), (unknown, "not_reported"), otherwise="value"),
        reason=table["note"].where(refused, other),
        flags=flagged((refused | ~refused, "NOMEN_BREAK")),
    )
