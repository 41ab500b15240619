"""mart.unit_value_ratio by plain pandas: whether a hub sends on what it buys.

Value per kg of the exports to the destination over that of the imports from all others, brought to
FOB; only codes of six digits, and weights that are known and not estimated.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import BIT, FIGURES, Read, first_that, hubs, named

CELL = ["hub", "destination", "year", "classification", "product"]
VALUES = ["value_usd", "value_low_usd", "value_high_usd"]
FOB = {"value_fob_low_usd": "low_usd", "value_fob_usd": "fob_usd", "value_fob_high_usd": "high_usd"}


def unit_value_ratio(read: Read) -> pd.DataFrame:
    """One row a code that a hub sent to its destination."""
    figures = of_hubs(read)
    is_sent = (figures["flow"] == "X") & (figures["partner"] == figures["destination"])
    sent = figures.loc[is_sent, [*CELL, *VALUES, "kg"]].rename(columns={"kg": "x_kg"})
    return explain(sent.merge(imported(read, figures), on=CELL, how="left"))


def of_hubs(read: Read) -> pd.DataFrame:
    """Figures of the hubs in codes of six digits; kg where it is known and not estimated."""
    key = ["reporter", "partner", "flow", "year", "classification", "product", "status", "flags"]
    rows = pc.field("reporter").isin(hubs(read)) & (pc.utf8_length(pc.field("product")) == 6)
    figures = read(FIGURES, [*key, "net_weight_kg", *VALUES, *FOB], rows)
    figures = figures[figures["status"] != "incomplete"].astype({"reporter": str, "partner": str})
    hub = read("reference.hub", ["hub", "destination"]).astype(str)
    figures = figures.merge(hub, left_on="reporter", right_on="hub")
    estimated = figures["flags"] & BIT["QTY_EST"] != 0
    weighed = (figures["net_weight_kg"] > 0) & (figures["value_usd"] > 0) & ~estimated
    return figures.assign(kg=figures["net_weight_kg"].where(weighed))


def imported(read: Read, figures: pd.DataFrame) -> pd.DataFrame:
    """The imports from all others: all of them, and those whose weight is known."""
    others = figures["partner"] != figures["destination"]
    country = figures["partner"].isin(named(read, "country", "bloc"))
    own = figures[(figures["flow"] == "M") & others & country].rename(columns=FOB)
    of_weight = own[["value_usd", *FOB.values()]].where(own["kg"].notna())
    own = own[[*CELL, "kg"]].assign(
        all_usd=own["value_usd"], **of_weight.rename(columns={"value_usd": "weighed_usd"})
    )
    return own.groupby(CELL).sum(min_count=1).reset_index().assign(has_imports=True)


def explain(table: pd.DataFrame) -> pd.DataFrame:
    """Both unit values, their ratio with its range, and why there is none."""
    x_low, x, x_high = (table[f"value_{end}usd"] / table["x_kg"] for end in ("low_", "", "high_"))
    m_low, m, m_high = (table[f"{end}_usd"] / table["kg"] for end in ("low", "fob", "high"))
    ratio = x / m.where(m != 0)
    known = ratio.notna()
    return table[CELL].assign(
        exports_usd_per_kg=x,
        imports_usd_per_kg=m,
        weighed_share=table["weighed_usd"] / table["all_usd"].where(table["all_usd"] != 0),
        unit_value_ratio_low=x_low / m_high.where(m_high != 0),
        unit_value_ratio=ratio,
        unit_value_ratio_high=x_high / m_low.where(m_low != 0),
        driver=first_that(
            (known & (m_low == m_high) & (x_low == x_high), "none"),
            (known & ((x_high - x_low) * m >= (m_high - m_low) * x), "release_choice"),
            (known, "cif_margin"),
        ),
        status=first_that((known, "value"), otherwise="not_measurable"),
        reason=first_that(
            (table["x_kg"].isna(), "the weight of the exports is not known, or estimated"),
            (table["has_imports"].isna(), "the hub shows no imports of the code from others"),
            (table["kg"].isna(), "the weight of the imports is not known, or estimated"),
        ),
        flags=0,
    )
