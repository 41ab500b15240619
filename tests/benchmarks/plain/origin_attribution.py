"""mart.origin_attribution by plain pandas: whose goods a hub can have sent on, by assumption.

Ceiling of mart.pass_through times the share of a group of origin in the hub's imports from outside
the customs union; what no partner is named for is of others, or all of the group.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.steps import Read, first_that, thresholds

CELL = ["hub", "year", "classification", "product"]
CEILING = ["ceiling_low_usd", "ceiling_usd", "ceiling_high_usd"]


def origin_attribution(read: Read) -> pd.DataFrame:
    """One row a hub, destination, later year, product and group of origin."""
    passed = read(
        "mart.pass_through", [*CELL, "destination", *CEILING, "driver", "reason", "flags"]
    )
    passed = passed[passed["year"] > thresholds(read)["baseline_to"]]
    text = ["hub", "classification", "product"]
    passed = passed.astype(dict.fromkeys([*text, "driver", "reason"], str))
    return explain(passed.merge(shares(read).astype(dict.fromkeys(text, str)), on=CELL))


def shares(read: Read) -> pd.DataFrame:
    """Each group's share of the imports from outside the union, with its range."""
    table = read("mart.import_origin", [*CELL, "origin_group", "value_usd", "value_high_usd"])
    outside = ~table["origin_group"].isin(["EAEU", "RESIDUAL", "AREAS_NES"])
    table = table[outside].assign(off=table["value_high_usd"] - table["value_usd"])
    cell = table.groupby(CELL)
    value, named = table["value_usd"], cell["value_usd"].transform("sum").round(2)
    unnamed = cell["off"].transform("max").round(2)
    every = (named + unnamed).where(named + unnamed != 0)
    share = value / named.where(named != 0)
    return table[[*CELL, "origin_group"]].assign(
        of_low=value / every, share=share, of_high=(value + unnamed) / every, unnamed=unnamed
    )


def explain(table: pd.DataFrame) -> pd.DataFrame:
    """The part of the ceiling, what drives its range, and that it rests on an assumption."""
    share, least, most = table["share"], table["of_low"], table["of_high"]
    low, high = np.fmin(least, share), np.fmax(most, share)
    ceilings = [table[name].round(2) for name in CEILING]
    known = ceilings[1].notna() & share.notna()
    of_ceiling = (ceilings[2] - ceilings[0]).round(2)
    drivers = pd.Series(
        first_that(
            ((table["unnamed"] == 0) & (of_ceiling == 0), "none"),
            ((most - least) * ceilings[1] >= of_ceiling * share, "residual"),
        ),
        table.index,
    )
    unknown = table["reason"].fillna("no ceiling: exports or imports are not known")
    reason = pd.Series(
        first_that(
            (share.isna(), "no imports from outside the customs union"),
            otherwise="assumption: goods go on in the proportions they are imported in",
        ),
        table.index,
    )
    return table.assign(
        share_low=low,
        share_high=high,
        attributed_low_usd=ceilings[0] * low,
        attributed_usd=ceilings[1] * share,
        attributed_high_usd=ceilings[2] * high,
        driver=drivers.astype(str).fillna(table["driver"]).where(known),
        status=first_that((known, "value"), otherwise="not_measurable"),
        reason=reason.astype(str).where(ceilings[1].notna(), unknown),
    )
