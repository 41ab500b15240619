"""mart.mirror_gap by plain pandas: both reports of every pair side by side, and the gap.

With X the exports (FOB) and F the imports brought to FOB: gap F - X, ratio over the mean of both,
discrepancy half of its size, log ratio ln(F / X). Low and high: the far ends of both reports.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.reports import PAIR, both_reports
from tests.benchmarks.plain.steps import (
    Read,
    beside,
    first_that,
    flagged,
    holds,
    is_in,
    silent,
    thresholds,
)


def mirror_gap(read: Read) -> pd.DataFrame:
    """One row a pair, product and year of which either side printed a figure."""
    pair = both_reports(read)
    pair["exports_status"] = report_status(read, pair, "exporter", "X", pair["exports_usd"])
    pair["imports_status"] = report_status(read, pair, "importer", "M", pair["imports_cif_usd"])
    other_goods = differ_in_goods(read, pair)
    measure(pair, pair["exports_usd"].mask(other_goods), thresholds(read)["floor_usd"])
    explain(read, pair, other_goods, thresholds(read)["floor_usd"])
    return beside_third_opinion(read, pair)


def report_status(
    read: Read, pair: pd.DataFrame, side: str, flow: str, value: pd.Series
) -> pd.Categorical:
    """A figure, or why there is none: only a whole dataset makes of an absent row a zero."""
    dataset = read("transformed.dataset")
    dataset = dataset[dataset["flow"] == flow].rename(columns={"reporter": side})
    known = beside(
        pair[[side, "year"]],
        dataset[[side, "year", "is_incomplete", "absence_is_zero"]],
        [side, "year"],
    )
    return first_that(
        (value.notna(), "value"),
        (holds(known["is_incomplete"]), "incomplete"),
        (holds(known["absence_is_zero"]) & ~is_silent(read, pair, side), "implied_zero"),
        otherwise="not_reported",
    )


def is_silent(read: Read, pair: pd.DataFrame, side: str) -> pd.Series:
    silence = silent(read, pair["year"].unique()).rename(columns={"reporter": side})
    return is_in(pair, silence, [side, "year"])


def differ_in_goods(read: Read, pair: pd.DataFrame) -> pd.Series:
    """Whether the sides use two revisions in which the code does not hold the same goods."""
    family = read("mart.product_family", ["classification", "product", "family", "comparable"])
    family = family[family["comparable"]].drop(columns="comparable")
    bridge = family.merge(family, on=["family", "product"]).rename(
        columns={"classification_x": "x_revision", "classification_y": "m_revision"}
    )
    both = pair["x_revision"].notna() & pair["m_revision"].notna()
    differs = both & (pair["x_revision"] != pair["m_revision"])
    asked = pair.loc[differs, ["product", "x_revision", "m_revision"]]
    differs[differs] = ~is_in(asked, bridge, ["product", "x_revision", "m_revision"])
    return differs


def measure(pair: pd.DataFrame, exports: pd.Series, floor: float) -> None:
    """Gap, ratio, discrepancy and log ratio, in place; nothing where a side is absent."""
    sent = {
        "low": pair["exports_low_usd"].where(exports.notna()),
        "": exports,
        "high": pair["exports_high_usd"].where(exports.notna()),
    }
    above = (pair["imports_fob_usd"] >= floor) & (exports >= floor)
    ratios = {}
    for end, other in (("low", "high"), ("", ""), ("high", "low")):
        received, x = pair[_of("imports_fob", end, "_usd")], sent[other]
        pair[_of("gap", end, "_usd")] = received - x
        mean = (received + x) / 2
        ratios[end] = pair[_of("gap_ratio", end)] = (received - x) / mean.where(mean != 0)
        quotient = (received / x).where(above & (received != 0) & (x != 0))
        pair[_of("log_ratio", end)] = np.log(quotient)
    sizes = ratios["low"].abs(), ratios["high"].abs()
    holds_zero = (ratios["low"] <= 0) & (ratios["high"] >= 0)
    pair["discrepancy_low"] = np.fmin(*sizes).mask(holds_zero, 0) / 2
    pair["discrepancy"] = ratios[""].abs() / 2
    pair["discrepancy_high"] = np.fmax(*sizes) / 2
    of_release = (pair["imports_cif_high_usd"] - pair["imports_cif_low_usd"]) + (
        sent["high"] - sent["low"]
    )
    of_margin = (pair["imports_fob_high_usd"] - pair["imports_fob_low_usd"]).where(exports.notna())
    width = (of_margin + sent["high"] - sent["low"]).round(2)
    pair["driver"] = first_that(
        (width == 0, "none"),
        (of_release.round(2) >= (width - of_release).round(2), "release_choice"),
        (width.notna(), "cif_margin"),
    )


def _of(name: str, end: str, unit: str = "") -> str:
    """Name of a column: gap, low, _usd is gap_low_usd."""
    return f"{name}{'_' if end else ''}{end}{unit}"


def explain(read: Read, pair: pd.DataFrame, other_goods: pd.Series, floor: float) -> None:
    """Status, reason and flags, in place."""
    fob, exports = pair["imports_fob_usd"], pair["exports_usd"]
    sent, received = pair["exports_status"], pair["imports_status"]
    incomplete = (sent == "incomplete") | (received == "incomplete")
    below = (fob + exports).notna() & (np.fmin(fob, exports) < floor)
    pair["status"] = first_that(
        ((sent == "value") & (received == "value"), "value"), otherwise="mirror_missing"
    )
    no_row = "whole dataset holds no such row"
    pair["reason"] = first_that(
        (incomplete, "no gap: a side's dataset is incomplete"),
        (sent == "not_reported", "no gap: the exporter did not report"),
        (received == "not_reported", "no gap: the importer did not report"),
        (sent == "implied_zero", f"no gap: the exporter's {no_row}"),
        (received == "implied_zero", f"no gap: the importer's {no_row}"),
        (
            other_goods,
            "no gap: two revisions, in which the code does not hold the same goods",
        ),
        (below, "no log ratio: one report is under 50,000 USD"),
    )
    own = flagged(
        (below, "BELOW_FLOOR"),
        ((sent == "implied_zero") | (received == "implied_zero"), "IMPLIED_ZERO"),
        (incomplete, "INCOMPLETE"),
        (other_goods, "NOMEN_BREAK"),
        (is_silent(read, pair, "exporter") | is_silent(read, pair, "importer"), "NOT_REPORTED"),
        (sent.astype(str) != received.astype(str), "SINGLE_REPORT"),
    )
    given = pair.pop("x_flags").fillna(0).astype(int) | pair.pop("m_flags").fillna(0).astype(int)
    pair["flags"] = own | given


def beside_third_opinion(read: Read, pair: pd.DataFrame) -> pd.DataFrame:
    """BACI's reconciled value of the newer of both revisions, on neither side of the gap."""
    sent, received = pair.pop("x_revision"), pair.pop("m_revision")
    newer = np.maximum(sent.cat.codes, received.cat.codes)
    pair["classification"] = pd.Categorical.from_codes(newer, dtype=sent.dtype)
    third = read("transformed.third_opinion").rename(
        columns={
            "value_usd": "third_opinion_usd",
            "release": "third_opinion_release",
            "flags": "third_opinion_flags",
        }
    )
    key = [*PAIR, "classification"]
    opinion = ["third_opinion_usd", "third_opinion_release", "third_opinion_flags"]
    pair = beside(pair, third[[*key, *opinion]], key)
    return pair.assign(third_opinion_flags=pair["third_opinion_flags"].fillna(0).astype(int))
