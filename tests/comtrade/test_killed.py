"""A download killed at any moment goes on from there, and ends in the same Parquet."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assets.source.simulated.api import Fault, Served, serve
from assets.source.simulated.published import publish
from assets.source.simulated.world import WorldSettings, build_world
from tests.comtrade import rehearse
from warehouse.hashes import file_sha256

KILLS = 50
PROJECT = Path(__file__).parents[2]


def start(root: Path, base: Served) -> subprocess.Popen[str]:
    """A download that has begun."""
    words = [sys.executable, "-m", "tests.comtrade.rehearse", "download", str(root), base]
    child = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "begun\n"
    return child


def finish(root: Path, base: Served) -> dict[str, str]:
    """The Parquet of a download that comes to its end, by its hash."""
    with start(root, base) as child:
        assert child.wait(300) == 0
    files = sorted((root / "comtrade").rglob("*.parquet"))
    return {path.relative_to(root).as_posix(): file_sha256(path) for path in files}


@pytest.mark.slow
def test_a_download_killed_at_fifty_random_moments_ends_in_the_same_parquet(
    tmp_path: Path,
) -> None:
    world = publish(build_world(WorldSettings(7, years=range(2021, 2023))))
    chance = random.Random(20230519)
    with serve(world, faults=lambda count, url: Fault("drip", seconds=0.02)) as base:
        begun = time.monotonic()
        whole = finish(tmp_path / "whole", base)
        span = time.monotonic() - begun
        kills, roots = 0, 0
        while kills < KILLS:
            roots += 1
            root = tmp_path / str(roots)
            for _ in range(10):  # a run that is killed again and again gets further each time
                with start(root, base) as child:
                    time.sleep(chance.uniform(0, span / 2))
                    kills += child.poll() is None
                    child.kill()
            assert finish(root, base) == whole
    raw_rows = [name for name in whole if "raw/trade_flow/" in name]
    assert len(raw_rows) == len(rehearse.YEARS)
