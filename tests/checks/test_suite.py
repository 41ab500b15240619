"""One judge: what the SQL pass lets through satisfies the suite, what breaks a word fails both."""

from typing import Any

import pandas as pd
import pytest

from checks import judge, suite
from checks.suite import Batch, Suite
from pipelines.compute.attest import ATTESTED
from pipelines.tables import tables
from tests.world import Row, answer, flow, world
from warehouse import dictionary
from warehouse.dictionary import NONE, Limits

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


def suite_from(source: str = "", table: str = "validated.trade_flow") -> Suite:
    comments = {column.name: column.comment for column in tables()[table].columns}
    return suite.suite_of(table, comments, source)


def attested(rows: list[dict[str, Any]], source: str = "comtrade") -> list[suite.Result]:
    of_source = suite_from(source)
    frame = pd.DataFrame(rows).reindex(columns=list(of_source.limits))
    frame = frame.assign(flags=[" ".join(cell) for cell in frame["flags"]])
    numbers = ["value_usd", "net_weight_kg", "exchange_rate", "quantity"]
    frame[numbers] = frame[numbers].astype(float)
    return suite.attest(Batch(of_source, "a test", frame))


def kinds(limits: Limits) -> set[str]:
    """The expectations that limits ask for."""
    asked = {
        "expect_column_values_to_not_be_null": limits.required,
        "expect_column_values_to_be_in_set": limits.one_of is not None,
        "expect_column_values_to_match_regex": limits.matches or limits.any_of or limits.some_of,
        "expect_column_values_to_be_between": {limits.at_least, limits.at_most, limits.more_than}
        != {None},
    }
    return {kind for kind, is_asked in asked.items() if is_asked}


WORDS = sorted(dictionary.words())


@pytest.mark.parametrize("name", WORDS)
def test_each_limit_of_a_word_gives_an_expectation_of_its_severity(name: str) -> None:
    word = dictionary.words()[name]
    made = suite.expectations(Suite("a.table", "", {name: (word.limits, word.usually)}))
    found = [(expectation.expectation_type, expectation.severity) for expectation in made]
    always = {(kind, "critical") for kind in kinds(word.limits)}
    usually = {(kind, "warning") for kind in kinds(word.usually)}
    assert (len(found), set(found)) == (len(always | usually), always | usually)


@pytest.mark.parametrize("name", sorted(n for n in tables() if n.split(".")[0] in ATTESTED))
def test_a_suite_has_every_column_with_limits_and_no_other(name: str) -> None:
    judged = dictionary.record("trade_flow") if name == "quarantine.trade_flow" else []
    asked = {
        column.name
        for column in tables()[name].columns
        if column.name not in judged
        and dictionary.limits(column.name, column.comment) != (NONE, NONE)
    }
    assert set(suite_from(table=name).limits) == asked


def test_a_publisher_has_its_own_suite() -> None:
    """Kazakhstan's office prints Kazakhstan's trade, in dollars; Eurostat's rows have a rate."""
    rows: list[dict[str, Any]] = [{"year": 2021, "file_row": 1, **row} for row in SOUND]
    of = {
        source: {r["expectation"] for r in attested(rows, source) if not r["success"]}
        for source in ("comtrade", "kz_bns", "eurostat")
    }
    assert of == {
        "comtrade": set(),
        "kz_bns": {"expect_column_values_to_be_in_set(reporter)"},
        "eurostat": {"expect_column_values_to_not_be_null(exchange_rate)"},
    }
    names = {r["suite"] for r in attested(rows, "kz_bns")}
    assert names == {"dictionary of validated.trade_flow from kz_bns"}


def test_what_usually_holds_warns_and_names_the_row() -> None:
    rows: list[dict[str, Any]] = [{"year": 2021, "file_row": 1, **row} for row in SOUND]
    dear = {**rows[0], "value_usd": "10000000000000.01", "partner": "CHN"}
    (found,) = [result for result in attested([*rows, dear]) if not result["success"]]
    assert found["expectation"] == "expect_column_values_to_be_between(value_usd), usually"
    assert (found["severity"], found["unexpected_count"]) == ("WARN", 1)
    assert [row["partner"] for row in found["rows"]] == ["CHN"]


@pytest.mark.parametrize(
    ("codes", "holds"),
    [("", True), ("FX", True), ("CONVERTED FX", True), ("FX ODD", False), ("fx", False)],
)
def test_flags_are_codes_of_the_dictionary(codes: str, holds: bool) -> None:
    batch = pd.DataFrame({"flags": [codes]})
    of_flags = Suite("a.table", "", {"flags": suite_from().limits["flags"]})
    results = suite.attest(Batch(of_flags, "part", batch))
    assert all(result["success"] for result in results) == holds


def test_a_row_in_quarantine_has_a_reason() -> None:
    of_quarantine = suite_from(table="quarantine.trade_flow")
    frame = pd.DataFrame({"reasons": ["", "group_row"], "stage": ["validated", "validated"]})
    results = suite.attest(Batch(of_quarantine, "part", frame))
    failed = [(r["expectation"], r["rows"]) for r in results if not r["success"]]
    bare = [{"reasons": "", "stage": "validated"}]
    assert failed == [("expect_column_values_to_match_regex(reasons)", bare)]


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
    batch = Batch(suite_from(), "part", pd.DataFrame({"source": ["comtrade"]}))
    with pytest.raises(RuntimeError, match=r"validated.* \(part\).*could not be evaluated"):
        suite.attest(batch)


def test_an_expectation_on_cells_it_cannot_compare_raises() -> None:
    frame = pd.DataFrame({"year": [2021, "last year"]}, dtype=object)
    of_year = Suite("a.table", "", {"year": suite_from().limits["year"]})
    with pytest.raises(RuntimeError, match="could not be evaluated"):
        suite.attest(Batch(of_year, "part", frame))


def test_every_fault_has_a_name_of_its_own_and_a_bit() -> None:
    names = [fault.name for fault in judge.faults()]
    assert len(set(names)) == len(names) < 63
    assert names[-1] == judge.DUPLICATE


def test_the_reasons_of_the_dictionary_are_those_the_judge_can_give() -> None:
    assert sorted(dictionary.reasons()) == sorted(fault.name for fault in judge.faults())
    assert all(dictionary.reasons().values())


def test_every_flag_added_is_in_the_dictionary() -> None:
    assert set(judge.flags()) <= set(dictionary.flags())
