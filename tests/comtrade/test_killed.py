"""A download killed at any moment goes on from there, and ends in the same Parquet."""

import random
import time
from pathlib import Path

import pytest

from assets.source.simulated.api import Fault, serve
from assets.source.simulated.published import publish
from assets.source.simulated.world import WorldSettings, build_world
from tests.comtrade import rehearse

KILLS = 50


@pytest.mark.slow
def test_a_download_killed_at_fifty_random_moments_ends_in_the_same_parquet(
    tmp_path: Path,
) -> None:
    world = publish(build_world(WorldSettings(7, years=range(2021, 2023))))
    chance = random.Random(20230519)
    with serve(world, faults=lambda count, url: Fault("drip", seconds=0.02)) as base:
        begun = time.monotonic()
        whole = rehearse.finish("download", tmp_path / "whole", base)
        span = time.monotonic() - begun
        kills, roots = 0, 0
        while kills < KILLS:
            roots += 1
            root = tmp_path / str(roots)
            for _ in range(10):  # a run that is killed again and again gets further each time
                with rehearse.start("download", root, base) as child:
                    time.sleep(chance.uniform(0, span / 2))
                    kills += child.poll() is None
                    child.kill()
            assert rehearse.finish("download", root, base) == whole
    raw_rows = [name for name in whole if "raw/trade_flow/" in name]
    assert len(raw_rows) == len(rehearse.YEARS)
