"""A run that dies leaves the last good file; a reader neither stops a run nor sees half of one."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.pipelines import drive
from tests.pipelines.test_reproducible import MATTERS_OF_TIME, differing

MOMENTS = (
    "validated/trade_flow/2020.parquet",
    "headline.duckdb",
)
MARK = "create or replace table meta.mark as select 'the last good file' as said"
SAID = "select said from meta.mark"
READER = f"""
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(connection.execute("{SAID}").fetchone()[0], flush=True)
"""


def marked(root: Path) -> Path:
    """The published file with a mark in it, by which the last good one is told from a new one."""
    with duckdb.connect(str(root / "headline.duckdb")) as connection:
        connection.execute(MARK)
    return root / "headline.duckdb"


def has_mark(path: Path) -> bool:
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute("select count(*) from duckdb_tables() where table_name = 'mark'")
        return found.fetchone() == (1,)


def forget(root: Path) -> None:
    """Nothing computed before is left, so that the next run computes everything."""
    for path in (root / "headline").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def strays(root: Path) -> list[str]:
    """Files that a run should have taken away with it."""
    left = (".part", ".tmp", ".wal")
    return [
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.suffix in left or path.name.startswith((".tmp", "."))
    ]


@pytest.fixture(scope="module")
def killed_root(headline_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Profile headline, computed anew and killed at each moment, one run after the other."""
    root = Path(shutil.copytree(headline_root, tmp_path_factory.mktemp("killed") / "root"))
    marked(root)
    forget(root)
    drive.module(["killed", str(root), *MOMENTS])
    return root


@pytest.fixture(scope="module")
def recovered_root(killed_root: Path) -> Path:
    drive.run("headline", killed_root)
    return killed_root


@pytest.mark.parametrize("number", range(len(MOMENTS)), ids=MOMENTS)
def test_a_killed_run_leaves_the_last_good_file(killed_root: Path, number: int) -> None:
    assert has_mark(killed_root / f"after_{number}.kept")


def test_the_run_after_a_killed_one_gives_the_same_parquet(
    headline_root: Path, recovered_root: Path
) -> None:
    assert differing(headline_root / "headline", recovered_root / "headline") <= MATTERS_OF_TIME


def test_the_run_after_a_killed_one_publishes_a_new_file(recovered_root: Path) -> None:
    assert not has_mark(recovered_root / "headline.duckdb")


def test_the_run_after_a_killed_one_sweeps_up(recovered_root: Path) -> None:
    assert strays(recovered_root) == []


def test_a_finished_run_leaves_no_stray_files(headline_root: Path) -> None:
    assert strays(headline_root) == []


@pytest.fixture
def reader(own_root: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the published file open and repeats what is marked in it."""
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(marked(own_root))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def says(reader: "subprocess.Popen[str]") -> str:
    assert reader.stdin is not None
    assert reader.stdout is not None
    print(file=reader.stdin, flush=True)
    return reader.stdout.readline().strip()


def test_a_reader_does_not_stop_a_run_and_sees_the_old_file_until_it_reconnects(
    own_root: Path, reader: "subprocess.Popen[str]"
) -> None:
    assert says(reader) == "the last good file"
    drive.run("headline", own_root)
    assert says(reader) == "the last good file"
    assert not has_mark(own_root / "headline.duckdb")
