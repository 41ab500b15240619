"""`regression`: the optional model; what it is stands in pipelines/analyst/regression.py."""

from pathlib import Path

import click

from pipelines.commands.options import profile_option, root_option


@click.command()
@profile_option("demo")
@click.option("--hub", default="KAZ", show_default=True, help="Partner taken as the hub.")
@click.option("--destination", default="RUS", show_default=True)
@click.option(
    "--exporters", default="COALITION", show_default=True, help="A group, or one country."
)
@click.option("--list", "products", default="CHPL", show_default=True, help="List of products.")
@root_option
def regression(
    profile: str, hub: str, destination: str, exporters: str, products: str, root: Path
) -> None:
    """Whether listed goods rose more through a hub than fixed effects explain; with placebos.

    Optional: needs the extra `regression`. It reads the published file and changes nothing.

    \b
    Example:
      mirror-trade regression --profile demo --hub KAZ
    """
    from pipelines import profiles
    from pipelines.analyst.regression import estimate, told

    known = profiles.profile(profile)
    click.echo(f"Profile {known.title}")
    file = profiles.house(profile, root).file
    if not file.exists():
        from warehouse.errors import InputError

        raise InputError(str(file), "is not there", f"Run it: mirror-trade run --profile {profile}")
    for line in told(estimate(file, hub, destination, exporters, products)):
        click.echo(line)
