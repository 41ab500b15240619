"""mart.exporter_coverage by plain pandas: how much of what came before came from who reports now.

Mean imports of 2019-2021 from exporters that report in a year, over those from all of a set, as the
destination printed them; over its printed world total where that is more.
"""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.product_series import world
from tests.benchmarks.plain.steps import Read, is_in, members, thresholds, with_groups

ITEM = ["destination", "product_group", "product"]


def exporter_coverage(read: Read) -> pd.DataFrame:
    """One row a destination, set of exporters, product or list, and year."""
    before, world_before = past_imports(read)
    sets = read("mart.exporter_set", ["exporter_group", "exporter"]).astype(str)
    years = read("transformed.dataset", ["year"]).drop_duplicates()
    key = ["destination", "exporter_group", "exporter", "year"]
    silent = read("mart.silent_exporter", key).astype(dict.fromkeys(key[:3], str))
    each = before.merge(sets, on="exporter").merge(years, how="cross")
    each = each.merge(silent.assign(is_silent=True), on=key, how="left")
    each["covered_usd"] = each["usd"].where(each["is_silent"].isna(), 0)
    by = each.groupby([*ITEM, "exporter_group", "year"])
    table = by[["usd", "covered_usd"]].sum().round(2).reset_index()
    table = with_groups(table, world_before.rename("world_usd"), ITEM)
    everyone = table["exporter_group"] == "W00"
    past = np.fmax(table["usd"], table["world_usd"].where(everyone))
    return table.assign(past_usd=past, has_world=everyone & table["world_usd"].notna())


def past_imports(read: Read) -> tuple[pd.DataFrame, pd.Series]:
    """Mean of 2019-2021 by exporter and item, and of the printed world by item."""
    threshold = thresholds(read)
    first, last = threshold["baseline_mean_from"], threshold["baseline_to"]
    own, everyone = printed(read), world(read)
    everyone = everyone[["destination", "year", "of_product", "value_usd"]]
    each = pd.concat([own[["destination", "year"]], everyone[["destination", "year"]]])
    each = each[each["year"].between(first, last)].drop_duplicates()
    years = each.groupby("destination").size().rename("years")
    series = read("mart.product_series")
    series = series[series["comparable"].astype(bool) & series["year"].between(first, last)]
    text = ["product_group", "product", "of_product"]
    series = series.astype(dict.fromkeys(text, str)).drop(columns="comparable")
    own = without_members(read, own).merge(series, on=["of_product", "year"])
    own = own.groupby(["destination", "exporter", *ITEM[1:]])["value_usd"].sum().reset_index()
    own = own.join(years, on="destination")
    own["usd"] = (own["value_usd"] / own["years"]).round(2)
    total = everyone.merge(series, on=["of_product", "year"]).groupby(ITEM)["value_usd"].sum()
    return own, total / years.reindex(total.index.get_level_values("destination")).to_numpy()


def printed(read: Read) -> pd.DataFrame:
    """The destinations' imports by exporter as they print them."""
    destinations = read("reference.hub", ["destination"])["destination"].unique().tolist()
    columns = ["importer", "exporter", "year", "product", "imports_cif_usd"]
    table = read("mart.reconciled_flow", columns, pc.field("importer").isin(destinations))
    table = table.dropna(subset="imports_cif_usd").set_axis(
        ["destination", "exporter", "year", "of_product", "value_usd"], axis=1
    )
    return table.astype(dict.fromkeys(["destination", "exporter", "of_product"], str))


def without_members(read: Read, table: pd.DataFrame) -> pd.DataFrame:
    """Where the bloc's figure is printed, its members' are in it."""
    bloc = table[table["exporter"] == "E27"]
    is_member = table["exporter"].isin(members(read, "E27")["member"])
    return table[~(is_member & is_in(table, bloc, ["destination", "year", "of_product"]))]
