"""The Parquet store: working storage of every table, atomic per table and year.

Here belongs where a table's Parquet stands and how it is written and read. What is in a
table stands under assets/; the file analysts open is made by publish.

Layout: `<root>/<schema>/<table>.parquet`, or `<root>/<schema>/<table>/<year>.parquet` for
tables kept by year. Rows are ordered by the whole key, so the same rows give the same bytes.
Beside each file stands its hash, in the form `sha256sum --check` reads: a file that was altered
since it was written is found before anything is computed from it.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from warehouse.engine import quoted
from warehouse.errors import InputError
from warehouse.hashes import file_sha256

# Lightest compression, and columns of thousands of values without a dictionary: a fifth less
# time than by default, files of the same size.
PARQUET = (
    "format parquet, row_group_size 122880, compression zstd, compression_level 1, "
    "dictionary_size_limit 4096"
)


class Store:
    """The Parquet of one profile."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, table: str, year: int | None = None) -> Path:
        """Where a table, or a year of it, stands. `table` is `schema.name`."""
        schema, name = table.split(".")
        base = self.root / schema
        return base / f"{name}.parquet" if year is None else base / name / f"{year}.parquet"

    def years(self, table: str) -> list[int]:
        """Years held of a table that is kept by year."""
        folder = self.path(table).with_suffix("")
        return sorted(int(path.stem) for path in folder.glob("[0-9]*.parquet"))

    def write(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        select: str,
        order: Sequence[str],
        year: int | None = None,
    ) -> int:
        """Write the rows of a select in the order of `order`; returns how many.

        A reader sees the old file or the new one, never a part.
        """
        path = self.path(table, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")  # what a killed run left is overwritten
        by = ", ".join(f'"{column}"' for column in order)
        try:
            written = connection.execute(
                f"copy (select * from ({select}) order by {by}) to {quoted(part)} ({PARQUET})"
            ).fetchone()
            _put(part, path)
        finally:
            part.unlink(missing_ok=True)
        return int(written[0]) if written else 0

    def place(self, part: Path, table: str, year: int) -> None:
        """Put a Parquet written elsewhere, in the table's own order, in a year's place."""
        path = self.path(table, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(part, path)

    def files(self, table: str, years: Iterable[int] | None = None) -> list[Path]:
        """Files of a table, or of the years asked for.

        Raises InputError where one is missing, or is not what was written.
        """
        paths = [self.path(table)] if years is None else [self.path(table, y) for y in years]
        for path in paths:
            place = f"{table} ({path.stem})" if years is not None else table
            if not path.exists():
                remedy = "Materialize it first, or run the whole job"
                raise InputError(place, "has not been computed yet", remedy)
            if not is_as_written(path):
                finding = f"{path} does not have the bytes that were written"
                raise InputError(place, finding, "Run the whole job: it is computed anew")
        return paths

    def view(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        years: Iterable[int] | None = None,
    ) -> None:
        """Make the table readable under its own name in a connection."""
        files = ", ".join(quoted(path) for path in self.files(table, years))
        connection.execute(f"create schema if not exists {table.split('.')[0]}")
        connection.execute(f"create or replace view {table} as from read_parquet([{files}])")


def _put(part: Path, path: Path) -> None:
    """Rename a whole file to its place, and write down its hash."""
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    os.replace(part, path)
    _seal(path)


def _seal(path: Path) -> None:
    """Write down the hash of a file; one that a crash cut short makes the file computed anew."""
    part = path.with_name(f".{path.stem}.sha256.part")
    part.write_text(f"{file_sha256(path)}  {path.name}\n", encoding="utf-8")
    os.replace(part, path.with_suffix(".sha256"))


def is_as_written(path: Path) -> bool:
    """Whether a file of a store has the hash that was written down for it."""
    try:
        said = path.with_suffix(".sha256").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
    return said == f"{file_sha256(path)}  {path.name}\n"
