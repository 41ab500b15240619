"""What mart.pass_through by plain pandas rests on: a hub's series over the years, and their past.

A series is a family of one code each side of 2022, or a code. It has a row in each year the hub
filed: a figure, a zero where the whole dataset holds none, or no code in that revision.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import (
    FIGURES,
    Read,
    families,
    first_that,
    holds,
    hubs,
    with_groups,
)

CORRIDOR = ["hub", "destination"]
CODE = ["year", "classification", "product"]
SERIES = [*CORRIDOR, "series"]
TEXT = ["hub", "destination", "classification", "product", "series", "family"]


def figures(read: Read) -> pd.DataFrame:
    """Every series of a hub in each of its years: exports, imports, and why one is absent."""
    statistic = statistics(read)
    cell = every_year(read, statistic)
    exports = cell["hub_exports_usd"]
    without_code = cell["of_year"].isna() & cell["any_family"].notna()
    cell["status"] = first_that(
        (exports.notna(), "value"),
        (without_code, "no_code"),
        (holds(cell["exports_whole"]), "implied_zero"),
        otherwise="not_reported",
    )
    zero = cell["status"] == "implied_zero"
    whole = holds(cell["imports_whole"]) & (cell["status"] != "no_code")
    return cell.assign(
        exports_usd=exports.mask(zero, 0),
        exports_least=cell["sent_low"].mask(zero, 0),
        exports_most=cell["sent_high"].mask(zero, 0),
        imports_known=cell["imports_usd"].mask(cell["imports_usd"].isna() & whole, 0),
        flags=cell["flags"].fillna(0).astype(int),
    )


def statistics(read: Read) -> pd.DataFrame:
    """The mirror statistic of each corridor, its series, and what the releases leave open."""
    table = _as_text(read("transformed.mirror_statistics"))
    family = _as_text(families(read))
    table = table.merge(family, on=["classification", "product"], how="left")
    table = table.merge(sent(read), on=[*CORRIDOR, *CODE], how="left")
    table = table.merge(imported(read), on=["hub", *CODE], how="left")
    table[["down", "up"]] = table[["down", "up"]].fillna(1)
    table["comparable"] = holds(table["comparable"])
    outside, everyone = table["hub_imports_outside_union_usd"], table["hub_imports_usd"]
    return table.assign(
        series=table["family"].where(table["comparable"], table["product"]),
        imports_usd=outside.fillna(everyone),
        includes_union=outside.isna() & everyone.notna(),
    )


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({name: str for name in TEXT if name in table})


def sent(read: Read) -> pd.DataFrame:
    """The hub's exports with what rounding and other sources leave open."""
    ends = {"value_low_usd": "sent_low", "value_high_usd": "sent_high"}
    columns = ["reporter", "partner", *CODE, "source", "status", *ends]
    own = (pc.field("flow") == "X") & pc.field("reporter").isin(hubs(read))
    table = read(FIGURES, columns, own)
    table = table[table["status"] != "incomplete"].astype({"source": str})
    source = read("reference.source", ["source", "is_quoted"]).astype({"source": str})
    table = table.merge(source, on="source").drop(columns=["source", "status"])
    return _as_text(table.rename(columns={"reporter": "hub", "partner": "destination", **ends}))


def imported(read: Read) -> pd.DataFrame:
    """Lowest and highest of the hub's imports from the World, as shares of the figure used."""
    columns = ["reporter", *CODE, "status", "value_usd", "value_low_usd", "value_high_usd"]
    own = pc.field("reporter").isin(hubs(read)) & (pc.field("partner") == "W00")
    table = read(FIGURES, columns, own & (pc.field("flow") == "M"))
    table = table[table["status"] != "incomplete"].rename(columns={"reporter": "hub"})
    value = table["value_usd"].where(table["value_usd"] != 0)
    table = table.assign(down=table["value_low_usd"] / value, up=table["value_high_usd"] / value)
    return _as_text(table[["hub", *CODE, "down", "up"]])


def hub_years(read: Read) -> pd.DataFrame:
    """The years a reporter filed, its revision, and whether each side is whole."""
    table = read("transformed.dataset").astype({"reporter": str, "vintage": str})
    by = ["reporter", "year"]
    vintage = table.sort_values("vintage").groupby(by)["vintage"].last()
    table["absence_is_zero"] = table["absence_is_zero"].astype(bool)
    whole = table.pivot_table("absence_is_zero", by, "flow", aggfunc="any", observed=True)
    whole = whole.rename(columns={"X": "exports_whole", "M": "imports_whole"})
    whole = whole.reindex(columns=["exports_whole", "imports_whole"])
    return whole.join(vintage, how="outer").rename_axis(["hub", "year"]).reset_index()


def every_year(read: Read, statistic: pd.DataFrame) -> pd.DataFrame:
    """Each series a hub ever printed in each year it filed, with its code in that revision."""
    imports, exports = statistic["hub_imports_usd"], statistic["hub_exports_usd"]
    printed = statistic[imports.notna() | exports.notna()].assign(is_there=True)
    series = printed[SERIES].drop_duplicates().merge(hub_years(read), on="hub")
    cell = series.merge(printed, on=[*SERIES, "year"], how="left")
    code = _as_text(families(read))
    code["series"] = code["family"].where(code["comparable"], code["product"])
    code = code.rename(columns={"classification": "revision", "product": "code"})
    code = code.assign(of_year=True)
    total = cell["series"] == "TOTAL"
    cell["revision"] = cell["vintage"].mask(total, "NA")
    cell = cell.merge(code, on=["series", "revision"], how="left", suffixes=("", "_of_code"))
    any_family = code[["series", "family"]].drop_duplicates()
    cell = cell.merge(any_family.rename(columns={"family": "any_family"}), on="series", how="left")
    there = holds(cell["is_there"])
    cell = cell[there | (cell["vintage"].notna() & (cell["series"] != "TOTAL"))]
    there = holds(cell["is_there"])
    return cell.assign(
        product=cell["product"].fillna(cell["code"]).fillna(cell["series"]),
        classification=cell["classification"].fillna(cell["revision"]),
        family=cell["family"].fillna(cell["family_of_code"]).fillna(cell["any_family"]),
        comparable=holds(cell["comparable"].where(there, cell["comparable_of_code"])),
    ).reset_index(drop=True)


def with_past(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Each figure beside its series' base years: median, late mean, scatter, and the last year."""
    first, last = threshold["baseline_from"], threshold["baseline_to"]
    past = table[table["year"].between(first, last) & table["comparable"]]
    by = past.groupby(SERIES)
    usual = by["imports_known"].transform("median")
    off = (past["imports_known"] - usual).abs().groupby([past[name] for name in SERIES])
    late = past[past["year"] >= threshold["baseline_mean_from"]].groupby(SERIES)
    means = late[["exports_usd", "imports_known"]].mean()
    names = {
        "exports_usd": "growth_base",
        "exports_least": "growth_base_low",
        "exports_most": "growth_base_high",
    }
    base = past[past["year"] == last].groupby(SERIES)[list(names)].max().rename(columns=names)
    before = by.agg(
        exports_median=("exports_usd", "median"),
        imports_median=("imports_known", "median"),
        baseline_years=("exports_usd", "count"),
    ).assign(
        exports_mean=means["exports_usd"],
        imports_mean=means["imports_known"],
        imports_mad=off.median(),
    )
    table = with_groups(table, before.join(base), SERIES)
    return table.assign(
        baseline_years=table["baseline_years"].astype("Int64"),
        exports_other=table["exports_mean"].fillna(table["exports_median"]),
        imports_other=table["imports_mean"].fillna(table["imports_median"]),
    )
