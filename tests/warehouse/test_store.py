"""The Parquet store: whole files or none, and the same bytes for the same rows."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.store import Store

ROWS = "select * from (values ('b', 2), ('a', 1)) as given(name, value)"
WRITTEN = ["figure.parquet", "figure.sha256"]
Rows = list[tuple[str, int]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        yield opened


def written(folder: Path, rows: Rows, threads: int) -> bytes:
    """Bytes of the Parquet file of rows that come in the given order."""
    store = Store(folder)
    with connect() as connection:
        connection.execute(f"set threads = {threads}")
        connection.execute("create table given (name varchar, value integer)")
        connection.executemany("insert into given values (?, ?)", rows)
        store.write(connection, "raw.figure", "from given", ("name", "value"))
    return store.path("raw.figure").read_bytes()


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_shuffled_rows_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    row = st.tuples(st.text("abcé", max_size=3), st.integers(-5, 5))
    rows = data.draw(st.lists(row, min_size=1, max_size=12))
    shuffled = data.draw(st.permutations(rows))
    folder = tmp_path_factory.mktemp("store")
    assert written(folder, rows, 1) == written(folder, shuffled, 2)


def test_rows_are_written_in_the_order_of_the_key(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    store = Store(tmp_path)
    assert store.write(connection, "raw.figure", ROWS, ("name",), 2021) == 2
    store.view(connection, "raw.figure", [2021])
    assert connection.execute("from raw.figure").fetchall() == [("a", 1), ("b", 2)]
    assert store.years("raw.figure") == [2021]


@pytest.mark.parametrize("failing", ["select error('broken')", "select * from nowhere"])
def test_a_failed_write_leaves_the_old_file_and_no_part(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, failing: str
) -> None:
    store = Store(tmp_path)
    store.write(connection, "raw.figure", ROWS, ("name",))
    before = store.path("raw.figure").read_bytes()
    with pytest.raises(duckdb.Error):
        store.write(connection, "raw.figure", f"select * from ({failing})", ())
    with pytest.raises(duckdb.Error):
        store.write(connection, "raw.figure", f"select *, 1 as name from ({failing})", ("name",))
    assert store.path("raw.figure").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == WRITTEN


def test_an_interrupted_rename_leaves_the_old_file_and_no_part(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.write(connection, "raw.figure", ROWS, ("name",))
    before = store.path("raw.figure").read_bytes()

    def interrupted(*names: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.write(connection, "raw.figure", "select 'c' as name, 3 as value", ("name",))
    assert store.path("raw.figure").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == WRITTEN


def test_a_reader_of_the_old_file_keeps_reading_it(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    store = Store(tmp_path)
    store.write(connection, "raw.figure", ROWS, ("name",))
    with store.path("raw.figure").open("rb") as held:
        before = held.read()
        store.write(connection, "raw.figure", "select 'c' as name, 3 as value", ("name",))
        held.seek(0)
        assert held.read() == before
    assert store.path("raw.figure").read_bytes() != before


@pytest.mark.parametrize(("years", "place"), [(None, "raw.figure"), ([2021], "raw.figure (2021)")])
def test_a_missing_table_says_what_to_do(
    tmp_path: Path, years: list[int] | None, place: str
) -> None:
    with pytest.raises(InputError) as raised:
        Store(tmp_path).files("raw.figure", years)
    assert raised.value.place == place
    assert raised.value.finding == "has not been computed yet"
    assert raised.value.remedy == "Materialize it first, or run the whole job"


def test_a_folder_with_a_quote_in_its_name_can_be_used(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    store = Store(tmp_path / "analyst's")
    store.write(connection, "raw.figure", ROWS, ("name",))
    store.view(connection, "raw.figure")
    assert connection.execute("select count(*) from raw.figure").fetchone() == (2,)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lose_the_hash(path: Path) -> None:
    path.with_suffix(".sha256").unlink()


def garble_the_hash(path: Path) -> None:
    path.with_suffix(".sha256").write_bytes(b"\xff\x00")


@pytest.mark.parametrize("harm", [flip_a_byte, cut_short, lose_the_hash, garble_the_hash])
def test_an_altered_file_is_found_before_it_is_read(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, harm: Callable[[Path], None]
) -> None:
    store = Store(tmp_path)
    store.write(connection, "raw.figure", ROWS, ("name",), 2021)
    harm(store.path("raw.figure", 2021))
    with pytest.raises(InputError, match="does not have the bytes that were written"):
        store.view(connection, "raw.figure", [2021])


def test_the_hash_beside_a_file_can_be_checked_by_anybody(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    store = Store(tmp_path)
    store.write(connection, "raw.figure", ROWS, ("name",))
    content = store.path("raw.figure").read_bytes()
    said = store.path("raw.figure").with_suffix(".sha256").read_text(encoding="utf-8")
    assert said == f"{hashlib.sha256(content).hexdigest()}  figure.parquet\n"
