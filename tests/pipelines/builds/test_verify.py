"""Every byte a run left is vouched for: what was altered, by whatever, is found and named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines import cli
from pipelines.builds import verification

# What to harm, and what is told of it. A star stands for what differs from run to run.
VOUCHED_FOR = {
    "archive/??/[0-9a-f]*": ("archive file", "has sha256"),
    "archive/manifest.jsonl": ("input", "manifest.jsonl has lost its line, or it was altered"),
    "headline.duckdb": ("headline.duckdb", "was published with"),
    "headline/mart/claim.parquet": ("mart/claim.parquet", "does not have the hash"),
    "headline/raw/trade_flow/2022.parquet": ("trade_flow/2022.parquet", "does not have the hash"),
    "headline/mart/claim.sha256": ("mart/claim.parquet", "does not have the hash"),
    "builds/*/headline.duckdb": (", headline.duckdb", "was written"),
    "builds/*/code.zip": (", code.zip", "was written"),
    "builds/*/build.json": ("build headline-", "does not have the bytes that were written"),
    "builds/*/build.sha256": ("build headline-", "does not have the bytes that were written"),
    "builds/*/parquet/mart/claim.parquet": (", parquet/mart/claim.parquet", "was written"),
}


def told(root: Path) -> list[tuple[str, str]]:
    return [(one.place, one.finding) for one in verification.verified(root).wrong]


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.fixture(scope="module")
def whole(headline_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(headline_root, tmp_path_factory.mktemp("verify") / "whole"))


def test_what_a_run_left_is_as_it_was_written(whole: Path) -> None:
    assert told(whole) == []


@pytest.mark.parametrize("harm", [flip_a_byte, cut_in_half])
@pytest.mark.parametrize("name", VOUCHED_FOR)
def test_an_altered_file_is_found_and_named(
    whole: Path, name: str, harm: Callable[[Path], None]
) -> None:
    path = sorted(whole.glob(name))[0]
    content = path.read_bytes()
    try:
        harm(path)
        found = told(whole)
    finally:
        path.write_bytes(content)
    place, finding = VOUCHED_FOR[name]
    assert [one for one in found if place in one[0] and finding in one[1]], found


LOST = [
    "archive/??/[0-9a-f]*",
    "headline.duckdb",
    "builds/*/parquet/mart/claim.parquet",
    "builds/*/code.zip",
]


@pytest.mark.parametrize("name", LOST)
def test_a_lost_file_is_found_and_named(whole: Path, name: str, tmp_path: Path) -> None:
    path = sorted(whole.glob(name))[0]
    shutil.move(path, tmp_path / "lost")
    try:
        found = told(whole)
    finally:
        shutil.move(tmp_path / "lost", path)
    assert [one for one in found if "missing" in one[1]], found


def test_an_input_that_is_lost_is_missed_by_the_build_that_rests_on_it(
    whole: Path, tmp_path: Path
) -> None:
    path = sorted(whole.glob("archive/??/[0-9a-f]*"))[0]
    shutil.move(path, tmp_path / "lost")
    try:
        found = told(whole)
    finally:
        shutil.move(tmp_path / "lost", path)
    assert [place for place, _ in found if place.startswith("build headline-")]


def verify(root: Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["verify", "--root", str(root)])
    return done.exit_code, done.output


def test_the_command_tells_each_part_and_ends_with_0_where_all_is_well(whole: Path) -> None:
    code, output = verify(whole)
    assert code == 0
    assert output.count("all as written") == 4


def test_the_command_ends_with_1_where_something_is_not(whole: Path) -> None:
    path = whole / "headline.duckdb"
    content = path.read_bytes()
    try:
        flip_a_byte(path)
        code, output = verify(whole)
    finally:
        path.write_bytes(content)
    assert code == 1
    assert "Run the profile again" in output


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    code, output = verify(tmp_path)
    assert code == 3
    assert "holds nothing that a run left" in output
