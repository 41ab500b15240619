"""Bounds of unit values are asked for with a key, in few calls, once; a refusal costs no run."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from assets.source.comtrade.calls.answer import rows
from assets.source.comtrade.calls.client import show_plan
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.told import unit_values
from assets.source.comtrade.told.bounds import bounds
from assets.source.comtrade.told.unit_values import PATH, asked_at, download, missing
from assets.source.comtrade.wanted.demand import Demand, corridor_demand
from assets.source.simulated.api import Served, serve
from assets.source.simulated.faults import Fault
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from tests.comtrade.test_faults import PASSING
from tests.source.comtrade.conftest import KEY
from warehouse.archive import Archive
from warehouse.errors import InputError

YEARS = (2021, 2022)
DEMAND = corridor_demand(YEARS, ["TOTAL", "8542", "854231", "880622"])
REFUSALS = {
    "request not valid": (400, b'{"errorObject": {"errorMessage": "bad period"}}', "bad period"),
    "not covered by the key": (401, b'{"message": "invalid subscription key"}', "invalid subscr"),
    "for subscribers": (403, b'{"message": "Your product does not include this"}', "include this"),
    "gone": (404, b'{"message": "Resource not found"}', "not found"),
    "error in words": (200, b'{"data": [], "error": "Not for HS"}', "Not for HS"),
}
STOPS = {
    "quota": (403, b'{"message": "Out of call volume quota."}', "quota"),
    "quota in words": (200, b'{"data": [], "error": "Out of call volume quota."}', "quota"),
    "storm of 429": (429, b"", "429"),
    "server down": (503, b"busy", "503"),
    "no rows": (200, b"{}", "cannot be used"),
    "no JSON": (200, b"<html>busy</html>", "cannot be used"),
}


@pytest.fixture
def keyed(settings: ComtradeSettings) -> ComtradeSettings:
    return replace(settings, key=KEY)


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


def bound(code: str, year: int, flow: str = "X", **more: object) -> dict[str, object]:
    row = {"cmdCode": code, "period": str(year), "flowCode": flow, "qtyUnitCode": 8}
    return row | {"classificationCode": "H6", "uvMin": 1.5, "suv": 2, "uvMax": 9} | more


def answering(api: Any, *found: dict[str, object]) -> None:
    """The server has these bounds, and gives those of them that are asked for."""

    def reply(path: str) -> tuple[int, dict[str, str], bytes] | None:
        if PATH not in path:
            return None
        asked = asked_at(path)
        some = [
            one
            for one in found
            if one["cmdCode"] in asked.products and int(str(one["period"])) in asked.years
        ]
        return 200, {}, json.dumps({"data": some, "error": ""}).encode()

    api.every = reply


def calls(api: Any) -> list[str]:
    return [path for path in api.asked if PATH in path]


def test_nothing_is_asked_without_a_key(
    api: Any, settings: ComtradeSettings, archive: Archive
) -> None:
    assert download(settings, DEMAND, archive) == []
    assert missing(settings, DEMAND, archive) == []
    assert api.asked == []


def test_one_call_asks_for_kilograms_of_single_goods_in_all_years(
    api: Any, keyed: ComtradeSettings, archive: Archive
) -> None:
    answering(api, bound("854231", 2021), bound("854231", 2022))
    [entry] = download(keyed, DEMAND, archive)
    asked = f"{PATH}?period=2021,2022&cmdCode=854231,880622&flowCode=M,X&qtyUnitCode=8"
    assert calls(api) == [asked] == [entry.address]
    assert (entry.source, len(rows(archive.read(entry.sha256)))) == ("simulated_bounds", 2)
    assert api.keys == {KEY}


def test_what_the_archive_holds_is_never_asked_for_again_and_needs_no_key(
    api: Any, settings: ComtradeSettings, keyed: ComtradeSettings, archive: Archive
) -> None:
    answering(api, bound("854231", 2021), bound("854231", 2022), bound("854232", 2022))
    first = download(keyed, DEMAND, archive)
    assert download(keyed, DEMAND, Archive(archive.root)) == first
    assert download(settings, DEMAND, archive) == first
    assert len(calls(api)) == 1
    more = corridor_demand((2022, 2023), ["854231", "854232"])
    download(keyed, more, archive)
    asked = [asked_at(path) for path in calls(api)[1:]]
    cells = [cell for one in asked for cell in product(one.products, one.years)]
    assert sorted(cells) == [("854231", 2023), ("854232", 2022), ("854232", 2023)]
    assert download(keyed, corridor_demand((2019,), ["850440"]), archive) == []


def test_a_year_without_bounds_is_asked_for_again_and_an_empty_answer_is_no_input(
    api: Any, keyed: ComtradeSettings, archive: Archive
) -> None:
    answering(api, bound("854231", 2021))
    first = download(keyed, DEMAND, archive)
    assert download(keyed, DEMAND, archive) == first
    assert [asked_at(path).years for path in calls(api)] == [(2021, 2022), (2022,)]
    answering(api, bound("854231", 2021), bound("854231", 2022))
    assert set(first) < set(download(keyed, DEMAND, archive))
    assert missing(keyed, DEMAND, archive) == []


def test_a_code_that_no_answer_bounds_is_not_asked_for_again_where_the_year_has_bounds(
    api: Any, keyed: ComtradeSettings, archive: Archive
) -> None:
    answering(api, bound("854231", 2021))
    download(keyed, corridor_demand((2021,), ["854231"]), archive)
    drones = corridor_demand((2021,), ["880622"])
    assert download(keyed, drones, archive) == []
    assert missing(keyed, drones, archive) == []
    first = Archive(archive.root / "first")  # asked before anybody had a bound of the year
    download(keyed, drones, first)
    download(keyed, corridor_demand((2021,), ["854231"]), first)
    assert [one.products for one in missing(keyed, drones, first)] == [("880622",)]


@pytest.mark.parametrize(("codes", "years", "fewest"), [(40, 9, 1), (700, 9, 2), (30, 30, 3)])
def test_calls_are_few_and_within_the_limits(
    keyed: ComtradeSettings, archive: Archive, codes: int, years: int, fewest: int
) -> None:
    products = [f"{number:06}" for number in range(codes)]
    asked = missing(keyed, corridor_demand(range(1995, 1995 + years), products), archive)
    assert len(asked) == fewest
    assert max(len(unit_values.address(one)) for one in asked) <= keyed.limits.url_chars
    assert max(len(one.years) for one in asked) <= keyed.limits.periods
    cells = Counter(cell for one in asked for cell in product(one.products, one.years))
    assert (len(cells), set(cells.values())) == (codes * years, {1})
    assert [asked_at(unit_values.address(one)) for one in asked] == asked


def test_the_plan_counts_them(
    api: Any, settings: ComtradeSettings, keyed: ComtradeSettings, archive: Archive
) -> None:
    def silent(done: int, planned: int, what: str) -> None:
        pass

    wanted = [Demand(None, None, ("M", "X"), ("8542", "854231"), YEARS)]
    assert show_plan(settings, wanted, archive, silent).bounds == 0
    planned = show_plan(keyed, wanted, archive, silent)
    assert (planned.bounds, planned.calls) == (1, len(planned.requests) + 1)
    assert api.asked == []
    answering(api, bound("854231", 2021), bound("854231", 2022))
    download(keyed, wanted, archive)
    assert show_plan(keyed, wanted, archive, silent).bounds == 0


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_told_and_costs_no_run(
    api: Any,
    keyed: ComtradeSettings,
    archive: Archive,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    status, body, words = REFUSALS[name]
    api.every = lambda path: (status, {}, body)
    assert download(keyed, DEMAND, archive) == []
    assert "UV_OUTLIER rests on the other rule alone" in caplog.text
    assert words in caplog.text
    assert KEY not in caplog.text
    assert len(calls(api)) == 1
    answering(api, bound("854231", 2021), bound("854231", 2022))
    assert len(download(keyed, DEMAND, archive)) == 1


@pytest.mark.parametrize("name", STOPS)
def test_what_time_mends_stops_the_run_and_the_next_one_completes_it(
    api: Any, keyed: ComtradeSettings, archive: Archive, name: str
) -> None:
    status, body, words = STOPS[name]
    api.every = lambda path: (status, {"Retry-After": "0"}, body)
    with pytest.raises(InputError, match=words):
        download(keyed, DEMAND, archive)
    answering(api, bound("854231", 2021), bound("854231", 2022))
    assert len(download(keyed, DEMAND, archive)) == 1


def test_a_wait_of_a_day_stops_the_run(api: Any, keyed: ComtradeSettings, archive: Archive) -> None:
    api.every = lambda path: (403, {"Retry-After": "86400"}, b'{"message": "Later"}')
    with pytest.raises(InputError, match="to wait 86400 seconds"):
        download(keyed, DEMAND, archive)


def test_a_refusal_midway_keeps_what_was_answered(
    api: Any, keyed: ComtradeSettings, archive: Archive
) -> None:
    wanted = corridor_demand(range(2000, 2020), ["854231"])
    answering(api, *(bound("854231", year) for year in range(2000, 2020)))
    api.faults = {2: (404, {}, b"")}
    assert len(download(keyed, wanted, archive)) == 1
    assert len(download(keyed, wanted, archive)) == 2
    assert Counter(calls(api)).most_common(2)[0][1] == 2  # only the refused one was asked twice
    assert len(calls(api)) == 3


def test_the_key_stands_nowhere(
    api: Any, keyed: ComtradeSettings, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answering(api, bound("854231", 2021), bound("854231", 2022))
    download(keyed, DEMAND, archive)
    files = [path.read_bytes() for path in archive.root.rglob("*") if path.is_file()]
    assert files
    assert not any(KEY.encode() in content for content in files)
    assert KEY not in caplog.text + "".join(calls(api))


def of_stand_in(base: Served, archive: Archive, key: str | None = KEY) -> list[dict[str, Any]]:
    settings = ComtradeSettings(base, key, None, source="simulated", attempts=3, first_wait=0.0)
    return bounds(archive, download(settings, DEMAND, archive))


@pytest.fixture(scope="module")
def faultless(
    world: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[dict[str, Any]]]:
    with serve(world) as base:
        yield of_stand_in(base, Archive(tmp_path_factory.mktemp("faultless")))


def test_the_stand_in_bounds_both_flows_in_the_revision_of_the_year(
    faultless: list[dict[str, Any]],
) -> None:
    found = {(row["product"], row["year"], row["flow"], row["classification"]) for row in faultless}
    processors = {("854231", "2021", "H5"), ("854231", "2022", "H6")}
    assert found == {
        (code, year, flow, revision)
        for code, year, revision in processors | {("880622", "2022", "H6")}
        for flow in ("M", "X")
    }
    assert {row["reason"] for row in faultless} == {None}


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_leaves_no_trace(
    world: Published, faultless: list[dict[str, Any]], tmp_path: Path, name: str
) -> None:
    with serve(world, faults=lambda count, _: PASSING[name] if count == 1 else None) as base:
        assert of_stand_in(base, Archive(tmp_path)) == faultless


def test_rows_that_come_twice_bound_once(
    world: Published, faultless: list[dict[str, Any]], tmp_path: Path
) -> None:
    with serve(world, faults=lambda *_: Fault("doubled")) as base:
        found = of_stand_in(base, Archive(tmp_path))
    used = [row for row in found if row["reason"] is None]
    place = ("file_sha256", "file_row")
    assert [{k: v for k, v in row.items() if k not in place} for row in used] == [
        {k: v for k, v in row.items() if k not in place} for row in faultless
    ]
    assert Counter(row["reason"] for row in found) == {None: len(used), "repeated": len(used)}


def test_the_stand_in_wants_a_key_for_them_and_counts_them_in_the_quota(
    world: Published, tmp_path: Path
) -> None:
    with serve(world, key="right") as base:
        assert of_stand_in(base, Archive(tmp_path / "wrong"), "w" * 32) == []
    with serve(world, quota=0) as base, pytest.raises(InputError, match="quota"):
        of_stand_in(base, Archive(tmp_path / "spent"))
