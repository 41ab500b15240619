"""Which figures differ between two builds, and by how much.

Here belongs comparing published files, table by table, on the key each table names. Why they
differ is told by causes.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.engine import quoted

# What is a matter of time, or names the run itself.
OF_TIME = ("meta.run",)
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL", "FLOAT", "DOUBLE")
# Where a figure stands in its file and what checks said of it are no figures.
LINEAGE = ("file_sha256", "file_row", "original")


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as a build published it: its key, and each column's type."""

    key: tuple[str, ...]
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that differs. `row` is its key; a figure that is not there is None.

    `change` is after minus before, where both are numbers.
    """

    table: str
    row: dict[str, str | None]
    column: str
    before: str | None
    after: str | None
    change: float | None


@dataclass(frozen=True, slots=True)
class TableDifference:
    """How many rows of a table joined, left and differ, and which columns only one side has."""

    table: str
    added: int
    gone: int
    changed: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


class Pair:
    """The published files of two builds, opened side by side for reading only."""

    def __init__(self, before: Path, after: Path) -> None:
        self.connection = duckdb.connect(":memory:")
        self.connection.execute(f"attach {quoted(before)} as before (read_only)")
        self.connection.execute(f"attach {quoted(after)} as after (read_only)")
        self.shapes = {side: self._shapes(side) for side in ("before", "after")}

    def __enter__(self) -> "Pair":
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def _shapes(self, side: str) -> dict[str, Shape]:
        columns = self.connection.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            f"where database_name = '{side}' order by all"
        ).fetchall()
        comments = self.connection.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() "
            f"where database_name = '{side}' order by all"
        ).fetchall()
        return {
            table: Shape(_key(comment), {c: kind for name, c, kind in columns if name == table})
            for table, comment in comments
        }

    def tables(self) -> list[str]:
        """Tables that either side has, apart from what tells of the run itself."""
        return sorted({*self.shapes["before"], *self.shapes["after"]} - set(OF_TIME))

    def shape(self, table: str) -> Shape:
        """A table's columns that both sides have; its key is the newer one's."""
        before, after = (self.shapes[side].get(table) for side in ("before", "after"))
        one = after or before
        assert one is not None
        both = before.columns.keys() & after.columns.keys() if before and after else set()
        return Shape(one.key, {c: kind for c, kind in one.columns.items() if c in both})


def _key(comment: str | None) -> tuple[str, ...]:
    """The key a table's comment names: `... Key: year, product. Method S5.`"""
    found = re.search(r" Key: ([a-z_0-9, ]+)\.", comment or "")
    return tuple(found[1].split(", ")) if found else ()


def differing_tables(pair: Pair) -> Iterator[TableDifference]:
    """Every table in which the two builds differ, in rows, figures or columns."""
    for table in pair.tables():
        before, after = (pair.shapes[side].get(table) for side in ("before", "after"))
        names = [set(side.columns) if side else set() for side in (before, after)]
        added, gone, changed = _counts(pair, table) if before and after else (0, 0, 0)
        if before is None or after is None:
            added, gone = (_rows(pair, side, table) for side in ("after", "before"))
        told = TableDifference(
            table,
            added,
            gone,
            changed,
            tuple(sorted(names[0] - names[1])),
            tuple(sorted(names[1] - names[0])),
        )
        if added or gone or changed or names[0] != names[1]:
            yield told


def _rows(pair: Pair, side: str, table: str) -> int:
    if table not in pair.shapes[side]:
        return 0
    [[rows]] = pair.connection.execute(f"select count(*) from {side}.{table}").fetchall()
    return int(rows)


def _joined(pair: Pair, table: str) -> tuple[str, list[str]]:
    """Both sides row beside row, and the columns to compare.

    The nth row of a key meets the nth: a key that is not unique hides no row.
    """
    shape = pair.shape(table)
    key = [name for name in shape.key if name in shape.columns and name not in LINEAGE]
    compared = [name for name in shape.columns if name not in (*key, *LINEAGE)]
    by = ", ".join(f'"{name}"' for name in key) or "true"
    on = " and ".join(f'b."{name}" is not distinct from a."{name}"' for name in [*key, "nth"])
    order = ", ".join(f'"{name}"' for name in compared) or "true"
    sides = {
        side: f"(select *, row_number() over (partition by {by} order by {order}) as nth, "
        f"true as here from {side}.{table})"
        for side in ("before", "after")
    }
    return f"{sides['before']} as b full join {sides['after']} as a on {on}", compared


def _counts(pair: Pair, table: str) -> tuple[int, int, int]:
    joined, compared = _joined(pair, table)
    differ = " or ".join(f'b."{c}" is distinct from a."{c}"' for c in compared) or "false"
    [counts] = pair.connection.execute(
        "select count(*) filter (b.here is null), count(*) filter (a.here is null), "
        f"count(*) filter (a.here and b.here and ({differ})) from {joined}"
    ).fetchall()
    return int(counts[0]), int(counts[1]), int(counts[2])


def differing_figures(pair: Pair, table: str) -> Iterator[Difference]:
    """Every figure of a table that differs, in the order of the key and then of the columns."""
    if any(table not in side for side in pair.shapes.values()):
        return
    shape, (joined, compared) = pair.shape(table), _joined(pair, table)
    key = [name for name in shape.key if name in shape.columns]
    for column in compared:
        query = _figures_of(joined, key, column, shape.columns[column])
        for *row, before, after, change in pair.connection.execute(query).fetchall():
            told = dict(zip(key, row, strict=True))
            yield Difference(table, told, column, before, after, change)


def _figures_of(joined: str, key: Sequence[str], column: str, kind: str) -> str:
    named = "".join(f'coalesce(a."{name}", b."{name}")::varchar, ' for name in key)
    number = kind.startswith(NUMBERS)
    change = f'(a."{column}" - b."{column}")::double' if number else "null"
    return (
        f'select {named}b."{column}"::varchar, a."{column}"::varchar, {change} from {joined} '
        f'where b."{column}" is distinct from a."{column}" order by all'
    )
