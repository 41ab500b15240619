"""The regression layer on worlds whose answer is known; skipped where pyfixest is not installed."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analyst import regression
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
    pytest.importorskip("pyfixest")
    return regression.fit(world(RISE), HUB, DESTINATION)


@pytest.mark.slow
def test_the_planted_rise_and_fall_are_found(planted: regression.Result) -> None:
    assert planted.hub.coefficient == pytest.approx(RISE, abs=0.1)
    assert planted.destination.coefficient == pytest.approx(FALL, abs=0.1)
    assert planted.hub.percent[1] == pytest.approx(100 * np.expm1(planted.hub.coefficient))


@pytest.mark.slow
def test_no_other_partner_taken_as_the_hub_shows_as_much(planted: regression.Result) -> None:
    assert (planted.rank, planted.others) == (1, 10)


@pytest.mark.slow
def test_civilian_goods_taken_as_listed_show_nothing(planted: regression.Result) -> None:
    assert abs(planted.placebo_goods.coefficient) < 0.1


@pytest.mark.slow
def test_without_a_scheme_the_hub_is_one_among_the_placebos() -> None:
    pytest.importorskip("pyfixest")
    result = regression.fit(world(0.0), HUB, DESTINATION)
    assert abs(result.hub.coefficient) < 0.1
    assert result.rank > 1


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
