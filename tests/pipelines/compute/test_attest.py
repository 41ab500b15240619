"""Suites on the store: which tables have one, batches that stay small, what a broken one stops."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from checks.queries import ERROR, WARN
from pipelines.compute import attest
from pipelines.compute.run_checks import SUITE
from pipelines.tables import tables
from tests.pipelines.test_definitions import materialized, run, told
from tests.world import Row, world
from warehouse import dictionary
from warehouse.dictionary import Limits

NAME = "quarantine.trade_flow"
PLAIN: Row = {"source": "comtrade", "reasons": ["group_row"], "stage": "validated"}
ROWS: list[Row] = [
    {**PLAIN, "year": year, "file_row": row}
    for year, rows in ((2020, 3), (2021, 4), (2022, 11), (None, 1))
    for row in range(1, rows + 1)
]


def labelled(batch_rows: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Source, label and rows of every batch of a small table."""
    monkeypatch.setattr(attest, "BATCH_ROWS", batch_rows)
    others: list[Row] = [{**PLAIN, "source": None}, {**PLAIN, "source": "kz_bns"}]
    with world({NAME: [*ROWS, *others]}) as connection:
        made = attest.batches(connection, tables()[NAME])
        return [(batch.suite.source, batch.partition, len(batch.frame)) for batch in made]


def test_each_source_has_batches_of_its_own_and_one_for_rows_of_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert labelled(1000, monkeypatch) == [
        ("comtrade", "2020-2022", 19),
        ("kz_bns", "2021", 1),
        ("", "2021", 1),
    ]


def test_small_years_go_together_and_a_large_one_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    (first, *parts, last) = [made for made in labelled(7, monkeypatch) if made[0] == "comtrade"]
    assert first == ("comtrade", "2020-2021", 7)
    assert [label for _, label, _ in parts] == ["2022 part 1 of 2", "2022 part 2 of 2"]
    assert sum(rows for *_, rows in parts) == 11
    assert last == ("comtrade", "all", 1)


def test_every_table_after_raw_is_attested() -> None:
    with_suite = {table.name for table in tables().values() if attest.has_suite(table)}
    after_raw = {name for name in tables() if name.split(".")[0] in attest.ATTESTED}
    without_limits = {"mart.listed_series"}  # names of series, and texts
    assert with_suite == after_raw - without_limits


@pytest.fixture
def planted_limit(monkeypatch: pytest.MonkeyPatch, own_root: Path) -> Any:
    """Expects Germany as reporter of China's customs, always or usually, after the judge's pass."""
    own, impossible = dictionary.limits, Limits(one_of=("DEU",))
    for remembered in (own_root / "headline" / "checks" / "memory").glob("validated.trade_flow.*"):
        remembered.unlink()

    def plant(severity: str) -> None:
        def limits(column: str, comment: str, source: str = "") -> tuple[Limits, Limits]:
            always, usually = own(column, comment, source)
            if (column, source) != ("reporter", "gacc"):
                return always, usually
            return (impossible, usually) if severity == ERROR else (Limits(), impossible)

        monkeypatch.setattr(dictionary, "limits", limits)

    return plant


def evaluated(outcome: dg.ExecuteInProcessResult) -> Any:
    (found,) = [
        evaluation
        for evaluation in outcome.get_asset_check_evaluations()
        if evaluation.check_name == SUITE and not evaluation.passed
    ]
    return found


def test_a_row_that_breaks_a_limit_stops_what_comes_after_and_is_shown(
    own_root: Path, planted_limit: Any
) -> None:
    planted_limit(ERROR)
    outcome = run(own_root)
    assert not outcome.success
    assert f"validated.trade_flow does not hold {SUITE}" in told(outcome)
    done = materialized(outcome)
    assert not {name for name in done if name.startswith(("transformed.", "mart.t", "published"))}
    found = evaluated(outcome)
    assert found.severity == dg.AssetCheckSeverity.ERROR
    shown = [record.data for record in found.metadata["first_rows"].value.records]
    assert {(row["suite"], row["reporter"]) for row in shown} == {
        ("dictionary of validated.trade_flow from gacc", "CHN")
    }


def test_a_row_that_is_only_unusual_warns_is_shown_and_stands_in_the_file(
    own_root: Path, planted_limit: Any
) -> None:
    planted_limit(WARN)
    outcome = run(own_root)
    assert outcome.success, told(outcome)
    found = evaluated(outcome)
    assert found.severity == dg.AssetCheckSeverity.WARN
    assert found.metadata["rows_that_break_it"].value == len(
        found.metadata["first_rows"].value.records
    )
