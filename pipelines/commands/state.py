"""`status`: what a scheduler or a person asks of the runs there were."""

import sys
from pathlib import Path

import click

from pipelines.commands.options import FAILED, ON_REQUEST, PROFILES, root_option


@click.command()
@root_option
def status(root: Path) -> None:
    """What was last published, when, and which checks did not hold.

    \b
    Example:
      mirror-trade status

    Exit code 0: every profile has a file. 1: one has none yet.
    """
    from pipelines.orchestration.status import show

    there = [name for name in ON_REQUEST if (root / f"{name}.duckdb").exists()]
    sys.exit(0 if show([*PROFILES, *there], root) else FAILED)
