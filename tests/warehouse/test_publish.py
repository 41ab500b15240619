"""Publishing puts a whole file in place of the old one, or leaves the old one."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse.engine import connect
from warehouse.publish import Published, publish
from warehouse.store import Store


@pytest.fixture
def figure(tmp_path: Path) -> Published:
    store = Store(tmp_path / "profile")
    with connect() as connection:
        select = "select 2021::smallint as year, 1.50::decimal(18, 2) as value_usd"
        store.write(connection, "mart.figure", select, ("year",))
    columns = {"year": "year; calendar year", "value_usd": "USD; the reporter's figure"}
    return Published("mart.figure", store.files("mart.figure"), "It's a figure.", columns)


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_rows_types_and_comments_stand_in_the_file(tmp_path: Path, figure: Published) -> None:
    path = tmp_path / "p.duckdb"
    assert publish(path, [figure]) == path.stat().st_size
    columns = (
        "select column_name, data_type, comment from duckdb_columns() where schema_name = 'mart'"
    )
    assert asked(path, "select year, value_usd::varchar from mart.figure") == [(2021, "1.50")]
    assert asked(path, "select comment from duckdb_tables()") == [("It's a figure.",)]
    assert asked(path, columns) == [
        ("year", "SMALLINT", "year; calendar year"),
        ("value_usd", "DECIMAL(18,2)", "USD; the reporter's figure"),
    ]


def test_the_file_opens_in_older_versions(tmp_path: Path, figure: Published) -> None:
    publish(tmp_path / "p.duckdb", [figure])
    tags = "select tags['storage_version'] from duckdb_databases() where database_name = 'p'"
    assert asked(tmp_path / "p.duckdb", tags) == [("v1.5.0+",)]


def break_file(figure: Published) -> None:
    figure.files[0].write_bytes(b"PAR1 no Parquet PAR1")


def lose_file(figure: Published) -> None:
    figure.files[0].unlink()


def misname_column(figure: Published) -> None:
    figure.columns["nowhere"] = "unit; meaning"


@pytest.mark.parametrize("spoil", [break_file, lose_file, misname_column])
def test_a_failing_publish_leaves_the_old_file_and_no_part(
    tmp_path: Path, figure: Published, spoil: Callable[[Published], None]
) -> None:
    path = tmp_path / "p.duckdb"
    publish(path, [figure])
    before = path.read_bytes()
    spoil(figure)
    with pytest.raises(duckdb.Error):
        publish(path, [figure])
    assert path.read_bytes() == before
    assert sorted(left.name for left in tmp_path.iterdir()) == ["p.duckdb", "profile"]


def test_an_interrupted_publish_leaves_the_old_file_and_no_part(
    tmp_path: Path, figure: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.duckdb"
    publish(path, [figure])
    before = path.read_bytes()

    def interrupted(*names: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(path, [figure])
    assert path.read_bytes() == before
    assert sorted(left.name for left in tmp_path.iterdir()) == ["p.duckdb", "profile"]


def test_an_open_reader_keeps_the_old_file_until_it_reconnects(
    tmp_path: Path, figure: Published
) -> None:
    path = tmp_path / "p.duckdb"
    publish(path, [figure])
    with path.open("rb") as held:
        publish(path, [Published("mart.other", figure.files, "Another.", {})])
        assert b"It's a figure." in held.read()
    assert asked(path, "select table_name from duckdb_tables()") == [("other",)]


def test_a_folder_with_a_quote_in_its_name_can_be_used(tmp_path: Path, figure: Published) -> None:
    path = tmp_path / "analyst's" / "p.duckdb"
    assert publish(path, [figure]) > 0
