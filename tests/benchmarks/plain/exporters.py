"""What exporters and groups of them sent a hub, and what it recorded of it.

mart.lost_in_transit begins with it. An absent row is a zero only where its dataset is whole. A
group has a figure only where each of its members reported exports; imports count only where
nothing of them is unknown.
"""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import Read, holds, hubs, members, named

CELL = ["year", "product", "importer"]
GROUPED = ["year", "product", "exporter_group", "importer"]
SENT = {"exports_usd": "x", "exports_low_usd": "x_low", "exports_high_usd": "x_high"}
RECEIVED = {
    "imports_cif_usd": "m",
    "imports_fob_low_usd": "m_low",
    "imports_fob_high_usd": "fob_high",
    "imports_cif_low_usd": "cif_low",
    "imports_cif_high_usd": "cif_high",
}
FIGURES = ["x", "x_low", "x_high", "m", "m_low", "m_high"]
GROUPS = ("E27", "COALITION", "CHINA")  # E27 is summed wherever no figure of the bloc is printed


def pairs(read: Read) -> pd.DataFrame:
    """Both reports of each exporter that reported; a whole dataset's absent row is a zero."""
    statuses = ["exports_status", "imports_status"]
    gap = read(
        "mart.mirror_gap",
        [*CELL, "exporter", *SENT, *RECEIVED, *statuses],
        pc.field("importer").isin(hubs(read)),
    ).rename(columns={**SENT, **RECEIVED})
    is_printed = gap["imports_status"] == "value"
    from_members = sum_of_members(read, gap[is_printed])
    pair = gap[~gap["exports_status"].isin(["not_reported", "incomplete"])]
    pair = pair.merge(from_members, on=[*CELL, "exporter"], how="left", suffixes=("", "_members"))
    zero = pd.Series(0.0, pair.index).where(pair["imports_status"] == "implied_zero")
    is_printed = pair["imports_status"] == "value"
    for name in RECEIVED.values():
        pair[name] = pair[name].where(is_printed, pair[f"{name}_members"].fillna(zero))
    return pair.assign(
        **pair[list(SENT.values())].fillna(0),
        m_high=np.fmax(pair["cif_high"], pair["fob_high"]),
        of_release=pair["cif_high"] - pair["cif_low"],
        is_incomplete=pair["imports_status"] == "incomplete",
    )


def sum_of_members(read: Read, printed: pd.DataFrame) -> pd.DataFrame:
    """What an importer printed of every member, in place of a figure of the bloc."""
    member = members(read, "E27")["member"]
    own = printed[printed["exporter"].isin(member)]
    by = own.groupby(CELL)
    summed = by[list(RECEIVED.values())].sum()[by.size() == len(member)]
    return summed.reset_index().assign(exporter="E27")


def summed_by_group(read: Read, pair: pd.DataFrame) -> pd.DataFrame:
    """Each exporter and each group; imports only where nothing of them is unknown."""
    alone = pair[pair["exporter"].isin(named(read, "country", "bloc"))]
    alone = alone.assign(exporter_group=alone["exporter"].astype(str))
    group = members(read, *GROUPS)[["country_group", "member"]]
    group = group.rename(columns={"country_group": "exporter_group", "member": "exporter"})
    of_group = pair.astype({"exporter": str}).merge(group, on="exporter")
    bloc = alone.loc[alone["exporter"] == "E27", CELL].drop_duplicates().assign(has_bloc=True)
    of_group = of_group.merge(bloc, on=CELL, how="left")
    as_one = (of_group["exporter_group"] == "E27") & holds(of_group["has_bloc"])
    each = pd.concat([alone, of_group[~as_one]], ignore_index=True)
    each["unknown"] = each["m"].isna()
    by = each.groupby(GROUPED)
    flow = by[[*FIGURES, "of_release"]].sum().round(2)
    flow = flow.join(by[["unknown", "is_incomplete"]].any()).reset_index()
    flow["of_release"] += flow["x_high"] - flow["x_low"]
    arrived = ["m", "m_low", "m_high"]
    flow[arrived] = flow[arrived].mask(flow["unknown"])
    return without_the_incomplete(read, flow, bloc)


def without_the_incomplete(read: Read, flow: pd.DataFrame, bloc: pd.DataFrame) -> pd.DataFrame:
    """A group has a figure only where each of its members reported exports that year."""
    flow = flow.merge(missing_members(read), on=["exporter_group", "year"], how="left")
    flow = flow.merge(bloc, on=CELL, how="left")
    printed = (flow["exporter_group"] == "E27") & holds(flow["has_bloc"])
    flow["missing"] = flow["missing"].mask(printed)
    flow[FIGURES] = flow[FIGURES].mask(flow["missing"].notna())
    return flow


def missing_members(read: Read) -> pd.DataFrame:
    """Members of a group that did not report exports in a year, by name."""
    dataset = read("transformed.dataset", ["reporter", "year", "flow"])
    years = pd.DataFrame({"year": sorted(dataset["year"].unique())})
    group = members(read, *GROUPS).astype({"reported_by": str})
    group["reporter"] = group["reported_by"].fillna(group["member"])
    each = group.merge(years, how="cross")
    sent = dataset.loc[dataset["flow"] == "X", ["reporter", "year"]].astype({"reporter": str})
    each = each.merge(sent, on=["reporter", "year"], how="left", indicator=True)
    missing = each[each["_merge"] == "left_only"].sort_values("member")
    by = missing.groupby(["country_group", "year"])["member"].agg(", ".join)
    return by.rename("missing").rename_axis(["exporter_group", "year"]).reset_index()
