"""meta.validation_result: what every check of the last run saw, whether it held or not.

Here belongs collecting results. Which checks there are stands under checks/.
"""

import json
from pathlib import Path

import pandas as pd

from warehouse.errors import InputError
from warehouse.house import House

KEY = ("suite", "table_name", "partition", "expectation")
COLUMNS = {
    "suite": (
        "VARCHAR",
        "name; the suite of a table, or of its rows from one source, or the queries of a table",
    ),
    "expectation": ("VARCHAR", "text; what was expected"),
    "table_name": ("VARCHAR", "name; schema and table"),
    "partition": ("VARCHAR", "text; years, or a part of them; all where the table is not by year"),
    "success": ("BOOLEAN", "true/false; whether it held"),
    "observed": ("VARCHAR", "text; what was seen"),
    "unexpected_count": ("BIGINT", "rows; how many broke it"),
    "severity": ("VARCHAR", "code; ERROR stops what comes after, WARN reports"),
}


def rows(house: House) -> pd.DataFrame:
    """One row a check and partition, from the results that the checks left.

    Where a year was checked alone after all of them, what it gave then is what holds.
    """
    results = [
        result
        for path in sorted(house.results.glob("*.json"), key=_years_covered, reverse=True)
        if not path.name.startswith("meta.validation_result.")  # it is checked after it is made
        for result in _read(path)
    ]
    found = pd.DataFrame(results, columns=list(COLUMNS))
    return found.drop_duplicates(list(KEY), keep="last")


def _read(path: Path) -> list[dict[str, object]]:
    try:
        return list(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        finding = "cannot be read: it was altered on disk"
        raise InputError(str(path), finding, "Delete it and run all years") from None


def _years_covered(path: Path) -> tuple[int, str]:
    """How many years a file of results covers, and its name: `<table>.<years or all>.json`."""
    first, _, last = path.stem.rpartition(".")[2].partition("-")
    return int(last) - int(first) if last else 0, path.name
