"""mart.listed_corridor by plain pandas: a list of products as one, against its own past.

Sums over the six-digit codes of mart.pass_through; baseline, excess, ceiling and growth of those
that hold the same goods before and after 2022.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.steps import Read, first_that, flagged, joined, thresholds

CELL = ["hub", "destination", "year", "product_list"]
ENDS = ("_low", "", "_high")
CODE = ["classification", "product"]
SUMMED = [f"{name}{end}_usd" for name in ("exports", "imports") for end in ENDS]
OVER = [f"excess_{side}{end}_usd" for side in ("exports", "imports") for end in ENDS]
CEILING = [f"ceiling{end}_usd" for end in ENDS]


def listed_corridor(read: Read) -> pd.DataFrame:
    """One row a hub, destination, year, and list, tier or version of a list."""
    threshold = thresholds(read)
    table = summed(read)
    base = table.loc[table["year"] == threshold["baseline_to"], [*_LIST, *_SAME]]
    names = {name: f"past{name.removeprefix('same')}" for name in _SAME}
    table = table.merge(base.rename(columns=names), on=_LIST, how="left")
    later = table["year"] > threshold["baseline_to"]
    growth(table, later & (table["past"] >= threshold["growth_floor_usd"]))
    least = table["excess_imports_low_usd"]
    at_the_margin(table, later & (least >= threshold["pass_through_floor_usd"]))
    return explain(table, later)


def summed(read: Read) -> pd.DataFrame:
    """Sums over the codes of a list, and over those that have a past to be compared with."""
    listed = read("mart.listed_code", ["product_list", *CODE, "comparable"])
    money = [*SUMMED, *OVER, *CEILING, "baseline_exports_usd"]
    code = read("mart.pass_through", ["hub", "destination", "year", *CODE, *money])
    text = ["hub", "destination", *CODE, "product_list"]
    code = code.astype({name: str for name in text if name in code})
    code = code.merge(listed.astype({name: str for name in text if name in listed}), on=CODE)
    code[money] = code[money].round(2)
    comparable = code["comparable"].astype(bool)
    has_past = comparable & code["excess_exports_usd"].notna()
    for end in ENDS:
        code[f"same{end}"] = code[f"exports{end}_usd"].where(has_past)
    code["baseline_exports_usd"] = code["baseline_exports_usd"].where(comparable)
    code["exports_without_past_usd"] = code["exports_usd"].mask(has_past)
    by = code.groupby(CELL)
    table = by[[*money, *_SAME, "exports_without_past_usd"]].sum(min_count=1).round(2)
    table["exports_without_past_usd"] = table["exports_without_past_usd"].fillna(0)
    table["codes"] = by.size()
    table["codes_compared"] = has_past.groupby([code[name] for name in CELL]).sum()
    return table.reset_index()


def growth(table: pd.DataFrame, counts: pd.Series) -> None:
    """Exports of the codes with a past over those of the last base year, in place."""
    for end, value, base in (
        ("_low", "same_low", "past_high"),
        ("", "same", "past"),
        ("_high", "same_high", "past_low"),
    ):
        past = table[base].where(table[base] != 0)
        table[f"growth{end}"] = (table[value] / past).where(counts)
    table["growth_holds"] = counts


def at_the_margin(table: pd.DataFrame, counts: pd.Series) -> None:
    """Added exports over added imports, in place."""
    low, over, high = (table[f"excess_exports{end}_usd"] for end in ENDS)
    least, added, most = (table[f"excess_imports{end}_usd"] for end in ENDS)
    ratios = np.fmin(low / least, low / most), over / added, np.fmax(high / least, high / most)
    for end, ratio in zip(ENDS, ratios, strict=True):
        table[f"marginal_pass_through{end}"] = ratio.where(counts)
    table["margin_holds"] = counts


def explain(table: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    """Driver, status, reason and flags."""
    known = table["exports_usd"].notna() | table["imports_usd"].notna()
    over = table["excess_exports_usd"]
    of_sums = (table["exports_high_usd"] - table["exports_low_usd"]).round(2)
    of_imports = (table["imports_high_usd"] - table["imports_low_usd"]).round(2)
    of_over = (table["excess_exports_high_usd"] - table["excess_exports_low_usd"]).round(2)
    of_in = (table["excess_imports_high_usd"] - table["excess_imports_low_usd"]).round(2)
    codes, compared = table["codes"], table["codes_compared"]
    without = (codes - compared).astype(str) + " of " + codes.astype(str)
    return table.assign(
        driver=first_that(
            (known & over.isna() & ((of_sums > 0) | (of_imports > 0)), "release_choice"),
            (known & over.isna(), "none"),
            (known & (of_over == 0) & (of_in == 0) & (of_sums == 0), "none"),
            (known & (of_sums > (of_over - of_sums).round(2)), "release_choice"),
            (known, "baseline_choice"),
        ),
        status=first_that((known, "value"), otherwise="not_reported"),
        reason=joined(
            (compared == 0, "no baseline: no code of the list has a comparable past"),
            ((compared < codes) & (compared > 0), without + " codes are in no comparison"),
            (later & ~table["growth_holds"], "growth from near zero, or 2021 not printed"),
            (
                later & ~table["margin_holds"],
                "no pass-through at the margin: imports did not grow beyond the guard",
            ),
        ),
        flags=flagged((compared < codes, "NOMEN_BREAK")),
    )


_LIST = ["hub", "destination", "product_list"]
_SAME = [f"same{end}" for end in ENDS]
