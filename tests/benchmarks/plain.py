"""The marts that carry the load, by plain pandas: what a script would cost, and a second opinion.

Here belongs pandas as an analyst would write it: whole tables in memory, floats for money, and the
central figures alone, without ranges, flags, drivers or reasons. The SQL beside it computes all of
these, so the ratio is in favour of pandas. `differences` holds the two against each other.
"""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.worlds import house_of
from warehouse.engine import connect

FIGURES = "transformed.trade_flow"
FLOOR_USD = 50_000
MONEY = ("value_usd", "value_fob_usd")
COLUMNS = ["year", "reporter", "partner", "flow", "classification", "product", "status", *MONEY]
PAIR = ["year", "product", "exporter", "importer"]
# Table -> key, and the columns both compute.
COMPARED = {
    "mart.mirror_gap": (
        PAIR,
        ["exports_usd", "imports_cif_usd", "gap_usd", "gap_ratio", "log_ratio"],
    ),
    "mart.import_origin": (
        ["hub", "year", "classification", "product", "origin_group"],
        ["value_usd", "share"],
    ),
    "mart.lost_in_transit": (
        ["year", "product", "exporter_group", "importer"],
        ["exports_usd", "imports_usd", "lost_usd"],
    ),
    "mart.concentration": (["importer", "year", "product"], ["partners_usd", "hhi", "top_share"]),
}


def compute(root: Path) -> None:
    """Every table of COMPARED as Parquet under `root`/plain."""
    figures, country, group, hubs = _read(root)
    tables = {
        "mart.mirror_gap": mirror_gap(figures, country),
        "mart.import_origin": import_origin(figures, country, group, hubs),
        "mart.concentration": concentration(figures, country, group, hubs),
    }
    tables["mart.lost_in_transit"] = lost_in_transit(
        tables["mart.mirror_gap"], figures, group, hubs
    )
    (root / "plain").mkdir(exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(root / "plain" / f"{name}.parquet", index=False)


def _read(root: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, set[str]]:
    house = house_of(root)
    paths = house.store.files(FIGURES, house.years)
    figures = pd.concat([_floats(pq.read_table(path, columns=COLUMNS)) for path in paths])
    country, group, hub = (
        pd.read_parquet(house.store.path(f"reference.{name}"))
        for name in ("country", "country_group", "hub")
    )
    usable = figures[figures["status"] != "incomplete"].reset_index(drop=True)
    return usable, country, group, set(hub["hub"])


def _floats(table: pa.Table) -> pd.DataFrame:
    """Money as floats: as decimals every cell would be a Python object."""
    for name in MONEY:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].cast(pa.float64()))
    return table.to_pandas()


def mirror_gap(figures: pd.DataFrame, country: pd.DataFrame) -> pd.DataFrame:
    known = country.loc[country["kind"].isin(["country", "bloc"]), "code"]
    figures = figures[figures["partner"].isin(known)].sort_values("classification")
    figures = figures.drop_duplicates(
        ["flow", "year", "product", "reporter", "partner"], keep="last"
    )
    sent = figures[figures["flow"] == "X"].rename(
        columns={"reporter": "exporter", "partner": "importer", "value_usd": "exports_usd"}
    )
    received = figures[figures["flow"] == "M"].rename(
        columns={"partner": "exporter", "reporter": "importer", "value_usd": "imports_cif_usd"}
    )
    pair = sent[[*PAIR, "exports_usd"]].merge(
        received[[*PAIR, "imports_cif_usd", "value_fob_usd"]], on=PAIR, how="outer"
    )
    fob, exports = pair.pop("value_fob_usd"), pair["exports_usd"]
    pair["gap_usd"] = fob - exports
    pair["gap_ratio"] = pair["gap_usd"] / ((fob + exports) / 2)
    above = (fob >= FLOOR_USD) & (exports >= FLOOR_USD)
    pair["log_ratio"] = np.log((fob / exports).where(above))
    return pair


