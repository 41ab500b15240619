"""What holds of the statistic and of validation for any rows, whatever the figures.

Worlds are drawn by hypothesis, small and the same in every run. The tables are computed by the
pipeline's own SQL over one connection that holds the project's reference tables.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.suite import attest
from pipelines.compute.attest import batches
from pipelines.compute.build import JUDGED_TABLES
from pipelines.tables import tables
from tests.world import Row, answer, judge_raw, numbered, stand, world

NAME = "validated.mirror_statistics"
FIGURE = "validated.mirror_figure"
QUICK = settings(max_examples=8, deadline=None, derandomize=True)
GAPS = ("mirror_gap_usd", "hub_imports_usd", "hub_exports_usd", "destination_received_world_usd")
RATIOS = ("mirror_gap_ratio", "mirror_log_ratio", "pass_through", "destination_received_coverage")

# Values far above every floor, so that scaling does not carry a cell across one.
VALUES = st.integers(min_value=1_000_000, max_value=10**12)
PAIRS = st.sampled_from(
    [
        ("KAZ", "W00", "M"),
        ("KAZ", "RUS", "M"),
        ("KAZ", "CHN", "M"),
        ("KAZ", "RUS", "X"),
        ("RUS", "W00", "M"),
        ("RUS", "KAZ", "M"),
        ("RUS", "CHN", "M"),
        ("CHN", "RUS", "X"),
        ("DEU", "RUS", "X"),
        ("KGZ", "RUS", "X"),
    ]
)
KEYS = st.tuples(PAIRS, st.sampled_from([2020, 2021, 2022]), st.sampled_from(["TOTAL", "8542"]))


def report(reporter: str, partner: str, flow: str, **cells: object) -> Row:
    return {"reporter": reporter, "partner": partner, "flow": flow, **cells}


@st.composite
def reports(draw: st.DrawFn) -> list[Row]:
    """Rows with distinct keys, as validation would let them through."""
    drawn = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=25))
    return [
        report(*pair, year=year, product=product, value_usd=value)
        for (pair, year, product), value in drawn.items()
    ]


@cache
def references() -> duckdb.DuckDBPyConnection:
    """A connection with every reference table, in which trade_flow is put anew for each world."""
    names = (NAME, FIGURE, JUDGED_TABLES[0])
    inputs = {name for table in names for name in tables()[table].inputs} - {FIGURE}
    return world({}, *(name for name in inputs if not name.endswith(".trade_flow")))


def statistics(rows: Sequence[Row]) -> list[dict[str, object]]:
    connection = references()
    stand(connection, tables()["validated.trade_flow"], rows)
    for name in (FIGURE, NAME):
        connection.execute(f"create or replace table {name} as {tables()[name].select}")
    return answer(connection, NAME)


def near(figure: object, before: object, factor: int, cents: int = 0) -> bool:
    """Whether a figure is `factor` times what it was, but for the rounding of either to a cent."""
    if figure is None or before is None:
        return figure is before
    wanted = factor * float(str(before))
    return float(str(figure)) == pytest.approx(wanted, rel=1e-9, abs=1e-9 + cents / 100)


@QUICK
@given(rows=reports(), factor=st.sampled_from([2, 3, 10]))
def test_scaling_every_value_scales_the_gaps_and_leaves_the_ratios(
    rows: list[Row], factor: int
) -> None:
    larger = [{**row, "value_usd": factor * int(str(row["value_usd"]))} for row in rows]
    for before, after in zip(statistics(rows), statistics(larger), strict=True):
        for name in GAPS:
            assert near(after[name], before[name], factor, cents=factor)
        for name in RATIOS:
            assert near(after[name], before[name], 1)
        assert after["flags"] == before["flags"]


@QUICK
@given(rows=reports(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows: list[Row], order: object) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert statistics(shuffled) == statistics(rows)


@QUICK
@given(rows=reports())
def test_a_reporter_that_trades_with_nobody_here_changes_nothing(rows: list[Row]) -> None:
    """Australia sells to New Zealand; neither is a hub, a destination or one of their suppliers."""
    stranger = [
        report("AUS", "NZL", "X", year=year, product="8542", value_usd=10**9)
        for year in (2020, 2021, 2022)
    ]
    assert statistics([*rows, *stranger]) == statistics(rows)


@QUICK
@given(sent=VALUES, received=VALUES)
def test_swapping_the_two_reports_turns_the_sign_of_gap_and_ratios(
    sent: int, received: int
) -> None:
    """On the total of the land neighbours the margin is 0, so the two sides are alike."""
    there, back = (_pair_total(*values) for values in ((sent, received), (received, sent)))
    for name in ("mirror_gap_usd", "mirror_gap_ratio", "mirror_log_ratio"):
        assert float(str(there[name])) == pytest.approx(-float(str(back[name])), abs=1e-9)


def _pair_total(sent: int, received: int) -> dict[str, object]:
    (row,) = statistics(
        [
            report("KAZ", "RUS", "X", value_usd=sent),
            report("RUS", "KAZ", "M", value_usd=received),
        ]
    )
    return row


FAULTS: list[Row] = [
    {},
    {},
    {"breakdown": "rail"},
    {"flow": "RX"},
    {"partner": "XEU"},
    {"reporter": "QQQ"},
    {"value_usd": -5},
    {"value_usd": None, "original": "{}"},
    {"product": "854"},
    {"flags": ["PARTIAL_YEAR"]},
    {"net_weight_kg": 0},
    {"release": None},
    {"valuation": None},
    {"partner_basis": "sale"},
    {"classification": "H9"},
    {"year": 1900},
    {"source": "eurostat"},
    {"source": "kz_bns"},
    {"file_row": 0},
]


@st.composite
def faulty(draw: st.DrawFn) -> list[Row]:
    """Rows with up to two faults each, some of them copies of others."""
    rows = draw(reports())
    copies = draw(st.lists(st.sampled_from(rows), max_size=4))
    pairs = st.tuples(st.sampled_from(FAULTS), st.sampled_from(FAULTS))
    return [{**row, **one, **two} for row in [*rows, *copies] for one, two in [draw(pairs)]]


def judged(rows: Sequence[Row]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """What validation lets through and what it refuses of the given raw rows."""
    connection = references()
    stand(connection, tables()["raw.trade_flow"], rows)
    judge_raw(connection)
    for name in JUDGED_TABLES:
        connection.execute(f"create or replace table {name} as {tables()[name].select}")
    kept, refused = (answer(connection, name) for name in JUDGED_TABLES)
    return kept, refused


def worth(rows: Sequence[Row]) -> Decimal:
    return sum((Decimal(str(row["value_usd"] or 0)) for row in rows), Decimal(0))


@QUICK
@given(rows=faulty())
def test_raw_is_validated_and_quarantine_together_in_rows_and_value(rows: list[Row]) -> None:
    raw = numbered(rows)
    kept, refused = judged(raw)
    assert sorted(str(row["file_row"]) for row in [*kept, *refused]) == sorted(
        str(row["file_row"]) for row in raw
    )
    assert worth(kept) + worth(refused) == worth(raw)
    assert all(row["reasons"] for row in refused)


@QUICK
@given(rows=faulty())
def test_validating_what_was_let_through_changes_nothing(rows: list[Row]) -> None:
    kept, _ = judged(numbered(rows))
    again, refused = judged(kept)
    assert again == kept
    assert refused == []


@QUICK
@given(rows=faulty())
def test_what_was_let_through_and_what_was_refused_satisfy_every_expectation(
    rows: list[Row],
) -> None:
    kept, refused = judged(numbered(rows))
    results = [
        result
        for name in JUDGED_TABLES
        for batch in batches(references(), tables()[name])
        for result in attest(batch)
    ]
    assert bool(results) == bool(kept or refused)
    assert [result for result in results if not result["success"]] == []
