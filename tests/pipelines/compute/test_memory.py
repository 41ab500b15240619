"""What is remembered of earlier runs, and what is forgotten of tables that are no more."""

import json
from pathlib import Path

import duckdb
import pytest

from assets.meta import validation_result
from pipelines import profiles
from pipelines.compute import memory, run_checks
from pipelines.tables import tables
from warehouse.house import House

RESULT = dict.fromkeys(validation_result.COLUMNS, "left")
WHOLE, BY_YEAR = "mart.pass_through", "mart.mirror_gap"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with results and Parquet of a table kept whole, one kept by year, and one gone."""
    house = profiles.house("headline", tmp_path)
    (house.results / "memory").mkdir(parents=True)
    for name in (WHOLE, BY_YEAR, "mart.gone"):
        for span in ("all", "2020-2021"):
            (house.results / f"{name}.{span}.json").write_text(json.dumps([RESULT]))
            (house.results / "memory" / f"{name}.{span}.json").write_text("{}")
        with duckdb.connect() as connection:
            for year in (None, 2020):
                house.store.write(connection, name, "select 1 as year", ["year"], year)
    return house


def left(house: House) -> set[str]:
    files = [path for path in house.store.root.rglob("*") if path.is_file()]
    return {path.relative_to(house.store.root).as_posix() for path in files}


def test_tables_that_are_gone_or_kept_otherwise_are_forgotten(house: House) -> None:
    memory.forget(house)
    assert left(house) == {
        f"checks/{WHOLE}.all.json",
        f"checks/memory/{WHOLE}.all.json",
        f"checks/{BY_YEAR}.2020-2021.json",
        f"checks/memory/{BY_YEAR}.2020-2021.json",
        "mart/pass_through.parquet",
        "mart/pass_through.sha256",
        "mart/mirror_gap/2020.parquet",
        "mart/mirror_gap/2020.sha256",
    }


def test_a_table_that_was_kept_whole_before_can_be_checked_by_year(house: House) -> None:
    run_checks._keep(tables()[BY_YEAR], house, [2019, 2020, 2021], [])
    kept = {path.name for path in house.results.glob(f"{BY_YEAR}.*.json")}
    assert kept == {f"{BY_YEAR}.2019-2021.json", f"{BY_YEAR}.all.json"}
