"""Checks that are queries: what a file says, and what follows from a table's own words."""

from pathlib import Path

import pytest
import yaml

import checks
from checks.queries import checks_of, ranges_in
from pipelines.loader.sql import fill, inputs_of, parsed_query
from pipelines.tables import tables
from tests.world import compare, compute, read_rows, shown, typed, world
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


CASES = sorted((Path(__file__).parent / "queries").glob("*.yaml"))


def test_every_query_has_its_case() -> None:
    assert {case.stem for case in CASES} == {path.stem for path in FILES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_query_finds_the_rows_that_break_it_and_no_other(case: Path) -> None:
    """A case is `queries/<check>.yaml`: tables `given` as in test_golden.py, rows `found`."""
    said = yaml.load(case.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    (query,) = [path.read_text(encoding="utf-8") for path in FILES if path.stem == case.stem]
    for name in ("profile", "years"):
        query = query.replace("{" + name + "}", said.get(name, ""))
    connection = world({name: read_rows(text) for name, text in said["given"].items()})
    for name in inputs_of(parsed_query(query)):
        compute(connection, tables()[name])
    answer = connection.execute(query)
    types = {column[0]: str(column[1]) for column in answer.description or []}
    rows = [dict(zip(types, row, strict=True)) for row in answer.fetchall()]
    wanted = [
        {column: typed(connection, types[column], cell) for column, cell in row.items()}
        for row in read_rows(said["found"])
    ]
    missing, unexpected = compare(wanted, rows)
    assert missing + unexpected == [], shown(missing, unexpected)


def test_dates_of_policy_are_shown_and_never_tested_as_breaks() -> None:
    """No table and no check reads them: a series breaks where its codes or reports do."""
    policy = "reference.policy_date"
    assert [table.name for table in tables().values() if policy in table.inputs] == []
    assert [path.stem for path in FILES if policy in path.read_text(encoding="utf-8")] == []
    with world({}, policy) as connection:
        breaks = f"select distinct is_break from {policy}"
        assert connection.execute(breaks).fetchall() == [(False,)]
