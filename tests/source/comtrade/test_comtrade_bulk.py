"""Bulk files: what is read of them is what calls return, whatever goes wrong on the way."""

import gzip
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import checks
from assets.raw import trade_flow as raw_trade_flow
from assets.reference import country
from assets.source.comtrade.bulk import listing as bulk
from assets.source.comtrade.bulk.plan import show_files
from assets.source.comtrade.calls.client import download
from assets.source.comtrade.releases import readings
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from assets.source.simulated.api import Fault, serve
from assets.source.simulated.faults import Faults
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from pipelines.compute.build import build, write_rows
from pipelines.tables import tables
from tests.comtrade.struck import Struck, struck
from warehouse.archive import Archive, Entry
from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.house import House, silent

CHECKS = Path(checks.__file__).parent
KEY = "0123456789abcdef0123456789abcdef"
YEARS = (2021,)
PRODUCTS = ("TOTAL", "8542", "854231", "8806")
# Kazakhstan with everybody, Turkey's imports with everybody and its exports to two, China's too.
DEMANDS = [
    Demand((398,), None, ("M", "X"), PRODUCTS, YEARS),
    Demand((792,), None, ("M",), PRODUCTS, YEARS),
    Demand((156, 792), (398, 643), ("X",), PRODUCTS, YEARS),
]
FILES = 3
Rows = list[tuple]


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


def nothing(count: int, url: str) -> Fault | None:
    return None


@pytest.fixture
def server(world: Published) -> Iterator[Struck]:
    with struck(world, KEY) as server:
        yield server


def settings(base: str, folder: Path | None, **more: object) -> ComtradeSettings:
    given: dict[str, object] = {"key": KEY, "requests_per_second": None, "source": "simulated"}
    given |= {"attempts": 3, "first_wait": 0.0, "bulk_files": folder}
    return ComtradeSettings(base, **given | more)  # type: ignore[arg-type]


def fetched(
    server: Struck, root: Path, demands: list[Demand] | None = None, **more: object
) -> list[Entry]:
    asking = settings(server.base, root / "partial", **more)
    return download(asking, demands or DEMANDS, Archive(root / "archive"), silent)


def rows(root: Path, entries: list[Entry]) -> Rows:
    """Every row of raw.trade_flow that is no part of a flow, without the file it stands in."""
    house = House("paper", root, ("simulated",), YEARS)
    with duckdb.connect() as connection:
        known = country.rows()
        connection.execute("create schema reference")
        connection.execute("create table reference.country as from known")
        raw_trade_flow.load(connection, house, entries)
        assert known is not None
        return connection.execute(
            "select * exclude (file_sha256, file_row) from downloaded "
            "where breakdown is null and product in ('TOTAL', '8542', '854231', '8806') "
            "order by all"
        ).fetchall()


