"""`query`, `describe` and `docs`: questions to what was published."""

from pathlib import Path

import click

from pipelines.commands.options import profile_option, root_option


@click.command()
@click.argument("sql")
@profile_option("headline")
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@root_option
def query(sql: str, profile: str, shape: str, root: Path) -> None:
    """Ask the published file of a profile; it is opened for reading only.

    SQL is a query, or the path of a .sql file that holds one.

    \b
    Examples:
      mirror-trade query "select year, lost_share from mart.lost_in_transit
                          where exporter_group = 'E27' and importer = 'KAZ'"
      mirror-trade query "from corridor('8542')"
      mirror-trade query pipelines/analyst/queries/microchips.sql
      mirror-trade query --profile demo --format csv "from mart.pass_through"
    """
    from pipelines.analyst.questions import ask, given

    click.echo(ask(given(sql), profile, root, shape), nl=False)


@click.command()
@profile_option("headline")
@root_option
def docs(profile: str, root: Path) -> None:
    """Write Great Expectations' Data Docs on every stage's tables, and say where they are.

    \b
    Example:
      mirror-trade docs --profile demo
    """
    from pipelines.compute.attest import write_docs
    from pipelines.profiles import house

    click.echo(write_docs(house(profile, root)))


@click.command()
@click.argument("table", required=False)
def describe(table: str | None) -> None:
    """What a table says; what its columns mean, come from and are computed by.

    TABLE is schema.table, the name of a view or macro, or `flags`, `reasons` or `method`; without
    it, what tables, views and macros there are.

    \b
    Examples:
      mirror-trade describe
      mirror-trade describe mart.pass_through
      mirror-trade describe corridor
      mirror-trade describe flags
    """
    from pipelines.analyst.questions import described

    click.echo(described(table), nl=False)
