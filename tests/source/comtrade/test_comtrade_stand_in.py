"""The corridor from the simulated world: download, faults, resume, rows; one code path."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assets.source.comtrade.calls.client import download
from assets.source.comtrade.parse import raw_rows
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import corridor_demand
from assets.source.simulated.api import Fault, Served, serve
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError

DEMAND = corridor_demand(range(2021, 2023), ["TOTAL", "8542", "854231", "880622"])
PASSING = [
    Fault("status", 429, headers=(("Retry-After", "0"),)),
    Fault("status", 503),
    Fault("html", 200),
    Fault("cut_json"),
    Fault("short_body"),
    Fault("reset"),
]


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


def fetch(base: Served, archive: Archive, key: str | None = None, threads: int = 1) -> list[Entry]:
    settings = ComtradeSettings(
        base, key, None, source="simulated", threads=threads, attempts=4, first_wait=0.0
    )
    return download(settings, DEMAND, archive, lambda done, planned, what: None)


@pytest.fixture
def faultless(world: Published, tmp_path: Path) -> Iterator[list[Entry]]:
    with serve(world) as base:
        yield fetch(base, Archive(tmp_path / "faultless"))


def test_faults_at_any_request_change_nothing(
    world: Published, faultless: list[Entry], archive: Archive
) -> None:
    tried: Counter[str] = Counter()

    def strike(number: int, url: str) -> Fault | None:
        # By address: of two threads one may meet every fault that is dealt by the request's number.
        tried[url] += 1
        return PASSING[number % len(PASSING)] if tried[url] <= 2 else None

    with serve(world, faults=strike) as base:
        entries = fetch(base, archive, threads=2)
    # Twice struck, then kept and never asked for again; the release is read again at the end.
    assert {times for url, times in tried.items() if "getDa" not in url} == {3}
    assert [(entry.address, entry.sha256, entry.release) for entry in entries] == [
        (entry.address, entry.sha256, entry.release) for entry in faultless
    ]


def test_a_quota_stops_a_run_and_the_next_one_ends_it(world: Published, archive: Archive) -> None:
    with serve(world) as base:
        whole = fetch(base, Archive(archive.root / "whole"), key="k" * 32)
        calls = len([url for url in base.requests if "getDa" not in url])
    with serve(world, quota=3) as base, pytest.raises(InputError, match="quota"):
        fetch(base, archive, key="k" * 32)
    with serve(world) as base:
        again = fetch(base, Archive(archive.root), key="k" * 32)
        assert len([url for url in base.requests if "getDa" not in url]) < calls
    assert [entry.sha256 for entry in again] == [entry.sha256 for entry in whole]


def test_the_corridor_becomes_rows(
    world: Published, archive: Archive, connection: duckdb.DuckDBPyConnection
) -> None:
    with serve(world) as base:
        entries = fetch(base, archive)
    rows = raw_rows(connection, archive, entries, "simulated")
    corridor = rows.filter("reporter = 'KAZ' AND partner = 'RUS' AND flow = 'X'")
    found = corridor.filter("breakdown IS NULL").aggregate("year, product, any_value(source)")
    assert (2021, "TOTAL", "simulated") in found.fetchall()
    assert (2022, "8542", "simulated") in found.fetchall()
    silent = rows.filter("reporter = 'RUS' AND year = 2022").aggregate("count(*)").fetchall()
    assert silent == [(0,)]
