"""What is kept of earlier runs and what it proves: builds, diff, verify, reproduce, pin, prune."""

import sys
from pathlib import Path

import click

from pipelines.commands.options import FAILED, ON_REQUEST, PROFILES, root_option


@click.command()
@root_option
def builds(root: Path) -> None:
    """The published builds that are kept, the newest of each profile last.

    \b
    Example:
      mirror-trade builds
    """
    from warehouse import builds as kept

    for build_id in kept.ids(root):
        build = kept.read(root, build_id)
        click.echo(f"{build.id}  {build.finished}  code {build.code_version}")


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--table", help="Figures of this table, instead of all that is published.")
@click.option("--format", "shape", type=click.Choice(["text", "csv"]), default="text")
@click.option("--apart", is_flag=True, help="Tell code from inputs by a build in between.")
@root_option
def diff(before: str, after: str, table: str | None, shape: str, apart: bool, root: Path) -> None:
    """Which figures changed between two builds, by how much, and because of what.

    A build is named by its id or a part of it, the newest of a profile by the profile, earlier
    ones by `profile~1`, `profile~2`.

    \b
    Examples:
      mirror-trade diff headline~1 headline
      mirror-trade diff headline~1 headline --table mart.pass_through --format csv

    Where code and inputs both changed, --apart tells what follows from either alone.
    """
    from pipelines.builds import apart as experiment
    from pipelines.builds import told_difference
    from warehouse.builds import found

    if apart:
        for line in experiment.told(root, found(root, before), found(root, after), table):
            click.echo(line)
        return
    compared = told_difference.Compared(root, found(root, before), found(root, after))
    if shape == "csv":
        click.echo(told_difference.as_csv(compared, table), nl=False)
        return
    for line in told_difference.as_text(compared, table):
        click.echo(line)


@click.command()
@root_option
def verify(root: Path) -> None:
    """Compute every hash anew: of the archive, the Parquet, the published files, the builds.

    \b
    Example:
      mirror-trade verify

    Exit code 0: all is as it was written. 1: something is not, and is named.
    """
    from pipelines.builds import verification

    result = verification.verified(root)
    for wrong in result.wrong:
        click.echo(f"{wrong.place}\n  {wrong.finding}\n  {wrong.remedy}", err=True)
    for line in result.told:
        click.echo(line)
    sys.exit(FAILED if result.wrong else 0)


@click.command()
@click.argument("build")
@root_option
def reproduce(build: str, root: Path) -> None:
    """Make a kept build again, with its own code on its own inputs, and compare byte for byte.

    \b
    Examples:
      mirror-trade reproduce headline
      mirror-trade reproduce demo~1

    Exit code 0: every Parquet file has the same bytes, and the file the same rows. 1: not.
    """
    from pipelines.builds import reproduction
    from warehouse.builds import found

    kept = found(root, build)
    click.echo(f"{kept.id}: code {kept.code_version} runs on {len(kept.inputs)} inputs")
    result = reproduction.reproduced(root, kept)
    for line in result.packages:
        click.echo(f"  another version is installed: {line}", err=True)
    for line in result.differing:
        click.echo(f"  {line}", err=True)
    verdict = f"{len(result.differing)} differences" if result.differing else "the same"
    told = f"{result.files} Parquet files byte for byte, the published file row by row"
    click.echo(f"  compared {told}: {verdict}")
    sys.exit(FAILED if result.differing else 0)


@click.command()
@click.argument("profile", type=click.Choice([*PROFILES, *ON_REQUEST]))
@click.option("--dry-run", is_flag=True, help="Build apart with the new inputs; accept nothing.")
@root_option
def pin(profile: str, dry_run: bool, root: Path) -> None:
    """Accept inputs that changed upstream: a run refuses them until then.

    Shows old and new hashes and the printed figures that change. With --dry-run a build is made
    apart from the new inputs, and each published figure that would change is told.

    \b
    Examples:
      mirror-trade pin official --dry-run
      mirror-trade pin official
    """
    from pipelines import profiles
    from pipelines.builds import pinning, trial

    house = profiles.house(profile, root)
    for line in pinning.told(house):
        click.echo(line)
    if dry_run:
        for line in trial.told(house):
            click.echo(line)
        return
    pinning.accept(house)
    click.echo(f"accepted: mirror-trade run --profile {profile} builds from them")


@click.command()
@click.option("--keep", type=click.IntRange(1), help="Builds of each profile to keep.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and take nothing away.")
@root_option
def prune(keep: int | None, dry_run: bool, root: Path) -> None:
    """Take away builds beyond those to keep, and archived files that nothing rests on.

    \b
    Examples:
      mirror-trade prune --dry-run
      mirror-trade prune --keep 3
    """
    from pipelines.builds import pruning
    from pipelines.builds.published import kept_builds
    from pipelines.orchestration import status

    before = status.room(root)
    going = (pruning.prunable if dry_run else pruning.prune)(root, keep or kept_builds())
    for build_id in going.builds:
        click.echo(f"build {build_id}")
    for path in going.archived:
        click.echo(f"archive file {path.name}")
    said = "would be taken away" if dry_run else "taken away"
    click.echo(f"{len(going.builds)} builds and {len(going.archived)} archive files {said}")
    for name, size in before if dry_run else status.room(root):
        click.echo(f"  {name}: {size / 1e6:,.1f} MB")
