"""mart.product_series by plain pandas: the name a product is followed under, and its lists."""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.goods import listed, series_of
from tests.benchmarks.plain.steps import FIGURES, Read, holds


def product_series(read: Read) -> pd.DataFrame:
    """One row a product, year and list of any that goes to a destination, and one of its own."""
    found = at_destinations(read).drop_duplicates()
    vintages = read("transformed.dataset", ["year", "vintage"]).astype({"vintage": str})
    newest = vintages.dropna(subset="vintage").groupby("year")["vintage"].max()
    found = found.join(newest.rename("classification"), on="year")
    found["classification"] = found["classification"].mask(found["product"] == "TOTAL", "NA")
    item = found.merge(series_of(read), on=["classification", "product"], how="left")
    item = item.rename(columns={"product": "of_product"})
    item["series"] = item["series"].fillna(item["of_product"])
    item["comparable"] = holds(item["comparable"])
    item["is_long"] = item["of_product"].str.len() == 6
    each = item.merge(listed(read, item["series"].unique()), on="series")
    return each[each["is_long"] | (each["product_group"] == "*")]


def at_destinations(read: Read) -> pd.DataFrame:
    """Products and years of what reaches a destination, by any report."""
    destinations = read("reference.hub", ["destination"])["destination"].unique().tolist()
    bound = pc.field("importer").isin(destinations)
    flow = read("mart.reconciled_flow", ["product", "year"], bound)
    totals = world(read)[["of_product", "year"]].set_axis(["product", "year"], axis=1)
    return pd.concat([each.astype({"product": str}) for each in (flow, totals)])


def world(read: Read) -> pd.DataFrame:
    """The destinations' own totals over all partners, CIF and brought to FOB."""
    destinations = read("reference.hub", ["destination"])["destination"].unique().tolist()
    own = (pc.field("flow") == "M") & (pc.field("partner") == "W00")
    values = ["value_usd", "value_fob_low_usd", "value_fob_usd", "value_fob_high_usd"]
    asked = own & pc.field("reporter").isin(destinations)
    table = read(FIGURES, ["reporter", "year", "product", "status", *values], asked)
    table = table[table["status"] != "incomplete"].drop(columns="status")
    names = {"reporter": "destination", "product": "of_product"}
    return table.rename(columns=names).astype(dict.fromkeys(names.values(), str))
