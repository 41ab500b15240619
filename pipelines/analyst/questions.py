"""Questions to a published file, and to the dictionary.

Here belongs answering `query` and `describe`.
"""

import contextlib
import csv
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse import dictionary
from warehouse.errors import InputError

if TYPE_CHECKING:
    from pipelines.analyst.formulas import Row


def given(sql: str) -> str:
    """The query itself, from its file where a path was given. Raises InputError without one."""
    if not sql.endswith(".sql"):
        return sql
    try:
        return Path(sql).read_text(encoding="utf-8")
    except OSError as error:
        remedy = "Write a query, or the path of a .sql file"
        raise InputError(sql, f"cannot be read: {error.strerror}", remedy) from None


def ask(sql: str, profile: str, root: Path, shape: str) -> str:
    """The answer to a query as text: a table, CSV or JSON lines. The file is only read."""
    with opened(profile, root) as connection:
        try:
            answer = connection.sql(sql)
            return "" if answer is None else _shaped(answer, shape)
        except duckdb.Error as error:
            raise InputError("the query", str(error), "Mend the SQL") from error


def opened(profile: str, root: Path) -> duckdb.DuckDBPyConnection:
    """The published file of a profile, for reading. Raises InputError where there is none."""
    path = root / f"{profile}.duckdb"
    if not path.exists():
        raise InputError(
            f"profile {profile}", "has no file yet", f"Run: mirror-trade run --profile {profile}"
        )
    return duckdb.connect(str(path), read_only=True)


def _shaped(answer: duckdb.DuckDBPyRelation, shape: str) -> str:
    if shape == "csv":
        return _csv(answer)
    if shape == "json":
        return str(answer.df().to_json(orient="records", lines=True, date_format="iso"))
    width = shutil.get_terminal_size((160, 24)).columns
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        answer.show(max_width=width, max_rows=10_000)
    return shown.getvalue()


def _csv(answer: duckdb.DuckDBPyRelation) -> str:
    """Every cell as it is: for programs; `export` writes CSV that is safe in spreadsheets."""
    from warehouse.spreadsheet import plain

    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(answer.columns)
    for row in answer.fetchall():
        rows.writerow(
            cell if cell is None or isinstance(cell, str) else plain(cell) for cell in row
        )
    return written.getvalue()


def described(name: str | None) -> str:
    """A table's meaning and columns; the list of tables; flags, reasons or the method in short."""
    if name is None:
        return _listed(_table_texts())
    if name == "flags":
        return _listed(dictionary.flags())
    if name == "reasons":
        return _listed(dictionary.reasons())
    if name == "method":
        return _listed(dictionary.method())
    return _described_table(name)


def _table_texts() -> dict[str, str]:
    from pipelines.analyst.shortcuts import shortcuts
    from pipelines.tables import tables

    named = {table.name: table.text for table in tables().values()}
    asked = {
        one.name + ("" if one.parameters is None else "()"): one.text
        for one in shortcuts().values()
    }
    return named | asked


def _described_table(name: str) -> str:
    """A table, or a view or macro, which may be written with its brackets."""
    from pipelines.analyst.formulas import MAIN, rows_of
    from pipelines.analyst.shortcuts import shortcuts
    from pipelines.tables import tables

    if table := tables().get(name):
        return _told(name, table.comment, list(rows_of(name, table.columns)))
    if one := shortcuts().get(name.removeprefix(MAIN).partition("(")[0]):
        return _told(one.call, one.comment, list(rows_of(f"{MAIN}{one.name}", one.columns)))
    raise InputError(
        f"table {name}",
        "is not in the dictionary",
        "`mirror-trade describe` lists the tables; names are written schema.table",
    )


def _told(title: str, comment: str, rows: "list[Row]") -> str:
    lines = [
        _column_told(column, kind, text, formula) for _, _, column, kind, text, _, formula in rows
    ]
    return f"{title}\n{comment}\nFrom: {rows[0][5]}\n\n{_listed(dict(lines))}"


def _column_told(column: str, kind: str, comment: str, formula: str) -> tuple[str, str]:
    """A column's name and type; its comment, and its formula on a line of its own."""
    return f"{column} {kind}", f"{comment}\n    = {formula}" if formula else comment


def _listed(entries: dict[str, str]) -> str:
    width = max(len(name) for name in entries)
    return "".join(f"{name:<{width}}  {text}\n" for name, text in entries.items())
