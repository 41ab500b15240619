"""One DuckDB connection, set up so that no setting of the machine can change a result.

Here belongs what every connection needs. What is asked of it does not.
"""

import os
from pathlib import Path

import duckdb


def connect(scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills to `scratch` when memory runs short.

    MIRROR_TRADE_THREADS and MIRROR_TRADE_MEMORY (such as 900MB) bound it; neither changes a figure.
    """
    connection = duckdb.connect(":memory:")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set preserve_insertion_order = true")
    # Nothing here needs an extension from outside: a run must not wait for a network.
    connection.execute("set autoinstall_known_extensions = false")
    if threads := os.environ.get("MIRROR_TRADE_THREADS"):
        connection.execute("set threads = ?", [int(threads)])
    if memory := os.environ.get("MIRROR_TRADE_MEMORY"):
        connection.execute("set memory_limit = ?", [memory])
    if scratch is not None:
        connection.execute("set temp_directory = ?", [str(scratch)])
    return connection


def rows_as_text(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, str]]:
    """The rows of a query for people to look at, every cell as text."""
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or []]
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
        for row in answer.fetchall()
    ]


def quoted(text: object) -> str:
    """Text, or a path, as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