@pytest.fixture(scope="module")
def expected(world: Published, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What the same demand gives in calls."""
    root = tmp_path_factory.mktemp("calls")
    with serve(world, key=KEY) as base:
        entries = download(settings(base, None), DEMANDS, Archive(root / "archive"), silent)
    found = rows(root, entries)
    assert len(found) > 100
    return found


def test_what_is_read_of_files_is_what_calls_return(
    server: Struck, tmp_path: Path, expected: Rows
) -> None:
    entries = fetched(server, tmp_path)
    assert rows(tmp_path, entries) == expected
    assert len(server.came("/file/")) == FILES
    assert not [url for url in server.base.requests if "/data/v1/get/" in url]
    # Turkey's file is kept once, and filed for each of the two boxes that are read of it.
    assert len(entries) == FILES + 1
    assert len({entry.sha256 for entry in entries}) == FILES
    assert list((tmp_path / "partial").iterdir()) == []


def test_a_file_that_comes_cut_or_spoilt_is_asked_for_again(
    server: Struck, tmp_path: Path, expected: Rows
) -> None:
    """One fault a request; all of them at every request stand below, and are slow."""
    kinds = ("reset in the middle of a body", "half a file as if it were whole", "server error")
    faults = {number: PASSING[kind] for number, kind in zip((3, 5, 7), kinds, strict=True)}
    server.begin(lambda count, url: faults.get(count))
    assert rows(tmp_path, fetched(server, tmp_path)) == expected
    assert server.struck == set(faults)
    assert len(server.came("/file/")) == FILES


def test_a_file_that_is_held_is_asked_for_no_more_also_for_other_products(
    server: Struck, tmp_path: Path
) -> None:
    first = fetched(server, tmp_path)
    server.begin(nothing)
    assert fetched(server, tmp_path) == first
    more = [replace(demand, products=("8471", *PRODUCTS)) for demand in DEMANDS]
    entries = fetched(server, tmp_path, more)
    assert server.came("/file/") == []
    assert {row[7] for row in rows(tmp_path, entries)} <= {"TOTAL", "8542", "854231", "8806"}
    assert {one.sha256 for one in entries} == {one.sha256 for one in first}
    calls = download(settings(server.base, None), DEMANDS, Archive(tmp_path / "archive"), silent)
    assert set(calls) >= set(first)
    assert not [url for url in server.base.requests if "/data/v1/get/" in url]


PASSING = {
    "connection closed unanswered": Fault("hang_up"),
    "reset in the middle of a body": Fault("reset"),
    "half of the promised bytes": Fault("short_body"),
    "slow drip": Fault("drip", seconds=0.05),
    "half a file as if it were whole": Fault("cut_json"),
    "packed once more and cut short": Fault("cut_gzip"),
    "a page in place of a file": Fault("html", 200),
    "a page of the gateway": Fault("html", 502),
    "too many requests": Fault("status", 429, headers=(("Retry-After", "0"),)),
    "server error": Fault("status", 500, b"oops"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PASSING)
def test_a_fault_at_any_request_in_turn_leaves_no_trace(
    server: Struck, tmp_path: Path, expected: Rows, name: str
) -> None:
    for number in range(1, 2 + FILES + 1):
        root = tmp_path / str(number)
        server.begin(lambda count, url, at=number: PASSING[name] if count == at else None)
        assert rows(root, fetched(server, root)) == expected
        server.struck -= {number} if name == "slow drip" else set()
        assert len(server.came("/file/")) == len(set(server.came("/file/"))) == FILES


FINAL = {
    "quota spent": (Fault("status", 403, b'{"message": "Out of call volume quota."}'), "quota"),
    "no right to it": (Fault("status", 403, b'{"message": "Forbidden"}'), "premium key"),
    "key of another product": (
        Fault("status", 401, b'{"message": "invalid subscription key"}'),
        "401: invalid subscription key.*premium key: set one, or run without --bulk",
    ),
    "storm of 429": (Fault("status", 429, headers=(("Retry-After", "0"),)), "attempts.*lower"),
    "server down": (Fault("status", 503), "503.*attempts"),
    "cut short for ever": (Fault("short_body"), "gave no whole answer"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FINAL)
def test_what_stops_a_run_says_so_and_the_next_run_completes_it(
    server: Struck, tmp_path: Path, expected: Rows, name: str
) -> None:
    fault, words = FINAL[name]
    for number in range(1, 2 + FILES + 1):
        root = tmp_path / str(number)
        server.begin(lambda count, url, first=number: fault if count >= first else None)
        with pytest.raises(InputError, match=words):
            fetched(server, root)
        came = server.came("/file/")
        server.begin(nothing)
        assert rows(root, fetched(server, root)) == expected
        assert not set(came) & set(server.came("/file/"))
        assert len(came) + len(server.came("/file/")) == FILES


@pytest.mark.parametrize(
    "body",
    [b"<html>busy</html>", gzip.compress(b"a\tb\n1\t2\n", mtime=0), b""],
    ids=["page", "other table", "nothing"],
)
def test_what_stays_no_table_of_comtrade_stops_the_run_and_is_not_kept(
    server: Struck, tmp_path: Path, expected: Rows, body: bytes
) -> None:
    spoilt = Fault("status", 200, body)
    server.begin(lambda count, url: spoilt if "/file/" in url else None)
    with pytest.raises(InputError, match=r"cannot be used \(it is no packed table.*3 attempts"):
        fetched(server, tmp_path)
    assert not [one for one in Archive(tmp_path / "archive").entries() if "/file/" in one.address]
    assert list((tmp_path / "partial").iterdir()) == []
    server.begin(nothing)
    assert rows(tmp_path, fetched(server, tmp_path)) == expected


def table(**cells: object) -> bytes:
    row = {"reporterCode": 156, "period": 2021, "refYear": 2021, "flowCode": "X"}
    row |= {"partnerCode": 398, "cmdCode": "8542", "primaryValue": 5} | cells
    lines = ["\t".join(row), "\t".join(map(str, row.values()))]
    return gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (table(reporterCode=398), "holds rows of 398 2021 0"),
        (table(period=2020), "holds rows of 156 2020 0"),
        (table(primaryValue="5\t6"), "holds rows of 156 2021 1"),
        (table(primaryValue="5\x00"), "cannot be used .it holds a NUL byte"),
    ],
)
def test_a_file_of_another_data_set_is_not_used(
    server: Struck, tmp_path: Path, body: bytes, words: str
) -> None:
    spoilt = Fault("status", 200, body)
    server.begin(lambda count, url: spoilt if "/file/156/" in url else None)
    with pytest.raises(InputError, match=words):
        fetched(server, tmp_path)
    assert not [one for one in Archive(tmp_path / "archive").entries() if "/156/" in one.address]


def release_anew(server: Struck, reporter: int) -> None:
    """A data set comes out anew: its availability, its file and the file's name change."""
    for dataset in server.base.server.desk._datasets:
        if (dataset["reporterCode"], dataset["period"]) == (reporter, 2021):
            dataset["lastReleased"] = "2023-03-03T00:00:00"


def test_a_file_that_is_replaced_after_it_was_listed_stops_the_run_and_the_next_takes_the_new(
    server: Struck, tmp_path: Path, expected: Rows
) -> None:
    def replaced(count: int, url: str) -> None:
        if "/file/398/" in url:
            release_anew(server, 398)

    server.begin(replaced)
    with pytest.raises(InputError, match=r"404.*replaced since it was listed: run again"):
        fetched(server, tmp_path)
    before = server.came("/file/")
    server.begin(nothing)
    found = rows(tmp_path, fetched(server, tmp_path))
    assert {row[1] for row in found if row[3] == "KAZ"} == {"2023-03-03"}
    assert {repr(row[2:]) for row in found} == {repr(row[2:]) for row in expected}
    assert len(before) + len(server.came("/file/")) == FILES + 1  # the 404 came through, too


def test_a_release_that_changes_during_the_download_is_fetched_anew(
    server: Struck, tmp_path: Path
) -> None:
    seen: list[str] = []

    def revise(count: int, url: str) -> None:
        seen.append(url)
        if sum("getDa" in one for one in seen) == 2 and "getDa" in url:
            release_anew(server, 398)

    server.begin(revise)
    found = rows(tmp_path, fetched(server, tmp_path))
    assert {row[1] for row in found if row[3] == "KAZ"} == {"2023-03-03"}
    assert len(server.came("/file/")) == FILES + 1
    assert sum("/file/398/" in url for url in server.came("/file/")) == 2


def spoilt_listing(server: Struck, change: Callable[[dict], dict | None]) -> Faults:
    """The listing with each of its records changed, or left out."""

    def strike(count: int, url: str) -> Fault | None:
        if "/bulk/v1/get/" not in url:
            return None
        desk = server.base.server.desk
        asked = dict(one.split("=") for one in url.partition("?")[2].lower().split("&"))
        said = json.loads(desk.answer("/bulk/v1/get/C/A/HS", asked).body)
        said["data"] = [one for row in said["data"] if (one := change(row)) is not None]
        return Fault("status", 200, json.dumps(said).encode())

    return strike


@pytest.mark.parametrize(
    "change",
    [
        lambda row: None if row["reporterCode"] == 156 else row,
        lambda row: row | ({"publicationDate": "2020-01-01"} if row["reporterCode"] == 156 else {}),
        lambda row: row | ({"classificationCode": "H4"} if row["reporterCode"] == 156 else {}),
        lambda row: (
            row | ({"isOriginalClassification": False} if row["reporterCode"] == 156 else {})
        ),
        lambda row: row | ({"freqCode": "M"} if row["reporterCode"] == 156 else {}),
    ],
    ids=["not listed", "of an older release", "another revision", "converted", "months"],
)
def test_a_data_set_without_a_file_of_its_release_is_asked_for_in_calls(
    server: Struck, tmp_path: Path, expected: Rows, change: Callable[[dict], dict | None]
) -> None:
    server.begin(spoilt_listing(server, change))
    assert rows(tmp_path, fetched(server, tmp_path)) == expected
    assert len(server.came("/file/")) == FILES - 1
    calls = [url for url in server.base.requests if "/data/v1/get/" in url]
    assert ["reporterCode=156&" in url for url in calls] == [True]


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row | {"fileUrl": "https://elsewhere.example/steal/398/abc"},
        lambda row: row | {"fileUrl": row["fileUrl"].replace("/file/", "/file/9")},
        lambda row: row | {"fileUrl": row["fileUrl"] + "/../../../data"},
        lambda row: {name: cell for name, cell in row.items() if name != "fileUrl"},
        lambda row: {name: cell for name, cell in row.items() if name != "publicationDate"},
    ],
)
def test_a_list_of_files_that_cannot_be_used_stops_the_run(
    server: Struck, tmp_path: Path, change: Callable[[dict], dict | None]
) -> None:
    server.begin(spoilt_listing(server, change))
    with pytest.raises(InputError, match=r"cannot be used .a list of files with"):
        fetched(server, tmp_path)
    assert server.came("/file/") == []


