"""Bounds of unit values through whole runs with a key: what they flag, what they never change."""

from pathlib import Path

import duckdb
import pytest

from assets.source.simulated.api import Served, serve
from assets.source.simulated.faults import Fault
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from tests.comtrade import rehearse

KEY = "k" * 32
Rows = list[tuple]
# Rows outside of their bounds, worked out from the served bounds and from quotients.
OUTSIDE = """
    select count(*) from transformed.trade_flow as figure
    join raw.unit_value_bound as bound using (year, flow, classification, product)
    where partner <> 'W00' and reason is null
        and (value_usd / net_weight_kg < lowest_usd_per_kg * 0.999999
            or value_usd / net_weight_kg > highest_usd_per_kg * 1.000001)
"""
FIGURES = "select * exclude (flags) from transformed.trade_flow order by all"
OTHER_FLAGS = """
    select reporter, partner, flow, year, classification, product,
        list_filter(flags, lambda flag: flag <> 'UV_OUTLIER')
    from transformed.trade_flow order by all
"""
OUTLIERS = "select count(*) from transformed.trade_flow where list_contains(flags, 'UV_OUTLIER')"
WARNED = """
    select success from meta.validation_result
    where table_name = 'raw.unit_value_bound' and expectation like 'every_row_bounds_something%'
"""


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


def refusing(count: int, url: str) -> Fault | None:
    body = b'{"statusCode": 401, "message": "Access denied due to invalid subscription key."}'
    return Fault("status", 401, body) if "/getSUV/" in url else None


def run(root: Path, base: Served) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STAND_IN_API_KEY", KEY)
        assert rehearse.run(root, base)


def asked(root: Path, query: str) -> Rows:
    with duckdb.connect(str(root / "comtrade.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def bounded(world: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with bounds, and a second one, which asks for none of them again."""
    root = tmp_path_factory.mktemp("bounded")
    with serve(world, key=KEY) as base:
        run(root, base)
        calls = [url for url in base.requests if "/getSUV/" in url]
        assert len(calls) == 1
        run(root, base)
        assert [url for url in base.requests if "/getSUV/" in url] == calls
    return root


@pytest.fixture(scope="module")
def unbounded(world: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose key does not cover them."""
    root = tmp_path_factory.mktemp("unbounded")
    with serve(world, key=KEY, faults=refusing) as base:
        run(root, base)
    return root


@pytest.mark.slow
def test_rows_outside_of_their_bounds_are_flagged(bounded: Path) -> None:
    [(outside,)] = asked(bounded, OUTSIDE)
    [(flagged,)] = asked(bounded, f"{OUTSIDE} and list_contains(figure.flags, 'UV_OUTLIER')")
    assert outside == flagged > 0
    [(used, products, sources)] = asked(
        bounded,
        "select count(*), count(distinct product), any_value(source) "
        "from validated.unit_value_bound",
    )
    assert (used, products, sources) == (4, 1, "simulated")
    assert asked(bounded, WARNED) == [(True,)]
    files = "select count(*), sum(rows) from meta.source_file where source = 'simulated_bounds'"
    assert asked(bounded, files) == [(1, 0)]  # no figure of trade is read from them


@pytest.mark.slow
def test_without_bounds_the_run_is_published_and_differs_in_nothing_but_the_flag(
    bounded: Path, unbounded: Path
) -> None:
    assert asked(unbounded, "select count(*) from raw.unit_value_bound") == [(0,)]
    assert asked(unbounded, FIGURES) == asked(bounded, FIGURES)
    assert asked(unbounded, OTHER_FLAGS) == asked(bounded, OTHER_FLAGS)
    assert asked(unbounded, OUTLIERS) < asked(bounded, OUTLIERS)


@pytest.mark.slow
def test_the_key_stands_in_no_file(bounded: Path) -> None:
    files = [path for path in bounded.rglob("*") if path.is_file()]
    assert len(files) > 50
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
