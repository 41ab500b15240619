"""mart.lost_in_transit by plain pandas: exports recorded at origin, not recorded at the hub.

Lost = sum of X(exporter, hub) - sum of M(hub, exporter), over X; excess over the usual share of the
base years; at the margin what of the exports added since 2021 never arrived. Imports as reported
(CIF); the ends of the CIF band and of the releases are carried beside them.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.exporters import FIGURES, pairs, summed_by_group
from tests.benchmarks.plain.steps import (
    Read,
    beside,
    families,
    first_that,
    flagged,
    holds,
    members,
    thresholds,
    with_groups,
)


def lost_in_transit(read: Read) -> pd.DataFrame:
    """One row a year, product, hub and exporter, or group of exporters."""
    threshold = thresholds(read)
    flow = lost_share(of_the_same_goods(read, summed_by_group(read, pairs(read))))
    return explain(read, against_the_past(flow, threshold), threshold)


def of_the_same_goods(read: Read, flow: pd.DataFrame) -> pd.DataFrame:
    """The series a code belongs to, in the revision the importer reported in."""
    dataset = read("transformed.dataset", ["reporter", "year", "flow", "vintage"])
    received = dataset[dataset["flow"] == "M"].rename(columns={"reporter": "importer"})
    key = ["importer", "year"]
    flow = beside(flow, received[[*key, "vintage"]].astype({"vintage": str}), key)
    flow["classification"] = flow.pop("vintage").mask(flow["product"] == "TOTAL", "NA")
    family = families(read).astype({"classification": str, "family": str})
    flow = beside(flow, family, ["product", "classification"])
    return flow.assign(
        comparable=holds(flow["comparable"]),
        series=flow["family"].fillna(flow["product"].astype(str)),
    )


def lost_share(flow: pd.DataFrame) -> pd.DataFrame:
    """What is lost over what was sent: as reported, narrowest and widest."""
    for end, x, m in (("", "x", "m"), ("_low", "x_low", "m_high"), ("_high", "x_high", "m_low")):
        sent = flow[x]
        flow[f"lost{end}_usd"] = sent - flow[m]
        flow[f"lost_share{end}"] = flow[f"lost{end}_usd"] / sent.where(sent != 0)
    return flow


def against_the_past(flow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Lost beyond the usual share, and of what was added since the last base year."""
    first, last = threshold["baseline_from"], threshold["baseline_to"]
    past = flow[flow["year"].between(first, last) & flow["comparable"]]
    key = ["exporter_group", "importer", "series"]
    usual = past.groupby(key).agg(
        usual=("lost_share", "median"),
        usual_low=("lost_share_low", "median"),
        usual_high=("lost_share_high", "median"),
        baseline_years=("lost_share", "count"),
    )
    base = past[past["year"] == last].groupby(key)[FIGURES].max().add_prefix("base_")
    flow = with_groups(with_groups(flow, usual, key), base, key)
    flow["baseline_years"] = flow["baseline_years"].fillna(0).astype(int)
    excess = [
        flow[f"lost{end}_usd"] - flow[f"usual{end}"] * flow[f"x{end}"]
        for end in ("_low", "", "_high")
    ]
    flow["excess_lost_low_usd"] = np.fmin.reduce(excess)
    flow["excess_lost_usd"] = excess[1]
    flow["excess_lost_high_usd"] = np.fmax.reduce(excess)
    return at_the_margin(flow, flow["year"] > last)


def at_the_margin(flow: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    """(dX - dM) / dX since the last base year, where exports grew whatever release is read."""
    grew = later & (flow["x_low"] > flow["base_x_high"])
    added = (flow["x"] - flow["base_x"]).where(grew)
    least_sent, most_sent = flow["x_low"] - flow["base_x_high"], flow["x_high"] - flow["base_x_low"]
    arrived = [flow[name] - flow[f"base_{name}"] for name in ("m", "m_low", "m_high")]
    least, most = np.fmin.reduce(arrived), np.fmax.reduce(arrived)
    shares = {
        "_low": 1 - np.fmax(most / least_sent, most / most_sent),
        "": 1 - arrived[0] / added,
        "_high": 1 - np.fmin(least / least_sent, least / most_sent),
    }
    for end, share in shares.items():
        flow[f"marginal_lost_share{end}"] = share.where(added > 0)
    return flow.assign(lacks_base=later & flow["base_m"].isna(), did_not_grow=later & added.isna())


def explain(read: Read, flow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Driver, status, reason and flags; shares only where something was sent."""
    missing, m = flow["missing"], flow["m"]
    width = (flow["lost_high_usd"] - flow["lost_low_usd"]).round(2)
    of_release = flow["of_release"].round(2)
    known = flow["lost_usd"].notna()
    reason = first_that(
        (flow["is_incomplete"], "the importer's dataset is incomplete"),
        (m.isna(), "the importer printed no such figure"),
        (flow["x_low"] == 0, "no share: no exports were recorded"),
        (
            ~flow["comparable"],
            "no baseline: the code is not known to hold the same goods before and after 2022",
        ),
        (flow["baseline_years"] == 0, "no baseline: no base year has both reports"),
        (flow["lacks_base"], "no share at the margin: 2021 lacks a report"),
        (flow["did_not_grow"], "no share at the margin: exports did not grow since 2021"),
    )
    union = members(read, "EAEU")["member"]
    sent = flow["x_low"] > 0
    shares = {f"lost_share{end}": flow[f"lost_share{end}"].where(sent) for end in _ENDS}
    return flow.assign(
        **shares,
        exports_usd=flow["x"],
        imports_usd=m,
        baseline_share=flow["usual"],
        driver=first_that(
            (known & (width == 0), "none"),
            (known & (of_release >= (width - of_release).round(2)), "release_choice"),
            (known, "cif_margin"),
        ),
        status=first_that(
            (missing.notna(), "not_reported"), (m.isna(), "mirror_missing"), otherwise="value"
        ),
        reason=("not all members reported: " + missing).fillna(pd.Series(reason).astype(str)),
        flags=flagged(
            (missing.notna(), "MEMBER_MISSING"),
            ((flow["importer"] == "KAZ") & flow["exporter_group"].isin(union), "SURVEY_SOURCE"),
            (missing.isna() & m.isna(), "SINGLE_REPORT"),
            (flow["is_incomplete"], "INCOMPLETE"),
            (~flow["comparable"], "NOMEN_BREAK"),
        ),
    )


_ENDS = ("_low", "", "_high")
