"""What groups and hubs sent the destinations and each other, as mart.substitution begins.

A sender is one reporter or several. An absent row is a zero only in a whole dataset; where any
reporter of a sender is unknown, so is the sender. The bloc's own figure goes before its members'.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import FIGURES, Read, beside, families, holds, hubs, members

GROUPS = ["E27", "COALITION"]
PRINTED = "E27 as printed"
VALUES = ["low_usd", "value_usd", "high_usd"]
CELL = ["sender", "receiver", "year", "product"]


def senders(read: Read) -> pd.DataFrame:
    """Whose reports make up a group, or are a hub's own: sender, reporter."""
    group = members(read, *GROUPS).astype({"reported_by": str})
    reporter = group["reported_by"].fillna(group["member"])
    of_group = pd.DataFrame({"sender": group["country_group"], "reporter": reporter})
    own = [(PRINTED, "E27"), ("CHINA", "CHN"), ("CHINA", "HKG")]
    own += [(str(hub), str(hub)) for hub in hubs(read)]
    each = pd.concat([of_group, pd.DataFrame(own, columns=["sender", "reporter"])])
    return each.drop_duplicates(ignore_index=True)


def destinations(read: Read) -> list[str]:
    return read("reference.hub", ["destination"])["destination"].astype(str).unique().tolist()


def published(read: Read) -> pd.DataFrame:
    """Exports to the destinations and the hubs, in families of one code each side of 2022."""
    receivers = [*hubs(read), *destinations(read)]
    ends = {"value_fob_low_usd": "low_usd", "value_fob_high_usd": "high_usd"}
    columns = ["reporter", "partner", "year", "classification", "product", "status", "value_usd"]
    sent = (pc.field("flow") == "X") & pc.field("partner").isin(receivers)
    table = read(FIGURES, [*columns, *ends], sent).rename(columns={"partner": "receiver", **ends})
    table = table[table["status"] != "incomplete"]
    table = beside(table, families(read), ["classification", "product"])
    comparable = holds(table["comparable"])
    product = table["family"].astype(str).where(comparable, table["product"].astype(str))
    text = {"product": "category", "receiver": str}
    return table.assign(product=product, comparable=comparable).astype(text)


def sender_years(read: Read, dataset: pd.DataFrame) -> pd.DataFrame:
    """Of each sender and year: its reporters, how many datasets are whole, and who is missing."""
    years = read("transformed.dataset", ["year"])["year"].unique()
    each = senders(read).merge(pd.DataFrame({"year": sorted(years)}), how="cross")
    each = each.merge(dataset, on=["sender", "reporter", "year"], how="left")
    each["is_whole"] = holds(each["absence_is_zero"])
    by = each.groupby(["sender", "year"])
    missing = each[each["absence_is_zero"].isna()].sort_values("reporter")
    names = missing.groupby(["sender", "year"])["reporter"].agg(", ".join).rename("missing")
    counted = by.agg(reporters=("reporter", "size"), whole=("is_whole", "sum"))
    return counted.join(names).reset_index()


def datasets(read: Read) -> pd.DataFrame:
    """Datasets of exports that enter statistics, by sender; a silent reporter is in no year."""
    table = read("transformed.dataset")
    table = table[(table["flow"] == "X") & ~table["is_incomplete"].astype(bool)]
    table = table[["reporter", "year", "absence_is_zero"]].astype({"reporter": str})
    return senders(read).merge(table, on="reporter")


def flows(read: Read) -> pd.DataFrame:
    """What each sender sent: nothing where a member is unknown; the bloc's own figure first."""
    figure, dataset = published(read), datasets(read)
    each = figure.astype({"reporter": str}).merge(dataset, on=["reporter", "year"])
    each["printed"] = ~each["absence_is_zero"].astype(bool)
    summed = each.groupby(CELL)[[*VALUES, "printed"]].sum().round(2).reset_index()
    series = figure.groupby(["receiver", "product"], as_index=False)["comparable"].all()
    cell = series.merge(sender_years(read, dataset), how="cross")
    asked = cell["receiver"].isin(destinations(read)) | cell["sender"].isin([*GROUPS, PRINTED])
    cell = cell[asked & (cell["sender"] != cell["receiver"])]
    cell = cell.merge(summed, on=CELL, how="left")
    known = cell["printed"].fillna(0) + cell["whole"] == cell["reporters"]
    cell[VALUES] = cell[VALUES].fillna(0).where(known)
    return with_printed(cell.drop(columns=["printed", "whole", "reporters"]))


def with_printed(cell: pd.DataFrame) -> pd.DataFrame:
    """The bloc's own figure in place of the sum of its members, where it is printed."""
    is_printed = cell["sender"] == PRINTED
    printed = cell.loc[is_printed, [*CELL, *VALUES]].assign(sender="E27")
    cell = cell[~is_printed].merge(printed, on=CELL, how="left", suffixes=("", "_printed"))
    for name in VALUES:
        cell[name] = cell[f"{name}_printed"].fillna(cell[name])
    cell["missing"] = cell["missing"].mask(cell["value_usd_printed"].notna())
    return cell.drop(columns=[f"{name}_printed" for name in VALUES])
