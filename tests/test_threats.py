"""The threats that the README lists have tests that exist; some of them stand here."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
HEADING = "## What could be done to it"
NAMED = ("file", "bombs", "server", "web UI", "spreadsheets", "dependency confusion")
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")


def threats() -> dict[str, list[str]]:
    """Each threat of the README with the tests it names."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    section = text.partition(HEADING)[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| ")]
    return {row[1].strip(): re.findall(r"`(tests/[^`]+)`", row[3]) for row in rows[1:]}


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_list_names_what_was_asked_for() -> None:
    told = " ".join(threats())
    assert [name for name in NAMED if name not in told] == []


@pytest.mark.parametrize("threat", threats())
def test_every_threat_has_tests_and_they_exist(threat: str) -> None:
    named = threats()[threat]
    assert named
    for test in named:
        file, _, function = test.partition("::")
        assert function in functions(PROJECT / file), test


def test_every_package_of_the_lock_is_pinned_by_hash_and_no_address() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 50
    package = r"[a-z0-9-]+(\[[a-z,-]+\])?==[^\s;]+( ; [^\\]+)?"
    pinned = re.compile(package + r" *(\\\n +--hash=sha256:[0-9a-f]{64} *)+")
    assert [entry for entry in entries if not pinned.fullmatch(entry)] == []
    assert "://" not in LOCK


def test_the_names_of_the_rooms_are_asked_of_no_index() -> None:
    own = {"mirror-trade", "pipelines", "assets", "checks", "warehouse"}
    assert own & set(re.findall(r"^([a-z0-9-]+)", LOCK, re.MULTILINE)) == set()


def test_what_is_installed_is_asked_for_with_hashes() -> None:
    """Every installation of the Makefile is of the lock with its hashes, or of this folder."""
    made = (PROJECT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in made.splitlines() if "pip install" in line]
    assert len(installs) == 3
    assert [one for one in installs if not ("--require-hashes" in one or "--no-deps" in one)] == []
    assert [one for one in installs if "--no-deps" in one and "--editable ." not in one] == []


@pytest.mark.slow
def test_a_package_with_other_bytes_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "warehouse-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("warehouse-1.0.dist-info/METADATA", "Name: warehouse\nVersion: 1.0\n")
        packed.writestr("warehouse-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        packed.writestr("warehouse-1.0.dist-info/RECORD", "")
    (tmp_path / "lock").write_text(f"warehouse==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    words = ["install", "--no-index", "--find-links", str(tmp_path), "--require-hashes"]
    words += ["--target", str(tmp_path / "into"), "-r", str(tmp_path / "lock")]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "into").exists()


def test_the_web_interface_listens_on_this_machine_alone() -> None:
    """Wherever the project starts the interface, it names 127.0.0.1."""
    made = (PROJECT / "Makefile").read_text(encoding="utf-8")
    starts = [line for line in made.splitlines() if "dagster dev" in line]
    assert starts
    assert [line for line in starts if "-h 127.0.0.1" not in line] == []
