"""The dials of the simulated world turn what they say, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from assets.source.simulated.countries import COUNTRIES
from assets.source.simulated.draws import Ints
from assets.source.simulated.recorded import EXPORTS, IMPORTS, recorded
from assets.source.simulated.rows import Cells
from assets.source.simulated.settings import WorldSettings
from assets.source.simulated.world import World, build_world


@pytest.fixture(scope="module")
def plain() -> World:
    return build_world(WorldSettings(1))


@pytest.fixture(scope="module")
def books(plain: World) -> Cells:
    return recorded(plain)


def turned(world: World, **dials: float) -> Cells:
    """The books of the same world after a turn of dials that leave its truth alone."""
    return recorded(replace(world, settings=replace(world.settings, **dials)))  # type: ignore[arg-type]


def lean(books: Cells, other: Cells) -> Ints:
    """Mean ln(other/books) of each reporter's exports of a year: what all products share."""
    keys, here, there = np.intersect1d(books.key, other.key, return_indices=True)
    exports = ((keys >> 23 & 7) == EXPORTS) & ((keys >> 9 & 127) < len(COUNTRIES))
    logs = np.log(other.value[there][exports] / books.value[here][exports])
    _, group = np.unique(keys[exports] >> 16, return_inverse=True)
    found: Ints = np.bincount(group, logs) / np.bincount(group)
    return found


def test_dials_at_rest_change_nothing(plain: World, books: Cells) -> None:
    same = turned(plain, shared_noise=0.0, noisier_office=1.0, code_breaks=0.0)
    assert (same.key == books.key).all()
    assert (same.value == books.value).all()


def test_shared_noise_is_common_to_the_products_of_a_reporter_and_year(
    plain: World, books: Cells
) -> None:
    shared = lean(books, turned(plain, shared_noise=1.0))
    single = lean(books, turned(plain, noise_after_2021=1.3))
    assert np.std(shared) > 5 * np.std(single)


def test_one_office_of_each_reporter_is_noisier(plain: World, books: Cells) -> None:
    other = turned(plain, noisier_office=2.0)
    keys, here, there = np.intersect1d(books.key, other.key, return_indices=True)
    changed = books.value[here] != other.value[there]
    for reporter in np.unique(keys >> 16 & 127):
        own = (keys >> 16 & 127) == reporter
        sides = [
            changed[own & ((keys >> 23 & 7) == flow) & ((keys >> 9 & 127) < len(COUNTRIES))].mean()
            for flow in (IMPORTS, EXPORTS)
        ]
        assert sorted(side > 0.9 for side in sides) == [False, True]


def test_misfiled_goods_move_to_a_neighbour_after_2021_only(plain: World, books: Cells) -> None:
    other = turned(plain, code_breaks=0.15)
    early = 2000 + (books.key >> 26) < 2022
    early_other = 2000 + (other.key >> 26) < 2022
    assert (books.key[early] == other.key[early_other]).all()
    assert (books.value[early] == other.value[early_other]).all()
    moved = np.setdiff1d(books.key, other.key)
    share = len(moved) / (~early).sum()
    assert 0.02 < share < 0.12
