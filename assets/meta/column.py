"""meta.column: the dictionary: every column of every table, its type, unit and meaning."""

import pandas as pd

KEY = ("table_name", "position")
COLUMNS = {
    "table_name": ("VARCHAR", "name; schema and table"),
    "position": ("INTEGER", "order; place in the table"),
    "column_name": ("VARCHAR", "name; column"),
    "type": ("VARCHAR", "DuckDB type; type"),
    "unit": ("VARCHAR", "text; unit"),
    "meaning": ("VARCHAR", "text; meaning"),
}


def rows(described: list[tuple[str, list[tuple[str, str, str]]]]) -> pd.DataFrame:
    """One row a column of the given tables: (table, [(column, type, "unit; meaning")])."""
    return pd.DataFrame(
        [
            (table, position, column, kind, *_halves(comment))
            for table, columns in described
            for position, (column, kind, comment) in enumerate(columns, start=1)
        ],
        columns=list(COLUMNS),
    )


def _halves(comment: str) -> tuple[str, str]:
    unit, _, meaning = comment.partition("; ")
    return unit, meaning
