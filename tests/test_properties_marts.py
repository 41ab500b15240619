"""What holds of every mart whatever the figures: scaling, names, order, strangers, swapped sides.

Small worlds of two products, both before and after 2022, go through the project's own SQL from
validated rows to every mart that rests on figures alone.
"""

import random
from collections.abc import Callable
from decimal import Decimal
from functools import cache

import duckdb
import pytest

from pipelines.tables import tables
from tests.world import Row, answer, world

# Ratios of decimals are doubles; sums of money are rounded to the cent once, whatever the scale.
CENT, RELATIVE = 0.02, 1e-9
FACTOR = 1000
# These are of lists and claims, or hold no figures; what they say rests on the names of codes.
OF_NAMES = {"mart.claim", "mart.listed_code", "mart.listed_series"}


def upstream(name: str) -> set[str]:
    """A table's inputs at any remove."""
    inputs = tables()[name].inputs
    return set(inputs).union(*(upstream(other) for other in inputs))


MARTS = sorted(
    name
    for name in tables()
    if name.startswith("mart.")
    and "transformed.trade_flow" in upstream(name)
    and name not in OF_NAMES
)


@cache
def figures() -> tuple[Row, ...]:
    """Two codes of one list, five reporters, 2019 to 2023; every value far above every floor."""
    dice = random.Random(20230519)
    rows: list[Row] = []
    for year in range(2019, 2024):
        for product in ("854231", "854232"):
            for reporter in ("KAZ", "RUS", "CHN", "DEU", "KGZ"):
                for partner in ("KAZ", "RUS", "CHN", "DEU", "KGZ", "W00"):
                    if reporter == partner or (reporter == "RUS" and year > 2021):
                        continue
                    for flow in ("M", "X"):
                        value = dice.randrange(2_000_000, 90_000_000) * (
                            8 if partner == "W00" else 1
                        )
                        cell = {
                            "reporter": reporter,
                            "partner": partner,
                            "flow": flow,
                            "year": year,
                        }
                        rows.append({**cell, "product": product, "value_usd": value})
    return tuple(rows)


@cache
def plain() -> duckdb.DuckDBPyConnection:
    return world({"validated.trade_flow": figures()}, *MARTS)


def changed(change: Callable[[Row], Row]) -> duckdb.DuckDBPyConnection:
    return world({"validated.trade_flow": [change(row) for row in figures()]}, *MARTS)


@pytest.fixture(scope="module")
def scaled() -> duckdb.DuckDBPyConnection:
    """Every value, and every floor and smoothing constant, times a thousand."""
    return changed(lambda row: {**row, "value_usd": int(str(row["value_usd"])) * FACTOR})


def is_money(column: str) -> bool:
    return column.endswith("_usd")


def near(found: object, wanted: object, slack: float) -> bool:
    if found is None or wanted is None:
        return found is wanted
    gap = abs(float(str(found)) - float(str(wanted)))
    return gap <= slack + RELATIVE * abs(float(str(wanted)))


# Smoothed by a constant that does not scale, or built on one.
SMOOTHED = (
    "growth_smoothed",
    "log_excess",
    "score",
    "excess",
    "position",
    "tier",
    "reasons",
    "reason",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in MARTS if name not in ("mart.screening",)])
def test_scaling_every_value_scales_money_and_leaves_ratios(
    scaled: duckdb.DuckDBPyConnection, name: str
) -> None:
    before, after = answer(plain(), name), answer(scaled, name)
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        for column, cell in old.items():
            if isinstance(cell, Decimal) and is_money(column):
                assert near(new[column], cell * FACTOR, FACTOR * CENT), (name, column, old)
            elif isinstance(cell, float) and not column.startswith(SMOOTHED):
                assert near(new[column], cell, 1e-6), (name, column, old)


@pytest.mark.slow
def test_the_order_of_the_rows_changes_nothing_in_any_mart() -> None:
    shuffled = list(figures())
    random.Random(1).shuffle(shuffled)
    numbered = [{"file_row": place, **row} for place, row in enumerate(shuffled, 1)]
    connection = world({"validated.trade_flow": numbered}, *MARTS)
    for name in MARTS:
        assert answer(connection, name) == answer(plain(), name), name


