"""Runs of the pipeline that a test cannot make where it stands: set up otherwise, or killed.

`python -m tests.pipelines.drive small ROOT` runs profile headline and a small demo;
`python -m tests.pipelines.drive killed ROOT MOMENT...` runs profile headline once for each
moment, a process each, and kills it there. A moment is the end of the path of a file, and the
run dies when that file stands whole under its temporary name, before the rename.
"""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest import mock

from checks.queries import Check, checks_of
from pipelines.loader.table import Table

PROJECT = Path(__file__).parents[2]
SMALL_YEARS = (2021, 2022)
OTHERWISE = {
    "MIRROR_TRADE_THREADS": "1",
    "TZ": "Asia/Kamchatka",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "4711",
}


def run(profile: str, root: Path, years: str | None = None, inputs: Path | None = None) -> None:
    """Run a profile in this process; fails where it does not reach its end."""
    from pipelines.runs import run_profile

    assert run_profile(profile, root, years, inputs), f"profile {profile} was not published"


def _not_of_the_shipped_world(table: Table) -> list[Check]:
    columns = [column.name for column in table.columns]
    found = checks_of(table.name, table.key, columns)
    return [check for check in found if check.name != "as_many_rows_as_expected"]


def run_small(root: Path) -> None:
    """Run profile demo on the two years on either side of the change of revision.

    Another world than the one shipped: what is expected of that one does not hold for it.
    """
    from assets.source.simulated import world
    from pipelines import profiles
    from pipelines.compute import run_checks

    small = replace(profiles.PROFILES["demo"], years=SMALL_YEARS)
    years = range(SMALL_YEARS[0], SMALL_YEARS[-1] + 1)
    settings = partial(world.WorldSettings, years=years)
    with (
        mock.patch.dict(profiles.PROFILES, {"demo": small}),
        mock.patch.object(world, "WorldSettings", settings),
        mock.patch.object(run_checks, "_queries", _not_of_the_shipped_world),
    ):
        run("demo", root)


def run_elsewhere(root: Path) -> None:
    """Both in a process with another thread count, time zone, locale and hash seed."""
    module(["small", str(root)], OTHERWISE)


def module(arguments: list[str], settings: dict[str, str] | None = None) -> str:
    """Run this module with arguments in a process of its own; returns what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipelines.drive", *arguments],
        cwd=PROJECT,
        env={**os.environ, **(settings or {})},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kill_at(moment: str) -> None:
    """From now on this process dies when the file of that name is about to be put in place."""
    rename = os.replace

    def deadly(source: str | Path, target: str | Path) -> None:
        if str(target).endswith(moment):
            os.kill(os.getpid(), signal.SIGKILL)
        rename(source, target)

    os.replace = deadly  # type: ignore[assignment]


def run_and_die(root: Path, moment: str) -> int:
    """Run profile headline in a fork that is killed at a moment; returns the signal it died of."""
    child = os.fork()
    if not child:
        kill_at(moment)
        run("headline", root)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def main() -> None:
    what, root, *moments = sys.argv[1:]
    if what == "small":
        run("headline", Path(root))
        run_small(Path(root))
        return
    import great_expectations  # noqa: F401  imported once, before the forks

    import pipelines.definitions  # noqa: F401

    for number, moment in enumerate(moments):
        assert run_and_die(Path(root), moment) == signal.SIGKILL, moment
        os.link(Path(root) / "headline.duckdb", Path(root) / f"after_{number}.kept")


if __name__ == "__main__":
    main()
