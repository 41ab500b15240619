"""mart.lost_in_transit_parts by plain pandas: lost in transit by heading and by list.

Over the six-digit codes below: sum of max(L, 0), sum of min(L, 0), and both together, since goods
filed under a neighbouring code make one code short and the next too long.
"""

import pandas as pd

from tests.benchmarks.plain.steps import Read, beside, first_that, flagged

ENDS = ("_low", "", "_high")
LOST = [f"lost{end}_usd" for end in ENDS]
GROUPED = ["year", "exporter_group", "importer", "summed_over"]


def lost_in_transit_parts(read: Read) -> pd.DataFrame:
    """One row a year, group, hub, and heading, list, or all codes."""
    columns = ["year", "product", "exporter_group", "importer", "exports_usd", *LOST]
    lost = read("mart.lost_in_transit", columns)
    lost = lost.astype({"product": str, "exporter_group": str, "importer": str})
    parts = summed(placed(read, lost[lost["product"].str.len() == 6]))
    names = {"product": "summed_over"} | {name: f"heading_{name}" for name in LOST}
    heading = lost.drop(columns="exports_usd").rename(columns=names)
    return explain(parts.merge(heading, on=GROUPED, how="left"))


def placed(read: Read, code: pd.DataFrame) -> pd.DataFrame:
    """Each code under its heading, under all codes, and under the lists it is on."""
    dataset = read("transformed.dataset", ["reporter", "year", "flow", "vintage"])
    received = dataset[dataset["flow"] == "M"].rename(columns={"reporter": "importer"})
    received = received[["importer", "year", "vintage"]].astype({"vintage": str})
    code = beside(code, received, ["importer", "year"])
    names = {"classification": "vintage", "product_list": "summed_over"}
    listed = read("mart.listed_code", ["product_list", "classification", "product"])
    listed = listed.astype(str).rename(columns=names)
    return pd.concat(
        [
            code.assign(summed_over=code["product"].str[:4]),
            code.assign(summed_over="ALL CODES"),
            code.merge(listed, on=["vintage", "product"]),
        ],
        ignore_index=True,
    )


def summed(code: pd.DataFrame) -> pd.DataFrame:
    """Sums of the positive and the negative parts, each end for itself; unknown codes in none."""
    known = code["lost_usd"].notna()
    sums = {"exports_usd": code["exports_usd"].where(known)}
    for end in ENDS:
        lost = code[f"lost{end}_usd"]
        sums |= {
            f"lost_part{end}_usd": lost.clip(lower=0),
            f"surplus_part{end}_usd": lost.clip(upper=0),
            f"net_lost{end}_usd": lost,
        }
    by = code[GROUPED].assign(**sums).groupby(GROUPED)
    counts = known.groupby([code[name] for name in GROUPED])
    table = by.sum(min_count=1).round(2)
    table["codes"], table["codes_unknown"] = counts.sum(), counts.size() - counts.sum()
    return table.reset_index()


def explain(table: pd.DataFrame) -> pd.DataFrame:
    """Driver, status, reason and flags."""
    known, unknown = table["codes"] > 0, table["codes_unknown"]
    left_out = unknown.astype(str) + " codes of which one report is missing are in no sum"
    return table.assign(
        driver=first_that(
            (known & (table["net_lost_low_usd"] == table["net_lost_high_usd"]), "none"),
            (known, "cif_margin"),
        ),
        status=first_that((known, "value"), otherwise="mirror_missing"),
        reason=left_out.where(unknown > 0).where(known, "no six-digit code of it has both reports"),
        flags=flagged((unknown > 0, "SINGLE_REPORT")),
    )
