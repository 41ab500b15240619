"""Every hash computed anew: what is not as it was written, for `mirror-trade verify`.

Here belongs going over all that stands under a root. Nothing is mended and nothing is changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from warehouse import builds, pins
from warehouse.archive import Archive, Entry
from warehouse.builds import Build
from warehouse.errors import InputError
from warehouse.hashes import read_sha256
from warehouse.store import is_as_written

RUN_AGAIN = "Run the profile again: it is computed anew"
DROP_BUILD = "Do not use this build; a copy of it, or mirror-trade reproduce, gives it anew"


@dataclass(frozen=True, slots=True)
class Verified:
    """What is wrong, and a line on each part that was gone over."""

    wrong: list[InputError] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def part(self, name: str, files: int, wrong: list[InputError]) -> None:
        """Note a part: how many files it has, and what is wrong with them."""
        self.wrong.extend(wrong)
        verdict = f"{len(wrong)} not as written" if wrong else "all as written"
        self.told.append(f"{name}: {files} files, {verdict}")


def verified(root: Path) -> Verified:
    """Go over archive, kept builds, published files and working Parquet.

    Raises InputError where there is nothing under the root.
    """
    result = Verified()
    profiles = sorted({_profile(build_id) for build_id in builds.ids(root)})
    if not profiles and not (root / "archive").exists():
        raise InputError(f"folder {root}", "holds nothing that a run left", "Run: mirror-trade run")
    held = _archive(root, result)
    for build_id in builds.ids(root):
        _build(root, build_id, held, result)
    for profile in profiles:
        result.part(f"{profile}.duckdb", 1, list(_published(root, profile)))
        parquet = sorted((root / profile).rglob("[!.]*.parquet"))
        result.part(f"Parquet of {profile}", len(parquet), list(_working(parquet)))
    return result


def _profile(build_id: str) -> str:
    return build_id.rsplit("-", 2)[0]


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive holds: the hash found of each file by its name, and what is listed."""

    found: dict[str, str]
    listed: set[Entry]


def _archive(root: Path, result: Verified) -> Held:
    paths = sorted((root / "archive").glob("[0-9a-f][0-9a-f]/[0-9a-f]*"))
    found = {path.name: read_sha256(path) for path in paths}
    wrong = [
        InputError(f"archive file {name}", f"has sha256 {is_now}", "Delete it and run again")
        for name, is_now in found.items()
        if name != is_now
    ]
    listed = set()
    try:
        for one in Archive(root / "archive").received():
            listed.add(one)
    except InputError as error:
        wrong.append(error)
    wrong += [
        InputError(f"archive file {one.sha256}", f"is missing ({one.address})", "Run again")
        for one in sorted(listed, key=lambda one: (one.source, one.address, one.release))
        if one.sha256 not in found
    ]
    result.part("archive", len(found), wrong)
    return Held(found, listed)


def _build(root: Path, build_id: str, held: Held, result: Verified) -> None:
    try:
        build = builds.read(root, build_id)
    except InputError as error:
        result.part(f"build {build_id}", 1, [error])
        return
    wrong = [*_differing(root, build), *_inputs(build, held)]
    files = len(build.tables) + len(build.files) + len(build.inputs)
    result.part(f"build {build_id} with its inputs", files, wrong)


def _differing(root: Path, build: Build) -> Iterator[InputError]:
    folder = builds.path_of(root, build.id)
    parquet = {f"parquet/{name}": promised for name, promised in build.tables.items()}
    for name, promised, found in builds.differing(folder, {**build.files, **parquet}):
        finding = f"has sha256 {found}, {promised} was written"
        yield InputError(f"build {build.id}, {name}", finding, DROP_BUILD)


def _inputs(build: Build, held: Held) -> Iterator[InputError]:
    for one in build.inputs:
        place = f"build {build.id}, input {one['source']} {one['url']}"
        if held.found.get(one["sha256"]) != one["sha256"]:
            finding = f"archive file {one['sha256']} is missing or altered"
            yield InputError(place, finding, "Restore it from a copy: the build rests on it")
        elif pins.entry(one) not in held.listed:
            finding = "archive/manifest.jsonl has lost its line, or it was altered"
            yield InputError(place, finding, "Restore the manifest from a copy, or run again")


def _published(root: Path, profile: str) -> Iterator[InputError]:
    path, kept = root / f"{profile}.duckdb", builds.latest(root, profile)
    found = read_sha256(path) if path.exists() else "missing"
    if kept and found != kept.files[path.name]:
        finding = f"has sha256 {found}, build {kept.id} was published with {kept.files[path.name]}"
        yield InputError(path.name, finding, RUN_AGAIN)


def _working(parquet: list[Path]) -> Iterator[InputError]:
    for path in parquet:
        if not is_as_written(path):
            finding = "does not have the hash that stands beside it"
            yield InputError(str(path), finding, RUN_AGAIN)
