"""mart.extensive_margin by plain pandas: how many products of a list an exporter sends at all.

Codes of six digits with at least 10,000 USD in the year. An absent row is a zero only in a whole
dataset; a code that the year's revision does not have is unknown, none or all of it.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import (
    FIGURES,
    Read,
    beside,
    families,
    first_that,
    flagged,
    holds,
    thresholds,
)

LIST = ["product_group", "list_version", "tier"]
PAIR = ["exporter", "destination", "year"]
ENDS = {"_low": "value_fob_low_usd", "": "value_usd", "_high": "value_fob_high_usd"}


def extensive_margin(read: Read) -> pd.DataFrame:
    """One row an exporter with a whole dataset, destination, year, list and tier of it."""
    threshold = thresholds(read)
    counted = count(read, threshold["extensive_floor_usd"])
    base = counted[counted["year"] == threshold["baseline_to"]]
    same = {f"same{end}": f"base{end}" for end in ENDS}
    key = ["exporter", "destination", *LIST]
    base = base[[*key, *same]].rename(columns=same)
    return explain(counted.merge(base, on=key, how="left"))


def listed(read: Read) -> pd.DataFrame:
    """Codes of each list and tier, a comparable one by its family, and the revisions it is in."""
    table = read("mart.product_group", ["product_group", "list_version", "tier", *_CODE])
    table = beside(table, families(read), _CODE)
    text = dict.fromkeys(["product_group", "list_version", "tier", "family", *_CODE], str)
    table = table[table["product"].str.len() == 6].astype(text)
    table["comparable"] = holds(table["comparable"])
    table["product"] = table["family"].where(table["comparable"], table["product"])
    whole = table.assign(tier="all")
    return pd.concat([table.dropna(subset="tier"), whole])[
        [*LIST, *_CODE, "comparable"]
    ].drop_duplicates()


def pairs(read: Read) -> pd.DataFrame:
    """Exporters with a whole dataset of products, and the destinations they can send to."""
    table = read("transformed.dataset").astype({"reporter": str, "vintage": str})
    whole = (table["flow"] == "X") & holds(table["absence_is_zero"]) & table["vintage"].notna()
    table = table.loc[whole, ["reporter", "year", "vintage"]]
    destination = read("reference.hub", ["destination"]).astype(str).drop_duplicates()
    table = table.rename(columns={"reporter": "exporter"}).merge(destination, how="cross")
    return table[table["exporter"] != table["destination"]]


def sent(read: Read) -> pd.DataFrame:
    """Exports to the destinations by exporter, year and product, a comparable one by its family."""
    columns = ["reporter", "partner", "year", *_CODE, "status", *ENDS.values()]
    destinations = read("reference.hub", ["destination"])["destination"].unique().tolist()
    six_digits = pc.utf8_length(pc.field("product")) == 6
    own = (pc.field("flow") == "X") & pc.field("partner").isin(destinations) & six_digits
    table = read(FIGURES, columns, own)
    table = table.rename(columns={"reporter": "exporter", "partner": "destination"})
    table = beside(table[table["status"] != "incomplete"], families(read), _CODE)
    text = dict.fromkeys(["exporter", "destination", "product", "family"], str)
    table = table.astype(text)
    table["product"] = table["family"].where(holds(table["comparable"]), table["product"])
    return table.groupby([*PAIR, "product"])[list(ENDS.values())].sum().reset_index()


def count(read: Read, floor: float) -> pd.DataFrame:
    """Codes of each list by what is known of them: not in the revision, flowing, comparable."""
    pair, code = pairs(read), listed(read)
    each = pair.merge(code.drop(columns="classification").drop_duplicates(), how="cross")
    revisions = code.rename(columns={"classification": "vintage"})
    key = [*LIST, "product", "vintage"]
    each = each.merge(revisions[key].assign(is_in=True), on=key, how="left")
    comparable = each["comparable"]
    has_code = comparable | holds(each["is_in"])
    each = each.merge(sent(read), on=[*PAIR, "product"], how="left")
    each["codes"] = 1
    each["without_code"] = ~has_code
    each["comparable_codes"] = comparable
    for end, value in ENDS.items():
        flows = each[value] >= floor
        each[f"flowing{end}"], each[f"same{end}"] = has_code & flows, comparable & flows
    counts = ["codes", "without_code", "comparable_codes"]
    counts += [f"{name}{end}" for name in ("flowing", "same") for end in ENDS]
    return each.groupby([*PAIR, "vintage", *LIST])[counts].sum().reset_index()


def explain(table: pd.DataFrame) -> pd.DataFrame:
    """Counts with their ranges, the change since the last base year, and what to know."""
    without, low, high = table["without_code"], table["flowing_low"], table["flowing_high"]
    some = without > 0
    left = without.astype(str) + " codes of the list are not in this revision: unknown, not zero"
    reason = first_that(
        (
            table["comparable_codes"] == 0,
            "no change: no code of the list holds the same goods before and after 2022",
        ),
        (table["base"].isna(), "no change: the exporter printed no products of 2021"),
    )
    return table.assign(
        classification=table["vintage"],
        codes_listed=table["codes"],
        codes_without=without,
        codes_flowing_low=low,
        codes_flowing=table["flowing"],
        codes_flowing_high=high + without,
        codes_added_low=table["same_low"] - table["base_high"],
        codes_added=table["same"] - table["base"],
        codes_added_high=table["same_high"] - table["base_low"],
        driver=first_that(
            (some & (without >= high - low), "code_bridge"),
            (high > low, "release_choice"),
            otherwise="none",
        ),
        status=first_that((some, "no_code"), otherwise="value"),
        reason=pd.Series(reason).astype(str).fillna(left.where(some)),
        flags=flagged((some, "NOMEN_BREAK")),
    )


_CODE = ["classification", "product"]