def _groups(group: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return group[group["country_group"].isin(names)]


def import_origin(
    figures: pd.DataFrame, country: pd.DataFrame, group: pd.DataFrame, hubs: set[str]
) -> pd.DataFrame:
    own = figures[(figures["flow"] == "M") & figures["reporter"].isin(hubs)]
    own = own.merge(country[["code", "kind"]], left_on="partner", right_on="code")
    region = _groups(group, ["COALITION", "CHINA", "EAEU"])[
        ["member", "country_group", "valid_from", "valid_to"]
    ]
    own = own.merge(region, left_on="partner", right_on="member", how="left")
    outside = (own["year"] < own["valid_from"].fillna(0)) | (
        own["year"] > own["valid_to"].fillna(9999)
    )
    named = own["country_group"].mask(outside).fillna("ROW").mask(own["partner"] == "UKR", "UKR")
    named = named.mask(own["kind"] == "area_nes", "AREAS_NES").mask(own["kind"] == "world", "WORLD")
    cell = ["reporter", "year", "classification", "product"]
    summed = (
        own.assign(origin_group=named)
        .groupby([*cell, "origin_group"], as_index=False)["value_usd"]
        .sum()
    )
    world = summed[summed["origin_group"] == "WORLD"].set_index(cell)["value_usd"].rename("world")
    parts = summed[summed["origin_group"] != "WORLD"]
    total = parts.groupby(cell)["value_usd"].sum().rename("parts")
    whole = pd.concat([world, total], axis=1)
    rest = whole.dropna(subset="world")
    rest = (rest["world"] - rest["parts"].fillna(0)).rename("value_usd").reset_index()
    table = pd.concat([parts, rest.assign(origin_group="RESIDUAL")])
    table = table.join(whole, on=cell).rename(columns={"reporter": "hub"})
    everything = table.pop("world").fillna(table.pop("parts"))
    return table.assign(share=table["value_usd"] / everything.where(everything != 0))


def lost_in_transit(
    gap: pd.DataFrame, figures: pd.DataFrame, group: pd.DataFrame, hubs: set[str]
) -> pd.DataFrame:
    """By exporter; a side without a row is a zero where its reporter has a dataset of the year."""
    filed = figures[["reporter", "year", "flow"]].drop_duplicates()
    sent = filed[filed["flow"] == "X"].rename(columns={"reporter": "exporter"}).assign(sends=True)
    received = (
        filed[filed["flow"] == "M"].rename(columns={"reporter": "importer"}).assign(receives=True)
    )
    pair = gap[gap["importer"].isin(hubs)]
    pair = pair.merge(sent[["exporter", "year", "sends"]], on=["exporter", "year"], how="inner")
    pair = pair.merge(
        received[["importer", "year", "receives"]], on=["importer", "year"], how="left"
    )
    exports = pair["exports_usd"].fillna(0)
    imports = pair["imports_cif_usd"]
    imports = imports.mask(imports.isna() & pair["receives"].notna(), 0)
    table = pair[["year", "product", "importer"]].assign(exports_usd=exports, imports_usd=imports)
    return table.assign(exporter_group=pair["exporter"], lost_usd=exports - imports)


def concentration(
    figures: pd.DataFrame, country: pd.DataFrame, group: pd.DataFrame, hubs: set[str]
) -> pd.DataFrame:
    named = country.loc[country["kind"].isin(["country", "bloc"]), "code"]
    own = figures[
        (figures["flow"] == "M") & figures["reporter"].isin(hubs) & figures["partner"].isin(named)
    ]
    own = own[own["value_usd"] > 0]
    cell = ["reporter", "year", "product"]
    partners = own.groupby(cell)["value_usd"].transform("sum")
    own = own.assign(share=own["value_usd"] / partners, square=(own["value_usd"] / partners) ** 2)
    table = own.groupby(cell, as_index=False).agg(
        partners_usd=("value_usd", "sum"), hhi=("square", "sum"), top_share=("share", "max")
    )
    return table.rename(columns={"reporter": "importer"})


def differences(root: Path) -> dict[str, int]:
    """Rows of each table in which pandas and the SQL disagree by more than a float can explain.

    A row one of them lacks counts. Not compared: groups of mart.lost_in_transit, which pandas does
    not sum, and mart.concentration of partners' reports.
    """
    with connect() as connection:
        return {name: _differences(connection, root, name) for name in COMPARED}


def _differences(connection: duckdb.DuckDBPyConnection, root: Path, name: str) -> int:
    house = house_of(root)
    key, columns = COMPARED[name]
    own = {
        "mart.lost_in_transit": "exporter_group in "
        "(select code from reference.country where kind = 'country')",
        "mart.concentration": "basis = 'origin' and importer in (select hub from reference.hub)",
    }.get(name, "true")
    for table in ("reference.country", "reference.hub"):
        house.store.view(connection, table)
    house.store.view(connection, name, house.years if house.store.years(name) else None)
    apart = " or ".join(
        f"(ours.{c} is null) <> (plain.{c} is null) "
        f"or abs(cast(ours.{c} as double) - plain.{c}) > 0.02 + 1e-9 * abs(plain.{c})"
        for c in columns
    )
    found = connection.execute(
        f"select count(*) from (select * from {name} where {own}) as ours full join "
        f"(select *, true as is_plain from '{root}/plain/{name}.parquet') as plain "
        f"using ({', '.join(key)}) where {apart} or is_plain is null"
    ).fetchone()
    return int(found[0]) if found else 0
