"""Both sides of what a destination receives, as mart.receipt begins: its own report, the senders'.

Each side is summed over the rows that side prints: a bloc's figure in place of its members', or
theirs in place of its. Squares of ranges are summed as if reports erred independently.
"""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.product_series import world
from tests.benchmarks.plain.steps import Read, holds, members, silent, with_groups

ITEM = ["destination", "product_group", "product", "year"]
BLOCK = ["exporter_group", *ITEM]
PAIR = ["destination", "exporter", "year", "of_product"]
FOB = ["fob", "fob_low", "fob_high"]
_NAMES = {"importer": "destination", "product": "of_product"}


def flows(read: Read) -> pd.DataFrame:
    """Each flow to a destination with its ranges, and from which side's sums it is left out."""
    destinations = read("reference.hub", ["destination"])["destination"].unique().tolist()
    bound = pc.field("importer").isin(destinations)
    key = ["importer", "exporter", "year", "product"]
    money = ["exports_usd", "imports_cif_usd", "imports_fob_usd"]
    value = ["reconciled_low_usd", "reconciled_usd", "reconciled_high_usd"]
    flow = read("mart.reconciled_flow", [*key, *money, *value], bound).rename(columns=_NAMES)
    ends = ["imports_fob_low_usd", "imports_fob_high_usd"]
    band = read("mart.mirror_gap", [*key, *ends], bound).rename(columns=_NAMES)
    text = dict.fromkeys(["destination", "exporter", "of_product"], str)
    flow = flow.astype(text).merge(band.astype(text), on=PAIR, how="left")
    low, central, high = (flow[name].round(2) for name in value)
    flow["down"], flow["up"] = (central - low).round(2), (high - central).round(2)
    is_bloc = flow["exporter"] == "E27"
    is_member = flow["exporter"].isin(members(read, "E27")["member"])
    alike = [flow[name] for name in ("destination", "year", "of_product")]
    for side, report in (("sent", "exports_usd"), ("received", "imports_cif_usd")):
        bloc_prints = (is_bloc & flow[report].notna()).groupby(alike).transform("any")
        flow[f"is_{side}_by_bloc"] = is_member & bloc_prints
    own = ~flow["is_received_by_bloc"] & (~is_bloc | flow["imports_cif_usd"].notna())
    return flow.assign(is_bloc=is_bloc, is_on_own_side=own)


def summed(read: Read, flow: pd.DataFrame) -> pd.DataFrame:
    """Sums of both sides by set of exporters and item."""
    sent, received = ~flow["is_sent_by_bloc"], ~flow["is_received_by_bloc"]
    down, up = flow["down"] ** 2, flow["up"] ** 2
    sums = {
        "reported": flow["imports_cif_usd"].where(received),
        "fob": flow["imports_fob_usd"].where(received),
        "fob_low": flow["imports_fob_low_usd"].where(received),
        "fob_high": flow["imports_fob_high_usd"].where(received),
        "mirror": flow["exports_usd"].where(sent),
        "narrow": down.where(sent),
        "wide": up.where(sent),
        "own_narrow": down.where(flow["is_on_own_side"]),
        "own_wide": up.where(flow["is_on_own_side"]),
    }
    printed = flow["exporter"].where(sums["reported"].notna())
    each = flow[PAIR].assign(**sums, printed=printed)
    each = each.merge(_series(read), on=["of_product", "year"])
    each = each.merge(_sets(read), on="exporter")
    by = each.groupby(BLOCK)
    table = by[list(sums)].sum(min_count=1).round(4).join(by["comparable"].all())
    table["reported_members"] = by["printed"].nunique()
    return table.reset_index()


def _series(read: Read) -> pd.DataFrame:
    table = read("mart.product_series")
    return table.astype(dict.fromkeys(["product_group", "product", "of_product"], str))


def _sets(read: Read) -> pd.DataFrame:
    return read("mart.exporter_set", ["exporter_group", "exporter"]).astype(str)


def of_world(read: Read) -> pd.DataFrame:
    """The destination's own totals over all partners, by item."""
    each = world(read).merge(_series(read), on=["of_product", "year"])
    names = {
        "value_usd": "reported",
        "value_fob_usd": "fob",
        "value_fob_low_usd": "fob_low",
        "value_fob_high_usd": "fob_high",
    }
    by = each.rename(columns=names).groupby(ITEM)
    table = by[["reported", *FOB]].sum(min_count=1).round(2).join(by["comparable"].all())
    return table.reset_index().assign(exporter_group="W00")


def known(read: Read, sides: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    """Both sides; the destination's where it prints a total, or something of all of the set."""
    table = sides.merge(total, on=BLOCK, how="outer", suffixes=("", "_world"), indicator=True)
    has_senders = table.pop("_merge") != "right_only"
    silence = silent(read, table["year"].unique()).astype({"reporter": str})
    silence = silence.drop_duplicates().rename(columns={"reporter": "destination"})
    key = ["destination", "year"]
    table = table.merge(silence.assign(is_silent=True), on=key, how="left")
    table["is_silent"] = holds(table["is_silent"]) & has_senders
    dataset = read("transformed.dataset").astype({"reporter": str})
    dataset = dataset[dataset["flow"] == "M"].rename(columns={"reporter": "destination"})
    table = table.merge(dataset[[*key, "absence_is_zero"]], on=key, how="left")
    sets = read("mart.exporter_set")
    size = sets[~sets["is_bloc"].astype(bool)].groupby("exporter_group").size()
    size = size.rename("members").reset_index().astype({"exporter_group": str})
    table = table.merge(size, on="exporter_group", how="left")
    whole = holds(table["absence_is_zero"]) | (table["members"] == table["reported_members"])
    counts = has_senders & whole & ~table["is_silent"]
    for name in ("reported", *FOB):
        table[name] = table[f"{name}_world"].fillna(table[name].where(counts))
    comparable = table["comparable"].where(has_senders, table["comparable_world"])
    return table.drop(columns=["members"]).assign(comparable=holds(comparable))


def growth(flow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """How much the fastest tenth of the senders that report grew since 2019-2021, on totals."""
    total = flow[flow["of_product"] == "TOTAL"]
    first, last = threshold["baseline_mean_from"], threshold["baseline_to"]
    past = total[total["year"].between(first, last)]
    before = past.groupby(["destination", "exporter"])["exports_usd"].mean().rename("before")
    total = with_groups(total, before, ["destination", "exporter"])
    total = total[total["before"] >= threshold["growth_floor_usd"]]
    by = (total["exports_usd"] / total["before"]).groupby([total["destination"], total["year"]])
    fastest = by.quantile(0.9)[by.size() >= threshold["control_floor"]]
    return fastest.rename("fastest").reset_index()


def unseen(read: Read) -> pd.DataFrame:
    """The most that can have gone through hubs unseen: what is missing, and what may be, apart."""
    names = ["hub", "product_group", "product", "from_year", "year"]
    table = read("mart.hub_inflow", [*names, "missing_usd", "unseen_most_usd"])
    table = table[table["from_year"] == table["year"]]
    table = table.astype(dict.fromkeys(names[:3], str))
    table = table[~table["hub"].isin(members(read, "CHINA")["member"])]
    hub = read("reference.hub", ["hub", "destination"]).astype(str)
    table = table.merge(hub, on="hub")
    most = table["unseen_most_usd"].round(2)
    missing = np.fmin(table["missing_usd"].fillna(0).clip(lower=0), most).round(2)
    by = table[ITEM].assign(missing=missing, square=(most - missing) ** 2).groupby(ITEM).sum()
    return (by["missing"] + np.sqrt(by["square"])).rename("unseen").reset_index()
