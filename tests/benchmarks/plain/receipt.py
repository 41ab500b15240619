"""mart.receipt by plain pandas: what the destination receives, by product or list and by sender.

Its own report where it counts, else the sum of the senders'. Ranges: the CIF band and the senders'
sum over its coverage; or past spreads, senders that are silent, and what hubs do not show.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.receipt_sides import (
    BLOCK,
    ITEM,
    flows,
    growth,
    known,
    of_world,
    summed,
    unseen,
)
from tests.benchmarks.plain.steps import Read, first_that, flagged, holds, thresholds, with_groups


def receipt(read: Read) -> pd.DataFrame:
    """One row a destination, set of exporters, product or list, and year."""
    threshold = thresholds(read)
    flow = flows(read)
    table = known(read, summed(read, flow), of_world(read))
    table = beside_coverage(read, table).merge(
        growth(flow, threshold), on=["destination", "year"], how="left"
    )
    table = table.merge(unseen(read), on=ITEM, how="left")
    open_ends(table, threshold)
    bound(table)
    return explain(table, threshold)


def beside_coverage(read: Read, table: pd.DataFrame) -> pd.DataFrame:
    """Each item beside its coverage, and beside who of the set is silent."""
    coverage = read("mart.exporter_coverage").astype(dict.fromkeys([*BLOCK[:4]], str))
    table = table.merge(coverage, on=BLOCK, how="left")
    silent = read("mart.silent_exporter").astype({"destination": str, "exporter_group": str})
    silent = silent[~silent["is_bloc"].astype(bool)]
    key = ["destination", "exporter_group", "year"]
    by = silent.assign(is_unknown=~silent["is_past_known"].astype(bool)).groupby(key)
    counts = by.agg(silent=("exporter", "size"), of_unknown_past=("is_unknown", "sum"))
    return with_groups(table, counts, key)


def open_ends(table: pd.DataFrame, threshold: dict[str, float]) -> None:
    """What each side leaves open, in place."""
    reported, past, covered = table["reported"].notna(), table["past_usd"], table["covered_usd"]
    table["is_past_known"] = holds(table["has_world"]) | (table["of_unknown_past"].fillna(0) == 0)
    share = (covered / past.where(past != 0)).where(table["is_past_known"])
    spreads = threshold["range_spreads"] / threshold["z90"]
    for name, mirror, own in (("down", "narrow", "own_narrow"), ("up", "wide", "own_wide")):
        table[name] = np.sqrt(table[own].where(reported, table[mirror])) * spreads
    left = (past - covered.fillna(0)).clip(lower=0).fillna(0)
    table["not_reporting"] = left * table["fastest"].fillna(1)
    table["unseen"] = table["unseen"].fillna(0).where(table["exporter_group"] == "W00", 0)
    no_silent = table["silent"].isna().astype(float)
    table["is_covered"] = share.fillna(no_silent) >= threshold["coverage_floor"]
    table["share"] = share
    table["over_coverage"] = table["mirror"] / share.where(share != 0)
    table["scaled"] = table["over_coverage"].where(~reported | table["is_covered"])


def bound(table: pd.DataFrame) -> None:
    """Central value and both ends, in place; none of them where one is not known."""
    reported, fob, mirror = table["reported"].notna(), table["fob"], table["mirror"]
    can_tell = table["is_covered"] | (table["is_past_known"] & table["fastest"].notna())
    central = fob.where(reported, mirror.where(table["up"].notna() & can_tell))
    own_low = np.fmin.reduce([table["fob_low"], table["scaled"], fob - table["down"]])
    own_high = np.fmax.reduce([table["fob_high"], table["scaled"], fob + table["up"]])
    off = np.sqrt(table["up"] ** 2 + table["not_reporting"] ** 2 + table["unseen"] ** 2)
    low = (mirror - table["down"]).mask(reported, own_low)
    high = pd.Series(np.fmax(mirror + off, table["scaled"]), table.index).mask(reported, own_high)
    has_range = table["has_range"] = central.notna() & high.notna()
    table["received_low_usd"] = low.fillna(0).clip(lower=0).where(has_range)
    table["received_usd"] = central.where(has_range)
    table["received_high_usd"] = high.where(has_range)


def explain(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """What the figure is, what drives its range, and why there is none."""
    reported, mirror, share = table["reported"].notna(), table["mirror"], table["share"]
    fob, low, high, scaled = table["fob"], table["fob_low"], table["fob_high"], table["scaled"]
    up, is_known = table["up"], table["has_range"]
    return table.assign(
        basis=first_that((reported, "reported"), (mirror.notna(), "mirror")),
        reported_usd=table["reported"],
        mirror_usd=mirror,
        coverage=share,
        mirror_share_of_reported_low=mirror / high.where(high != 0),
        mirror_share_of_reported=mirror / fob.where(fob != 0),
        mirror_share_of_reported_high=mirror / low.where(low != 0),
        unseen_most_usd=table["unseen"].mask(reported),
        scenario_usd=table["over_coverage"].mask(reported),
        driver=first_that(
            (reported & ((scaled < low) | (scaled > high)), "reporter_choice"),
            (reported & (high - fob < up), "reporter_spread"),
            (reported, "cif_margin"),
            (is_known & (table["unseen"] > np.fmax(table["not_reporting"], up)), "unseen_route"),
            (is_known & (table["not_reporting"] > up), "coverage"),
            (is_known, "past_gap"),
        ),
        status=first_that(
            (fob.isna() & mirror.isna(), "not_reported"),
            (~is_known, "not_measurable"),
            otherwise="value",
        ),
        reason=reason(table, share < threshold["coverage_floor"]),
        flags=flagged(
            (~reported & ~table["is_covered"], "LOW_COVERAGE"),
            (~table["comparable"], "NOMEN_BREAK"),
            (~reported & table["is_silent"], "NOT_REPORTED"),
        ),
    )


def reason(table: pd.DataFrame, is_low: pd.Series) -> pd.Categorical:
    """Where the figure is from, or why it is NULL."""
    reported, mirror, share = table["reported"].notna(), table["mirror"], table["share"]
    no_range, covered = ~table["has_range"], table["is_covered"]
    own, senders = "as the destination reports it; the range ", "senders' reports"
    nothing, so = f"{senders}, summed in mirror_usd: ", "so there is no range"
    under = "they stood for under 90% of 2019-2021"
    return first_that(
        (reported & mirror.isna(), f"{own}is its CIF band, since no sender reports"),
        (reported & covered, f"{own}holds its CIF band and the senders' sum over its coverage"),
        (reported, f"{own}holds its CIF band, not the senders' sum: {under}"),
        (mirror.isna(), "neither the destination nor any sender reports"),
        (
            table["up"].isna(),
            f"{nothing}how far they are off is not known, {so}",
        ),
        (
            no_range & share.isna(),
            f"{nothing}nobody can tell how much of the imports they stand for, {so}",
        ),
        (
            no_range,
            f"{nothing}{under}, and too few report to tell how those that are silent fared, {so}",
        ),
        (share.isna() & covered, f"{senders}; every member reports"),
        (share.isna(), f"{senders}; nobody can tell how much of the imports they stand for"),
        (is_low, f"{senders}: {under}, a lower bound"),
        otherwise=senders,
    )
