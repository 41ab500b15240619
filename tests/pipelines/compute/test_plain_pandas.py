"""Plain pandas computes the same marts from a whole run's figures: a second opinion on the SQL."""

from pathlib import Path

import pytest

from pipelines.profiles import PROFILES
from tests.benchmarks import plain
from tests.benchmarks.plain.differences import differences
from warehouse.house import House


@pytest.mark.slow
def test_the_simulated_world_gives_the_same_marts(demo_root: Path, tmp_path: Path) -> None:
    assert apart("demo", demo_root, tmp_path) == {}


def test_the_real_figures_give_the_same_marts(headline_root: Path, tmp_path: Path) -> None:
    assert apart("headline", headline_root, tmp_path) == {}


def apart(profile: str, root: Path, own: Path) -> dict[str, dict[str, int]]:
    """Rows that differ, by mart and column: each from what pandas computed before, as the SQL."""
    house = House(profile, root, (), PROFILES[profile].years)
    found = {}
    for name in plain.MARTS:
        plain.compute(house, own, name)
        found[name] = differences(house, own, name)
    return {name: columns for name, columns in found.items() if columns}
