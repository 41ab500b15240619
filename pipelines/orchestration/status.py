"""What `mirror-trade status` tells: the last run, what is published, what is stale and why, room.

Here belongs reading it from the builds, the journal and the disk. Nothing is computed anew.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import duckdb

from assets.meta import run as meta_run
from pipelines import profiles
from pipelines.compute import made_from
from pipelines.orchestration import journal
from warehouse import builds
from warehouse.builds import Build
from warehouse.hashes import read_sha256

PUBLISHED = """
    select finished, build,
        (select count(*) from meta.validation_result where not success and severity = 'ERROR'),
        (select count(*) from meta.validation_result where not success and severity = 'WARN')
    from meta.run
"""
LOOK_EVERY = timedelta(days=35)


def show(names: Sequence[str], root: Path) -> bool:
    """Print what there is of each profile; returns whether every one has a file."""
    for name in names:
        click.echo(f"{name}: {_published(name, root)}")
        click.echo(f"  last run: {last_run(name, root)}")
        for reason in stale(name, root, datetime.now(UTC)):
            click.echo(f"  stale: {reason}")
    click.echo(
        "room taken: " + ", ".join(f"{what} {size / 1e6:,.1f} MB" for what, size in room(root))
    )
    return all((root / f"{name}.duckdb").exists() for name in names)


def _published(name: str, root: Path) -> str:
    path = root / f"{name}.duckdb"
    if not path.exists():
        return f"not yet published; run: mirror-trade run --profile {name}"
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(PUBLISHED).fetchone()
    finished, build, errors, warnings = row or ("", "", 0, 0)
    return (
        f"published {finished} as build {build}\n"
        f"  {path.stat().st_size / 1e6:.1f} MB; checks that did not hold: "
        f"{errors} errors, {warnings} warnings (meta.validation_result)\n"
        f"  {path}"
    )


def last_run(name: str, root: Path) -> str:
    """When the profile was last run and how that ended, by the journal."""
    own = [line for line in journal.lines(root) if line.get("profile") == name]
    begun = [place for place, line in enumerate(own) if line.get("kind") == "begins"]
    if not begun:
        return "none in the journal"
    events = own[begun[-1] :]
    when = events[0]["timestamp"]
    for event in reversed(events):
        if event.get("kind") == "failed":
            return f"{when} failed in {event['step']}: {event['event']}"
        if event.get("kind") == "published":
            return f"{when} published build {event['build']}"
    return f"{when} {'ended without a file' if events[-1].get('kind') == 'ends' else 'did not end'}"


def stale(name: str, root: Path, now: datetime) -> Iterator[str]:
    """Why what is published is not what a run would publish now, as far as is known unasked."""
    build = builds.latest(root, name)
    if build is None:
        return
    path = root / f"{name}.duckdb"
    if not path.exists() or read_sha256(path) != build.files[path.name]:
        yield "the file is not the one that was published; see mirror-trade verify"
    if build.code_version != meta_run.code_version():
        yield f"the code has changed since ({_first_changed(build)})"
    if build.packages != meta_run.package_versions():
        yield "other versions of packages are installed than it was computed with"
    looked = datetime.fromisoformat(build.finished)
    if profiles.profile(name).has_releases and now - looked > LOOK_EVERY:
        yield f"publishers were last asked on {looked:%Y-%m-%d}"


def _first_changed(build: Build) -> str:
    now = made_from.code_hashes()
    paths = sorted(now.keys() | build.code.keys())
    changed = [path for path in paths if now.get(path) != build.code.get(path)]
    return f"{len(changed)} files, {changed[0]} first"


def room(root: Path) -> list[tuple[str, int]]:
    """Bytes below each folder of the warehouse and of the published files; links count once."""
    seen: set[int] = set()
    taken: dict[str, int] = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            stat = path.stat()
            what = path.relative_to(root).parts[0]
            if stat.st_ino not in seen and not what.endswith((".py", ".toml")):
                taken[what] = taken.get(what, 0) + stat.st_size
            seen.add(stat.st_ino)
    return sorted(taken.items(), key=lambda item: -item[1])