@pytest.mark.slow
def test_renaming_the_products_renames_the_rows_and_nothing_else() -> None:
    """854231 and 854232 of the same list, family rule, chapter and tier change places."""
    other = {"854231": "854232", "854232": "854231"}
    connection = changed(lambda row: {**row, "product": other[str(row["product"])]})
    for name in MARTS:
        renamed = [
            {column: other.get(str(cell), cell) for column, cell in row.items()}
            for row in answer(connection, name)
        ]
        wanted = [
            {c: cell for c, cell in row.items() if c != "position"} for row in answer(plain(), name)
        ]
        found = [{c: cell for c, cell in row.items() if c != "position"} for row in renamed]
        assert sorted(found, key=repr) == sorted(wanted, key=repr), name


STRANGER = "AUS"


@pytest.mark.slow
def test_a_reporter_that_trades_with_nobody_here_changes_no_row_but_its_own() -> None:
    """Australia sells to New Zealand: neither is a hub, a destination or a supplier of one."""
    stranger = [
        {
            "reporter": STRANGER,
            "partner": "NZL",
            "flow": "X",
            "year": year,
            "product": product,
            "value_usd": 10**7,
        }
        for year in range(2019, 2024)
        for product in ("854231", "854232")
    ]
    connection = world({"validated.trade_flow": [*figures(), *stranger]}, *MARTS)
    for name in MARTS:
        codes = [
            c
            for c in tables()[name].key
            if c in ("exporter", "importer", "reporter", "exporter_group")
        ]
        foreign = " and ".join(f"{c} not in ('AUS', 'NZL')" for c in codes) or "true"
        found = [dict(row) for row in answer(connection, name, foreign)]
        wanted = [dict(row) for row in answer(plain(), name, foreign)]
        for row in [*found, *wanted]:  # who of the coalition is still missing is said in words
            row.pop("reason", None)
        assert found == wanted, name


@pytest.mark.slow
def test_swapping_which_side_reports_what_turns_the_sign_of_gap_and_log_ratio() -> None:
    """Each pair's exports and imports change places, both FOB, so that no margin is between."""

    def swapped(row: Row) -> Row:
        side = {"M": "X", "X": "M"}[str(row["flow"])]
        return {
            **row,
            "reporter": row["partner"],
            "partner": row["reporter"],
            "flow": side,
            "valuation": "FOB",
        }

    pairs = [row for row in figures() if row["partner"] != "W00"]
    wanted = ("mart.mirror_gap", "mart.reporter_reliability", "mart.reconciled_flow")
    there = world({"validated.trade_flow": [{**row, "valuation": "FOB"} for row in pairs]}, *wanted)
    back = world({"validated.trade_flow": [swapped(row) for row in pairs]}, *wanted)
    both = "status = 'value'"
    rows = list(
        zip(
            answer(there, "mart.mirror_gap", both),
            answer(back, "mart.mirror_gap", both),
            strict=True,
        )
    )
    assert len(rows) > 50
    for old, new in rows:
        for name in ("gap_usd", "gap_ratio", "log_ratio"):
            assert near(new[name], -float(str(old[name])), 1e-9)
        assert near(new["discrepancy"], old["discrepancy"], 1e-12)
    same_but_for(there, back, "mart.reporter_reliability", "bias", "spread")
    same_but_for(there, back, "mart.reconciled_flow", "past_mean", "past_spread")


def same_but_for(
    there: duckdb.DuckDBPyConnection,
    back: duckdb.DuckDBPyConnection,
    name: str,
    turned: str,
    kept: str,
) -> None:
    """Of two runs, one column of a mart has the other sign and one is the same."""
    known = f"{turned} is not null"
    if name == "mart.reconciled_flow":  # where one side is silent, the other is once swapped
        known += " and basis = 'both'"
    rows = list(zip(answer(there, name, known), answer(back, name, known), strict=True))
    assert len(rows) > 20
    for old, new in rows:
        assert near(new[turned], -float(str(old[turned])), 1e-9), (name, old, new)
        assert near(new[kept], old[kept], 1e-9), (name, old, new)
