"""The regression layer on worlds whose answer is known: drawn by hand, and the simulated ones."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assets.source.simulated.world import build_world
from pipelines.analyst import regression
from tests.accuracy.marts import marts
from tests.accuracy.worlds import DEVELOPMENT_SEEDS, KINDS
from warehouse.errors import InputError

HUB, DESTINATION = "KAZ", "RUS"
RISE, FALL = 0.9, -1.5


def world(rise: float, fall: float = FALL) -> pd.DataFrame:
    """20 listed and 20 civilian codes to 12 partners, with shocks of year, code and partner."""
    dice = np.random.default_rng(20230519)
    partners = [*(f"P{n:02d}" for n in range(10)), HUB, DESTINATION]
    rows = []
    for product in range(40):
        for place, partner in enumerate(partners):
            level = dice.normal(13, 1)
            for year in range(2017, 2025):
                hit = product < 20 and year > 2021
                planted = hit * (rise * (partner == HUB) + fall * (partner == DESTINATION))
                common = 0.1 * (year - 2017) * (product % 3) - 0.2 * (place % 2) * (year > 2019)
                value = np.exp(level + planted + common) * dice.gamma(50, 1 / 50)
                rows.append((f"{product:06d}", partner, year, value, product < 20))
    return pd.DataFrame(rows, columns=["product", "partner", "year", "value", "listed"])


@pytest.fixture(scope="module")
def planted() -> regression.Result:
    return regression.fit(world(RISE), HUB, DESTINATION)


def test_the_planted_rise_and_fall_are_found(planted: regression.Result) -> None:
    assert planted.hub.coefficient == pytest.approx(RISE, abs=0.1)
    assert planted.destination.coefficient == pytest.approx(FALL, abs=0.1)
    assert planted.hub.percent[1] == pytest.approx(100 * np.expm1(planted.hub.coefficient))


def test_no_other_partner_taken_as_the_hub_shows_as_much(planted: regression.Result) -> None:
    assert (planted.rank, planted.others) == (1, 10)


def test_civilian_goods_taken_as_listed_show_nothing(planted: regression.Result) -> None:
    assert abs(planted.placebo_goods.coefficient) < 0.1


def test_without_a_scheme_the_hub_is_one_among_the_placebos() -> None:
    result = regression.fit(world(0.0), HUB, DESTINATION)
    assert abs(result.hub.coefficient) < 0.1
    assert result.rank > 1


SEEDS = DEVELOPMENT_SEEDS[:4]
READ = ("transformed.trade_flow", "transformed.dataset", "mart.listed_series")
READ += ("reference.country", "reference.country_group")


@cache
def simulated(kind: str, seed: int) -> regression.Result:
    """The model on what the reporters of a simulated world print, validated."""
    with marts(build_world(KINDS[kind].settings(seed)), True, *READ) as connection:
        return regression.fit(regression.panel(connection, "COALITION", "CHPL"), HUB, DESTINATION)


def mean_rise(kind: str) -> float:
    return float(np.mean([simulated(kind, seed).hub.coefficient for seed in SEEDS]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_scheme_of_a_simulated_world_lifts_listed_goods_through_the_hub(seed: int) -> None:
    """The same world without the scheme differs in nothing else, so the difference is its work."""
    planted, nothing = simulated("standard", seed), simulated("no_scheme", seed)
    assert planted.hub.low > 0
    assert planted.destination.high < 0
    assert planted.hub.coefficient - nothing.hub.coefficient > 0.3


@pytest.mark.slow
def test_where_no_scheme_is_planted_listed_goods_rise_no_more_than_the_rest() -> None:
    assert abs(mean_rise("no_scheme")) < 0.1 < 0.3 < mean_rise("standard")


@pytest.mark.slow
def test_civilian_goods_of_simulated_worlds_show_no_scheme() -> None:
    """Off 0 in a single world, since half of the civilian codes are few: near 0 on the average,
    and the same with the scheme and without."""
    alone = [simulated("no_scheme", seed).placebo_goods.coefficient for seed in SEEDS]
    beside = [simulated("standard", seed).placebo_goods.coefficient for seed in SEEDS]
    assert beside == pytest.approx(alone, abs=1e-3)
    assert abs(np.mean(alone)) < 0.15


@pytest.mark.slow
def test_the_published_demo_shows_its_scheme_and_its_placebo_does_not(demo_root: Path) -> None:
    result = regression.estimate(demo_root / "demo.duckdb", HUB, DESTINATION, "COALITION", "CHPL")
    assert result.hub.low > 0
    assert result.placebo_goods.low < 0 < result.placebo_goods.high


def test_a_hub_that_receives_none_of_these_goods_is_refused() -> None:
    with pytest.raises(InputError, match="GEO"):
        regression.fit(world(RISE), "GEO", DESTINATION)


def test_without_the_package_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyfixest", None)
    with pytest.raises(InputError) as refused:
        regression.fit(world(RISE), HUB, DESTINATION)
    assert "pip install" in refused.value.remedy
