"""Small worlds for tests: rows written by hand in, any table of assets/ out.

Here belongs putting a world together: rows filled with defaults and cast to the pipeline's own
column types, and every table between them and the one asked for computed from its own file. What
the figures ought to be stands in the tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import duckdb
import pandas as pd

from assets.reference import country
from checks import judge
from pipelines.tables import JUDGED, Table, tables
from warehouse.engine import connect

Cell = object
Row = Mapping[str, Cell]
Given = Mapping[str, Sequence[Row]]


def world(given: Given, *wanted: str) -> duckdb.DuckDBPyConnection:
    """A connection that holds the given tables and every table the wanted ones rest on.

    Reference tables are the project's own where none are given; a table that can only be
    downloaded and is not given stands empty.
    """
    connection = connect()
    for schema in sorted({name.split(".")[0] for name in tables()}):
        connection.execute(f"create schema if not exists {schema}")
    for name in given:
        stand(connection, tables()[name], given[name])
    for name in wanted:
        _compute(connection, tables()[name])
    return connection


def flow(**cells: Cell) -> dict[str, Cell]:
    """A row of trade_flow: what is not said is what most rows say.

    Exports are FOB and imports CIF, totals have no vintage, HS2022 begins with 2022, and the
    source is one whose absent rows are zeros.
    """
    product, year = str(cells.get("product", "TOTAL")), cells.get("year", 2021)
    vintage = "H6" if str(year) >= "2022" else "H5"
    plain: dict[str, Cell] = {
        "source": "comtrade",
        "release": "2024-01",
        "year": year,
        "product": product,
        "classification": "NA" if product == "TOTAL" else vintage,
        "valuation": "CIF" if cells.get("flow") == "M" else "FOB",
        "partner_basis": "unknown",
        "flags": [],
        "file_sha256": "f",
        "status": "value",
    }
    return plain | cells


def numbered(rows: Iterable[Row]) -> list[Row]:
    """Rows of trade_flow, each on its own line of a file unless it says where it stands."""
    return [flow(**{"file_row": place, **row}) for place, row in enumerate(rows, start=1)]


def stand(connection: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row]) -> None:
    """Create a table with the pipeline's own column types, and the given rows in it."""
    ddl = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    connection.execute(f"create or replace table {table.name} ({ddl})")
    listed = list(rows)
    if table.name.endswith(".trade_flow"):
        listed = _completed(table, listed)
    if not listed:
        return
    casts = ", ".join(f"cast(? as {column.type})" for column in table.columns)
    values = ", ".join([f"({casts})"] * len(listed))
    cells = [row.get(column.name) for row in listed for column in table.columns]
    connection.execute(f"insert into {table.name} values {values}", cells)


def _completed(table: Table, rows: list[Row]) -> list[Row]:
    """Rows of a trade_flow table; in transformed the FOB band is the value unless it is said."""
    rows = numbered(rows)
    if table.schema != "transformed":
        return rows
    band = ("value_fob_low_usd", "value_fob_usd", "value_fob_high_usd")
    return [{**dict.fromkeys(band, row.get("value_usd")), **row} for row in rows]


def answer(
    connection: duckdb.DuckDBPyConnection, name: str, where: str = "true"
) -> list[dict[str, Cell]]:
    """Rows of a table in the order of its key, each as a dict."""
    order = ", ".join(f'"{column}"' for column in tables()[name].key)
    found = connection.execute(f"select * from {name} where {where} order by {order}")
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _compute(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Stand a table in the connection, its inputs first, as its own file computes it."""
    held = connection.execute("select schema_name || '.' || table_name from duckdb_tables()")
    if (table.name,) in held.fetchall():
        return
    for name in table.inputs:
        _compute(connection, tables()[name])
    if table.select is not None:
        if JUDGED in table.select:
            judged = judge.judged("raw.trade_flow")
            connection.execute(f"create or replace temp table {JUDGED} as {judged}")
        connection.execute(f"create table {table.name} as {table.select}")
        return
    stand(connection, table, [])
    if table.csv:
        source = f"read_csv('{table.csv}', header = true, all_varchar = true)"
        connection.execute(f"insert into {table.name} by name select * from {source}")
    elif table.schema == "reference":
        connection.register("listed", _countries())
        connection.execute(f"insert into {table.name} by name select * from listed")


@cache
def _countries() -> pd.DataFrame:
    return country.rows()
