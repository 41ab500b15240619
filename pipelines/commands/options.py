"""Options that several commands share, and the exit codes."""

from collections.abc import Callable
from pathlib import Path

import click

FAILED, UNUSABLE = 1, 3
PROFILES = ("headline", "demo")
# These need files or a network, so they run when asked for and not by default.
ON_REQUEST = ("official", "comtrade", "baci")
ROOT = Path(__file__).parents[2] / "warehouse"
Command = Callable[..., None]

root_option = click.option(
    "--root",
    type=click.Path(path_type=Path),
    default=ROOT,
    envvar="MIRROR_TRADE_ROOT",
    help="Folder of the files; MIRROR_TRADE_ROOT where it is set.",
)


def profile_option(default: str) -> Callable[[Command], Command]:
    return click.option(
        "--profile",
        type=click.Choice([*PROFILES, *ON_REQUEST]),
        default=default,
        show_default=True,
        help="headline: real figures. demo: SIMULATED. official: the publishers' own tables. "
        "comtrade: UN Comtrade. baci: reconciled, a third opinion.",
    )
