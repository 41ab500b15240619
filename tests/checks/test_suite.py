"""One judge: what the SQL pass lets through satisfies the suite, what breaks a word fails both."""

from typing import Any

import pandas as pd
import pytest

from checks import judge, suite
from tests.world import Row, answer, flow, world
from warehouse import dictionary
from warehouse.dictionary import Word

COLUMNS = suite.constrained(dictionary.record("trade_flow"))
SOUND: list[dict[str, object]] = [
    flow(reporter="KAZ", partner="RUS", flow="X", value_usd="7018700000.00"),
    flow(reporter="KAZ", partner="CHN", flow="M", product="85", value_usd="0"),
    flow(reporter="KAZ", partner="W00", flow="M", product="8542", year=2022, value_usd="75000000"),
    flow(reporter="DEU", partner="KAZ", flow="X", product="854231", value_usd="0.01"),
    flow(reporter="DEU", partner="RUS", flow="X", net_weight_kg="0.001", value_usd="1"),
    flow(reporter="CHN", partner="KAZ", flow="X", partner_basis="consignment", value_usd="5"),
]
BROKEN = {
    "source": None,
    "release": None,
    "classification": "HS92",
    "product": "85423",
    "value_usd": "-0.01",
    "valuation": "FAS",
    "net_weight_kg": "0",
    "partner_basis": "transit",
    "file_sha256": None,
    "flow": "RX",
    "reporter": None,
    "partner": None,
}


def judged(rows: list[dict[str, object]], table: str) -> list[dict[str, Any]]:
    """Rows of validated or quarantine after the judge's pass over the given raw rows."""
    given: dict[str, list[Row]] = {"raw.trade_flow": list(rows)}
    return answer(world(given, table), table)


def attested(rows: list[dict[str, Any]]) -> list[suite.Result]:
    batch = pd.DataFrame(rows)[COLUMNS].assign(
        value_usd=lambda frame: frame["value_usd"].astype(float),
        net_weight_kg=lambda frame: frame["net_weight_kg"].astype(float),
    )
    return suite.attest("validated.trade_flow", COLUMNS, "a test", batch)


def kinds(word: Word) -> set[str]:
    """The expectations that the constraints of a word ask for."""
    asked = {
        "expect_column_values_to_not_be_null": word.required,
        "expect_column_values_to_be_in_set": word.one_of is not None,
        "expect_column_values_to_match_regex": word.matches is not None,
        "expect_column_values_to_be_between": {word.at_least, word.at_most, word.more_than}
        != {None},
    }
    return {kind for kind, is_asked in asked.items() if is_asked}


@pytest.mark.parametrize("name", dictionary.record("trade_flow"))
def test_each_constraint_of_a_word_gives_an_expectation(name: str) -> None:
    found = {expectation.expectation_type for expectation in suite.expectations([name])}
    assert found == kinds(dictionary.words()[name])


@pytest.mark.parametrize("name", dictionary.record("trade_flow"))
def test_each_word_with_a_constraint_is_handed_to_the_suite(name: str) -> None:
    assert (name in COLUMNS) == bool(kinds(dictionary.words()[name]))


def test_rows_that_pass_the_judge_pass_the_suite() -> None:
    passed = judged(SOUND, "validated.trade_flow")
    assert len(passed) == len(SOUND)
    results = attested(passed)
    assert results
    assert [result["expectation"] for result in results if not result["success"]] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_breaks_a_word_is_refused_by_the_judge(name: str) -> None:
    rows = [{**SOUND[3], name: BROKEN[name]}]
    assert judged(rows, "validated.trade_flow") == []
    (refused,) = judged(rows, "quarantine.trade_flow")
    fault = dictionary.words()[name].fault
    assert refused["reasons"]
    assert fault is None or fault in refused["reasons"]


def test_rows_that_break_each_word_fail_the_suite() -> None:
    rows: list[dict[str, Any]] = [
        {"year": 2021, "file_row": 1, **SOUND[3], name: cell} for name, cell in BROKEN.items()
    ]
    failed = {r["expectation"] for r in attested(rows) if not r["success"]}
    assert {name for name in BROKEN if any(f"({name})" in said for said in failed)} == set(BROKEN)


def test_an_expectation_that_cannot_be_evaluated_raises() -> None:
    batch = pd.DataFrame({"source": ["comtrade"]})
    with pytest.raises(RuntimeError, match=r"a\.table \(part\).*could not be evaluated"):
        suite.attest("a.table", ["source", "release"], "part", batch)


def test_an_expectation_on_cells_it_cannot_compare_raises() -> None:
    batch = pd.DataFrame({"year": [2021, "last year"]}, dtype=object)
    with pytest.raises(RuntimeError, match="could not be evaluated"):
        suite.attest("a.table", ["year"], "part", batch)


def test_every_fault_has_a_name_of_its_own_and_a_bit() -> None:
    names = [fault.name for fault in judge.faults()]
    assert len(set(names)) == len(names) < 63
    assert names[-1] == judge.DUPLICATE


def test_the_reasons_of_the_dictionary_are_those_the_judge_can_give() -> None:
    assert sorted(dictionary.reasons()) == sorted(fault.name for fault in judge.faults())
    assert all(dictionary.reasons().values())


def test_every_flag_added_is_in_the_dictionary() -> None:
    assert set(judge.flags()) <= set(dictionary.flags())
