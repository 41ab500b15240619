"""Bad rows: every reason of validation at least once, several at a time, and rows on an edge."""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
import pytest

from checks import judge
from pipelines.compute.build import write_rows
from pipelines.tables import tables
from tests.corpus.stages import Outcome, Outcomes, from_rows, furnished
from tests.world import Cell
from warehouse.house import House

GOOD = {"reporter": "KAZ", "partner": "CHN", "flow": "M", "value_usd": 700, "year": 2022}
CHINESE = {"reporter": "CHN", "partner": "KAZ"}
CHIP = {"product": "854231", "classification": "H6"}


@dataclass(frozen=True)
class Bad:
    """A good row with these cells changed, and every reason it is refused for."""

    name: str
    cells: dict[str, Cell]
    reasons: tuple[str, ...]


def bad(name: str, *reasons: str, **cells: Cell) -> Bad:
    return Bad(name, cells, tuple(sorted(reasons)))


CASES = [
    bad("customs procedure beside the whole", "breakdown_row", breakdown="customs=C04"),
    bad("re-export counted inside exports", "part_flow", flow="RX"),
    bad("domestic export beside exports", "part_flow", flow="DX"),
    bad("transit is no flow", "flow_not_known", flow="TRANSIT"),
    bad("flow in small letters", "flow_not_known", flow="m", valuation="CIF"),
    bad("flow not given", "flow_not_known", flow=None),
    bad("printed group as partner", "group_row", partner="XEU"),
    bad("printed group as reporter", "group_row", reporter="XEU"),
    bad("reporter nobody knows", "unknown_reporter", reporter="ZZZ"),
    bad("reporter not given", "unknown_reporter", reporter=None),
    bad("the World as reporter", "unknown_reporter", reporter="W00"),
    bad("partner nobody knows", "unknown_partner", partner="9998"),
    bad("partner not given", "unknown_partner", partner=None),
    bad("partner by name", "unknown_partner", partner="China"),
    bad("trade with oneself", "trade_with_oneself", partner="KAZ"),
    bad("total with a vintage", "classification_does_not_fit", classification="H6"),
    bad(
        "product without vintage",
        "classification_does_not_fit",
        product="854231",
        classification="NA",
    ),
    bad(
        "vintage of another nomenclature",
        "classification_not_known",
        **(CHIP | {"classification": "S3"}),
    ),
    bad("vintage not given", "classification_not_known", **(CHIP | {"classification": None})),
    bad(
        "code of the other vintage",
        "code_not_in_vintage",
        **(CHIP | {"product": "880622", "classification": "H5", "year": 2021}),
    ),
    bad("five digits: a lost zero", "wrong_digit_count", **(CHIP | {"product": "30222"})),
    bad("eight digits: a national line", "wrong_digit_count", **(CHIP | {"product": "85423190"})),
    bad("a date for a code", "wrong_digit_count", **(CHIP | {"product": "2101-01-01"})),
    bad("an exponent for a code", "wrong_digit_count", **(CHIP | {"product": "8.5E+05"})),
    bad("digits of another script", "wrong_digit_count", **(CHIP | {"product": "٨٥٤٢٣١"})),
    bad("code not given", "wrong_digit_count", product=None, classification="H6"),
    bad("code with a line break", "wrong_digit_count", **(CHIP | {"product": "854231\n"})),
    bad("negative value", "negative_or_null_value", value_usd=-1),
    bad("value not given", "negative_or_null_value", value_usd=None),
    bad(
        "value that could not be read",
        "negative_or_null_value",
        "unit_not_convertible",
        value_usd=None,
        original='{"value": "many"}',
    ),
    bad("year 1900", "impossible_year", year=1900),
    bad("year 9999", "impossible_year", year=9999),
    bad("year 0", "impossible_year", year=0),
    bad("year -1", "impossible_year", year=-1),
    bad("year not given", "impossible_year", year=None),
    bad("valuation of another trade", "valuation_not_known", valuation="EXW"),
    bad("zero weight for unknown", "weight_zero_or_negative", net_weight_kg=0),
    bad("negative weight", "weight_zero_or_negative", net_weight_kg=-5),
    bad("basis nobody defined", "partner_basis_not_known", partner_basis="guess"),
    bad("source not given", "no_source", source=None),
    bad("release not given", "no_release", release=None),
    bad("row 0 of a file", "no_file_row", file_row=0),
    bad("row not given", "no_file_row", file_row=None),
    bad("Kazakhstan's office reporting for China", "not_of_its_source", source="kz_bns", **CHINESE),
    bad("dollars where Eurostat prints euros", "not_of_its_source", source="eurostat"),
    bad("a product from the yearbook of totals", "not_of_its_source", source="imf_imts", **CHIP),
    bad("nine months for a year", "partial_year", flags=["PARTIAL_YEAR"]),
    bad("estimate of another collection", "not_reported", flags=["NOT_REPORTED"]),
    bad("Russia by partner after 2021", "not_reported", reporter="RUS"),
    bad(
        "all of it wrong at once",
        "breakdown_row",
        "classification_does_not_fit",
        "flow_not_known",
        "impossible_year",
        "negative_or_null_value",
        "no_release",
        "trade_with_oneself",
        "unit_not_convertible",
        "unknown_partner",
        "unknown_reporter",
        "valuation_not_known",
        "weight_zero_or_negative",
        "wrong_digit_count",
        breakdown="mot=1",
        classification="NA",
        product="1",
        flow="?",
        year=3000,
        value_usd=None,
        original="{}",
        release=None,
        reporter="",
        partner="",
        valuation="",
        net_weight_kg=-1,
    ),
]
ELSEWHERE = {
    "duplicate_key",
    "beyond_its_neighbours",
    "dropped_by_correction",
    "no_file",
    "withdrawn",
}


