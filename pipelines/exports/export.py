"""Exports: tables of a published file as Parquet, CSV or a workbook, described and cited.

Here belongs choosing tables and naming files. How a cell is written stands in
warehouse/spreadsheet.py, the description in datapackage.py, the citation in citation.py.

A simulated profile says SIMULATED in the name of every file and in a column of every row.
"""

import os
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines import profiles
from pipelines.analyst.formulas import rows_of
from pipelines.analyst.questions import opened
from pipelines.exports.citation import citation
from pipelines.exports.datapackage import SIMULATED, Folder, as_json, cited, described
from pipelines.loader.table import Table
from pipelines.profiles import Profile
from pipelines.tables import tables
from warehouse.archive import write_atomically
from warehouse.engine import quoted
from warehouse.errors import InputError
from warehouse.spreadsheet import Workbook, batches, refuse_beyond, write_csv

MARK = "SIMULATED"


def folder_of(root: Path, profile: str, shape: str) -> Path:
    """Where exports go when nobody says otherwise, and where `serve` finds them."""
    return root / profile / "exports" / shape


def export(profile: str, root: Path, shape: str, names: Sequence[str], to: Path) -> list[str]:
    """Write tables to a folder; returns a line for each file, and for each cell left out.

    Raises InputError where a table is not known, or is too long for a sheet.
    """
    known = profiles.profile(profile)
    chosen = _chosen(names)
    to.mkdir(parents=True, exist_ok=True)
    with opened(profile, root) as connection:
        _refuse_old(connection, profile, chosen)
        write = {"csv": _csv, "parquet": _parquet, "xlsx": _workbook}[shape]
        told = write(connection, known, chosen, to)
        folder = Folder(shape, lambda table: [file_of(known, table, shape)], known.simulated)
        descriptor = described(connection, profile, chosen, folder)
        write_atomically(to / "datapackage.json", as_json(descriptor))
        write_atomically(to / "CITATION.cff", citation(connection, profile))
    return [*told, str(to / "datapackage.json"), str(to / "CITATION.cff")]


def _chosen(names: Sequence[str]) -> list[Table]:
    unknown = [name for name in names if name not in tables()]
    if unknown:
        remedy = "`mirror-trade describe` lists the tables; names are written schema.table"
        raise InputError(f"table {unknown[0]}", "is not in the dictionary", remedy)
    return [table for table in tables().values() if table.name in names or not names]


def _refuse_old(
    connection: duckdb.DuckDBPyConnection, profile: str, chosen: Sequence[Table]
) -> None:
    """Raises InputError where the file was published by code that had other tables or columns."""
    found = connection.execute(
        "select schema_name || '.' || table_name, list(column_name order by column_index) "
        "from duckdb_columns() group by all"
    )
    held = dict(found.fetchall())
    for table in chosen:
        if held.get(table.name) != [column.name for column in table.columns]:
            finding = f"was published by another version of this project: {table.name} differs"
            remedy = f"Run: mirror-trade run --profile {profile}"
            raise InputError(f"profile {profile}", finding, remedy)


def file_of(known: Profile, table: Table, shape: str) -> str:
    """The name of the file a table is exported to: one workbook holds them all."""
    name = known.name if shape == "xlsx" else table.name
    return f"{MARK}.{name}.{shape}" if known.simulated else f"{name}.{shape}"


def _select(known: Profile, table: Table) -> str:
    mark = f"'{MARK}' as {SIMULATED.name}, " if known.simulated else ""
    return f"select {mark}* from {table.name}"


def _names(known: Profile, table: Table) -> list[str]:
    mark = [SIMULATED.name] if known.simulated else []
    return mark + [column.name for column in table.columns]


@contextmanager
def _whole(path: Path) -> Any:
    """A file to write: it stands under its name once it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _csv(
    connection: duckdb.DuckDBPyConnection, known: Profile, chosen: Sequence[Table], to: Path
) -> list[str]:
    for table in chosen:
        with _whole(to / file_of(known, table, "csv")) as part:
            rows = batches(connection, _select(known, table))
            write_csv(part, _names(known, table), rows)
    return [str(to / file_of(known, table, "csv")) for table in chosen]


def _parquet(
    connection: duckdb.DuckDBPyConnection, known: Profile, chosen: Sequence[Table], to: Path
) -> list[str]:
    for table in chosen:
        with _whole(to / file_of(known, table, "parquet")) as part:
            connection.execute(
                f"copy ({_select(known, table)}) to {quoted(part)} (format parquet, "
                "compression zstd)"
            )
    return [str(to / file_of(known, table, "parquet")) for table in chosen]


def _workbook(
    connection: duckdb.DuckDBPyConnection, known: Profile, chosen: Sequence[Table], to: Path
) -> list[str]:
    """One workbook: what it is, the dictionary, and a sheet a table."""
    for table in chosen:
        count = connection.execute(f"select count(*) from {table.name}").fetchone() or (0,)
        refuse_beyond(table.name, count[0])
    path = to / file_of(known, chosen[0], "xlsx")
    with _whole(path) as part:
        book = Workbook(part)
        book.sheet("about", ["what", "text"], [_about(connection, known, chosen)])
        book.sheet("dictionary", list(_DICTIONARY), [_dictionary(chosen)])
        for table in chosen:
            rows = batches(connection, _select(known, table))
            book.sheet(table.name, _names(known, table), rows)
        book.close()
    return [str(path), *book.left_out]


_DICTIONARY = ("table", "position", "column", "type", "unit; meaning", "source", "formula")


def _dictionary(chosen: Sequence[Table]) -> list[tuple[Any, ...]]:
    return [row for table in chosen for row in rows_of(table.name, table.columns)]


def _about(
    connection: duckdb.DuckDBPyConnection, known: Profile, chosen: Sequence[Table]
) -> list[tuple[str, str]]:
    says = [(f"profile {known.title}", known.text)]
    says += [
        (f"cite {row[0]}", f"{row[1]}: {row[2]}. Terms: {row[3]}") for row in cited(connection)
    ]
    return says + [(table.name, table.comment) for table in chosen]
