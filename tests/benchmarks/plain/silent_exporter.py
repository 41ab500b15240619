"""mart.silent_exporter by plain pandas: who of a set of exporters says nothing of a year.

No whole dataset of exports, and no figure of what the destination gets; a bloc that reports does so
for its members too.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import Read, holds, members, thresholds


def silent_exporter(read: Read) -> pd.DataFrame:
    """One row a destination, set, exporter and year without a report."""
    hub = read("reference.hub", ["destination"]).astype(str).drop_duplicates()
    bound = pc.field("importer").isin(hub["destination"].tolist())
    columns = ["importer", "exporter", "year", "exports_usd", "imports_cif_usd"]
    flow = read("mart.reconciled_flow", columns, bound).astype({"importer": str, "exporter": str})
    dataset = read("transformed.dataset").astype({"reporter": str})
    sets = read("mart.exporter_set").astype({"exporter_group": str, "exporter": str})
    years = dataset[["year"]].drop_duplicates()
    each = hub.merge(sets, how="cross").merge(years, how="cross")
    reports = reporting(read, dataset, flow)
    each = each.merge(reports, on=["exporter", "year"], how="left", indicator=True)
    each = each[(each.pop("_merge") == "left_only") & (each["exporter"] != each["destination"])]
    past = known_past(read, dataset, flow).assign(is_past_known=True)
    each = each.merge(past, on=["destination", "exporter"], how="left")
    return each.assign(is_past_known=holds(each["is_past_known"]))


def reporting(read: Read, dataset: pd.DataFrame, flow: pd.DataFrame) -> pd.DataFrame:
    """Exporters and years of which something is reported."""
    whole = (dataset["flow"] == "X") & holds(dataset["absence_is_zero"])
    own = dataset.loc[whole, ["reporter", "year"]].rename(columns={"reporter": "exporter"})
    printed = flow.loc[flow["exports_usd"].notna(), ["exporter", "year"]]
    years = printed.loc[printed["exporter"] == "E27", ["year"]].drop_duplicates()
    of_bloc = members(read, "E27")[["member"]].rename(columns={"member": "exporter"})
    return pd.concat([own, printed, of_bloc.merge(years, how="cross")]).drop_duplicates()


def known_past(read: Read, dataset: pd.DataFrame, flow: pd.DataFrame) -> pd.DataFrame:
    """Of whom the destination printed imports in 2019-2021, or would have: a whole dataset."""
    threshold = thresholds(read)
    first, last = threshold["baseline_mean_from"], threshold["baseline_to"]
    printed = flow["imports_cif_usd"].notna() & flow["year"].between(first, last)
    own = flow.loc[printed, ["importer", "exporter"]].rename(columns={"importer": "destination"})
    whole = (dataset["flow"] == "M") & holds(dataset["absence_is_zero"])
    whole &= dataset["year"].between(first, last)
    receives = pd.DataFrame({"destination": dataset.loc[whole, "reporter"].unique()})
    everyone = read("reference.country", ["code"]).astype(str).rename(columns={"code": "exporter"})
    return pd.concat([own, receives.merge(everyone, how="cross")]).drop_duplicates()
