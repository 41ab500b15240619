"""mart.substitution by plain pandas: direct exports that stopped against what the hubs gained.

Direct loss = baseline of X(group, destination) less those exports; gain = X(hub, destination) less
its baseline; feedstock = what the group sent the hub beyond its own. Baseline: median of the base
years; the mean of 2019-2021 gives the other end. A gain is no proof of transit.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.senders import GROUPS, flows
from tests.benchmarks.plain.steps import (
    Read,
    first_that,
    flagged,
    members,
    thresholds,
    with_groups,
)

BEYOND = ["excess_low", "excess", "excess_high", "of_baseline", "of_release", "years", "is_missing"]


def substitution(read: Read) -> pd.DataFrame:
    """One row a later year, product, group that lost, and hub that may have gained."""
    threshold = thresholds(read)
    beyond = beyond_the_past(flows(read), threshold)
    table = side_by_side(read, beyond)
    return explain(read, table, threshold["substitution_floor_usd"])


def beyond_the_past(flow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """What goes beyond the baseline, over the choice of baseline and of release."""
    first, last = threshold["baseline_from"], threshold["baseline_to"]
    past = flow[flow["year"].between(first, last) & flow["comparable"]]
    key = ["sender", "receiver", "product"]
    before = past.groupby(key)["value_usd"].agg(usual="median", years="count")
    late = past[past["year"] >= threshold["baseline_mean_from"]]
    other = late.groupby(key)["value_usd"].mean().rename("other")
    table = with_groups(with_groups(flow[flow["year"] > last], before, key), other, key)
    usual, other = table["usual"], table["other"].fillna(table["usual"])
    return table.assign(
        excess_low=(table["low_usd"] - np.fmax(usual, other)).round(2),
        excess=(table["value_usd"] - usual).round(2),
        excess_high=(table["high_usd"] - np.fmin(usual, other)).round(2),
        years=table["years"].fillna(0),
        of_baseline=(usual - other).abs().round(6),
        of_release=(table["high_usd"] - table["low_usd"]).round(2),
        is_missing=table["value_usd"].isna(),
    )


def side_by_side(read: Read, beyond: pd.DataFrame) -> pd.DataFrame:
    """A group's loss, the hub's gain, and what the group sent the hub."""
    hub = read("reference.hub", ["hub", "destination"]).astype(str).assign(line="hub")
    china = hub.drop_duplicates("destination").assign(hub="CHINA", line="own_goods")
    direct = beyond[beyond["sender"].isin(GROUPS)].rename(
        columns={"sender": "exporter_group", "receiver": "destination"}
    )
    table = pd.concat([hub, china]).merge(direct, on="destination")
    gain = beyond[["sender", "receiver", "year", "product", *BEYOND]]
    gain = gain.rename(columns={"sender": "hub", "receiver": "destination"})
    key = ["hub", "destination", "year", "product"]
    table = table.merge(gain, on=key, how="left", suffixes=("", "_gain"))
    feed = beyond[["sender", "receiver", "year", "product", *BEYOND[:3]]]
    feed = feed.rename(columns={"sender": "exporter_group", "receiver": "hub"})
    key = ["exporter_group", "hub", "year", "product"]
    return table.merge(feed, on=key, how="left", suffixes=("", "_feed"))


def explain(read: Read, table: pd.DataFrame, floor: float) -> pd.DataFrame:
    """Loss, gain, feedstock and their shares with ranges, and what to know."""
    loss = [-table[f"excess{end}"] for end in ("_high", "", "_low")]
    gain = [table[f"excess{end}_gain"] for end in _ENDS]
    feed = [table[f"excess{end}_feed"] for end in _ENDS]
    limited = [np.minimum(g, f).clip(lower=0) for g, f in zip(gain, feed, strict=True)]
    above = (loss[0] >= floor) & gain[1].notna()
    figures = {}
    for name, values in zip(_NAMES, (loss, gain, feed, limited), strict=True):
        figures |= {f"{name}{end}_usd": value for end, value in zip(_ENDS, values, strict=True)}
    shares = {
        "offset_share_low": np.fmin(gain[0] / loss[0], gain[0] / loss[2]),
        "offset_share": gain[1] / loss[1],
        "offset_share_high": np.fmax(gain[2] / loss[0], gain[2] / loss[2]),
        "limited_share_low": limited[0] / loss[2],
        "limited_share": limited[1] / loss[1],
        "limited_share_high": limited[2] / loss[0],
    }
    figures |= {name: share.where(above) for name, share in shares.items()}
    table = table.assign(**figures)
    table["baseline_years"] = np.fmin(table["years"], table["years_gain"]).astype(int)
    return in_words(read, table, above)


def in_words(read: Read, table: pd.DataFrame, above: pd.Series) -> pd.DataFrame:
    """Driver, status, reason and flags."""
    of_baseline = table["of_baseline"] + table["of_baseline_gain"]
    of_release = table["of_release"] + table["of_release_gain"]
    known = table["excess"].notna() & table["excess_gain"].notna()
    comparable, no_group = table["comparable"], table["is_missing"]
    no_hub = ~table["is_missing_gain"].eq(False)
    other_goods = "the code is not known to hold the same goods before and after 2022"
    reason = first_that(
        (~comparable, f"no baseline: {other_goods}"),
        (no_group, "not all members reported"),
        (no_hub, "the hub did not report"),
        (~known, "no baseline: no base year was printed"),
        (~above, "the direct loss is under 1,000,000 USD, or there is none"),
    )
    reason = pd.Series(reason, table.index).astype(str)
    names = (": " + table["missing"].astype(str)).where(table["missing"].notna(), "")
    return table.assign(
        driver=first_that(
            (known & (of_baseline == 0) & (of_release == 0), "none"),
            (known & (of_baseline >= of_release), "baseline_choice"),
            (known, "release_choice"),
        ),
        status=first_that(
            (~comparable, "no_code"), (no_group | no_hub, "not_reported"), otherwise="value"
        ),
        reason=reason.where(~(comparable & no_group), reason + names),
        flags=flagged(
            (table["direct_loss_usd"] < 0, "NO_LOSS"),
            (no_group, "MEMBER_MISSING"),
            (~comparable, "NOMEN_BREAK"),
            (no_hub, "NOT_REPORTED"),
            (table["hub"].isin(members(read, "EAEU")["member"]), "SURVEY_SOURCE"),
        ),
    )


_ENDS = ("_low", "", "_high")
_NAMES = ("direct_loss", "indirect_gain", "feedstock", "limited_gain")
