"""Whatever befalls a run, the last good file opens and is whole, and the next run ends the same.

A run is killed at a hundred random moments, started twice, read while it works, without room,
without leave to write, and under a clock that jumps. How it is brought there stands in crash.py.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines import cli
from pipelines.builds import verification
from tests.pipelines.crash import KILLS, PROJECT, READERS
from tests.pipelines.test_kill_and_readers import strays
from tests.pipelines.test_reproducible import MATTERS_OF_TIME, differing

pytestmark = pytest.mark.slow


def crash(what: str, root: Path) -> Any:
    """What crash.py tells of a root."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipelines.crash", what, str(root)],
        cwd=PROJECT,
        env={**os.environ, "MIRROR_TRADE_KEEP_BUILDS": "4"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small profile, run once in peace."""
    root = tmp_path_factory.mktemp("undisturbed") / "root"
    assert crash("plain", root) == {"code": 0}
    return root


@pytest.fixture
def root(undisturbed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(undisturbed, tmp_path / "root"))


def holds(root: Path, undisturbed: Path) -> None:
    """The Parquet is that of a run in peace, nothing is left behind, every hash holds."""
    assert differing(undisturbed / "headline", root / "headline") <= MATTERS_OF_TIME
    assert strays(root) == []
    assert [str(wrong) for wrong in verification.verified(root).wrong] == []


def test_a_run_killed_at_a_hundred_random_moments(tmp_path: Path, undisturbed: Path) -> None:
    told = crash("killed", tmp_path / "root")
    assert told["kills"] == KILLS == 100
    assert told["builds"] > 2, "the kills met no run that published"
    holds(tmp_path / "root", undisturbed)


def test_of_two_runs_at_once_one_is_refused_clearly(root: Path, undisturbed: Path) -> None:
    told = crash("together", root)
    assert (told["first"], told["second"], told["after"]) == (0, 3, 0)
    assert "profile headline" in told["said"]
    assert "is being run by another process (pid " in told["said"]
    assert crash("plain", root) == {"code": 0}
    holds(root, undisturbed)


def test_readers_see_one_whole_build_or_the_other(root: Path, undisturbed: Path) -> None:
    told = crash("readers", root)
    assert told["runs"] == [0] * 4
    assert told["readers"] == [0] * READERS
    answers = {answer for answers in told["answers"] for answer in answers}
    versions = {answer.split("'")[1]: answer for answer in answers}
    # Each version has one answer: counts and sums that belong together.
    assert len(versions) == len(answers), answers
    rows = {
        version: int(answer.split("[(")[-1].split(",")[0]) for version, answer in versions.items()
    }
    assert rows["with"] == rows["without"] + 1
    assert crash("plain", root) == {"code": 0}
    holds(root, undisturbed)


def test_files_that_cannot_be_written_whole_leave_the_last_good_one(
    root: Path, undisturbed: Path
) -> None:
    before = published(root)
    told = crash("limited", root)
    for _, code, build, said in told["told"]:
        assert (code, build) == (1, before), said
        assert "the last good file stands" in said
    assert told["after"] == 0
    holds(root, undisturbed)


def published(root: Path) -> str:
    return CliRunner().invoke(cli.main, ["builds", "--root", str(root)]).output.split()[0]


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Callable[[str], None]]:
    """A disk in memory; yields what mounts it anew with other options."""
    place.mkdir()

    def mount(options: str) -> None:
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting a tmpfs is not allowed here: {done.stderr.strip()}")

    mount(options)
    try:
        yield lambda changed: mount(f"remount,{changed}")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_runs_full_leaves_the_last_good_file(undisturbed: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=256m") as remount:
        root = Path(shutil.copytree(undisturbed, tmp_path / "disk" / "root"))
        before = (root / "headline.duckdb").read_bytes()
        used = shutil.disk_usage(root).used
        for spare in (20_000, 400_000, 6_000_000, 14_000_000):
            remount(f"size={used + spare}")
            told = crash("one", root)
            assert told["code"] == 1, told["said"]
            assert "No space left on device" in told["said"]
            assert (root / "headline.duckdb").read_bytes() == before
        remount("size=256m")
        assert crash("plain", root) == {"code": 0}
        holds(root, undisturbed)


def test_a_folder_that_can_only_be_read_can_be_asked_and_is_left_alone(
    undisturbed: Path, tmp_path: Path
) -> None:
    with mounted(tmp_path / "disk", "size=256m") as remount:
        root = Path(shutil.copytree(undisturbed, tmp_path / "disk" / "root"))
        remount("ro")
        told = crash("one", root)
        assert told["code"] == 3, told["said"]
        assert "Read-only file system" in told["said"]
        assert "Give a folder that can be written with --root" in told["said"]
        for words in (["query", "from meta.run"], ["verify"], ["status"]):
            done = CliRunner().invoke(cli.main, [*words, "--root", str(root)])
            assert done.exit_code in (0, 1), done.output
        holds(root, undisturbed)


def test_a_clock_that_jumps_changes_no_figure_and_no_order_of_builds(
    root: Path, undisturbed: Path
) -> None:
    assert crash("clock", root) == {"code": 0, "again": 0}
    listed = CliRunner().invoke(cli.main, ["builds", "--root", str(root)]).output.splitlines()
    numbers = [int(line.split("-")[1]) for line in listed]
    assert numbers == sorted(numbers)
    assert listed[-1].split()[-1] == "again"
    assert crash("plain", root) == {"code": 0}
    holds(root, undisturbed)
