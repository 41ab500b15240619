"""Whatever goes wrong on the way, the table is the faultless one, or the next run makes it so."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.raw import source_file
from assets.raw import trade_flow as raw_trade_flow
from assets.reference import country
from assets.source.comtrade.settings import ComtradeSettings, settings_of
from assets.source.simulated.api import Fault, serve
from assets.source.simulated.faults import Faults
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from tests.comtrade.struck import Struck, struck
from warehouse.archive import Entry
from warehouse.errors import InputError
from warehouse.house import House

PASSING = {
    "connection closed unanswered": Fault("hang_up"),
    "reset in the middle of a body": Fault("reset"),
    "half of the promised bytes": Fault("short_body"),
    "slow drip": Fault("drip", seconds=0.05),
    "truncated JSON": Fault("cut_json"),
    "gzip cut short": Fault("cut_gzip"),
    "wrong content type": Fault("wrong_type"),
    "a page in place of JSON": Fault("html", 200),
    "a page of the gateway": Fault("html", 502),
    "too many requests": Fault("status", 429, headers=(("Retry-After", "0"),)),
    "server error": Fault("status", 500, b"oops"),
}
FINAL = {
    "quota spent": (Fault("status", 403, b'{"message": "Out of call volume quota."}'), "quota"),
    "key not valid": (Fault("status", 401, b'{"message": "invalid subscription key"}'), "401"),
    "error in words": (Fault("status", 200, b'{"data": [], "error": "Sorry"}'), "error: Sorry"),
    "storm of 429": (Fault("status", 429, headers=(("Retry-After", "0"),)), "attempts.*lower"),
    "asked to wait a day": (Fault("status", 429, headers=(("Retry-After", "86400"),)), "86400 sec"),
    "server down": (Fault("status", 503), "503.*attempts"),
}
Table = list[tuple]
YEARS = (2021,)


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    def soon(*given: Any) -> ComtradeSettings:
        return replace(settings_of(*given), attempts=3, first_wait=0.0)

    monkeypatch.setattr(source_file, "settings_of", soon)


def table(root: Path, base: str) -> Table:
    """Every row of raw.trade_flow after the download stage of a run."""
    house = House("rehearsal", root, ("simulated",), YEARS, address=base, products="8542,TOTAL")
    listed = source_file.rows(house).rename(columns={"url": "address"})
    listed = listed[listed["source"] == "simulated"]
    with duckdb.connect() as connection:
        known = country.rows()
        connection.execute("create schema reference")
        connection.execute("create table reference.country as from known")
        entries = [Entry(**row) for row in listed.to_dict("records")]
        raw_trade_flow.load(connection, house, entries)
        assert known is not None
        return connection.execute("from downloaded order by all").fetchall()


@pytest.fixture(scope="module")
def faultless(world: Published, tmp_path_factory: pytest.TempPathFactory) -> tuple[Table, int]:
    """The table of a run without faults, and how many requests it takes."""
    with serve(world) as base:
        return table(tmp_path_factory.mktemp("faultless"), base), len(base.requests)


def at(number: int, fault: Fault) -> Faults:
    return lambda count, url: fault if count == number else None


@pytest.fixture(scope="module")
def server(world: Published) -> Iterator[Struck]:
    with struck(world) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize("name", PASSING)
def test_a_fault_at_any_request_in_turn_leaves_no_trace(
    server: Struck, faultless: tuple[Table, int], tmp_path: Path, name: str
) -> None:
    expected, requests = faultless
    assert len(expected) > 100
    harmless = PASSING[name].kind in ("drip", "wrong_type")
    for number in range(1, requests + 1):
        server.begin(at(number, PASSING[name]))
        assert table(tmp_path / str(number), server.base) == expected
        came = server.base.requests if harmless else server.came("/preview/")
        assert set(Counter(url for url in came if "/preview/" in url).values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("name", FINAL)
def test_what_stops_a_run_says_so_and_the_next_run_completes_it(
    server: Struck, faultless: tuple[Table, int], tmp_path: Path, name: str
) -> None:
    expected, requests = faultless
    fault, words = FINAL[name]
    for number in range(1, requests + 1):
        server.begin(lambda count, url, first=number: fault if count >= first else None)
        with pytest.raises(InputError, match=words):
            table(tmp_path / str(number), server.base)
        fetched = server.came("/preview/")
        server.begin(at(0, fault))
        assert table(tmp_path / str(number), server.base) == expected
        again = server.came("/preview/")
        assert not set(fetched) & set(again)
        assert len(again) == len(set(again))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_faults_at_random_end_in_the_faultless_table(
    server: Struck, faultless: tuple[Table, int], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    kinds = [*PASSING.values(), *(fault for fault, _ in FINAL.values())]
    for _ in range(100):
        server.begin(lambda *_: chance.choice(kinds) if chance.random() < 0.3 else None)
        with suppress(InputError):
            assert table(tmp_path, server.base) == faultless[0]
            return
    pytest.fail("no run came through")


def test_nobody_listening_stops_the_run_and_the_next_completes_it(
    world: Published, faultless: tuple[Table, int], tmp_path: Path
) -> None:
    with serve(world) as base:
        pass
    with pytest.raises(InputError, match="gave no whole answer"):
        table(tmp_path, base)
    with serve(world) as base:
        assert table(tmp_path, base) == faultless[0]


def test_an_answer_with_each_row_twice_gives_no_figure_more(
    world: Published, faultless: tuple[Table, int], tmp_path: Path
) -> None:
    """Copies are kept in raw, as sent, and refused by validation as later copies of a figure."""
    twice: Faults = lambda count, url: Fault("doubled") if "/preview/" in url else None  # noqa: E731
    with serve(world, faults=twice) as base:
        found = table(tmp_path, base)
    place = raw_trade_flow.COLUMNS.index("file_sha256")
    cells = [
        {(*row[:place], *row[place + 2 :]).__repr__() for row in some}
        for some in (found, faultless[0])
    ]
    assert cells[0] == cells[1]
    assert len(found) == 2 * len(faultless[0])
