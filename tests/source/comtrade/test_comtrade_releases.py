"""What a new release changed, from the download to raw.release_change."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from assets.raw import trade_flow as raw_trade_flow
from assets.source.comtrade import readings
from assets.source.comtrade.client import download
from assets.source.comtrade.demand import Demand
from assets.source.comtrade.settings import ComtradeSettings
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
