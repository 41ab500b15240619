"""The same inputs give the same bytes, wherever and however a run is made.

A table whose content is a matter of time is named here with the reason. When a file was received
is none: it is told by the server's clock, and that of the stand-in stands still.
"""

import hashlib
import json
from pathlib import Path

from tests.pipelines import drive

# meta.run tells when this file was built.
MATTERS_OF_TIME = {"meta/run.parquet"}


def parquet(folder: Path) -> dict[str, str]:
    """Hash of every Parquet file below a profile's folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


def differing(one: Path, other: Path) -> set[str]:
    """Files that one of two folders lacks or that do not hold the same bytes."""
    left, right = parquet(one), parquet(other)
    assert left
    return {name for name in left.keys() | right.keys() if left.get(name) != right.get(name)}


def test_real_figures_give_the_same_bytes_in_another_process_set_up_otherwise(
    headline_root: Path, elsewhere_root: Path
) -> None:
    differ = differing(headline_root / "headline", elsewhere_root / "headline")
    assert differ <= MATTERS_OF_TIME


def test_the_demo_gives_the_same_bytes_in_another_process_set_up_otherwise(
    small_root: Path, elsewhere_root: Path
) -> None:
    differ = differing(small_root / "demo", elsewhere_root / "demo")
    assert differ <= MATTERS_OF_TIME


def test_a_run_that_finds_all_as_it_was_left_gives_the_same_bytes(
    headline_root: Path, own_root: Path
) -> None:
    drive.run("headline", own_root)
    assert differing(headline_root / "headline", own_root / "headline") <= MATTERS_OF_TIME


def addresses(root: Path, source: str) -> list[str]:
    lines = (root / "archive" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return [entry["address"] for entry in entries if entry["source"] == source]


def test_no_address_names_the_port_of_the_stand_in(small_root: Path) -> None:
    assert [a for a in addresses(small_root, "simulated") if "127.0.0.1:" in a] == []


def test_a_parquet_file_names_no_folder_of_the_machine(headline_root: Path) -> None:
    place = str(headline_root).encode()
    held = [p for p in (headline_root / "headline").rglob("*.parquet") if place in p.read_bytes()]
    assert held == []
