"""Every number on the page is a cell of the published file: parsed from the page, compared."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.report import rows as cells
from pipelines.tables import tables
from tests.pipelines.report.parsed import Page, ParsedTable

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="session", params=["headline", "demo"])
def both(request: pytest.FixtureRequest) -> tuple[Page, Connection]:
    """A profile's page and its file."""
    name = request.param
    return request.getfixturevalue(f"{name}_parsed"), request.getfixturevalue(name)


def kept(connection: Connection, table: str, columns: list[str]) -> dict[tuple[str, ...], Any]:
    """Cells of a table as text, by its key."""
    key = tables()[table].key
    found = connection.execute(f"select {', '.join([*key, *columns])} from {table}").fetchall()
    return {tuple(cells.exact(part) for part in row[: len(key)]): row[len(key) :] for row in found}


def test_every_table_of_the_page_holds_what_the_file_holds(both: tuple[Page, Connection]) -> None:
    page, connection = both
    compared = 0
    for table in page.tables:
        if table.table:
            compared += _held(connection, table)
    assert compared > 500


def _held(connection: Connection, table: ParsedTable) -> int:
    known = kept(connection, table.table, table.columns)
    key = tables()[table.table].key
    units = {
        column.name: column.comment.partition("; ")[0] for column in tables()[table.table].columns
    }
    assert table.units == [units[name] for name in table.columns]
    for row in table.rows:
        exact = dict(zip(table.columns, [cell.exact for cell in row], strict=True))
        place = tuple(str(exact.get(name, table.fixed.get(name))) for name in key)
        values = known[place]
        assert list(exact.values()) == [None if v is None else cells.exact(v) for v in values]
        for cell, value, unit in zip(row, values, table.units, strict=True):
            assert cell.shown == cells.shown(value, unit)
    return len(table.rows) * len(table.columns)


def test_what_the_page_counts_is_what_its_query_gives(both: tuple[Page, Connection]) -> None:
    page, connection = both
    counted = [table for table in page.tables if not table.table]
    assert counted
    for table in counted:
        found = connection.execute(table.sql).fetchall()
        assert [[cell.exact for cell in row] for row in table.rows] == [
            [None if value is None else cells.exact(value) for value in row] for row in found
        ]


def test_every_figure_in_a_sentence_stands_in_the_file(both: tuple[Page, Connection]) -> None:
    page, connection = both
    assert len(page.said) > 5
    for said in page.said:
        where = " and ".join(f"{name} = ?" for name in said.key)
        found = connection.execute(
            f"select {said.column} from {said.table} where {where}", list(said.key.values())
        ).fetchall()
        ((value,),) = found
        assert said.exact == cells.exact(value)
        assert said.shown == cells.spoken(value, _unit(said.table, said.column))


def _unit(table: str, name: str) -> str:
    (comment,) = [column.comment for column in tables()[table].columns if column.name == name]
    return comment.partition("; ")[0]


def test_the_view_of_a_product_holds_what_the_file_holds(both: tuple[Page, Connection]) -> None:
    page, connection = both
    (held,) = page.blocks["product-held"]
    compared = 0
    for view in held["views"]:
        names = [column["name"] for column in view["columns"]]
        known = kept(connection, view["table"], names)
        for product, row in _rows(view):
            exact = {**view["fixed"], "product": product, **dict(zip(names, row, strict=True))}
            place = tuple(exact[name] for name in tables()[view["table"]].key)
            assert row == [None if v is None else cells.exact(v) for v in known[place]]
            compared += len(row)
    assert compared > 100


def _rows(view: dict[str, Any]) -> Iterator[tuple[str, list[str | None]]]:
    for product, rows in view["rows"].items():
        yield from ((product, row) for row in rows)


def test_no_digit_stands_in_a_table_cell_outside_a_column_of_the_file(
    both: tuple[Page, Connection],
) -> None:
    page, _ = both
    assert all(len(row) == len(table.columns) for table in page.tables for row in table.rows)


def test_money_is_written_in_millions_and_shares_in_per_cent() -> None:
    from decimal import Decimal

    assert cells.shown(Decimal("9091391000.00"), "USD") == "9,091.4"
    assert cells.shown(Decimal("245000.00"), "USD") == "0.245"
    assert cells.shown(Decimal("0.00"), "USD") == "0"
    assert cells.shown(Decimal("12.00"), "USD") == "<0.001"
    assert cells.shown(Decimal("-12.00"), "USD") == ">-0.001"
    assert cells.shown(0.30025, "share") == "30.0%"
    assert cells.shown(None, "USD") == "–"
    assert cells.spoken(Decimal("17755000.00"), "USD") == "17.8 million USD"
    assert cells.spoken(Decimal("-195514850.00"), "USD") == "-195.5 million USD"
    assert cells.spoken(Decimal("245000.00"), "USD") == "245,000 USD"
