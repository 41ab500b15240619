"""Questions to a published file, and to the dictionary.

Here belongs answering `query` and `describe`.
"""

import contextlib
import io
import shutil
from pathlib import Path

import duckdb

from warehouse import dictionary
from warehouse.errors import InputError


def ask(sql: str, profile: str, root: Path, shape: str) -> str:
    """The answer to a query as text: a table, CSV or JSON lines. The file is only read."""
    path = root / f"{profile}.duckdb"
    if not path.exists():
        raise InputError(
            f"profile {profile}", "has no file yet", f"Run: mirror-trade run --profile {profile}"
        )
    with duckdb.connect(str(path), read_only=True) as connection:
        try:
            answer = connection.sql(sql)
            return "" if answer is None else _shaped(answer, shape)
        except duckdb.Error as error:
            raise InputError("the query", str(error), "Mend the SQL") from error


def _shaped(answer: duckdb.DuckDBPyRelation, shape: str) -> str:
    if shape == "csv":
        return str(answer.df().to_csv(index=False, lineterminator="\n"))
    if shape == "json":
        return str(answer.df().to_json(orient="records", lines=True, date_format="iso"))
    width = shutil.get_terminal_size((160, 24)).columns
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        answer.show(max_width=width, max_rows=10_000)
    return shown.getvalue()


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
    from pipelines.tables import tables

    return {table.name: table.text for table in tables().values()}


def _described_table(name: str) -> str:
    from pipelines.tables import tables

    table = tables().get(name)
    if table is None:
        raise InputError(
            f"table {name}",
            "is not in the dictionary",
            "`mirror-trade describe` lists the tables; names are written schema.table",
        )
    columns = {f"{column.name} {column.type}": column.comment for column in table.columns}
    return f"{table.name}\n{table.comment}\n\n{_listed(columns)}"


def _listed(entries: dict[str, str]) -> str:
    width = max(len(name) for name in entries)
    return "".join(f"{name:<{width}}  {text}\n" for name, text in entries.items())