@pytest.fixture(scope="module")
def outcomes(reference: House, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """All cases at once, each a file and a release of its own, beside a good row."""
    house = furnished(reference, tmp_path_factory.mktemp("rows"))
    rows: list[dict[str, Cell]] = []
    for case in CASES:
        own = {**GOOD, "file_sha256": case.name, "release": case.name}
        rows += [own, {**own, "value_usd": 5, **case.cells}]
    return from_rows(house, rows)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_row_is_quarantined_for_what_is_wrong_with_it(outcomes: Outcomes, case: Bad) -> None:
    assert outcomes[case.name] == Outcome((Decimal(700),), {case.reasons: 1})


def test_every_reason_of_validation_is_met_in_the_corpus() -> None:
    met = {reason for case in CASES for reason in case.reasons}
    assert met | ELSEWHERE == {fault.name for fault in judge.faults()}
    assert not met & ELSEWHERE


def test_a_row_from_no_file_is_quarantined(house: House) -> None:
    outcomes = from_rows(house, [GOOD, {**GOOD, "flow": "X", "file_sha256": None}])
    assert outcomes["f"].kept == (700,)
    assert outcomes[None] == Outcome((), {("no_file",): 1})


@pytest.mark.parametrize("second", [700, 701], ids=["the same value", "another value"])
def test_of_a_figure_given_three_times_the_first_stays(house: House, second: int) -> None:
    rows = [GOOD, {**GOOD, "value_usd": second}, {**GOOD, "file_sha256": "g"}]
    outcomes = from_rows(house, rows)
    assert outcomes["f"] == Outcome((Decimal(700),), {("duplicate_key",): 1})
    assert outcomes["g"] == Outcome((), {("duplicate_key",): 1})


def test_a_faulty_copy_does_not_push_out_the_good_row(house: House) -> None:
    outcomes = from_rows(house, [{**GOOD, "value_usd": -1}, GOOD])
    assert outcomes["f"] == Outcome((Decimal(700),), {("negative_or_null_value",): 1})


def test_a_value_in_the_wrong_unit_stands_out_from_both_neighbours(house: House) -> None:
    plain = [{**GOOD, "year": year, "value_usd": 900_000} for year in (2021, 2023)]
    outcomes = from_rows(house, [*plain, {**GOOD, "value_usd": 905_000_000}])
    assert outcomes["f"] == Outcome((Decimal(900_000),) * 2, {("beyond_its_neighbours",): 1})


def test_a_figure_that_the_register_drops_is_quarantined(house: House) -> None:
    table = tables()["reference.correction"]
    dropped = {**GOOD, "source": "comtrade", "release": "2024-01", "classification": "NA"}
    row = {**dropped, "product": "TOTAL", "correction": 1, "action": "drop", "printed_usd": 700}
    names = [column.name for column in table.columns]
    write_rows(table, house, pd.DataFrame([row]).reindex(columns=names))
    outcomes = from_rows(house, [GOOD, {**GOOD, "flow": "X"}])
    assert outcomes["f"] == Outcome((Decimal(700),), {("dropped_by_correction",): 1})


def test_values_of_eighteen_digits_are_kept_to_the_cent(house: House) -> None:
    largest = "9999999999999999.99"
    outcomes = from_rows(house, [{**GOOD, "value_usd": largest}])
    assert outcomes["f"] == Outcome((Decimal(largest),), {})
