"""Checks that are queries: what a file says, and what follows from a table's own words."""

from pathlib import Path

import pytest

import checks
from checks.queries import checks_of, ranges_in
from pipelines.build import JUDGED_TABLES
from pipelines.tables import fill, inputs_of, parsed_query, tables
from tests.world import flow, world
from warehouse.engine import connect

FILES = sorted(Path(checks.__file__).parent.glob("*/*/*.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_folder_of_a_check_is_its_table(path: Path) -> None:
    name = f"{path.parent.parent.name}.{path.parent.name}"
    table = tables()[name]
    found = checks_of(name, table.key, [column.name for column in table.columns])
    (check,) = [check for check in found if check.name == path.stem]
    assert check.says
    assert check.severity in ("ERROR", "WARN")
    assert set(inputs_of(parsed_query(fill(check.query)))) <= set(tables())


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_table_is_checked_for_its_key(name: str) -> None:
    table = tables()[name]
    columns = [column.name for column in table.columns]
    assert set(table.key) <= set(columns)
    found = [check.name for check in checks_of(name, table.key, columns)]
    assert found[0] == "key_is_unique"
    assert ("ranges_are_in_order" in found) == bool(ranges_in(columns))


@pytest.mark.parametrize(
    ("columns", "ranges"),
    [
        (["gap_low_usd", "gap_usd", "gap_high_usd"], [("gap_low_usd", "gap_usd", "gap_high_usd")]),
        (["share_low", "share", "share_high"], [("share_low", "share", "share_high")]),
        (["share_low", "share"], []),
        (["lowest", "flow", "low"], []),
    ],
)
def test_a_range_is_known_by_its_names(columns: list[str], ranges: list[object]) -> None:
    assert ranges_in(columns) == ranges


def broken(check_name: str, rows: str) -> int:
    """How many of the rows of a small table break the checks that follow from its words."""
    columns = ["year", "gap_low_usd", "gap_usd", "gap_high_usd"]
    found = {check.name: check for check in checks_of("small", ["year"], columns)}
    with connect() as connection:
        connection.execute(f"create table small as from (values {rows}) as t({', '.join(columns)})")
        return len(connection.execute(found[check_name].query).fetchall())


def test_two_rows_of_one_key_are_found() -> None:
    assert broken("key_is_unique", "(2021, 1, 2, 3), (2022, 1, 2, 3)") == 0
    assert broken("key_is_unique", "(2021, 1, 2, 3), (2021, 1, 2, 4)") == 1


def test_ranges_out_of_order_are_found() -> None:
    assert broken("ranges_are_in_order", "(2021, 1, 1, 1), (2022, -3, -2, -1)") == 0
    assert broken("ranges_are_in_order", "(2021, 2, 1, 3), (2022, 1, 4, 3)") == 2


def test_a_lost_row_is_found() -> None:
    check = next(path for path in FILES if path.stem == "nothing_is_lost")
    rows = [
        flow(reporter="KAZ", partner="RUS", flow="X", value_usd="5"),
        flow(reporter="KAZ", partner="RUS", flow="RX", value_usd="1"),
    ]
    connection = world({"raw.trade_flow": rows}, *JUDGED_TABLES)
    assert connection.execute(check.read_text(encoding="utf-8")).fetchall() == []
    connection.execute("delete from quarantine.trade_flow")
    assert len(connection.execute(check.read_text(encoding="utf-8")).fetchall()) == 1


def test_a_union_that_holds_the_kingdom_until_one_edition_is_found() -> None:
    """Printed as 1,000 with the Kingdom in 2022, as 900 without it in 2023."""
    rows = [
        flow(source="kz_bns", release=f"e{year}", reporter="KAZ", flow="M", year=year, **row)
        for year, union in ((2022, 1000), (2023, 900))
        for row in (
            {"partner": "XEU", "value_usd": union},
            {"partner": "DEU", "value_usd": 900},
            {"partner": "GBR", "value_usd": 100},
        )
    ]
    assert membership(rows) == [("members", 2023, ["e2023"]), ("members and GBR", 2022, ["e2022"])]
    assert membership(rows[:3]) == membership(rows[3:]) == []


def membership(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """Whom the printed union holds, from which year and in which editions, where that changes."""
    (check,) = [path for path in FILES if path.stem == "a_union_holds_the_same_members"]
    connection = world({"raw.trade_flow": rows}, "validated.printed_union")
    found = connection.execute(check.read_text(encoding="utf-8")).fetchall()
    return sorted((holds, first, releases) for *_, holds, first, _, releases in found)
