"""What cannot change a reconciled value, a receipt or a route: order, names; and what scales it.

A small world of two hubs, two coalition exporters and China, with 24 civilian and three listed
goods, in which everybody reports until Russia falls silent in 2022.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import pytest

from tests.world import Cell, Row, answer, world

# fmt: off
CIVILIAN = (
    "020230", "040210", "040690", "080810", "090240", "100199", "110100", "120600",
    "151211", "170199", "190531", "200990", "210111", "220300", "220421", "240220",
    "252329", "260300", "270900", "271121", "280120", "284410", "310210", "330300",
)
# fmt: on
LISTED = ("854231", "854232", "854233")
PAIRS = [
    (exporter, importer)
    for exporter in ("DEU", "FRA", "CHN", "KAZ", "ARM")
    for importer in ("RUS", "KAZ", "ARM")
    if exporter != importer
]
MARTS = (
    "mart.reconciled_flow",
    "mart.hub_inflow",
    "mart.hub_onward",
    "mart.receipt",
    "mart.route",
)
GROUPS = [
    {"country_group": "COALITION", "member": "DEU"},
    {"country_group": "COALITION", "member": "FRA"},
    {"country_group": "CHINA", "member": "CHN"},
    {"country_group": "EAEU", "member": "KAZ"},
    {"country_group": "EAEU", "member": "ARM"},
]
Result = dict[str, list[dict[str, Cell]]]


def reports(seed: int) -> list[Row]:
    """Both sides' rows of every pair, good and year: a lasting size, and noise of a fifth."""
    chance = np.random.RandomState(seed)
    rows: list[Row] = []
    for exporter, importer in PAIRS:
        for product in (*CIVILIAN, *LISTED):
            size = chance.lognormal(14, 1) + 200_000
            for year in (2020, 2021, 2022, 2023):
                sent, got = (round(size * chance.lognormal(0, 0.2), 2) for _ in range(2))
                plain = {"year": year, "product": product}
                rows.append(
                    plain | {"flow": "X", "reporter": exporter, "partner": importer}
                    | {"value_usd": Decimal(str(sent))}
                )  # fmt: skip
                if importer != "RUS" or year < 2022:
                    rows.append(
                        plain | {"flow": "M", "reporter": importer, "partner": exporter}
                        | {"value_usd": Decimal(str(got))}
                    )  # fmt: skip
    return rows


def computed(rows: Sequence[Row]) -> Result:
    given = {"validated.trade_flow": rows, "reference.country_group": GROUPS}
    connection = world(given, *MARTS)
    return {name: answer(connection, name) for name in MARTS}


@pytest.fixture(scope="module", params=[1, 2])
def small(request: pytest.FixtureRequest) -> tuple[list[Row], Result]:
    rows = reports(request.param)
    return rows, computed(rows)


def test_the_small_world_has_what_the_properties_are_about(
    small: tuple[list[Row], Result],
) -> None:
    found = small[1]
    assert {row["basis"] for row in found["mart.reconciled_flow"]} == {"both", "exports"}
    assert any(row["missing_usd"] for row in found["mart.hub_inflow"])
    assert any(row["beyond_usd"] for row in found["mart.hub_onward"])
    assert {row["basis"] for row in found["mart.receipt"]} == {"mirror", "reported"}
    assert {row["status"] for row in found["mart.route"]} == {"value", "not_measurable"}


def test_a_reporter_that_trades_with_nobody_here_changes_no_row_but_its_own(
    small: tuple[list[Row], Result],
) -> None:
    """Australia sells listed and civilian goods to New Zealand, which is silent."""
    rows, found = small
    sold = {"flow": "X", "reporter": "AUS", "partner": "NZL", "value_usd": Decimal(10_000_000)}
    strangers: list[Row] = [
        sold | {"year": year, "product": product}
        for year in (2020, 2021, 2022, 2023)
        for product in (*CIVILIAN, *LISTED)
    ]
    again = computed([*rows, *strangers])
    assert len(again["mart.reconciled_flow"]) > len(found["mart.reconciled_flow"])
    for name in MARTS:
        assert [row for row in again[name] if row.get("exporter") != "AUS"] == found[name], name


def test_the_order_of_the_rows_changes_nothing(small: tuple[list[Row], Result]) -> None:
    rows, found = small
    for place, row in enumerate(rows):
        row["file_row"] = place + 1  # type: ignore[index]
    assert computed(rows[::-1]) == found


@pytest.mark.parametrize("one_and_other", [("DEU", "FRA"), ("854231", "854232")])
def test_names_change_nothing_but_names(
    small: tuple[list[Row], Result], one_and_other: tuple[str, str]
) -> None:
    """Two exporters of one group, two goods of one list, change their names."""
    rows, found = small
    swap = swapped(*one_and_other)
    again = computed([{key: swap(cell) for key, cell in row.items()} for row in rows])
    for name in MARTS:
        renamed = [{key: swap(cell) for key, cell in row.items()} for row in again[name]]
        assert sorted(map(str, renamed)) == sorted(map(str, found[name])), name


def swapped(one: str, other: str) -> Callable[[Cell], Cell]:
    names: dict[Cell, Cell] = {one: other, other: one}
    return lambda cell: names.get(cell, cell) if isinstance(cell, str) else cell


def test_values_ten_times_as_large_give_results_ten_times_as_large(
    small: tuple[list[Row], Result],
) -> None:
    """All figures stand above the floors, so that money scales and nothing else moves; what rests
    on growth is left out, which 50,000 USD on both sides smooth."""
    rows, found = small
    again = computed([{**row, "value_usd": Decimal(str(row["value_usd"])) * 10} for row in rows])
    for name in ("mart.reconciled_flow", "mart.hub_inflow", "mart.receipt"):
        for before, after in zip(found[name], again[name], strict=True):
            for key, cell in before.items():
                if isinstance(cell, Decimal) and after[key] is not None:
                    wanted = pytest.approx(float(cell) * 10, rel=1e-5, abs=50)
                    assert float(str(after[key])) == wanted, (name, key, before)
                elif isinstance(cell, float):
                    assert after[key] == pytest.approx(cell, rel=1e-5, abs=1e-6), (name, key)
                else:
                    assert after[key] == cell, (name, key, before)
