"""mart.pass_through by plain pandas: how much of what a hub imports goes on to the destination.

Level X(hub, destination) / M(hub, all others); excess over the median of the base years, with the
mean of 2019-2021 as the other reading; growth since 2021; added exports over added imports; the
ceiling is the lesser of both excesses, at least 0.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.hub_series import figures, with_past
from tests.benchmarks.plain.steps import Read, first_that, flagged, holds, joined, thresholds

_ENDS = ("_low", "", "_high")


def pass_through(read: Read) -> pd.DataFrame:
    """One row a hub, destination, year and product that the hub ever printed."""
    threshold = thresholds(read)
    table = with_past(figures(read), threshold)
    later = table["year"] > threshold["baseline_to"]
    excess(table)
    level(table)
    at_the_margin(table, later, threshold)
    growth(table, later, threshold)
    return explain(table, later, threshold)


def excess(table: pd.DataFrame) -> None:
    """What goes beyond both readings of the past, and the ceiling, in place."""
    for side, least, value, most in (
        ("exports", table["exports_least"], table["exports_usd"], table["exports_most"]),
        (
            "imports",
            table["imports_known"] * table["down"].fillna(1),
            table["imports_known"],
            table["imports_known"] * table["up"].fillna(1),
        ),
    ):
        usual, other = table[f"{side}_median"], table[f"{side}_other"]
        table[f"excess_{side}_low_usd"] = least - np.fmax(usual, other)
        table[f"excess_{side}_usd"] = value - usual
        table[f"excess_{side}_high_usd"] = most - np.fmin(usual, other)
        table[f"{side}_low_usd"], table[f"{side}_high_usd"] = least, most
    table["imports_usd"] = table["imports_known"]
    for end in _ENDS:
        lesser = np.minimum(table[f"excess_exports{end}_usd"], table[f"excess_imports{end}_usd"])
        table[f"ceiling{end}_usd"] = lesser.clip(lower=0)


def level(table: pd.DataFrame) -> None:
    """The ends of pass_through: releases and roundings of either side, in place."""
    value, exports = table["pass_through"], _not_0(table["hub_exports_usd"])
    table["pass_through_low"] = value * (table["sent_low"] / exports / table["up"])
    table["pass_through_high"] = value * (table["sent_high"] / exports / _not_0(table["down"]))


def at_the_margin(table: pd.DataFrame, later: pd.Series, threshold: dict[str, float]) -> None:
    """Added exports over added imports, where those are more than the past scatters; in place."""
    low, middle, high = (table[f"excess_exports{end}_usd"] for end in _ENDS)
    least, added, most = (_not_0(table[f"excess_imports{end}_usd"]) for end in _ENDS)
    enough = table["excess_imports_low_usd"] >= threshold["pass_through_floor_usd"]
    scatter = threshold["mad_factor"] * table["imports_mad"]
    table["margin_holds"] = later & enough & (table["excess_imports_low_usd"] > scatter)
    ratio = middle / added
    for end, value in (
        ("_low", np.fmin.reduce([low / least, low / most, ratio])),
        ("", ratio),
        ("_high", np.fmax.reduce([high / most, high / least, ratio])),
    ):
        table[f"marginal_pass_through{end}"] = pd.Series(value).where(table["margin_holds"])


def growth(table: pd.DataFrame, later: pd.Series, threshold: dict[str, float]) -> None:
    """Growth since the last base year, smoothed, and the log excess over the baseline; in place."""
    counts = later & (table["growth_base"] >= threshold["growth_floor_usd"])
    counts &= table["status"] == "value"
    added = threshold["smoothing_usd"]
    usual, other = table["exports_median"], table["exports_other"]
    for end, printed, value, base, past in (
        ("_low", "sent_low", "exports_least", "growth_base_high", np.fmax(usual, other)),
        ("", "exports_usd", "exports_usd", "growth_base", usual),
        ("_high", "sent_high", "exports_most", "growth_base_low", np.fmin(usual, other)),
    ):
        table[f"growth{end}"] = (table[printed] / _not_0(table[base])).where(counts)
        smoothed = table[value] + added
        table[f"growth_smoothed{end}"] = (smoothed / (table[base] + added)).where(later)
        table[f"log_excess{end}"] = np.log(smoothed / (past + added)).where(later)


def _not_0(column: pd.Series) -> pd.Series:
    return column.where(column != 0)


def explain(table: pd.DataFrame, later: pd.Series, threshold: dict[str, float]) -> pd.DataFrame:
    """Baselines, driver, reason and flags."""
    of_baseline = sum(
        (table[f"{side}_median"] - table[f"{side}_other"]).abs().fillna(0)
        for side in ("exports", "imports")
    ).round(6)
    of_imports = table["imports_known"] * (table["up"] - table["down"])
    of_release = (table["exports_most"] - table["exports_least"]).fillna(0) + of_imports.fillna(0)
    of_release = of_release.round(6)
    known = table["exports_usd"].notna() | table["imports_known"].notna()
    comparable, no_code = table["comparable"], table["status"] == "no_code"
    return table.assign(
        exports_low_usd=table["exports_least"],
        exports_high_usd=table["exports_most"],
        baseline_exports_usd=table["exports_median"],
        baseline_imports_usd=table["imports_median"],
        baseline_exports_mean_usd=table["exports_mean"],
        baseline_imports_mean_usd=table["imports_mean"],
        driver=first_that(
            (known & (of_baseline == 0) & (of_release == 0), "none"),
            (known & (of_baseline >= of_release), "baseline_choice"),
            (known & holds(table["is_quoted"]), "rounding"),
            (known, "release_choice"),
        ),
        reason=reason(table, later, threshold),
        flags=table["flags"]
        | flagged(
            (no_code | ~comparable, "NOMEN_BREAK"),
            (table["status"] == "implied_zero", "IMPLIED_ZERO"),
            (holds(table["includes_union"]), "WORLD_INCLUDES_UNION"),
        ),
    )


def reason(table: pd.DataFrame, later: pd.Series, threshold: dict[str, float]) -> pd.Series:
    """Why a figure is NULL; several reasons where a code has a past."""
    several = joined(
        (
            table["pass_through"].isna(),
            "no level: imports from elsewhere are under 500,000 USD or not known",
        ),
        (
            later & (table["growth_base"] < threshold["growth_floor_usd"]),
            "growth from near zero: the base year is under 100,000 USD",
        ),
        (later & table["growth_base"].isna(), "no growth: 2021 was not printed"),
        (
            later & ~table["margin_holds"],
            "no pass-through at the margin: imports did not grow beyond the guard",
        ),
    )
    before = first_that(
        (table["status"] == "no_code", "no code before HS2022"),
        (
            ~table["comparable"],
            "no baseline: the code is not known to hold the same goods before and after 2022",
        ),
        (table["baseline_years"].fillna(0) == 0, "no baseline: no base year was printed"),
    )
    return pd.Series(before, table.index).astype(str).fillna(several)
