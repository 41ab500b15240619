"""The published claims of the reference table against what profile headline computes."""

import csv
from pathlib import Path

import duckdb
import pytest

from tests.pipelines.test_headline import one

Connection = duckdb.DuckDBPyConnection
CLAIMS = Path(__file__).parents[2] / "assets" / "reference" / "claim.csv"
# Rows that profile headline ships figures for; the other claims need HS6 data.
WITHIN_REACH = (*range(2, 26), 28)
NO_STATISTIC_OF_TRADE = (30, 31, 33, 34, 35, 36, 38, 40)


def listed() -> list[dict[str, str]]:
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row_of(claim: str) -> int:
    return int(claim.split("-")[0].rstrip("b"))


def test_every_row_of_the_reference_table_is_a_claim() -> None:
    found = {row_of(claim["claim"]) for claim in listed()}
    assert found == set(range(1, 43)) - {27, 29}  # the method's table has no such rows


@pytest.mark.parametrize("number", WITHIN_REACH)
def test_headline_reproduces_the_reference_table(headline: Connection, number: int) -> None:
    found = headline.execute("select claim, verdict, reason from mart.claim").fetchall()
    assert {row for row in found if row_of(row[0]) == number and row[1] != "reproduced"} == set()
    assert any(row_of(row[0]) == number for row in found)


def test_headline_reproduces_the_growth_of_exports_it_has_figures_for(headline: Connection) -> None:
    query = "select list(claim order by claim) from mart.claim where claim like '26-%' "
    (reproduced,) = one(headline, query + "and verdict = 'reproduced'")
    assert reproduced == ["26-ARM", "26-KAZ", "26-KGZ"]


def test_seventy_times_holds_over_the_rounding_of_both_figures(headline: Connection) -> None:
    query = "select computed_low, computed, computed_high, driver from mart.claim "
    *growth, driver = one(headline, query + "where claim = '6-times'")
    assert [round(float(str(factor)), 1) for factor in growth] == [71.3, 73.5, 75.7]
    assert driver == "rounding"


@pytest.mark.parametrize("number", NO_STATISTIC_OF_TRADE)
def test_what_no_statistic_can_tell_says_why(headline: Connection, number: int) -> None:
    found = headline.execute("select claim, verdict, computed, reason from mart.claim").fetchall()
    of_row = [row for row in found if row_of(row[0]) == number]
    assert of_row
    assert {row[1:3] for row in of_row} == {("not_computable", None)}
    assert all(len(row[3]) > 20 for row in of_row)


def test_a_claim_checked_on_its_own_publisher_is_not_called_independent(
    headline: Connection,
) -> None:
    query = "select count(*) from mart.claim where is_independent and computed_from = 'occrp'"
    assert one(headline, query) == (0,)


def test_a_simulated_world_confirms_nothing(demo: Connection) -> None:
    query = "select list(distinct verdict), count(computed) from mart.claim"
    assert one(demo, query) == (["not_computable"], 0)
