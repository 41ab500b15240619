"""What nothing needs any more: builds beyond those kept, archived files that nothing rests on.

Here belongs finding and taking it away, for `mirror-trade prune`. How much room all takes is
told by status.py.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import profiles
from warehouse import builds, pins
from warehouse.archive import Archive
from warehouse.engine import quoted
from warehouse.lock import held


@dataclass(frozen=True, slots=True)
class Prunable:
    """Builds beyond those that are kept, and archived files that nothing rests on."""

    builds: list[str]
    archived: list[Path]


def prunable(root: Path, keep: int) -> Prunable:
    """What could go. Raises InputError where a build or a list of pins was altered."""
    going = [
        build_id for name in profiles.PROFILES for build_id in builds.superfluous(root, name, keep)
    ]
    staying = [build_id for build_id in builds.ids(root) if build_id not in going]
    return Prunable(going, sorted(_unneeded(root, _needed(root, staying))))


def _needed(root: Path, staying: Collection[str]) -> set[str]:
    """Hashes of the archived files that builds, pins, offers and working Parquet rest on."""
    inputs = [one for build_id in staying for one in builds.read(root, build_id).inputs]
    for path in (root / "pins").glob("*.json"):
        inputs += pins.read(path)[0]
    return {one["sha256"] for one in inputs} | set(_working(root))


def _working(root: Path) -> Iterator[str]:
    with duckdb.connect() as connection:
        for name in profiles.PROFILES:
            path = profiles.house(name, root).store.path("raw.source_file")
            if path.exists():
                found = connection.execute(f"select sha256 from read_parquet({quoted(path)})")
                yield from (sha256 for (sha256,) in found.fetchall())


def _unneeded(root: Path, needed: set[str]) -> Iterator[Path]:
    """Archived files that were received before the last one that something rests on.

    What came after it may belong to a download that is not done: it stays for the next run.
    """
    archive = Archive(root / "archive")
    received = list(archive.received())
    last = {one.source: place for place, one in enumerate(received) if one.sha256 in needed}
    later = {one.sha256 for place, one in enumerate(received) if place > last.get(one.source, -1)}
    for path in (root / "archive").glob("[0-9a-f][0-9a-f]/[0-9a-f]*"):
        if path.name not in needed | later:
            yield path


def prune(root: Path, keep: int) -> Prunable:
    """Take away what `prunable` names. Raises InputError while a profile is being run."""
    with ExitStack() as stack:
        for name in sorted(profiles.PROFILES):
            stack.enter_context(held(profiles.house(name, root).lock))
        found = prunable(root, keep)
        for build_id in found.builds:
            builds.remove(root, build_id)
        if found.archived:
            Archive(root / "archive").forget({path.name for path in found.archived})
    return found
