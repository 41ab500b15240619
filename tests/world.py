"""Small worlds for tests: rows written by hand in, any table of assets/ out.

Here belongs putting a world together (rows read from text, filled with defaults and cast to the
pipeline's own column types, and every table between them and the one asked for computed from its
own file) and comparing rows with rows. What the figures ought to be stands in the tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.reference import country
from checks import judge
from pipelines.compute.build import build, build_judged
from pipelines.loader.sql import JUDGED, fill
from pipelines.loader.table import Table
from pipelines.tables import tables
from warehouse.engine import connect
from warehouse.house import House

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
        compute(connection, tables()[name])
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
    ends = ("value_low_usd", "value_high_usd")
    band = (*ends, "value_fob_low_usd", "value_fob_usd", "value_fob_high_usd")
    return [{**dict.fromkeys(band, row.get("value_usd")), **row} for row in rows]


def answer(
    connection: duckdb.DuckDBPyConnection, name: str, where: str = "true"
) -> list[dict[str, Cell]]:
    """Rows of a table in the order of its key, each as a dict."""
    order = ", ".join(f'"{column}"' for column in tables()[name].key)
    found = connection.execute(f"select * from {name} where {where} order by {order}")
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def compute(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Stand a table in the connection, its inputs first, as its own file computes it."""
    held = connection.execute("select schema_name || '.' || table_name from duckdb_tables()")
    if (table.name,) in held.fetchall():
        return
    for name in table.inputs:
        compute(connection, tables()[name])
    if table.select is not None:
        if JUDGED in table.select and "raw.trade_flow" in table.inputs:
            judge_raw(connection)
        connection.execute(f"create table {table.name} as {table.select}")
        return
    stand(connection, table, [])
    if table.csv:
        source = f"read_csv('{table.csv}', header = true, all_varchar = true)"
        connection.execute(f"insert into {table.name} by name select * from {source}")
    elif table.name == "reference.country":
        connection.register("listed", _countries())
        connection.execute(f"insert into {table.name} by name select * from listed")


def judge_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """Stand `judged` in the connection, from its raw.trade_flow, as a build does from a file."""
    connection.execute(
        "create or replace temp table numbered as "
        "select *, row_number() over () - 1 as file_row_number from raw.trade_flow"
    )
    for name, select in (
        ("marked", fill(judge.marked("numbered"))),
        (JUDGED, fill(judge.judged("numbered", "marked"))),
    ):
        connection.execute(f"create or replace temp table {name} as {select}")


@cache
def _countries() -> pd.DataFrame:
    return country.rows()


def read_rows(text: str) -> list[dict[str, Cell]]:
    """The rows of a table written as text; empty cells are left out."""
    lines = [line for line in text.splitlines() if line.strip()]
    names, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [
        {name: cell_of(text) for name, text in zip(names, row, strict=True) if text} for row in rows
    ]


def cell_of(text: str) -> Cell:
    """NULL, a list, or the text itself, which the table's type will read."""
    if text == "null":
        return None
    if text.startswith("[") and text.endswith("]"):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return text


def compare(
    wanted: list[dict[str, Cell]], found: list[dict[str, Cell]]
) -> tuple[list[dict[str, Cell]], list[dict[str, Cell]]]:
    """Rows wanted and not found, and rows found that nobody wants; in the columns named."""
    named = {column for row in wanted for column in row}
    missing, spare = [], list(found)
    for row in wanted:
        same = (other for other in spare if all(other[key] == row[key] for key in row))
        match = next(same, None)
        if match is None:
            missing.append(row)
        else:
            spare.remove(match)
    return missing, [{column: row[column] for column in row if column in named} for row in spare]


def shown(missing: list[dict[str, Cell]], unexpected: list[dict[str, Cell]]) -> str:
    """Both lists, a row a line, so that the figures that differ stand under each other."""
    lines = [f"wanted  {list(row.items())}" for row in missing]
    return "\n".join(["", *lines, *(f"found   {list(row.items())}" for row in unexpected)])


def in_types(connection: duckdb.DuckDBPyConnection, name: str, row: Row) -> dict[str, Cell]:
    """Expected cells in the types of the table, floats with the tolerance they are held to."""
    types = {column.name: column.type for column in tables()[name].columns}
    return {column: typed(connection, types[column], cell) for column, cell in row.items()}


def typed(connection: duckdb.DuckDBPyConnection, kind: str, cell: Cell) -> Cell:
    if cell is None:
        return None
    if kind == "DOUBLE":
        (number,) = connection.execute(f"select cast({cell} as double)").fetchone() or (None,)
        return pytest.approx(number, abs=1e-9)
    (value,) = connection.execute(f"select cast(? as {kind})", [cell]).fetchone() or (None,)
    return value


def built_house(root: Path, rows: Iterable[Row], years: Sequence[int]) -> House:
    """A house whose raw rows are written by hand, and whose three stages the pipeline computed."""
    house = House("paper", root, (), tuple(years))
    for table in tables().values():
        if table.schema == "reference" or table.name == "mart.product_family":
            build(table, house, years)
    _write_raw(house, rows)
    for name in (
        "raw.product_code",
        "raw.baci_product",
        "raw.asked",
        "raw.truncated_file",
        "raw.data_set",
        "raw.release_change",
        "raw.unit_value_bound",
        "validated.unit_value_bound",
        "raw.mirror_figure",
        "raw.mirror_statistics",
        "validated.completeness",
    ):
        build(tables()[name], house, years)
    build_judged(house, years)
    for name in (
        "validated.mirror_figure",
        "validated.mirror_statistics",
        "transformed.trade_flow",
        "transformed.mirror_figure",
    ):
        build(tables()[name], house, years)
    build(tables()["transformed.mirror_statistics"], house, years)
    return house


def _write_raw(house: House, rows: Iterable[Row]) -> None:
    table = tables()["raw.trade_flow"]
    with world({"raw.trade_flow": list(rows)}) as connection:
        for year in house.years:
            select = f"select * from {table.name} where year = {year}"
            house.store.write(connection, table.name, select, table.key, year)
