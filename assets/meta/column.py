"""meta.column: the dictionary: every column of every table, view and macro, and what it means."""

from collections.abc import Iterable

import pandas as pd

KEY = ("table_name", "position")
COLUMNS = {
    "table_name": ("VARCHAR", "name; schema and table, view or macro"),
    "position": ("INTEGER", "order; place in the table"),
    "column_name": ("VARCHAR", "name; column"),
    "type": ("VARCHAR", "DuckDB type; type"),
    "unit": ("VARCHAR", "text; unit"),
    "meaning": ("VARCHAR", "text; meaning"),
    "source": ("VARCHAR", "names; tables it is computed from, or the file its rows stand in"),
    "formula": ("VARCHAR", "SQL; its expression, NULL where it is taken as it is"),
}


def rows(described: Iterable[tuple[str, int, str, str, str, str, str]]) -> pd.DataFrame:
    """A row a column, from (table, position, column, type, "unit; meaning", source, formula)."""
    return pd.DataFrame(
        [
            (table, position, column, kind, *_halves(comment), source, formula or None)
            for table, position, column, kind, comment, source, formula in described
        ],
        columns=list(COLUMNS),
    )


def _halves(comment: str) -> tuple[str, str]:
    unit, _, meaning = comment.partition("; ")
    return unit, meaning
