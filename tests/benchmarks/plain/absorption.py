"""mart.absorption by plain pandas: what a hub imports from everyone less what it exports to all.

Imports CIF as reported. Low: imports brought to FOB at the widest margin from the lowest release,
exports at their highest; high the other way round.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import (
    FIGURES,
    Read,
    beside,
    first_that,
    flagged,
    flags_of,
    holds,
    hubs,
    named,
)

CELL = ["hub", "year", "classification", "product"]
VALUES = ["value_usd", "value_low_usd", "value_high_usd", "value_fob_low_usd"]


def absorption(read: Read) -> pd.DataFrame:
    """One row a hub, year and product that it printed on either side."""
    world = with_everyone(read)
    cell = world[CELL].drop_duplicates()
    return explain(side(read, cell, world, "M"), side(read, cell, world, "X"))


def with_everyone(read: Read) -> pd.DataFrame:
    """Trade with everyone by flow: the printed total, else the sum of the partners."""
    columns = ["reporter", "year", "classification", "product", "flow", "partner", "status"]
    own = pc.field("reporter").isin(hubs(read))
    table = read(FIGURES, [*columns, *VALUES, "flags"], own).rename(columns={"reporter": "hub"})
    country = named(read, "country", "world", "bloc", "area_nes")
    table = table[(table["status"] != "incomplete") & table["partner"].isin(country)]
    by = [*CELL, "flow"]
    total = table[table["partner"] == "W00"].set_index(by)[VALUES]
    parts = table.groupby(by)[VALUES].sum().round(2)
    world = total.reindex(parts.index)
    is_printed = world["value_usd"].notna()
    world = world.fillna(parts).assign(is_printed=is_printed)
    return world.join(flags_of(table, by)).reset_index()


def side(read: Read, cell: pd.DataFrame, world: pd.DataFrame, flow: str) -> pd.DataFrame:
    """One side of each cell; an absent row is a zero only in a whole dataset."""
    dataset = read("transformed.dataset").rename(columns={"reporter": "hub"})
    dataset = dataset[(dataset["flow"] == flow) & ~dataset["is_incomplete"].astype(bool)]
    table = beside(cell, dataset[["hub", "year", "absence_is_zero"]], ["hub", "year"])
    has_dataset, is_whole = table["absence_is_zero"].notna(), holds(table["absence_is_zero"])
    table = beside(table, world[world["flow"] == flow], CELL)
    known = has_dataset & (holds(table["is_printed"]) | is_whole)
    table[VALUES] = table[VALUES].fillna(0).where(known)
    table["is_summed"] = has_dataset & table["is_printed"].eq(False)
    return table.assign(flags=table["flags"].where(has_dataset).fillna(0).astype(int))


def explain(imports: pd.DataFrame, exports: pd.DataFrame) -> pd.DataFrame:
    """Imports less exports with the range, what drives it, and what to know."""
    m, x = imports["value_usd"], exports["value_usd"]
    m_low, m_high = imports["value_low_usd"], imports["value_high_usd"]
    x_low, x_high = exports["value_low_usd"], exports["value_high_usd"]
    low, high = imports["value_fob_low_usd"] - x_high, m_high - x_low
    of_release = (m_high - m_low + x_high - x_low).round(2)
    of_margin = (m_low - imports["value_fob_low_usd"]).round(2)
    known = (m - x).notna()
    return imports[CELL].assign(
        imports_usd=m,
        exports_usd=x,
        absorption_low_usd=low,
        absorption_usd=m - x,
        absorption_high_usd=high,
        driver=first_that(
            (known & (high.round(2) == low.round(2)), "none"),
            (known & (of_release >= of_margin), "release_choice"),
            (known, "cif_margin"),
        ),
        status=first_that((known, "value"), otherwise="not_reported"),
        reason=first_that(
            (m.isna(), "the hub's imports from everyone were not printed"),
            (x.isna(), "the hub's exports to everyone were not printed"),
            (m < x, "negative: made at home, sold from stock, or imports recorded too low"),
        ),
        flags=imports["flags"]
        | exports["flags"]
        | flagged((imports["is_summed"] | exports["is_summed"], "WORLD_SUMMED")),
    )
