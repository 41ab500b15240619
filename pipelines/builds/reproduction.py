"""A kept build made again, its own code on its own inputs, and compared byte for byte.

Here belongs unpacking a build's code, giving it the pinned inputs and nothing else, and
comparing what it makes. The packages are those installed now: where they are not the build's,
it is said.
"""

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from assets.meta import run as meta_run
from pipelines.builds.differences import Pair, differing_tables
from pipelines.builds.published import CODE, OF_TIME
from warehouse import builds, pins
from warehouse.archive import Archive
from warehouse.builds import Build
from warehouse.engine import quoted
from warehouse.errors import InputError
from warehouse.hashes import read_sha256

COMMAND = "from pipelines.cli import main; main()"
OF_REAL_RUNS = ("DAGSTER_HOME", "MIRROR_TRADE_NOTIFY", "MIRROR_TRADE_WEBHOOK")
# Of meta.run, what has to be the same; when it ran, and which number it had, is another matter.
SAID = ("profile", "code_version", "package_versions", "input_hashes")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a build is made from: code as a zip, inputs as rows of raw.source_file, years."""

    profile: str
    code: bytes
    inputs: list[dict[str, Any]]
    years: list[int]


@dataclass(frozen=True, slots=True)
class Reproduced:
    """What was compared, what differs, and which packages are not those of the build."""

    files: int
    differing: list[str]
    packages: list[str]


def reproduced(root: Path, build: Build) -> Reproduced:
    """Make a build again and compare. Raises InputError where code or inputs are not whole."""
    with rebuilt(root, recipe(root, build, build)) as again:
        differing = [
            *_parquet(build, again),
            *_said(root, build, again),
            *_rows(root, build, again),
        ]
    return Reproduced(len(build.tables), differing, other_packages(build))


def other_packages(build: Build) -> list[str]:
    """Packages that are installed in another version than the build was made with."""
    now = meta_run.package_versions()
    return [
        f"{name} {version}, now {now.get(name, 'none')}"
        for name, version in build.packages.items()
        if now.get(name) != version
    ]


def recipe(root: Path, code: Build, inputs: Build) -> Recipe:
    """The code of one build and the inputs of another, or of the same."""
    kept = builds.path_of(root, code.id)
    for name, promised, found in builds.differing(kept, {CODE: code.files[CODE]}):
        finding = f"{name} has sha256 {found}, {promised} was written"
        raise InputError(f"build {code.id}", finding, "Its code is lost: restore it from a copy")
    return Recipe(code.profile, (kept / CODE).read_bytes(), inputs.inputs, inputs.years)


@contextmanager
def rebuilt(root: Path, recipe: Recipe) -> Iterator[Path]:
    """A root of its own in which a recipe has run, while it lasts; inputs come from `root`.

    Raises InputError where an input is not whole, or the run does not reach its end.
    """
    with tempfile.TemporaryDirectory(prefix="mirror-trade-") as folder:
        place = Path(folder)
        with zipfile.ZipFile(io.BytesIO(recipe.code)) as packed:
            packed.extractall(place / "code")
        _give(root, recipe.inputs, place)
        for first, last in _spans(recipe.years):
            _run(recipe.profile, place, f"{first}-{last}")
        yield place / "root"


def _give(root: Path, inputs: list[dict[str, Any]], place: Path) -> None:
    """The inputs in an archive of their own, each checked against its hash."""
    kept, given = Archive(root / "archive"), Archive(place / "root" / "archive")
    for one in inputs:
        said = {name: one[name] for name in ("source", "release", "retrieved_at")}
        terms = {name: one[name] for name in ("licence", "citation")}
        given.put(kept.read(one["sha256"]), address=one["url"], **said, **terms)
    pins.write(place / "inputs.json", inputs, "")


def _spans(years: list[int]) -> Iterator[tuple[int, int]]:
    """Years that follow one another as first and last."""
    for _, run in groupby(enumerate(sorted(years)), key=lambda pair: pair[1] - pair[0]):
        held = [year for _, year in run]
        yield held[0], held[-1]


def _run(profile: str, place: Path, years: str) -> None:
    words = ["run", "--profile", profile, "--root", str(place / "root"), "--years", years]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, "--pinned", str(place / "inputs.json")],
        cwd=place / "code",
        env={**_settings(), "PYTHONPATH": str(place / "code")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " / ".join(done.stderr.strip().splitlines()[-3:])
        remedy = "Install the build's packages: see package_versions in its meta.run"
        raise InputError(f"profile {profile}", f"could not be made again: {said}", remedy)


def _settings() -> dict[str, str]:
    """The environment without keys, for nobody is asked; nor is a run apart kept or told of."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_KEY") and name not in OF_REAL_RUNS
    }


def _parquet(build: Build, again: Path) -> Iterator[str]:
    folder = again / build.profile
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    for name in sorted(made - build.tables.keys()):
        yield f"{name}: is no file of the build"
    for name, promised in build.tables.items():
        found = read_sha256(folder / name) if name in made else "missing"
        if found != promised and name != OF_TIME:
            yield f"{name}: {promised[:12]} in the build, {found[:12]} now"


def _said(root: Path, build: Build, again: Path) -> Iterator[str]:
    """What meta.run says of code, packages and inputs."""
    kept = _run_of(builds.path_of(root, build.id) / "parquet" / OF_TIME)
    made = _run_of(again / build.profile / OF_TIME)
    for name in SAID:
        if kept[name] != made[name]:
            yield f"meta.run, {name}: {kept[name]} in the build, {made[name]} now"


def _run_of(path: Path) -> dict[str, Any]:
    with duckdb.connect() as connection:
        found = connection.execute(f"select {', '.join(SAID)} from read_parquet({quoted(path)})")
        return dict(zip(SAID, found.fetchone() or (), strict=True))


def _rows(root: Path, build: Build, again: Path) -> Iterator[str]:
    """The DuckDB file has no bytes to compare: it is compared row by row."""
    name = f"{build.profile}.duckdb"
    with Pair(builds.path_of(root, build.id) / name, again / name) as pair:
        for one in differing_tables(pair):
            told = f"{one.changed} rows changed, {one.added} joined, {one.gone} left"
            yield f"{name}, {one.table}: {told}"
