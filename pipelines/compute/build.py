"""How a table is computed from its file: inputs as views, the select, Parquet out.

Here belongs the one way SQL, CSV and Python tables become Parquet. Dagster calls it from
steps.py; tests and benchmarks call it directly.
"""

from collections.abc import Sequence

import duckdb

from assets.raw import trade_flow as raw_trade_flow
from assets.source import baci
from assets.source.baci_rows import Held
from checks import judge
from pipelines.loader.sql import JUDGED, fill
from pipelines.loader.table import Table
from pipelines.tables import tables
from warehouse.archive import Entry
from warehouse.engine import connect, quoted
from warehouse.house import House

NEIGHBOURS = "neighbours"
BESIDE_FIGURES = "_(bounds|codes|notes|releases|files)$"  # sources of what is said of figures
JUDGED_TABLES = ("validated.trade_flow", "quarantine.trade_flow")


def build(table: Table, house: House, years: Sequence[int]) -> int:
    """Compute a table, or the given years of one kept by year; returns the rows written."""
    with connect(house.scratch) as connection:
        if table.name == "raw.trade_flow":
            return _build_raw(connection, house, years)
        if table.csv or table.module:
            return _build_rows(connection, table, house)
        if table.by_year and not table.all_years:
            return sum(_build_year(connection, table, house, year) for year in years)
        return _build_whole(connection, table, house, years)


def build_judged(house: House, years: Sequence[int]) -> dict[str, int]:
    """Validate the given years: one pass a year decides, and fills validated and quarantine."""
    rows = dict.fromkeys(JUDGED_TABLES, 0)
    with connect(house.scratch) as connection:
        for year in years:
            for name in JUDGED_TABLES:
                open_inputs(connection, tables()[name].inputs, house, [year])
            _open_neighbours(connection, house, year)
            _judge(connection, house, year)
            for name in JUDGED_TABLES:
                table = tables()[name]
                assert table.select is not None
                rows[name] += house.store.write(connection, name, table.select, table.key, year)
    return rows


def _judge(connection: duckdb.DuckDBPyConnection, house: House, year: int) -> None:
    """Decide on a year's rows, and make `judged` readable without keeping its rows in memory."""
    (path,) = house.store.files("raw.trade_flow", [year])
    raw = f"read_parquet({quoted(path)}, file_row_number = true)"
    marked = fill(judge.marked(raw, NEIGHBOURS))
    connection.execute(f"create or replace temp table marked as {marked}")
    judged = fill(judge.judged(raw, "marked"))
    connection.execute(f"create or replace temp view {JUDGED} as {judged}")


def _open_neighbours(connection: duckdb.DuckDBPyConnection, house: House, year: int) -> None:
    """The raw rows of the years beside a year, as far as they are held."""
    held = house.store.years("raw.trade_flow")
    beside = [other for other in (year - 1, year, year + 1) if other in held]
    files = house.store.files("raw.trade_flow", beside)
    listed = ", ".join(quoted(file) for file in files)
    connection.execute(f"create or replace temp view {NEIGHBOURS} as from read_parquet([{listed}])")


def open_inputs(
    connection: duckdb.DuckDBPyConnection,
    inputs: Sequence[str],
    house: House,
    years: Sequence[int] | None = None,
) -> None:
    """Make input tables readable under their names: the given years, or every year held."""
    for name in inputs:
        by_year = tables()[name].by_year
        held = years or house.years_held(name) or house.years
        house.store.view(connection, name, held if by_year else None)


def _build_year(
    connection: duckdb.DuckDBPyConnection, table: Table, house: House, year: int
) -> int:
    assert table.select is not None
    open_inputs(connection, table.inputs, house, [year])
    return house.store.write(connection, table.name, table.select, table.key, year)


def _build_whole(
    connection: duckdb.DuckDBPyConnection, table: Table, house: House, years: Sequence[int]
) -> int:
    assert table.select is not None
    open_inputs(connection, table.inputs, house)
    if not table.by_year:
        return house.store.write(connection, table.name, table.select, table.key)
    connection.execute(f"create temp table whole as {table.select}")
    return sum(
        house.store.write(
            connection, table.name, f"from whole where year = {year}", table.key, year
        )
        for year in years
    )


def _build_rows(connection: duckdb.DuckDBPyConnection, table: Table, house: House) -> int:
    """A table of rows from its CSV or its Python."""
    if table.csv:
        source = f"read_csv({quoted(table.csv)}, header = true, all_varchar = true)"
        return house.store.write(connection, table.name, table.typed(source), table.key)
    assert table.module is not None
    return write_rows(table, house, table.module.rows(house))


def write_rows(table: Table, house: House, rows: object) -> int:
    """Write a frame as a table, every column in the table's own type."""
    with connect(house.scratch) as connection:
        connection.register("given", rows)
        return house.store.write(connection, table.name, table.typed("given"), table.key)


def _build_raw(connection: duckdb.DuckDBPyConnection, house: House, years: Sequence[int]) -> int:
    table = tables()["raw.trade_flow"]
    open_inputs(connection, table.inputs, house)
    entries = _entries(connection)
    house.archive.refuse_altered(entries)
    reported = [entry for entry in entries if entry.source != baci.SOURCE]
    raw_trade_flow.load(connection, house, reported)
    zips = baci.held(house.archive, entries)
    return sum(_build_raw_year(connection, house, year, zips) for year in years)


def _build_raw_year(
    connection: duckdb.DuckDBPyConnection, house: House, year: int, zips: Sequence[Held]
) -> int:
    """A year of rows; those of BACI are in the table's order already, and alone are not sorted."""
    table = tables()["raw.trade_flow"]
    reported = raw_trade_flow.year_rows(house, year)
    part = house.scratch / f"baci_{year}.parquet"
    house.scratch.mkdir(parents=True, exist_ok=True)
    try:
        rows = raw_trade_flow.write_reconciled(connection, house, zips, year, part)
        if rows and not connection.execute(f"select 1 from ({reported}) limit 1").fetchone():
            house.store.place(part, table.name, year)
            return rows
        both = f"{reported} union all by name from read_parquet({quoted(part)})"
        select = both if rows else reported
        return house.store.write(connection, table.name, select, table.key, year)
    finally:
        part.unlink(missing_ok=True)


def _entries(connection: duckdb.DuckDBPyConnection) -> list[Entry]:
    """The archived files that hold figures, as the download listed them."""
    listed = connection.execute(
        "select source, url, sha256, bytes, retrieved_at, release, licence, citation "
        "from raw.source_file where source not in ('reference', 'own_list', 'own_margin') "
        f"and not regexp_matches(source, '{BESIDE_FIGURES}') "
        "order by source, url, release"
    )
    return [Entry(*row) for row in listed.fetchall()]
