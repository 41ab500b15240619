"""One run of a profile in this process, with its progress on the terminal.

Here belongs starting a job and telling how it went. What a step does stands in steps.py.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipelines.orchestration import notify, progress
from pipelines.orchestration.specs import range_tags
from warehouse.errors import InputError
from warehouse.house import House
from warehouse.lock import held

SHOWN_ROWS = 3


def run_profile(
    name: str,
    root: Path,
    years: str | None,
    inputs: Path | None = None,
    products: str = "",
    pinned: Path | None = None,
    lists: Path | None = None,
    margins: Path | None = None,
    bulk: bool = False,
) -> bool:
    """Materialize every asset of a profile; returns whether all of it was published.

    `inputs` is a folder of files to run on, `products` what to ask for, `pinned` a list of
    archived files that a run may use and no others, `lists` and `margins` a user's own files
    (assets/source/own_file.py), `bulk` asks UN Comtrade for whole files. Raises InputError where
    one cannot be used.
    """
    if inputs is not None:
        _tell_inputs(name, inputs)
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import dagster as dg

    from pipelines import profiles
    from pipelines.definitions import STEPS, defs

    known = profiles.profile(name, str(inputs or pinned or ""))
    own = {"lists": str(lists or ""), "margins": str(margins or "")}
    house = profiles.house(name, root)
    _refuse_own(replace(house, lists=own["lists"], margins=own["margins"]))
    first, last = span(years, known.years)
    tags = range_tags(first, last)
    given = {"profile": name, "root": str(root), "products": products, "bulk": bulk, **own}
    given |= {"inputs": str(inputs or ""), "pinned": str(pinned or "")}
    config = {
        "resources": {"house": {"config": given}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    with (
        held(profiles.house(name, root).lock),
        _instance(dg) as instance,
        progress.on_terminal(known.title, STEPS),
    ):
        outcome = defs.resolve_job_def(name).execute_in_process(
            run_config=config, tags=tags, instance=instance, raise_on_error=False
        )
    _tell_failures(name, outcome)
    return bool(outcome.success)


def _tell_inputs(name: str, folder: Path) -> None:
    """What each file of the folder is, before anything is computed from it."""
    from assets.source import baci, official
    from assets.source.comtrade.tables import folder as comtrade
    from pipelines import profiles

    tellers = {official.SOURCE: official.told, "comtrade": comtrade.told}
    others = " or ".join(tellers)
    if profiles.profile(name).simulated:
        remedy = f"Run it with --profile {others}, or leave --inputs out"
        raise InputError(f"--inputs {folder}", "is real: nothing simulated mixes with it", remedy)
    click.echo(f"Files of {folder}")
    lines = list(baci.told(folder)) if folder.is_dir() else []
    if name in tellers:
        lines += tellers[name](folder)
    elif not lines:
        remedy = f"Put in zips of BACI, or run it with --profile {others}"
        raise InputError(f"--inputs {folder}", "holds no zip of BACI", remedy)
    for line in lines:
        click.echo(line)


def _refuse_own(house: House) -> None:
    """Raises InputError for a user's file that cannot be used, before anything is computed."""
    from assets.source import own_file

    own_file.lists(house)
    own_file.margins(house)


def span(years: str | None, covered: tuple[int, ...]) -> tuple[int, int]:
    """First and last year asked for. Raises InputError where the profile does not cover them."""
    if years is None:
        return covered[0], covered[-1]
    first, dash, last = years.partition("-")
    remedy = f"Write a year or FIRST-LAST between {covered[0]} and {covered[-1]}"
    if not (first.isdecimal() and (last if dash else first).isdecimal()):
        raise InputError(f"--years {years}", "is no year and no span of years", remedy)
    span = int(first), int(last or first)
    if not covered[0] <= span[0] <= span[1] <= covered[-1]:
        raise InputError(f"--years {years}", "is not covered by the profile", remedy)
    return span


@contextmanager
def _instance(dg: Any) -> Iterator[Any]:
    """The Dagster instance of DAGSTER_HOME, where runs are kept; else one that is forgotten."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as kept:
            yield kept
        return
    with tempfile.TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(folder) as forgotten:
        yield forgotten


def _tell_check(check: Any) -> None:
    """What a check expected, and the first rows that break it."""
    says, count = (check.metadata[name].value for name in ("says", "rows_that_break_it"))
    table = ".".join(check.asset_key.path)
    click.echo(
        f"  {check.severity.value} {table} {check.check_name}: {says}; {count} rows:", err=True
    )
    rows = check.metadata.get("first_rows")
    for record in rows.records[:SHOWN_ROWS] if rows else []:
        click.echo(f"    {record.data}", err=True)


def _tell_failures(profile: str, outcome: Any) -> None:
    """Each failed step with the reason a person can act on; a notifier is told, if one is named."""
    told = notify.reasons(event for event in outcome.all_events if event.is_step_failure)
    for reason in told:
        click.echo(f"{profile}: {reason}", err=True)
    if not outcome.success:
        click.echo(f"{profile}: nothing was published; the last good file stands", err=True)
    if not outcome.success and "MIRROR_TRADE_NOTIFY" in os.environ:
        notify.tell(f"{profile} failed", "\n".join(told))
