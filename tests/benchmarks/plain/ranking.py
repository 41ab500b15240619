"""The order of mart.screening: by score, and how many civilian goods scored as high."""

import pandas as pd

from tests.benchmarks.plain.steps import with_groups

YEAR = ["hub", "destination", "year"]


def ranked(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Place of each product among those of its hub and year, and whether it stands out.

    It does where at most 5% of the other civilian goods scored as high.
    """
    order = [*YEAR, "score", "product"]
    table = table.sort_values(order, ascending=[True] * 3 + [False, True], ignore_index=True)
    table["place"] = table.groupby(YEAR).cumcount() + 1
    counts = (table["is_placebo"] & table["score"].notna()).astype(int)
    own, by = counts, [table[name] for name in YEAR]
    others = counts.groupby(by).transform("sum") - own
    so_far = counts.groupby(by).cumsum()
    as_high = so_far.groupby([*by, table["score"]], dropna=False).transform("max") - own
    enough = others >= threshold["control_floor"]
    rare = 1 + as_high <= threshold["placebo_share"] * (1 + others)
    table["stands_out"] = enough & rare
    placebo = table[table["is_placebo"]].groupby(YEAR)["missing"]
    high = placebo.quantile(0.95)[placebo.count() >= threshold["control_floor"]]
    return with_groups(table, high.rename("missing_high"), YEAR)
