"""Kept builds: what was published, with the hashes of what it was made from and consists of.

Here belongs keeping, finding and dropping builds. What a build is made from is gathered in
pipelines/compute/made_from.py.

Layout: `builds/<id>/` holds `build.json` (see Build) with its own hash in `build.sha256`, the
published file, the Parquet of every table under `parquet/`, and the code as `code.zip`. Parquet
and code are hard links where a build shares them with the working store or the build before, so
that only what changed takes room. A build stands whole or not at all: it is put in place by a
rename, and one whose name begins with a dot is what a killed run left.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.archive import write_atomically
from warehouse.errors import InputError
from warehouse.hashes import read_sha256

KEEP = 10


@dataclass(frozen=True, slots=True)
class Build:
    """What a build says of itself; times are ISO 8601 in UTC, hashes sha256 in hex.

    `inputs` are rows of raw.source_file, `code`, `tables` and `files` map a path to its hash:
    of the project, of the Parquet below `parquet/`, and of the other files of the build.
    `years` are those of the run; years computed before stand in `tables` too.
    """

    id: str
    profile: str
    number: int
    started: str
    finished: str
    configuration: dict[str, Any]
    packages: dict[str, str]
    code_version: str
    code: dict[str, str]
    inputs: list[dict[str, Any]]
    years: list[int]
    tables: dict[str, str]
    files: dict[str, str]


def path_of(root: Path, build_id: str) -> Path:
    """Where a build stands."""
    return root / "builds" / build_id


def ids(root: Path, profile: str = "") -> list[str]:
    """Exact names of the builds kept, of a profile or of all; the newest of each last."""
    found = (path.parent.name for path in (root / "builds").glob("[!.]*/build.json"))
    return sorted((i for i in found if _profile(i) == profile or not profile), key=_order)


def _profile(build_id: str) -> str:
    return build_id.rsplit("-", 2)[0]


def _order(build_id: str) -> tuple[str, int]:
    profile, _, number = build_id.rsplit("-", 1)[0].rpartition("-")
    return profile, int(number) if number.isdecimal() else 0


def name_of(root: Path, profile: str, fingerprint: str) -> tuple[str, int]:
    """Name and number of the profile's next build: counted, since clocks can jump."""
    number = 1 + max((_order(build_id)[1] for build_id in ids(root, profile)), default=0)
    return f"{profile}-{number:06d}-{fingerprint[:8]}", number


def read(root: Path, build_id: str) -> Build:
    """A build by its exact name. Raises InputError where there is none, or it was altered."""
    path = path_of(root, build_id) / "build.json"
    if build_id not in ids(root):
        near = [other for other in ids(root) if build_id and build_id in other]
        remedy = f"Write one of: {', '.join(near or ids(root)) or 'none is kept yet'}"
        raise InputError(f"build {build_id}", "is not kept here", remedy)
    content = path.read_bytes()
    try:
        told = path.with_name("build.sha256").read_text("utf-8", "replace").strip()
    except OSError:
        told = "nothing"
    if hashlib.sha256(content).hexdigest() != told:
        finding = "build.json does not have the bytes that were written"
        raise InputError(f"build {build_id}", finding, "Do not use it; see mirror-trade verify")
    return Build(**json.loads(content))


def found(root: Path, name: str) -> Build:
    """A build by its name or a part that only it has, by `profile`, or by `profile~n`.

    The newest build of a profile is `profile`, the one n before it `profile~n`. Raises
    InputError where none or several fit, or it was altered.
    """
    profile, _, back = name.partition("~")
    if own := ids(root, profile) if profile else []:
        steps = int(back) if back.isdecimal() else 0
        return read(root, own[-1 - steps] if steps < len(own) else name)
    fitting = [build_id for build_id in ids(root) if name in build_id]
    return read(root, fitting[0] if len(fitting) == 1 else name)


def latest(root: Path, profile: str) -> Build | None:
    """The newest build kept of a profile that is whole in what it says of itself."""
    for build_id in reversed(ids(root, profile)):
        try:
            return read(root, build_id)
        except InputError:
            continue
    return None


@contextmanager
def staged(root: Path, build_id: str) -> Iterator[Path]:
    """A folder to fill; it becomes the build when the block ends, and is gone where it fails."""
    part = path_of(root, f".{build_id}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        os.replace(part, path_of(root, build_id))
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write(part: Path, build: Build) -> None:
    """Write what a build says of itself; the last step before it is put in place."""
    content = json.dumps(asdict(build), indent=1, ensure_ascii=False).encode()
    write_atomically(part / "build.json", content)
    write_atomically(part / "build.sha256", hashlib.sha256(content).hexdigest().encode())


def link(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the disk has no second names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def put_in_place(source: Path, target: Path) -> None:
    """Copy a file beside its place and rename it there: who alters it does not alter the build."""
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, part)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def differing(folder: Path, hashes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Path, hash promised and hash found ("missing") of each file that is not as it was."""
    for name, promised in hashes.items():
        path = folder / name
        found = read_sha256(path) if path.is_file() else "missing"
        if found != promised:
            yield name, promised, found


def superfluous(root: Path, profile: str, keep: int) -> list[str]:
    """Builds of a profile beyond the newest `keep`; the newest always stays."""
    return ids(root, profile)[: -max(keep, 1)]


def leftovers(root: Path, profile: str) -> list[Path]:
    """What killed runs of a profile left among the builds."""
    found = (root / "builds").glob(f".{profile}-*")
    return sorted(path for path in found if _profile(path.name[1:]) == profile)


def remove(root: Path, build_id: str) -> None:
    """Take a build away; it is out of sight before its first file goes."""
    gone = path_of(root, f".{build_id}")
    os.replace(path_of(root, build_id), gone)
    shutil.rmtree(gone)
