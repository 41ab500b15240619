"""The project with an edit: its code copied beside, changed, and run as it stands there.

Here belongs what tests of builds need: another code version, or another shipped file.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ROOMS = ("assets", "checks", "pipelines")
RUN = "from pipelines.cli import main; main()"


def copied(folder: Path) -> Path:
    """A copy of the rooms that compute, without what was built."""
    leave = shutil.ignore_patterns("__pycache__")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, folder / room, ignore=leave)
    (folder / "warehouse").mkdir()
    for path in (PROJECT / "warehouse").iterdir():
        if path.suffix in {".py", ".toml"}:
            shutil.copy(path, folder / "warehouse")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_shipped_figure(folder: Path, old: str, new: str) -> None:
    """Change a line of headline.csv, and move its pin."""
    name = "assets/source/headline.csv"
    before = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    edit(folder, name, old, new)
    after = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    edit(folder, "assets/source/pins.toml", before, after)


def call(
    folder: Path, *words: str | Path, settings: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """The command line of the code in a folder."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *map(str, words)],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(settings or {})},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
