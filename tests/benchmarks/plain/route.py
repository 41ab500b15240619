"""mart.route by plain pandas: by which route goods reached the destination.

direct: senders' exports under its name, less what hubs re-export. recorded: a hub's exports beyond
the usual. unrecorded: shipped to a hub and not shown by its imports, where the signal is strong.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.steps import Read, first_that, members, thresholds

ITEM = ["destination", "product_group", "product", "year"]
KEPT = [*ITEM, "route", "hub", "exporter_group", "from_year", "low", "usd", "high", "signal"]
KEPT += ["driver", "reason", "flags"]


def route(read: Read) -> pd.DataFrame:
    """One row a destination, route, hub, group, product or list, and year or run of years."""
    threshold = thresholds(read)
    onward = read_text(read, "mart.hub_onward")
    inflow = read_text(read, "mart.hub_inflow")
    hub = read("reference.hub", ["hub", "destination"]).astype(str)
    every = pd.concat(
        [
            direct(read, onward, threshold),
            recorded(onward),
            unrecorded(read, inflow.merge(hub, on="hub"), threshold),
        ],
        ignore_index=True,
    )
    known = every["reason"].isna()
    return every.assign(
        received_low_usd=every["low"].where(known),
        received_usd=every["usd"].where(known),
        received_high_usd=every["high"].where(known),
        driver=every["driver"].where(known),
        status=first_that((known, "value"), otherwise="not_measurable"),
    )


def read_text(read: Read, name: str) -> pd.DataFrame:
    """A mart with its money in cents and its text as text, since it is laid beside others."""
    table = read(name)
    money = [column for column in table if column.endswith("_usd")]
    table[money] = table[money].round(2)
    return table.astype(dict.fromkeys(table.select_dtypes("category"), str))


def passed_on(read: Read, onward: pd.DataFrame) -> pd.DataFrame:
    """What hubs sent on that was not their own goods, with squares of the ranges."""
    hubs = onward[~onward["hub"].isin(members(read, "CHINA")["member"])]
    central = hubs["beyond_usd"]
    sums = {
        "beyond": central,
        "narrow": (central - hubs["beyond_low_usd"]).round(2) ** 2,
        "wide": (hubs["beyond_high_usd"] - central).round(2) ** 2,
    }
    by = hubs[ITEM].assign(**sums, unknown=central.isna()).groupby(ITEM)
    return by[list(sums)].sum(min_count=1).join(by["unknown"].sum()).reset_index()


def direct(read: Read, onward: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """The senders' sum, from everyone less what hubs passed on; the unseen is no part of it."""
    table = read_text(read, "mart.receipt")
    groups = ["W00", "E27", "COALITION", "CHINA"]
    asked = (table["basis"] == "mirror") & (table["year"] > threshold["baseline_to"])
    table = table[asked & table["exporter_group"].isin(groups)]
    table = table.merge(passed_on(read, onward), on=ITEM, how="left")
    everyone = table["exporter_group"] == "W00"
    beyond, narrow, wide = (
        table[name].fillna(0).where(everyone, 0) for name in ("beyond", "narrow", "wide")
    )
    central = table["received_usd"] - beyond
    own_down = table["received_usd"] - table["received_low_usd"]
    own_up = table["received_high_usd"] - table["received_usd"]
    seen = (own_up**2 - table["unseen_most_usd"] ** 2).fillna(0).clip(lower=0)
    unclear = everyone & ~(table["unknown"] == 0)
    what = pd.Series("what hubs passed on cannot be told from their own goods", table.index)
    return table.assign(
        route="direct",
        hub="*",
        from_year=table["year"],
        low=(central - np.sqrt(own_down**2 + wide)).fillna(0).clip(lower=0),
        usd=central.fillna(0).clip(lower=0),
        high=(central + np.sqrt(seen + narrow)).fillna(0).clip(lower=0),
        signal=np.nan,
        driver=table["driver"].replace("unseen_route", "past_gap"),
        reason=table["reason"].where(table["received_usd"].isna(), what.where(unclear)),
    )[KEPT]


def recorded(onward: pd.DataFrame) -> pd.DataFrame:
    names = {"beyond_low_usd": "low", "beyond_usd": "usd", "beyond_high_usd": "high"}
    table = onward.rename(columns=names).assign(route="recorded", exporter_group="W00")
    return table.assign(from_year=table["year"], signal=np.nan)[KEPT]


def unrecorded(read: Read, inflow: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """What the hub's imports do not show, and why it is no figure where it is none."""
    key = ["hub", "exporter_group", "from_year", "year"]
    civilian = inflow.loc[inflow["product_group"] == "civilian", [*key, "signal"]]
    civilian = civilian.rename(columns={"signal": "of_civilian"}).drop_duplicates()
    table = inflow[inflow["product_group"] != "civilian"].merge(civilian, on=key, how="left")
    off = table["of_civilian"].abs()
    cells = table["effective_cells"].fillna(0)
    noise = "the noise of {} is as large as what is looked for".format
    why_not = first_that(
        (
            table["exporter_group"] != "COALITION",
            "of China's shipments a large part was missing from hubs' records before 2022 too: "
            "what is missing now cannot be told from it",
        ),
        (table["product_group"] == "*", f"a single product: {noise('its cells')}"),
        (table["reason"].notna(), "of its own"),
        (
            ~(off < threshold["placebo_signal"]),
            "civilian goods of the hub and year are off their past too",
        ),
        (cells < threshold["block_cells"], f"a handful of cells: {noise('each')}"),
        (
            ~(table["signal"] >= threshold["signal_floor"]),
            "too weak: within what reports scatter by",
        ),
    )
    why_not = pd.Series(why_not, table.index).astype(str)
    names = {"missing_low_usd": "low", "missing_usd": "usd", "missing_high_usd": "high"}
    table["reason"] = why_not.where(why_not != "of its own", table["reason"])
    return table.rename(columns=names).assign(route="unrecorded")[KEPT]
