"""Publishing: a new DuckDB file built beside the old one, then put in its place by a rename.

Here belongs the file analysts open. A reader that holds the old file keeps reading it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from warehouse.engine import quoted

# Files in this storage version open in DuckDB 1.5 and 2.0.
STORAGE_VERSION = "v1.5.0"


@dataclass(frozen=True, slots=True)
class Published:
    """A table to publish: its Parquet files, and the comments of table and columns."""

    name: str
    files: Sequence[Path]
    comment: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A view of schema main, or a table macro where it has parameters; `columns` are comments."""

    name: str
    parameters: str | None
    select: str
    comment: str = ""
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def statement(self) -> str:
        """The SQL that creates it."""
        if self.parameters is None:
            return f"create view main.{self.name} as {self.select}"
        return f"create macro main.{self.name}({self.parameters}) as table {self.select}"


def publish(path: Path, tables: Sequence[Published], shortcuts: Sequence[Shortcut] = ()) -> int:
    """Write all tables and shortcuts to a new file and rename it to `path`; returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        _build(part, tables, shortcuts)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
        part.with_name(part.name + ".wal").unlink(missing_ok=True)
    return path.stat().st_size


def _build(path: Path, tables: Sequence[Published], shortcuts: Sequence[Shortcut]) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {quoted(path)} as built (storage_version '{STORAGE_VERSION}')")
        connection.execute("use built")
        for schema in sorted({table.name.split(".")[0] for table in tables}):
            connection.execute(f"create schema if not exists {schema}")
        for table in tables:
            _copy(connection, table)
        for shortcut in shortcuts:
            _define(connection, shortcut)
        connection.execute("checkpoint built")
        connection.execute("use memory")
        connection.execute("detach built")


def _copy(connection: duckdb.DuckDBPyConnection, table: Published) -> None:
    files = ", ".join(quoted(file) for file in table.files)
    connection.execute(f"create table {table.name} as from read_parquet([{files}])")
    connection.execute(f"comment on table {table.name} is {quoted(table.comment)}")
    for column, comment in table.columns.items():
        connection.execute(f'comment on column {table.name}."{column}" is {quoted(comment)}')


def _define(connection: duckdb.DuckDBPyConnection, shortcut: Shortcut) -> None:
    connection.execute(shortcut.statement)
    kind = "view" if shortcut.parameters is None else "macro table"
    connection.execute(f"comment on {kind} main.{shortcut.name} is {quoted(shortcut.comment)}")
    if shortcut.parameters is None:
        for column, comment in shortcut.columns.items():
            name = f'main.{shortcut.name}."{column}"'
            connection.execute(f"comment on column {name} is {quoted(comment)}")