def test_the_key_goes_to_the_address_that_was_given_and_to_no_other(
    server: Struck, tmp_path: Path, expected: Rows
) -> None:
    def elsewhere(row: dict) -> dict:
        return row | {"fileUrl": row["fileUrl"].replace("127.0.0.1", "elsewhere.example")}

    server.begin(spoilt_listing(server, elsewhere))
    assert rows(tmp_path, fetched(server, tmp_path)) == expected


def test_without_a_key_nothing_is_asked(server: Struck, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--bulk: cannot ask.*premium key.*STAND_IN_API_KEY"):
        fetched(server, tmp_path, key=None)
    assert server.base.requests == []


def test_the_key_stands_nowhere(
    server: Struck, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    asking = settings(server.base, tmp_path / "partial")
    archive = Archive(tmp_path / "archive")
    download(asking, DEMANDS, archive, lambda *step: told.append(str(step)))
    server.begin(lambda count, url: Fault("status", 401, KEY.encode()))
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path / "again")
    assert not [url for url in server.base.requests if KEY in url]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    unpacked = [gzip.decompress(one) for one in files if one.startswith(b"\x1f\x8b")]
    assert len(unpacked) == FILES
    assert not any(KEY.encode() in content for content in [*files, *unpacked])
    assert KEY not in repr(asking) + str(caught.value) + caplog.text + "".join(told)


def test_the_plan_counts_files_and_asks_for_none(server: Struck, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    asking = settings(server.base, tmp_path / "partial")
    planned = show_files(asking, DEMANDS, archive, silent)
    assert server.came("/file/") == []
    assert (len(planned.missing), planned.data_sets, planned.calls) == (FILES, FILES, [])
    assert all(file.size > 1000 for file in planned.missing)
    with suppress(InputError):
        server.begin(lambda count, url: Fault("status", 500) if "/file/156/" not in url else None)
        fetched(server, tmp_path)
    server.begin(nothing)
    fetched(server, tmp_path)
    again = show_files(asking, DEMANDS, Archive(tmp_path / "archive"), silent)
    assert (len(again.files), again.missing) == (FILES, [])


@pytest.mark.parametrize(
    ("told", "size"),
    [("183.34 KB", 187_740), ("1 GB", 1 << 30), ("12B", 12), ("much", 0), (None, 0)],
)
def test_sizes_are_read_from_words(told: str | None, size: int) -> None:
    assert bulk._size({"fileSize": told}) == size


def fallen_short(server: Struck, root: Path) -> tuple[list[tuple], list[tuple]]:
    """What a download says of its files, and the rows that break the check of their totals."""
    entries = fetched(server, root)
    house = House("paper", root, ("simulated",), YEARS)
    names = {entry.release for entry in entries}
    said = [one for name in names for one in readings.entries(house.archive, "simulated", name)]
    listed = pd.DataFrame([asdict(entry) for entry in [*entries, *said]])
    write_rows(tables()["raw.source_file"], house, listed.rename(columns={"address": "url"}))
    for name in ("reference.country", "raw.bulk_file"):
        build(tables()[name], house, YEARS)
    query = (CHECKS / "raw" / "bulk_file" / "chapters_add_up_to_the_total.sql").read_text()
    columns = "reporter, flow, total_usd > 0, chapters"
    with connect() as connection:
        house.store.view(connection, "raw.bulk_file")
        held = connection.execute(f"select {columns} from raw.bulk_file order by all").fetchall()
        found = connection.execute(f"select reporter, flow, chapters from ({query}) order by all")
        return held, found.fetchall()


def test_a_whole_file_adds_up_and_one_without_a_chapter_is_told(
    server: Struck, tmp_path: Path
) -> None:
    held, broken = fallen_short(server, tmp_path / "whole")
    assert broken == []
    assert {row[:3] for row in held} == {
        (reporter, flow, True) for reporter in ("CHN", "KAZ", "TUR") for flow in ("M", "X")
    }
    chapters = {row[:2]: row[3] for row in held}
    assert chapters["KAZ", "M"] > 5
    desk = server.base.server.desk

    def without_machines(count: int, url: str) -> Fault | None:
        if "/file/398/" not in url:
            return None
        header, *lines = gzip.decompress(desk.answer(url, {}).body).decode().splitlines()
        place = header.split("\t").index("cmdCode")
        kept = [line for line in lines if not line.split("\t")[place].startswith("85")]
        assert 0 < len(kept) < len(lines)
        return Fault("status", 200, gzip.compress("\n".join([header, *kept, ""]).encode(), mtime=0))

    server.begin(without_machines)
    _, broken = fallen_short(server, tmp_path / "short")
    assert broken == [("KAZ", flow, chapters["KAZ", flow] - 1) for flow in ("M", "X")]
