"""mart.reconciled_flow by plain pandas: one value for each flow from its two reports, or one.

Both: weights are the other report's variance over the sum, the range 1.645 spreads of the mean and
up to both reports where they stand apart. One: as reported, with what the pair showed before.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.steps import (
    Read,
    beside,
    chapter,
    first_that,
    flagged,
    thresholds,
)

KEPT = [
    "year",
    "product",
    "exporter",
    "importer",
    "exports_usd",
    "exports_low_usd",
    "exports_high_usd",
    "imports_cif_usd",
    "imports_fob_low_usd",
    "imports_fob_usd",
    "imports_fob_high_usd",
    "exports_status",
    "imports_status",
    "flags",
]


def reconciled_flow(read: Read) -> pd.DataFrame:
    """One row a pair, product and year of which either side printed a figure."""
    flow = read("mart.mirror_gap", KEPT)
    flow["chapter"] = chapter(flow["product"])
    flow = beside(flow, read("mart.past_gap"), ["exporter", "importer", "chapter"])
    flow["one_is_zero"] = (flow.pop("exports_status") == "implied_zero") | (
        flow.pop("imports_status") == "implied_zero"
    )
    value(flow, thresholds(read))
    bound(flow, thresholds(read))
    explain(flow, thresholds(read))
    return flow


def value(flow: pd.DataFrame, threshold: dict[str, float]) -> None:
    """The weighted mean of both reports, the one where there is one; in place."""
    x, m = flow["exports_usd"], flow["imports_fob_usd"]
    of_x, of_m = flow["exporter_spread"] ** 2, flow["importer_spread"] ** 2
    prior = (of_x + of_m).where(of_x + of_m != 0)
    both = x.notna() & m.notna()
    weight = flow["weight_of_exports"] = (of_m / prior).where(both)
    flow["central"] = (weight * x + (1 - weight) * m).fillna(x).fillna(m)
    flow["has_both"] = both
    flow["spread_of_both"] = flow["exporter_spread"] * flow["importer_spread"] / np.sqrt(prior)
    apart = np.log((m / x).where((m != 0) & (x != 0))).abs()
    flow["is_apart"] = apart > threshold["z90"] * np.sqrt(prior)


def bound(flow: pd.DataFrame, threshold: dict[str, float]) -> None:
    """Low and high ends, in place; without a known spread there is no range, and no value."""
    z90, central, both = threshold["z90"], flow.pop("central"), flow["has_both"]
    x, m, weight = flow["exports_usd"], flow["imports_fob_usd"], flow["weight_of_exports"]
    spread, past = flow.pop("spread_of_both"), flow["past_spread"]
    shift = flow["past_mean"].where(x.notna(), -flow["past_mean"])
    one_low = (central * np.exp((shift - z90 * past).clip(upper=0))).mask(flow["one_is_zero"], 0)
    one_high = central * np.exp((shift + z90 * past).clip(lower=0))
    least, most = np.fmin(x, m), np.fmax(x, m)
    lows = [
        central * np.exp(-z90 * spread),
        least.where(flow["is_apart"]),
        weight * flow["exports_low_usd"] + (1 - weight) * flow["imports_fob_low_usd"],
    ]
    highs = [
        central * np.exp(z90 * spread),
        most.where(flow["is_apart"]),
        weight * flow["exports_high_usd"] + (1 - weight) * flow["imports_fob_high_usd"],
    ]
    low = np.fmin.reduce(lows)
    high = np.fmax.reduce(highs)
    flow["reconciled_low_usd"] = one_low.where(past.notna()).mask(both, low)
    flow["reconciled_high_usd"] = one_high.where(past.notna()).mask(both, high)
    flow["reconciled_usd"] = central.where(flow["reconciled_low_usd"].notna())


def explain(flow: pd.DataFrame, threshold: dict[str, float]) -> None:
    """Basis, driver, status, reason and flags, in place."""
    both, apart, low = flow["has_both"], flow["is_apart"], flow["reconciled_low_usd"]
    flow["basis"] = first_that(
        (both, "both"), (flow["exports_usd"].notna(), "exports"), otherwise="imports"
    )
    flow["driver"] = first_that(
        (low == flow["reconciled_high_usd"], "none"),
        (low.notna() & ~both, "past_gap"),
        (low.notna() & apart, "reporter_choice"),
        (low.notna(), "reporter_spread"),
    )
    flow["status"] = first_that((both, "value"), otherwise="single_report")
    single = "single report: "
    no_row = "the other side's whole dataset holds no such row, so the range begins at 0"
    flow["reason"] = first_that(
        (
            both & apart,
            "the reports stand further apart than their spreads explain: the range holds both",
        ),
        (
            both & flow["weight_of_exports"].isna(),
            "no spread of either reporter is known",
        ),
        (both, "both reports, each by what the other side's spread is worth"),
        (flow["one_is_zero"], single + no_row),
        (
            flow["past_spread"].isna(),
            "single report, and no spread of either reporter is known: no range",
        ),
        otherwise=single
        + "the range is what this pair showed in 2017-2021, a lower bound on the uncertainty",
    )
    few = flow["past_cells"] < threshold["shrink_cells"]
    flow["flags"] |= flagged((~both & few, "FEW_CELLS"))
