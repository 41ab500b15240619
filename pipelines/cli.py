"""The command line: run, status, query, describe.

Here belongs what a person types and reads. What a run does stands in definitions.py; imports
that take long stand inside the commands, so that `--help` answers at once.

Exit codes, for schedulers: 0 done; 1 a step or a blocking check failed, the last good file
stands; 2 wrong usage; 3 something given or received cannot be used, the message says what.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from warehouse.errors import InputError

FAILED, UNUSABLE = 1, 3
PROFILES = ("headline", "demo")
# These need files or a network, so they run when asked for and not by default.
ON_REQUEST = ("official",)
ROOT = Path(__file__).parent.parent / "warehouse"
Command = Callable[..., None]


class Commands(click.Group):
    """Turns an InputError into its three parts and exit code 3."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"{error.place}\n  {error.finding}\n  {error.remedy}", err=True)
            sys.exit(UNUSABLE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Trade mirror statistics: what Kazakhstan imports, what Russia receives.

    \b
    Examples:
      mirror-trade run                        both profiles, all years
      mirror-trade query "from mart.lost_in_transit limit 5"
      mirror-trade describe mart.pass_through
    """


def profile_option(default: str) -> Callable[[Command], Command]:
    return click.option(
        "--profile",
        type=click.Choice([*PROFILES, *ON_REQUEST]),
        default=default,
        show_default=True,
        help="headline: real figures. demo: SIMULATED. official: the publishers' own tables.",
    )


@main.command()
@click.option(
    "--profile",
    "profiles",
    type=click.Choice([*PROFILES, *ON_REQUEST]),
    multiple=True,
    help="What to run on; may be given twice.  [default: headline and demo]",
)
@click.option("--years", metavar="YEAR or FIRST-LAST", help="Only these years of the profile.")
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, help="Folder of the files.")
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    help="Profile official: folder of the publishers' files, under any names; else they are "
    "downloaded.",
)
def run(profiles: tuple[str, ...], years: str | None, root: Path, inputs: Path | None) -> None:
    """Download, validate, transform and publish; then show the result.

    \b
    Examples:
      mirror-trade run
      mirror-trade run --profile demo --years 2022-2023
      mirror-trade run --profile official --inputs ~/Downloads/trade

    Exit code 0: every file was published. 1: a step or a blocking check failed and the last
    good file stands. 3: an input cannot be used.
    """
    from pipelines import result
    from pipelines.runs import run_profile

    chosen = profiles or PROFILES
    failed = [name for name in chosen if not run_profile(name, root, years, inputs)]
    for name in chosen:
        if name not in failed:
            result.show(name, root)
    result.show_files([name for name in chosen if name not in failed], root)
    sys.exit(FAILED if failed else 0)


@main.command()
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, help="Folder of the files.")
def status(root: Path) -> None:
    """What was last published, when, and which checks did not hold.

    \b
    Example:
      mirror-trade status

    Exit code 0: every profile has a file. 1: one has none yet.
    """
    from pipelines.status import show

    there = [name for name in ON_REQUEST if (root / f"{name}.duckdb").exists()]
    sys.exit(0 if show([*PROFILES, *there], root) else FAILED)


@main.command()
@click.argument("sql")
@profile_option("headline")
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, help="Folder of the files.")
def query(sql: str, profile: str, shape: str, root: Path) -> None:
    """Ask the published file of a profile; it is opened for reading only.

    \b
    Examples:
      mirror-trade query "select year, lost_share from mart.lost_in_transit
                          where exporter_group = 'E27' and importer = 'KAZ'"
      mirror-trade query --profile demo --format csv "from mart.pass_through"
    """
    from pipelines.questions import ask

    click.echo(ask(sql, profile, root, shape), nl=False)


@main.command()
@profile_option("headline")
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, help="Folder of the files.")
def docs(profile: str, root: Path) -> None:
    """Write Great Expectations' Data Docs on the validated rows, and say where they are.

    \b
    Example:
      mirror-trade docs --profile demo
    """
    from pipelines.profiles import house
    from pipelines.run_checks import write_docs

    click.echo(write_docs(house(profile, root)))


@main.command()
@click.argument("table", required=False)
def describe(table: str | None) -> None:
    """What a table says and what its columns mean; without TABLE, what tables there are.

    TABLE is schema.table, or `flags`, or `reasons`, or `method`.

    \b
    Examples:
      mirror-trade describe
      mirror-trade describe mart.pass_through
      mirror-trade describe flags
    """
    from pipelines.questions import described

    click.echo(described(table), nl=False)
