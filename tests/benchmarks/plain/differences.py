"""Rows in which plain pandas and the SQL disagree, every column held against its like.

Here belongs when two cells are the same. Text, flags, whole numbers and NULLs: exactly. Numbers: to
a hundred millionth, since spreads rest on sums of nine decimals; money also to 0.1 USD, since
mart.route takes roots of differences of squares, which carry a rounded cent nine times over.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.loader.table import Column
from pipelines.tables import tables
from warehouse.engine import connect, quoted
from warehouse.house import House

MONEY = "0.1 + 1e-8 * abs(cast(plain.{name} as double))"
FLOAT = "1e-8 * greatest(1, abs(plain.{name}))"


def differences(house: House, own: Path, name: str) -> dict[str, int]:
    """Rows that differ by column, only columns with any; a row one of both lacks, by `key`."""
    table = tables()[name]
    with connect(house.scratch) as connection:
        house.store.view(connection, name, house.years_held(name) if table.by_year else None)
        key = ", ".join(f'"{column}"' for column in table.key)
        plain = f"read_parquet({quoted(own / f'{name}.parquet')})"
        there = "(select *, true as is_there from {})".format
        connection.execute(
            f"create temp table joined as select ours, plain from {there(name)} as ours "
            f"full join {there(plain)} as plain using ({key})"
        )
        return _counted(connection, table.columns)


def _counted(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> dict[str, int]:
    both = "ours.is_there and plain.is_there"
    apart = {"key": f"({both}) is null"} | {
        column.name: f"{both} and ({_apart(column)})" for column in columns
    }
    counts = ", ".join(f"count(*) filter ({condition})" for condition in apart.values())
    found = connection.execute(f"select {counts} from joined").fetchone() or ()
    return {name: count for name, count in zip(apart, found, strict=True) if count}


def _apart(column: Column) -> str:
    name = f'"{column.name}"'
    if column.type == "DOUBLE" or column.type.startswith("DECIMAL"):
        room = (FLOAT if column.type == "DOUBLE" else MONEY).format(name=name)
        return (
            f"(ours.{name} is null) <> (plain.{name} is null) "
            f"or abs(cast(ours.{name} as double) - plain.{name}) > {room}"
        )
    return f"ours.{name} is distinct from plain.{name}"
