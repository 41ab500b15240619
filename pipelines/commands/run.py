"""`run`: what a run does stands in steps.py."""

import sys
from pathlib import Path

import click

from pipelines.commands.options import FAILED, ON_REQUEST, PROFILES, root_option


@click.command()
@click.option(
    "--profile",
    "profiles",
    type=click.Choice([*PROFILES, *ON_REQUEST]),
    multiple=True,
    help="What to run on; may be given twice.  [default: headline and demo]",
)
@click.option("--years", metavar="YEAR or FIRST-LAST", help="Only these years of the profile.")
@root_option
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    help="Folder of files, under any names: tables for official and comtrade, CEPII's zips for "
    "baci; else they are downloaded. Zips of BACI stand beside the other real profiles too.",
)
@click.option(
    "--products",
    default="",
    metavar="CODE,LIST,...",
    help="Profile comtrade: HS codes, TOTAL and lists (CHPL, drones, microchips, civilian) to ask "
    "for.  [default: CHPL,8806,8542,8471,8517,TOTAL]",
)
@click.option(
    "--bulk",
    is_flag=True,
    help="Profile comtrade: download a file for each reporter's year in place of asking in calls. "
    "For holders of a premium key.",
)
@click.option(
    "--dry-run", is_flag=True, help="Profile comtrade: show what would be asked, and how long."
)
@click.option(
    "--pinned",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Use these archived files, as pins/PROFILE.json lists them, and ask nobody.",
)
@click.option(
    "--lists",
    type=click.Path(path_type=Path),
    help="CSV of your own product lists: list,product and, if wanted, "
    "version,classification,tier,goods,hs2017.",
)
@click.option(
    "--margins",
    type=click.Path(path_type=Path),
    help="CSV of published CIF margins, such as the OECD's: importer,exporter,product,year,margin.",
)
def run(
    profiles: tuple[str, ...],
    years: str | None,
    root: Path,
    inputs: Path | None,
    products: str,
    bulk: bool,
    dry_run: bool,
    pinned: Path | None,
    lists: Path | None,
    margins: Path | None,
) -> None:
    """Download, validate, transform and publish; then show the result.

    \b
    Examples:
      mirror-trade run
      mirror-trade run --profile demo --years 2022-2023
      mirror-trade run --profile official --inputs ~/Downloads/trade
      mirror-trade run --profile comtrade --products CHPL,TOTAL --dry-run
      mirror-trade run --profile comtrade --bulk --dry-run
      mirror-trade run --profile baci --inputs ~/Downloads/baci
      mirror-trade run --profile demo --lists batteries.csv

    What a list or a margin file holds goes into that run alone: name it again for the next.

    Exit code 0: every file was published. 1: a step or a blocking check failed and the last
    good file stands. 3: an input cannot be used.
    """
    from pipelines import dry_run as plan
    from pipelines.analyst import result
    from pipelines.runs import run_profile

    chosen = profiles or PROFILES
    if bulk and (set(chosen) != {"comtrade"} or inputs or pinned):
        raise click.UsageError("--bulk is for --profile comtrade alone, where UN Comtrade is asked")
    if dry_run:
        for name in chosen:
            click.echo(plan.shown(name, root, years, products, bulk), nl=False)
        return
    failed = [
        name
        for name in chosen
        if not run_profile(name, root, years, inputs, products, pinned, lists, margins, bulk)
    ]
    for name in chosen:
        if name not in failed:
            result.show(name, root)
    result.show_files([name for name in chosen if name not in failed], root)
    sys.exit(FAILED if failed else 0)
