"""The tables of assets/, inputs before the tables that read them, each column with its type.

Here belongs all tables together. How one file is read stands in loader/, how tables are computed
in compute/, how Dagster sees them in orchestration/specs.py.
"""

from dataclasses import replace
from functools import cache

import duckdb

from pipelines.loader import rows, sql
from pipelines.loader.table import ASSETS, Column, Table
from warehouse.engine import connect
from warehouse.errors import InputError

SCHEMAS = ("reference", "raw", "validated", "quarantine", "transformed", "mart", "meta")


@cache
def tables() -> dict[str, Table]:
    """Every table of assets/, inputs before the tables that read them."""
    read = {table.name: table for table in _read_all()}
    ordered = _ordered(read)
    with connect() as connection:
        return {table.name: _bind(connection, table) for table in ordered}


def _read_all() -> list[Table]:
    found = []
    for schema in SCHEMAS:
        for path in sorted((ASSETS / schema).iterdir()):
            if path.suffix == ".sql":
                found.append(sql.read(schema, path))
            elif path.suffix == ".csv" and path.stem in rows.csv_words():
                found.append(rows.read_csv(schema, path))
            elif path.suffix == ".py" and path.stem != "__init__":
                found.append(rows.read_module(schema, path))
    return found


def _ordered(read: dict[str, Table]) -> list[Table]:
    """Tables so that inputs come first. Raises InputError on an unknown table or a circle."""
    done: dict[str, Table] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name not in read or name in path:
            finding = "reads itself" if name in path else "is no file of assets/"
            raise InputError(f"table {name}", f"{finding} (read by {path[-1]})", "Mend the SQL")
        for upstream in read[name].inputs:
            visit(upstream, (*path, name))
        done[name] = read[name]

    for name in read:
        visit(name, ("assets/",))
    return list(done.values())


def _bind(connection: duckdb.DuckDBPyConnection, table: Table) -> Table:
    """The table with the types its SQL gives, after it stands empty in the connection."""
    if table.select is not None:
        table = replace(table, columns=_bound_columns(connection, table))
        table = replace(table, select=table.typed(f"({table.select}\n)"))
    connection.execute(f"create schema if not exists {table.schema}")
    ddl = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    connection.execute(f"create table {table.name} ({ddl})")
    if table.name == "raw.trade_flow":
        connection.execute(
            f"create temp table {sql.JUDGED} as select *, 0::bigint as fault_mask from {table.name}"
        )
    return table


def _bound_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[Column, ...]:
    try:
        described = connection.execute(f"describe {table.select}").fetchall()
    except duckdb.Error as error:
        raise InputError(
            f"assets/{table.name.replace('.', '/')}.sql", str(error), "Mend the SQL"
        ) from error
    types = {row[0]: row[1] for row in described}
    return tuple(
        replace(column, type=column.type or _type(column.name, types[column.name]))
        for column in table.columns
    )


def _type(name: str, bound: str) -> str:
    """The type a query gives; sums and quotients of money are money again, sums of counts counts.

    DuckDB sums counts as HUGEINT, which Parquet does not know: it would come back as a float.
    """
    if name.endswith("_usd"):
        return "DECIMAL(18,2)"
    return "BIGINT" if bound == "HUGEINT" else bound
