"""Checks that are queries: each finds the rows that break it, so that a person can look at them.

Here belongs which queries check a table. A file `<schema>/<table>/<check>.sql` is a check; its
comment says what holds and its severity. Two checks follow from every table's own words: its
key is unique, and its ranges are in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ERROR, WARN = "ERROR", "WARN"


@dataclass(frozen=True, slots=True)
class Check:
    """A query for the rows that break what `says` says. ERROR stops what comes after."""

    name: str
    table: str
    says: str
    severity: str
    query: str


def checks_of(table: str, key: Sequence[str], columns: Sequence[str]) -> list[Check]:
    """Every query check of a table."""
    found = [_unique(table, key)]
    ranges = ranges_in(columns)
    if ranges:
        found.append(_in_order(table, key, ranges))
    folder = Path(__file__).parent / table.replace(".", "/")
    return found + [_read(table, path) for path in sorted(folder.glob("*.sql"))]


def _unique(table: str, key: Sequence[str]) -> Check:
    names = ", ".join(f'"{column}"' for column in key)
    query = f"select {names}, count(*) as rows from {table} group by {names} having count(*) > 1"
    return Check("key_is_unique", table, f"{', '.join(key)} name one row", ERROR, query)


def ranges_in(columns: Sequence[str]) -> list[tuple[str, str, str]]:
    """Columns that state a range: (low, central, high), by the names of the range grammar."""
    found = []
    for low in columns:
        if low.endswith("_low_usd") or low.endswith("_low"):
            central, high = low.replace("_low", ""), low.replace("_low", "_high")
            if central in columns and high in columns:
                found.append((low, central, high))
    return found


def _in_order(table: str, key: Sequence[str], ranges: list[tuple[str, str, str]]) -> Check:
    names = ", ".join(f'"{column}"' for column in key)
    shown = ", ".join(f'"{column}"' for triple in ranges for column in triple)
    wrong = " or ".join(f'"{low}" > "{mid}" or "{mid}" > "{high}"' for low, mid, high in ranges)
    query = f"select {names}, {shown} from {table} where {wrong}"
    return Check(
        "ranges_are_in_order",
        table,
        "low is at most central, and central at most high",
        ERROR,
        query,
    )


def _read(table: str, path: Path) -> Check:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line[3:] for line in lines if line.startswith("-- ")]
    severity = next(line[10:] for line in head if line.startswith("severity: "))
    says = " ".join(line for line in head if not line.startswith("severity: "))
    return Check(path.stem, table, says, severity, path.read_text(encoding="utf-8"))
