"""Two small published files side by side: what differs is told figure by figure."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from pipelines.builds import told_difference
from pipelines.builds.differences import Difference, Pair, differing_figures, differing_tables

TABLE = "mart.gap"
COLUMNS = "year smallint, partner varchar, gap_usd decimal(18, 2), flags varchar[]"


def published(path: Path, rows: Sequence[str], columns: str = COLUMNS) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema mart; create table {TABLE} ({columns})")
        connection.execute(f"comment on table {TABLE} is 'A gap. Key: year, partner. Method S5.'")
        for row in rows:
            connection.execute(f"insert into {TABLE} values ({row})")
    return path


def told(tmp_path: Path, before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    sides = published(tmp_path / "before.db", before), published(tmp_path / "after.db", after)
    with Pair(*sides) as pair:
        return list(differing_figures(pair, TABLE))


def test_equal_files_do_not_differ(tmp_path: Path) -> None:
    rows = ["2021, 'DEU', 1.5, []", "2022, null, null, ['FX']"]
    sides = published(tmp_path / "before.db", rows), published(tmp_path / "after.db", rows[::-1])
    with Pair(*sides) as pair:
        assert list(differing_tables(pair)) == []
        assert list(differing_figures(pair, TABLE)) == []


def test_a_changed_figure_is_told_with_its_row_and_by_how_much(tmp_path: Path) -> None:
    [one] = told(tmp_path, ["2021, 'DEU', 1.50, []"], ["2021, 'DEU', 4.00, []"])
    row: dict[str, str | None] = {"year": "2021", "partner": "DEU"}
    assert one == Difference(TABLE, row, "gap_usd", "1.50", "4.00", 2.5)


def test_a_figure_that_became_unknown_has_no_change(tmp_path: Path) -> None:
    [one] = told(tmp_path, ["2021, 'DEU', 1.50, []"], ["2021, 'DEU', null, []"])
    assert (one.before, one.after, one.change) == ("1.50", None, None)


def test_a_flag_is_a_figure_too(tmp_path: Path) -> None:
    [one] = told(tmp_path, ["2021, 'DEU', 1, []"], ["2021, 'DEU', 1, ['FX']"])
    assert (one.column, one.before, one.after, one.change) == ("flags", "[]", "[FX]", None)


def test_rows_that_joined_and_left_are_told(tmp_path: Path) -> None:
    found = told(tmp_path, ["2021, 'DEU', 1, []"], ["2022, 'DEU', 2, []"])
    values = {(one.row["year"], one.before, one.after) for one in found if one.column == "gap_usd"}
    assert values == {("2021", "1.00", None), ("2022", None, "2.00")}


def test_a_row_without_a_partner_is_a_row(tmp_path: Path) -> None:
    [one] = told(tmp_path, ["2021, null, 1, []"], ["2021, null, 2, []"])
    assert one.row == {"year": "2021", "partner": None}


def test_a_key_that_stands_twice_hides_nothing(tmp_path: Path) -> None:
    twice = ["2021, 'DEU', 1, []", "2021, 'DEU', 3, []"]
    [one] = told(tmp_path, twice, ["2021, 'DEU', 1, []", "2021, 'DEU', 5, []"])
    assert (one.before, one.after) == ("3.00", "5.00")


def test_columns_and_tables_that_joined_are_told(tmp_path: Path) -> None:
    before = published(tmp_path / "before.db", ["2021, 'DEU', 1, []"])
    after = published(tmp_path / "after.db", ["2021, 'DEU', 1, [], 'x'"], f"{COLUMNS}, why varchar")
    with duckdb.connect(str(after)) as connection:
        connection.execute("create table mart.joined as select 1 as one")
    with Pair(before, after) as pair:
        found = {one.table: one for one in differing_tables(pair)}
    assert found[TABLE].only_after == ("why",)
    assert (found[TABLE].changed, found[TABLE].added, found[TABLE].gone) == (0, 0, 0)
    assert (found["mart.joined"].added, found["mart.joined"].only_after) == (1, ("one",))


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "'x"])
def test_no_cell_of_the_csv_is_a_formula(cell: str) -> None:
    assert told_difference._safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1.5", "+3", "1e-05", "DEU", "", "-inf"])
def test_numbers_and_words_stay_what_they_are(cell: str) -> None:
    assert told_difference._safe(cell) == cell


@pytest.mark.parametrize("side", ["before", "after"])
def test_the_files_are_only_read(tmp_path: Path, side: str) -> None:
    sides = {name: published(tmp_path / f"{name}.db", []) for name in ("before", "after")}
    with Pair(sides["before"], sides["after"]) as pair, pytest.raises(duckdb.Error):
        pair.connection.execute(f"drop table {side}.{TABLE}")
