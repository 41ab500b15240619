"""Profile comtrade on bulk files: as in calls, whatever kills it, and shown before it is asked."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from assets.source.simulated.api import Fault, Served, serve
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from pipelines import cli
from tests.comtrade import rehearse

KEY = "0123456789abcdef0123456789abcdef"
KILLS = 5
# The same figures stand in other files, and raw also has the parts of flows that calls return.
COMPARED = ("validated", "transformed", "mart", "reference")


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


@pytest.fixture
def server(world: Published, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("STAND_IN_API_KEY", KEY)
    with serve(world, key=KEY) as base:
        yield base


def dry_run(root: Path, *words: str) -> Result:
    asked = ["run", "--profile", "comtrade", "--dry-run", "--root", str(root), *words]
    return CliRunner().invoke(cli.main, asked)


def files(server: Served) -> list[str]:
    return [url for url in server.requests if "/bulk/v1/file/" in url]


def differing(one: Path, other: Path) -> list[str]:
    """Tables that do not hold the same rows, apart from where each stands in which file."""
    found = []
    with duckdb.connect() as connection:
        for name, root in (("one", one), ("other", other)):
            place = root / "comtrade.duckdb"
            connection.execute(f"attach '{place}' as {name} (read_only)")
        listed = connection.execute(
            "select schema_name || '.' || table_name, "
            "list(column_name order by column_index) filter (column_name not like 'file_%') "
            "from duckdb_columns() where database_name = 'one' and schema_name in "
            f"{COMPARED} group by 1 order by 1"
        ).fetchall()
        assert len(listed) > 40
        for table, names in listed:
            sides = [f"select {', '.join(names)} from {side}.{table}" for side in ("one", "other")]
            for first, second in (sides, sides[::-1]):
                if connection.execute(f"{first} except all {second} limit 1").fetchone():
                    found.append(table)
    return found


@pytest.mark.slow
def test_final_tables_from_bulk_files_are_those_from_calls(server: Served, tmp_path: Path) -> None:
    assert rehearse.run(tmp_path / "calls", server)
    assert files(server) == []
    server.requests.clear()
    assert rehearse.run(tmp_path / "bulk", server, bulk=True)
    assert len(files(server)) > 100
    assert not [url for url in server.requests if "/data/v1/get/" in url]
    with duckdb.connect(str(tmp_path / "bulk" / "comtrade.duckdb"), read_only=True) as connection:
        [(rows,)] = connection.execute("select count(*) from transformed.trade_flow").fetchall()
    assert rows > 1000
    assert differing(tmp_path / "calls", tmp_path / "bulk") == []


@pytest.mark.slow
def test_a_download_of_files_killed_at_random_moments_ends_in_the_same_parquet(
    world: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed run had archived is not asked for again."""
    monkeypatch.setenv("STAND_IN_API_KEY", KEY)
    chance = random.Random(20230519)
    with serve(world, key=KEY, faults=lambda count, url: Fault("drip", seconds=0.02)) as base:
        begun = time.monotonic()
        whole = rehearse.finish("bulk", tmp_path / "whole", base)
        span = time.monotonic() - begun
        kills, root = 0, tmp_path / "killed"
        while kills < KILLS:
            base.requests.clear()
            for _ in range(5):  # a run that is killed again and again gets further each time
                with rehearse.start("bulk", root, base) as child:
                    time.sleep(chance.uniform(0, span / 2))
                    kills += child.poll() is None
                    child.kill()
            assert rehearse.finish("bulk", root, base) == whole
            again = [url for url, times in Counter(files(base)).items() if times > 1]
            assert len(again) <= 5  # the one file that each kill may have cut
            root = tmp_path / f"killed{kills}"


def test_the_plan_of_files_is_shown_and_none_is_asked_for(server: Served, tmp_path: Path) -> None:
    with rehearse.registered(server):
        done = dry_run(tmp_path, "--bulk")
        half = dry_run(tmp_path, "--bulk", "--years", "2022")
    assert done.exit_code == 0, done.output
    assert "with a premium key: bulk files, each the whole of a reporter's year" in done.output
    assert "113 data sets (a reporter's year) hold what is asked for" in done.output
    assert "all           113 files,      0 of them held" in done.output
    assert "113 files to fetch, about " in done.output
    assert "0 data sets have no file of their release: 0 calls" in done.output
    assert "2022           56 files" in half.output
    assert "2021 " not in half.output
    assert files(server) == []
    assert KEY not in done.output


@pytest.mark.parametrize(
    "words", [["--profile", "official"], ["--profile", "comtrade", "--inputs", "."], []]
)
def test_files_are_asked_of_un_comtrade_alone(words: list[str]) -> None:
    done = CliRunner().invoke(cli.main, ["run", "--bulk", *words])
    assert done.exit_code == 2
    assert "--bulk is for --profile comtrade alone" in done.output


def test_a_key_that_does_not_cover_files_is_told_with_what_to_do(
    world: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_API_KEY", KEY)
    refused = Fault("status", 403, b'{"message": "Forbidden"}')
    with (
        serve(world, faults=lambda count, url: refused if "/bulk/" in url else None) as base,
        rehearse.registered(base),
    ):
        done = dry_run(tmp_path, "--bulk")
        monkeypatch.delenv("STAND_IN_API_KEY")
        without = dry_run(tmp_path, "--bulk")
    assert (done.exit_code, without.exit_code) == (3, 3)
    assert "Forbidden" in done.output
    assert "premium key: set one, or run without --bulk" in " ".join(done.output.split())
    assert "without a key" in without.output
