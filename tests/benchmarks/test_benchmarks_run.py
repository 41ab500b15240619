"""The benchmarks can be asked for. That every stage runs is seen in CI, on a small world."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_help_shows_an_example() -> None:
    assert "example: python -m tests.benchmarks" in bench("--help")


def bench(*arguments: str) -> str:
    """What the command prints, with the marks of a terminal 200 columns wide."""
    command = [sys.executable, "-m", "tests.benchmarks", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout
