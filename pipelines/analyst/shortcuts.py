"""Shortcuts for analysts: the views and macros of assets/main/, which stand in the published file.

Here belongs reading them. What each says and answers stands in its own file.

A file opens like a table's: what it says, then `example:`, `method:`, and for a macro
`parameters:`, as in `of_year, of_product := 'TOTAL'`. Without parameters it is a view. Names of
parameters begin with `of_`, since DuckDB puts a parameter in the place of any column so called.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from pipelines.loader.sql import fill, head_of, parsed_query, sql_column
from pipelines.loader.table import ASSETS, Column
from pipelines.tables import tables
from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.publish import Shortcut


@dataclass(frozen=True, slots=True)
class Described:
    """A view or a macro: how it is called, what it says, its columns, and its SQL."""

    name: str
    text: str
    parameters: tuple[str, ...] | None
    example: str
    method: str
    columns: tuple[Column, ...]
    select: str

    @property
    def call(self) -> str:
        """The name, and what stands in its brackets."""
        return self.name + ("" if self.parameters is None else f"({', '.join(self.parameters)})")

    @property
    def comment(self) -> str:
        return f"{self.text} Example: {self.example}. Method {self.method}."


@cache
def shortcuts() -> dict[str, Described]:
    """Every view and macro by name; the types of the columns as DuckDB binds them."""
    with connect() as connection:
        for table in tables().values():
            ddl = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            connection.execute(f"create schema if not exists {table.schema}")
            connection.execute(f"create table {table.name} ({ddl})")
        read = [_read(connection, path) for path in sorted((ASSETS / "main").glob("*.sql"))]
    return {one.name: one for one in read}


def published(mark: str) -> list[Shortcut]:
    """What goes into the file; `mark` opens every comment."""
    return [
        Shortcut(
            name=one.name,
            parameters=None if one.parameters is None else ", ".join(one.parameters),
            select=one.select,
            comment=f"{mark}{one.comment}{_columns_told(one)}",
            columns={column.name: column.comment for column in one.columns},
        )
        for one in shortcuts().values()
    ]


def _columns_told(one: Described) -> str:
    """The columns in words: a macro has no comments of its columns in DuckDB."""
    if one.parameters is None:
        return ""
    return " Columns: " + "; ".join(f"{c.name} ({c.comment})" for c in one.columns) + "."


def _read(connection: duckdb.DuckDBPyConnection, path: Path) -> Described:
    text = path.read_text(encoding="utf-8")
    said, head = head_of(text)
    select = fill(text)
    listed = head.get("parameters")
    parameters = None if listed is None else tuple(part.strip() for part in listed.split(","))
    columns = tuple(sql_column(item, path) for item in parsed_query(select).selects)
    types = _types(connection, path, parameters, select)
    return Described(
        name=path.stem,
        text=said,
        parameters=parameters,
        example=head["example"],
        method=head["method"],
        columns=tuple(Column(c.name, types[c.name], c.comment) for c in columns),
        select=select,
    )


def _types(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    parameters: tuple[str, ...] | None,
    select: str,
) -> dict[str, str]:
    """Column types by name. Raises InputError where the SQL does not bind."""
    shortcut = Shortcut(path.stem, None if parameters is None else ", ".join(parameters), select)
    needed = [part for part in parameters or () if ":=" not in part]
    brackets = "" if parameters is None else f"({', '.join('null' for _ in needed)})"
    try:
        connection.execute(shortcut.statement)
        described = connection.execute(f"describe from {path.stem}{brackets}").fetchall()
    except duckdb.Error as error:
        raise InputError(f"assets/main/{path.name}", str(error), "Mend the SQL") from error
    return {row[0]: row[1] for row in described}
