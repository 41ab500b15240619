"""What a new release changed, from the download to raw.release_change."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from assets.raw import trade_flow as raw_trade_flow
from assets.source.comtrade.calls.client import download
from assets.source.comtrade.releases import readings
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from pipelines.compute.build import build, write_rows
from pipelines.tables import tables
from tests.corpus.stages import asked
from tests.source.comtrade.conftest import api_row
from warehouse.archive import Entry
from warehouse.engine import quoted
from warehouse.house import House, silent

YEARS = (2021,)
EXPORTS = Demand((398,), None, ("X",), ("8517", "8542"), YEARS)
BUILT = (*raw_trade_flow.READS[1:], "raw.trade_flow")  # raw.source_file is written here
TOLD = ("raw.data_set", "raw.asked", "raw.release_change")


def changes(house: House, answers: Sequence[Entry]) -> set[tuple]:
    """Product, partner and kind of each change told, of the answers of a download."""
    names = {entry.release for entry in answers}
    said = [one for name in names for one in readings.entries(house.archive, "simulated", name)]
    listed = pd.DataFrame([asdict(entry) for entry in [*answers, *said]])
    write_rows(tables()["raw.source_file"], house, listed.rename(columns={"address": "url"}))
    for name in (*BUILT, *TOLD):
        build(tables()[name], house, YEARS)
    columns = "product, partner, former_value_usd is null, change"
    [file] = house.store.files("raw.release_change")
    return set(asked(f"select {columns} from read_parquet({quoted(file)})"))


def test_a_product_that_a_release_no_longer_has_is_told_as_withdrawn(
    api: Any, settings: ComtradeSettings, tmp_path: Path
) -> None:
    house = House("paper", tmp_path, ("simulated",), YEARS)
    chips, phones = (api_row(398, 643, "X", product, 2021) for product in ("8542", "8517"))
    api.rows = [chips, phones]
    first = download(settings, [EXPORTS], house.archive, silent)
    assert changes(house, first) == set()
    api.rows, api.released = [chips], "2025-01-31T00:00:00"
    second = download(settings, [EXPORTS], house.archive, silent)
    assert changes(house, second) == {("8517", "RUS", False, "withdrawn")}
    api.rows, api.released = [chips, phones], "2025-03-31T00:00:00"
    third = download(settings, [EXPORTS], house.archive, silent)
    assert ("8517", "RUS", True, "added") in changes(house, third)


def test_a_product_that_was_not_asked_for_again_is_not_withdrawn(
    api: Any, settings: ComtradeSettings, tmp_path: Path
) -> None:
    house = House("paper", tmp_path, ("simulated",), YEARS)
    api.rows = [api_row(398, 643, "X", product, 2021) for product in ("8542", "8517")]
    download(settings, [EXPORTS], house.archive, silent)
    api.released = "2025-01-31T00:00:00"
    chips = Demand((398,), None, ("X",), ("8542",), YEARS)
    download(settings, [chips], house.archive, silent)
    both = download(settings, [chips], house.archive, silent)
    assert changes(house, both) == set()


def told(house: House) -> set[tuple]:
    """Reporter, year and whether it is gone, of each newest release of a data set."""
    [file] = house.store.files("raw.data_set")
    columns = "reporter_number, year, is_withdrawn"
    return set(asked(f"select {columns} from read_parquet({quoted(file)}) where is_newest"))


def test_a_data_set_that_vanishes_is_told_and_its_last_release_kept(
    api: Any, settings: ComtradeSettings, tmp_path: Path
) -> None:
    house = House("paper", tmp_path, ("simulated",), YEARS)
    wanted = [replace(EXPORTS, reporters=(398, 51))]
    both = [api_row(reporter, 643, "X", "8542", 2021) for reporter in (398, 51)]
    api.rows = both
    first = download(settings, wanted, house.archive, silent)
    assert changes(house, first) == set()
    assert told(house) == {(398, 2021, False), (51, 2021, False)}
    api.rows = both[:1]
    second = download(settings, wanted, house.archive, silent)
    assert second == first  # nothing was asked for again, and nothing given up
    assert changes(house, second) == {("8542", "RUS", False, "unlisted")}
    assert told(house) == {(398, 2021, False), (51, 2021, True)}
    [file] = house.store.files("raw.trade_flow", [2021])
    kept = asked(f"select reporter from read_parquet({quoted(file)}) order by reporter")
    assert kept == [("ARM",), ("KAZ",)]
    api.rows = both
    third = download(settings, wanted, house.archive, silent)
    assert changes(house, third) == set()
    assert told(house) == {(398, 2021, False), (51, 2021, False)}


def test_a_data_set_that_was_not_asked_about_again_is_not_withdrawn(
    api: Any, settings: ComtradeSettings, tmp_path: Path
) -> None:
    house = House("paper", tmp_path, ("simulated",), YEARS)
    api.rows = [api_row(reporter, 643, "X", "8542", 2021) for reporter in (398, 51)]
    first = download(settings, [replace(EXPORTS, reporters=(398, 51))], house.archive, silent)
    download(settings, [EXPORTS], house.archive, silent)
    assert changes(house, first) == set()
    assert told(house) == {(398, 2021, False), (51, 2021, False)}


def test_availability_in_other_bytes_is_no_other_input(
    api: Any, settings: ComtradeSettings, tmp_path: Path
) -> None:
    """The API tells in each answer how long it took: a second reading would move every pin."""
    house = House("paper", tmp_path, ("simulated",), YEARS)
    api.rows = [api_row(398, 643, "X", "8542", 2021)]
    download(settings, [EXPORTS], house.archive, silent)
    before = list(house.archive.entries())
    slower = json.dumps(api.availability({"period": {"2021"}}) | {"elapsedTime": "9.9 secs"})
    api.every = lambda path: (200, {}, slower.encode()) if "getDa" in path else None
    download(settings, [EXPORTS], house.archive, silent)
    assert list(house.archive.entries()) == before
