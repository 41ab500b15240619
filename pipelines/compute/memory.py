"""What need not be computed again: same code, same packages, same inputs, same file.

Here belongs remembering what a table was computed from, and noticing when that still holds.
A run that finds everything as it left it computes nothing, and a file that was altered since
is computed anew.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assets.meta.run import code_version, package_versions
from pipelines.compute.build import JUDGED_TABLES
from pipelines.compute.run_checks import Outcome, results_file
from pipelines.loader.table import Table
from pipelines.tables import SCHEMAS, tables
from warehouse.archive import write_atomically
from warehouse.hashes import file_sha256
from warehouse.house import House

# These follow from time, from files a user brings, or from what the archive and the checks hold
# when they are asked.
GIVEN = ("reference.own_list", "reference.published_margin")
NEVER = ("raw.source_file", "meta.run", "meta.validation_result", "meta.column", *GIVEN)


@dataclass(frozen=True, slots=True)
class Memory:
    """A computed table: from what, into which files, and what its checks saw."""

    computed_from: str
    files: dict[str, str]
    rows: int
    outcomes: tuple[Outcome, ...]


def recall(table: Table, house: House, years: Sequence[int]) -> Memory | None:
    """The table as it was computed before, if computing it again would give the same."""
    path = _path(table, house, years)
    if table.name in NEVER or not path.exists():
        return None
    known = _read(path)
    if known is None or known.computed_from != _computed_from(table, house, years):
        return None
    return known if known.files == _left(table, house, years) else None


def keep(
    table: Table, house: House, years: Sequence[int], rows: int, outcomes: Sequence[Outcome]
) -> None:
    """Remember a table that was computed and checked."""
    if table.name in NEVER:
        return
    memory = Memory(
        _computed_from(table, house, years), _left(table, house, years), rows, tuple(outcomes)
    )
    write_atomically(_path(table, house, years), json.dumps(asdict(memory), indent=1).encode())


def forget(house: House) -> None:
    """Take away what tables left that are gone, or are kept otherwise now: whole, or by year.

    Results of their checks would be told again with every run.
    """
    for path in [*house.results.glob("*.json"), *house.results.glob("memory/*.json")]:
        name, _, span = path.stem.rpartition(".")
        if not _is_kept(name, by_year=span != "all"):
            path.unlink()
    for schema in SCHEMAS:
        for path in (house.store.root / schema).glob("*.parquet"):
            if not _is_kept(f"{schema}.{path.stem}", by_year=False):
                path.unlink()
                path.with_suffix(".sha256").unlink(missing_ok=True)
        for folder in (house.store.root / schema).glob("*/"):
            if not _is_kept(f"{schema}.{folder.name}", by_year=True):
                shutil.rmtree(folder)


def _is_kept(name: str, by_year: bool) -> bool:
    table = tables().get(name)
    return table is not None and table.by_year == by_year


def _read(path: Path) -> Memory | None:
    """What was remembered; nothing where it was altered on disk, so that all is computed anew."""
    try:
        entry: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        outcomes = tuple(Outcome(**outcome) for outcome in entry.pop("outcomes"))
        return Memory(**entry, outcomes=outcomes)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _path(table: Table, house: House, years: Sequence[int]) -> Path:
    span = f"{years[0]}-{years[-1]}" if table.by_year else "all"
    return house.results / "memory" / f"{table.name}.{span}.json"


def _computed_from(table: Table, house: House, years: Sequence[int]) -> str:
    """Hash of code, packages and every input file the table is computed from."""
    digest = hashlib.sha256(_code().encode())
    for name in table.inputs:
        upstream = tables()[name]
        # A year is judged beside its neighbours, so every year held counts there.
        own_years = table.by_year and not table.all_years and table.name not in JUDGED_TABLES
        used = years if own_years else house.years_held(name)
        for path, sha256 in _files(upstream, house, used).items():
            digest.update(f"{path} {sha256}\n".encode())
    return digest.hexdigest()


def _left(table: Table, house: House, years: Sequence[int]) -> dict[str, str]:
    """What computing and checking a table leaves, with hashes: its Parquet and its results."""
    results = results_file(table, house, years)
    checked = {results.name: file_sha256(results)} if results.exists() else {}
    return {**_files(table, house, years), **checked}


@lru_cache
def _code() -> str:
    return code_version() + json.dumps(package_versions())


def _files(table: Table, house: House, years: Sequence[int]) -> dict[str, str]:
    """Each Parquet file of a table, or of its years, by its place in the profile; with its hash."""
    spans: Sequence[int | None] = years if table.by_year else (None,)
    paths = [house.store.path(table.name, year) for year in spans]
    root = house.store.root
    return {path.relative_to(root).as_posix(): file_sha256(path) for path in paths if path.exists()}
