"""The benchmarks run. Here belongs that every stage is timed and shown, never how fast it was."""

import json
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.stages import stages

ROOT = Path(__file__).parents[2]


def test_a_small_world_is_timed_at_every_stage(tmp_path: Path) -> None:
    kept = tmp_path / "bench.json"
    shown = bench("--rows", "20000", "--repeat", "1", "--json", str(kept))
    timings = json.loads(kept.read_text(encoding="utf-8"))["timings"]
    assert [timing["stage"] for timing in timings] == stages()
    assert all(stage in shown for stage in stages())
    assert "validation and mirror statistic together" in shown


def test_help_shows_an_example() -> None:
    assert "example: python -m tests.benchmarks" in bench("--help")


def bench(*arguments: str) -> str:
    """What the command prints, with the marks of a terminal 200 columns wide."""
    command = [sys.executable, "-m", "tests.benchmarks", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout
