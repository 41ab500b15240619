"""Downloads from a server that answers like UN Comtrade, faultless and faulty."""

import json
import logging
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from assets.source.comtrade.calls.answer import rows
from assets.source.comtrade.calls.client import download, show_plan
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError

KEY = "0123456789abcdef0123456789abcdef"


def silent(done: int, planned: int, what: str) -> None:
    """A progress nobody looks at."""


def figures(archive: Archive, entries: list[Entry]) -> list[str]:
    found = [row for entry in entries for row in rows(archive.read(entry.sha256))]
    return sorted(json.dumps(row, sort_keys=True) for row in found)


def all_figures(api: Any) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in api.rows)


def test_a_download_holds_every_figure_once_and_is_not_asked_again(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    entries = download(settings, everything, archive, silent)
    assert figures(archive, entries) == all_figures(api)
    asked = len(api.asked)
    assert download(settings, everything, Archive(archive.root), silent) == entries
    assert len(api.asked) == asked
    assert all(entry.address.startswith("/public/v1/preview/C/A/HS?") for entry in entries)
    assert all(entry.release.startswith("2024-07-12.") for entry in entries)
    assert all("SIMULATED" in entry.citation for entry in entries)


def test_progress_counts_up_to_what_was_planned(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    told: list[tuple[int, int, str]] = []
    download(settings, everything, archive, lambda *step: told.append(step))
    assert told[-3][2] == "3 reporters M+X 2022, 2 products: 48 rows"
    data = [step for step in told if " rows" in step[2]]
    assert [done for done, _, _ in data] == list(range(1, len(data) + 1))
    assert data[-1][0] == data[-1][1]


@pytest.mark.parametrize("threads", [1, 4])
def test_an_answer_as_long_as_the_cap_is_asked_for_in_halves(
    api: Any, settings: ComtradeSettings, archive: Archive, threads: int
) -> None:
    products = [f"{number:06}" for number in range(100, 150)]
    api.fill(reporters=1, partners=10, products=products, years=[2022])  # 500 rows a flow
    demand = [Demand(None, tuple(range(1, 11)), ("M",), tuple(products), (2022,))]
    told: list[str] = []
    some = replace(settings, threads=threads)
    entries = download(some, demand, archive, lambda *step: told.append(step[2]))
    wanted = [json.dumps(row, sort_keys=True) for row in api.rows if row["flowCode"] == "M"]
    assert figures(archive, entries) == sorted(wanted)
    assert len(entries) == 2
    assert any("500 rows, cut off by the API" in what for what in told)
    asked = len(api.asked)
    assert asked == 3
    assert download(some, demand, archive, silent) == entries
    assert len(api.asked) == asked


def test_a_cell_as_long_as_the_cap_cannot_be_halved(
    api: Any, settings: ComtradeSettings, archive: Archive
) -> None:
    api.rows = [dict(api.rows[0], motCode=number) for number in range(500)]
    demand = [Demand((1,), (1,), ("M",), ("TOTAL",), (2021,))]
    with pytest.raises(InputError, match="cannot be asked for in smaller parts"):
        download(settings, demand, archive, silent)


@pytest.mark.parametrize("number", range(1, 3))
@pytest.mark.parametrize(
    "fault",
    [
        (429, {"Retry-After": "0"}, b""),
        (500, {}, b"oops"),
        (200, {"Content-Length": "9999"}, b'{"data": ['),
        (200, {}, b'{"elapsedTime": "0.1 secs", "data": [{"reporterCode"'),
        (200, {}, b"<html>busy</html>"),
        (200, {}, b"[]"),
        (200, {}, b"{}"),
    ],
)
def test_a_fault_that_passes_leaves_no_trace(
    api: Any,
    settings: ComtradeSettings,
    archive: Archive,
    everything: list[Demand],
    fault: tuple,
    number: int,
) -> None:
    api.faults = {number: fault}
    assert figures(archive, download(settings, everything, archive, silent)) == all_figures(api)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((401, {}, b'{"message": "invalid subscription key"}'), "401: invalid.*set a valid one"),
        ((403, {}, b'{"message": "Out of call volume quota"}'), "403: Out of call.*goes on from"),
        ((429, {"Retry-After": "0"}, b""), "429: nothing .3 attempts.*lower the rate"),
        ((400, {}, b'{"errorObject": {"errorMessage": "bad period"}}'), "400: bad period.*not val"),
        ((200, {}, b'{"data": [], "error": "Maximum number of periods is 1"}'), "error: Maximum"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_nothing_false(
    api: Any,
    settings: ComtradeSettings,
    archive: Archive,
    everything: list[Demand],
    fault: tuple,
    words: str,
) -> None:
    api.every = lambda path: None if "getDa" in path else fault
    with pytest.raises(InputError, match=words) as caught:
        download(settings, everything, archive, silent)
    assert f"{api.address}/public/v1/preview/C/A/HS?reporterCode=1" in str(caught.value)
    api.every = lambda path: None
    assert figures(archive, download(settings, everything, archive, silent)) == all_figures(api)


@pytest.mark.parametrize("threads", [1, 3])
def test_after_the_quota_a_run_goes_on_where_it_stopped(
    api: Any, settings: ComtradeSettings, archive: Archive, threads: int
) -> None:
    years = [2018, 2019, 2020, 2021, 2022, 2023]
    api.fill(reporters=2, partners=4, products=["TOTAL"], years=years)
    demand = [Demand(None, None, ("M", "X"), ("TOTAL",), tuple(years))]
    quota = (403, {}, b'{"message": "Out of call volume quota."}')
    api.every = lambda path: quota if len(api.asked) > 3 and "getDa" not in path else None
    some = replace(settings, threads=threads)
    with pytest.raises(InputError, match="quota"):
        download(some, demand, archive, silent)
    api.every = lambda path: None
    fetched, refused = api.asked[:3], len(api.asked)
    entries = download(some, demand, Archive(archive.root), silent)
    assert figures(archive, entries) == all_figures(api)
    assert not set(fetched) & set(api.asked[refused:])
    assert len(api.asked) == refused + 3


def test_a_new_release_is_fetched_and_the_old_one_kept(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    old = download(settings, everything, archive, silent)
    api.released = "2025-01-31T00:00:00"
    api.rows[0]["primaryValue"] = 1.0
    new = download(settings, everything, archive, silent)
    assert figures(archive, [one for one in new if one not in old]) == all_figures(api)
    assert {entry.address for entry in old} == {entry.address for entry in new}
    assert set(old) < set(new)


def test_only_reporter_years_that_were_released_anew_are_asked_for(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    download(settings, everything, archive, silent)
    api.released_anew = {(2, "2022"): "2025-01-31T00:00:00"}
    asked = len(api.asked)
    new = download(settings, everything, archive, silent)
    [again] = api.asked[asked:]
    assert "reporterCode=2&period=2022&" in again
    assert len(new) == 3
    assert download(settings, everything, archive, silent) == new
    assert len(api.asked) == asked + 1


def test_a_reporter_year_that_joins_moves_nothing_else(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    late = [row for row in api.rows if (row["reporterCode"], row["refYear"]) == (1, 2022)]
    api.rows = [row for row in api.rows if row not in late]
    download(settings, everything, archive, silent)
    asked = len(api.asked)
    api.rows += late
    entries = download(settings, everything, archive, silent)
    assert ["reporterCode=1&period=2022&" in url for url in api.asked[asked:]] == [True]
    assert figures(archive, entries) == all_figures(api)


def test_other_products_and_another_key_ask_only_for_what_is_not_held(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    totals = [replace(everything[0], products=("TOTAL",))]
    download(settings, totals, archive, silent)
    asked = len(api.asked)
    entries = download(replace(settings, key=KEY), everything, archive, silent)
    assert ["cmdCode=8542&" in url for url in api.asked[asked:]] == [True]
    assert figures(archive, entries) == all_figures(api)
    assert download(settings, totals, archive, silent)
    assert len(api.asked) == asked + 1


def test_a_release_that_changes_during_the_download_is_fetched_anew(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    def revise(path: str) -> None:
        if "getDa" not in path and len(api.asked) == 2:
            api.released = "2025-01-31T00:00:00"
            api.rows[0]["primaryValue"] = 1.0

    api.every = revise
    entries = download(settings, everything, archive, silent)
    assert figures(archive, entries) == all_figures(api)
    assert all(entry.release.startswith("2025-01-31") for entry in entries)


def test_a_reporter_without_a_data_set_is_not_asked_for(
    api: Any, settings: ComtradeSettings, archive: Archive
) -> None:
    api.rows = [row for row in api.rows if (row["reporterCode"], row["refYear"]) != (2, 2022)]
    demand = [Demand((2,), None, ("M",), ("TOTAL",), (2021, 2022))]
    entries = download(settings, demand, archive, silent)
    assert ["period=2021" in entry.address for entry in entries] == [True]


@pytest.mark.parametrize(
    ("field", "value"), [("reporterCode", 77), ("period", "1999"), ("flowCode", "RX")]
)
def test_a_row_that_was_not_asked_for_stops_the_run(
    api: Any,
    settings: ComtradeSettings,
    archive: Archive,
    everything: list[Demand],
    field: str,
    value: object,
) -> None:
    stranger = json.dumps({"data": [dict(api.rows[0], **{field: value})], "error": ""})
    api.faults = {1: (200, {}, stranger.encode())}
    with pytest.raises(InputError, match=f"{field} holds {value}, which was not asked for"):
        download(settings, everything, archive, silent)


def test_an_empty_answer_is_kept_and_said(
    api: Any, settings: ComtradeSettings, archive: Archive
) -> None:
    told: list[str] = []
    demand = [Demand((1,), None, ("M",), ("999999",), (2022,))]
    entries = download(settings, demand, archive, lambda *step: told.append(step[2]))
    assert figures(archive, entries) == []
    assert any("no rows (nothing traded, or codes" in what for what in told)
    asked = len(api.asked)
    download(settings, demand, archive, silent)
    assert len(api.asked) == asked


def test_the_key_opens_the_full_api_and_shows_nowhere(
    api: Any,
    settings: ComtradeSettings,
    archive: Archive,
    everything: list[Demand],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    keyed = replace(settings, key=KEY)
    told: list[str] = []
    entries = download(keyed, everything, archive, lambda *step: told.append(str(step)))
    assert figures(archive, entries) == all_figures(api)
    assert len(api.asked) == 1  # all years in one call
    assert api.keys == {KEY}
    api.every = lambda path: (401, {}, f'{{"message": "bad key {KEY}"}}'.encode())
    with pytest.raises(InputError) as caught:
        download(keyed, everything, archive, silent)
    files = [path.read_bytes() for path in archive.root.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in content for content in files)
    assert KEY not in repr(keyed) + str(caught.value) + caplog.text + "".join(told)


def test_a_stand_in_on_another_port_finds_the_same_entries(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    entries = download(settings, everything, archive, silent)
    assert not any(api.address in entry.address for entry in archive.entries())
    with type(api)() as other:
        Thread(target=other.serve_forever, args=(0.01,), daemon=True).start()
        other.rows = api.rows
        elsewhere = replace(settings, base_address=other.address)
        assert download(elsewhere, everything, archive, silent) == entries
        assert other.asked == []
        other.shutdown()


def test_the_plan_can_be_shown_without_asking_for_figures(
    api: Any, settings: ComtradeSettings, archive: Archive, everything: list[Demand]
) -> None:
    planned = show_plan(settings, everything, archive, silent)
    assert [held for _, held in planned.requests] == [False, False]
    assert (planned.calls, planned.data_sets) == (2, 6)
    assert api.asked == []
    download(settings, everything, archive, silent)
    again = show_plan(settings, everything, archive, silent)
    assert again.requests == [(request, True) for request, _ in planned.requests]
    assert again.calls == 0
