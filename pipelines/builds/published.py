"""Publishing a profile: which tables go into the file, under which comments, kept as a build.

Here belongs building the file and putting it in place. How builds stand on the disk is told by
warehouse/builds.py.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

from assets.meta import run as meta_run
from pipelines.analyst import shortcuts
from pipelines.builds import pinning
from pipelines.compute import made_from
from pipelines.loader.table import Table
from pipelines.report import made as report
from pipelines.tables import tables
from warehouse import builds
from warehouse import publish as publishing
from warehouse.archive import Archive, write_atomically
from warehouse.builds import Build
from warehouse.engine import quoted
from warehouse.errors import InputError
from warehouse.hashes import file_sha256
from warehouse.house import House
from warehouse.publish import Published

# Tells when a run was made: it is new in each, and makes no new build alone.
OF_TIME = "meta/run.parquet"
CODE = "code.zip"


def publish(house: House) -> Build:
    """Build the profile's DuckDB file from its Parquet, keep it with the page, put both in place.

    Where nothing changed since the newest build, that one stands, and is put in its place again
    where the file was altered or is gone.
    """
    sweep(house.root, house.profile)
    parquet = _parquet(house)
    before = builds.latest(house.root, house.profile)
    page = report.make(house).page
    stands = before is not None and _stands(house, before, parquet, page)
    build = before if before and stands else _keep(house, parquet, page, before)
    for place in (house.file, house.page):
        if not place.exists() or file_sha256(place) != build.files[place.name]:
            builds.put_in_place(builds.path_of(house.root, build.id) / place.name, place)
    pinning.pin(house, build.inputs)
    for old in builds.superfluous(house.root, house.profile, kept_builds()):
        builds.remove(house.root, old)
    return build


def kept_builds() -> int:
    """How many builds of a profile are kept: MIRROR_TRADE_KEEP_BUILDS, or 10."""
    return int(os.environ.get("MIRROR_TRADE_KEEP_BUILDS", builds.KEEP))


def sweep(root: Path, profile: str) -> list[Path]:
    """Take away what killed runs of the profile left; returns what it was."""
    left = [*builds.leftovers(root, profile), *root.glob(f".{profile}.duckdb.part*")]
    left += [*(root / profile).rglob(".*.part"), *(root / "scratch" / profile).glob("*")]
    left += Archive(root / "archive").leftovers()
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return left


def _parquet(house: House) -> dict[str, Path]:
    """Every Parquet file of the profile by its path in a build."""
    files = [file for table in tables().values() for file in _files(house, table)]
    return {path.relative_to(house.store.root).as_posix(): path for path in files}


def _files(house: House, table: Table) -> list[Path]:
    held = house.years_held(table.name)
    return house.store.files(table.name, held if table.by_year else None)


def _stands(house: House, before: Build, parquet: dict[str, Path], page: Path) -> bool:
    """Whether the newest build is what this run would publish, and is whole."""
    found = {name: file_sha256(path) for name, path in parquet.items()}
    folder = builds.path_of(house.root, before.id)
    parts = {f"parquet/{name}": sha256 for name, sha256 in before.tables.items()}
    whole = not any(True for _ in builds.differing(folder, {**before.files, **parts}))
    same_code = before.code_version == meta_run.code_version()
    same_packages = before.packages == meta_run.package_versions()
    same = {**before.tables, OF_TIME: ""} == {**found, OF_TIME: ""}
    same_page = before.files.get(page.name) == file_sha256(page)
    return whole and same and same_code and same_packages and same_page


def _keep(house: House, parquet: dict[str, Path], page: Path, before: Build | None) -> Build:
    said = _run(house)
    if said["build"] in builds.ids(house.root):
        finding = f"names build {said['build']}, which is kept already and is not what stands here"
        raise InputError("meta.run", finding, "Materialize meta.run together with the file")
    with builds.staged(house.root, said["build"]) as part:
        publishing.publish(
            part / house.file.name,
            [_published(house, table) for table in tables().values()],
            shortcuts.published(mark(house)),
        )
        for name, path in parquet.items():
            builds.link(path, part / "parquet" / name)
        builds.link(page, part / house.page.name)
        _keep_code(house.root, part, before)
        build = _described(house, said, part, parquet)
        builds.write(part, build)
    return build


def _keep_code(root: Path, part: Path, before: Build | None) -> None:
    content = made_from.code_zip()
    shared = builds.path_of(root, before.id) / CODE if before else part / CODE
    if shared.exists() and shared.read_bytes() == content:
        builds.link(shared, part / CODE)
    else:
        write_atomically(part / CODE, content)


def _run(house: House) -> dict[str, str]:
    """The row of meta.run that goes into the file."""
    path = house.store.path("meta.run")
    with duckdb.connect() as connection:
        found = connection.execute(f"from read_parquet({quoted(path)})")
        names = [column[0] for column in found.description or []]
        return dict(zip(names, found.fetchone() or (), strict=True))


def _described(house: House, said: dict[str, str], part: Path, parquet: dict[str, Path]) -> Build:
    inputs = made_from.inputs_of(house)
    configuration: dict[str, Any] = json.loads(said["configuration"])
    return Build(
        id=said["build"],
        profile=house.profile,
        number=int(said["build"].rsplit("-", 2)[1]),
        started=said["started"],
        finished=said["finished"],
        configuration=configuration,
        packages=json.loads(said["package_versions"]),
        code_version=said["code_version"],
        code=made_from.code_hashes(),
        inputs=inputs,
        years=house.years_held("raw.trade_flow"),
        tables={name: file_sha256(path) for name, path in parquet.items()},
        files={name: file_sha256(part / name) for name in (house.file.name, house.page.name, CODE)},
    )


def _published(house: House, table: Table) -> Published:
    return Published(
        name=table.name,
        files=_files(house, table),
        comment=comment(house, table),
        columns={column.name: column.comment for column in table.columns},
    )


def comment(house: House, table: Table) -> str:
    """What the table says; in a simulated profile, that it is simulated."""
    return mark(house) + table.comment


def mark(house: House) -> str:
    """What opens the comments of a simulated profile."""
    return "SIMULATED, no measurement of anything: " if "simulated" in house.sources else ""
