"""Rows of a table for the page: shown, drawn and downloaded from the same cells.

Here belongs reading a table, and writing a cell for people. What is said of it stands in
sections/.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
from markupsafe import Markup

from pipelines.tables import tables

NOTHING = "–"
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the page shows it; `unit` and `meaning` are the dictionary's."""

    name: str
    label: str
    unit: str
    meaning: str

    @property
    def head(self) -> str:
        """Label with the unit that its cells are written in."""
        return f"{self.label}, million USD" if self.unit == "USD" else self.label

    @property
    def is_number(self) -> bool:
        """Whether its cells can be drawn and sorted by size."""
        return self.unit in NUMBERS or self.unit.startswith("see ")


NUMBERS = {
    *("USD", "share", "ratio", "ratio, -2 to 2", "log", "score", "0 to 1"),
    *("order", "1 or 2", "rows", "years", "partners", "figures", "codes counted", "spreads"),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table. `fixed` are parts of its key that all rows have in common.

    `table` is empty where the SQL counts over rows; then the SQL itself is the place.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[Any, ...], ...]
    fixed: dict[str, Any]
    sql: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Each row by column name, with what is fixed."""
        names = [column.name for column in self.columns]
        return [{**self.fixed, **dict(zip(names, row, strict=True))} for row in self.cells]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Marts:
    """The tables of a profile, open for reading, and what the profile is."""

    connection: duckdb.DuckDBPyConnection
    profile: str
    simulated: bool

    def rows(
        self,
        table: str,
        shown: Sequence[str],
        where: str = "true",
        order: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> Rows:
        """Columns of a table in a total order; what is not shown of its key must be one value."""
        known = tables()[table]
        names = [*shown, *(name for name in known.key if name not in shown)]
        ordered = ", ".join([*filter(None, [order]), *known.key])
        sql = f"select {', '.join(names)} from {table} where {where} order by {ordered}"
        found = self.connection.execute(sql).fetchall()
        hidden = range(len(shown), len(names))
        fixed = {names[place]: found[0][place] for place in hidden} if found else {}
        assert all(row[place] == fixed[names[place]] for row in found for place in hidden), sql
        columns = tuple(_column(table, name, labels or {}) for name in shown)
        return Rows(
            table, known.key, columns, tuple(row[: len(shown)] for row in found), fixed, sql
        )

    def counted(self, sql: str, units: Mapping[str, str], labels: Mapping[str, str]) -> Rows:
        """Rows that the SQL counts; `units` by column name."""
        found = self.connection.execute(sql).fetchall()
        columns = tuple(
            Column(name, labels.get(name, _label(name)), unit, "") for name, unit in units.items()
        )
        return Rows("", (), columns, tuple(found), {}, sql)

    def hubs(self, rows: Rows, name: str) -> list[str]:
        """Hubs that stand in a column, in the order of reference.hub."""
        held = {record[name] for record in rows.records}
        order = "select hub from reference.hub order by position"
        return [hub for (hub,) in self.connection.execute(order).fetchall() if hub in held]


GROUPS = {
    "COALITION": "sanctioning coalition",
    "CHINA": "China with Hong Kong and Macao",
    "EAEU": "Eurasian Economic Union",
    "ROW": "rest of the world",
    "UKR": "Ukraine",
    "AREAS_NES": "areas not specified",
    "RESIDUAL": "not named by partner",
    "E27": "EU-27",
    "W00": "everyone",
}


def _column(table: str, name: str, labels: Mapping[str, str]) -> Column:
    comment = next(column.comment for column in tables()[table].columns if column.name == name)
    unit, _, meaning = comment.partition("; ")
    return Column(name, labels.get(name, _label(name)), unit, meaning)


def _label(name: str) -> str:
    return name.removesuffix("_usd").replace("_", " ")


def bounds(name: str) -> tuple[str, str, str]:
    """Names of the low end, the central value and the high end of a range."""
    stem, usd = (name.removesuffix("_usd"), "_usd") if name.endswith("_usd") else (name, "")
    return f"{stem}_low{usd}", name, f"{stem}_high{usd}"


def exact(value: Any) -> str:
    """A cell as it stands in the table, as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return repr(value) if isinstance(value, float) else str(value)


def shown(value: Any, unit: str) -> str:
    """A cell for people: money in millions, shares in per cent."""
    if value is None:
        return NOTHING
    if unit == "USD":
        return _plain(Decimal(value) / MILLION)
    if unit == "share":
        return f"{value:.1%}"
    if unit == "log":
        return f"{value:+.3f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _plain(Decimal(repr(value))) if isinstance(value, float) else _text(value)


def _plain(number: Decimal) -> str:
    """A number with at least three digits that count, as long as it is not tiny."""
    size = abs(number)
    if size >= 100:
        return f"{number:,.1f}"
    if size >= 1:
        return f"{number:,.2f}"
    if size >= Decimal("0.001") or not number:
        return f"{number:.3f}" if number else "0"
    return "<0.001" if number > 0 else ">-0.001"


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return _plain(value)
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else exact(value)


def spoken(value: Any, unit: str) -> str:
    """A cell in a sentence: with its unit."""
    if value is None or unit != "USD":
        return shown(value, unit)
    size = abs(value)
    for one, word in ((10**9, "billion"), (10**6, "million")):
        if size >= one:
            return f"{Decimal(value) / one:,.1f} {word} USD"
    return f"{Decimal(value):,.0f} USD"


def figure(rows: Rows, record: Mapping[str, Any], name: str) -> Markup:
    """A figure in a sentence, carrying the place it stands at."""
    key = {part: record[part] for part in rows.key}
    return Markup(
        '<data class="figure" value="{}" data-table="{}" data-column="{}" data-key="{}">{}</data>'
    ).format(
        exact(record[name]),
        rows.table,
        name,
        json.dumps(key, ensure_ascii=False),
        spoken(record[name], rows.column(name).unit),
    )


def ranged(rows: Rows, record: Mapping[str, Any], name: str) -> Markup:
    """A figure in a sentence with its range; where all three are the same, once."""
    low, central, high = bounds(name)
    said = figure(rows, record, central)
    if record[low] == record[high]:
        return said
    ends = (figure(rows, record, low), figure(rows, record, high))
    return Markup("{} (range {} to {})").format(said, *ends)
