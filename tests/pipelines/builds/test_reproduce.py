"""A kept build is made again by its own code from its own inputs, and held against it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines import cli
from pipelines.builds import reproduction
from pipelines.builds.reproduction import Recipe, Reproduced, rebuilt, recipe, reproduced
from pipelines.compute import made_from
from warehouse import builds
from warehouse.errors import InputError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def again(headline_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest build, made again from what is kept of it."""
    kept = builds.found(headline_root, "headline")
    with rebuilt(headline_root, recipe(headline_root, kept, kept)) as root:
        return Path(shutil.copytree(root, tmp_path_factory.mktemp("again") / "root"))


@pytest.fixture
def made_before(again: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whoever makes the build again gets what was made once."""

    @contextmanager
    def given(root: Path, made_from: Recipe) -> Iterator[Path]:
        yield again

    monkeypatch.setattr(reproduction, "rebuilt", given)
    return again


def reproduce(root: Path) -> Result:
    return CliRunner().invoke(cli.main, ["reproduce", "headline", "--root", str(root)])


@pytest.mark.usefixtures("made_before")
def test_a_build_made_again_is_the_same_byte_for_byte(headline_root: Path) -> None:
    kept = builds.found(headline_root, "headline")
    assert reproduced(headline_root, kept) == Reproduced(len(kept.tables), [], [])
    assert len(kept.tables) > 100
    done = reproduce(headline_root)
    assert (done.exit_code, "the same" in done.output) == (0, True), done.output


def test_it_was_made_from_the_kept_inputs_alone(headline_root: Path, again: Path) -> None:
    kept = builds.found(headline_root, "headline")
    needed = {one["sha256"] for one in kept.inputs}
    given = {path.name for path in (again / "archive").glob("[0-9a-f][0-9a-f]/*")}
    assert given == needed
    assert not (again / "truth").exists()


@pytest.mark.usefixtures("made_before")
def test_a_build_that_promises_other_bytes_is_told(own_root: Path) -> None:
    kept = builds.found(own_root, "headline")
    promised = {**kept.tables, "mart/claim.parquet": "0" * 64, "mart/left.parquet": "1" * 64}
    del promised["mart/pass_through.parquet"]
    builds.write(builds.path_of(own_root, kept.id), replace(kept, tables=promised))
    done = reproduce(own_root)
    assert done.exit_code == 1
    assert "mart/claim.parquet: 000000000000 in the build, " in done.output
    assert "mart/left.parquet: 111111111111 in the build, missing now" in done.output
    assert "mart/pass_through.parquet: is no file of the build" in done.output


@pytest.mark.usefixtures("made_before")
def test_another_package_is_told(own_root: Path) -> None:
    kept = builds.found(own_root, "headline")
    packages = {**kept.packages, "duckdb": "1.0.0"}
    builds.write(builds.path_of(own_root, kept.id), replace(kept, packages=packages))
    assert "another version is installed: duckdb 1.0.0, now " in reproduce(own_root).output


@pytest.mark.parametrize("lost", ["archive/??/[0-9a-f]*", "builds/*/code.zip"])
def test_a_build_whose_code_or_input_is_not_whole_is_not_made(own_root: Path, lost: str) -> None:
    path = sorted(own_root.glob(lost))[0]
    path.write_bytes(path.read_bytes()[:-1])
    done = reproduce(own_root)
    assert done.exit_code == 3
    assert "does not have the bytes" in done.output or "was written" in done.output


def test_the_code_of_a_build_is_all_that_computes(headline_root: Path, again: Path) -> None:
    kept = builds.found(headline_root, "headline")
    made = builds.found(again, "headline")
    assert asdict(made)["code"] == kept.code == made_from.code_hashes()


def test_a_run_apart_has_no_key_and_is_neither_kept_nor_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("COMTRADE_API_KEY", "DAGSTER_HOME", "MIRROR_TRADE_WEBHOOK"):
        monkeypatch.setenv(name, "x")
    assert {"COMTRADE_API_KEY", "DAGSTER_HOME", "MIRROR_TRADE_WEBHOOK"}.isdisjoint(
        reproduction._settings()
    )
    assert "PATH" in reproduction._settings()


def test_only_the_inputs_that_are_listed_may_be_used(own_root: Path, tmp_path: Path) -> None:
    kept = builds.found(own_root, "headline")
    unknown = {**kept.inputs[0], "sha256": "f" * 64}
    (tmp_path / "inputs.json").write_text(json.dumps([unknown]), encoding="utf-8")
    with pytest.raises(InputError, match="is missing"):
        reproduction._give(own_root, [unknown], tmp_path)
