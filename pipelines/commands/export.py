"""`export`: tables of a published file for programs that do not read DuckDB."""

from pathlib import Path

import click

from pipelines.commands.options import profile_option, root_option


@click.command()
@click.argument("names", metavar="[TABLE]...", nargs=-1)
@profile_option("headline")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["parquet", "csv", "xlsx"]),
    required=True,
    help="xlsx: one workbook, a sheet a table.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to.  [default: warehouse/PROFILE/exports/FORMAT]",
)
@root_option
def export(names: tuple[str, ...], profile: str, shape: str, to: Path | None, root: Path) -> None:
    """Write tables as Parquet, CSV or a workbook, with datapackage.json and CITATION.cff.

    TABLE is schema.table; without any, every table is written. Profile demo says SIMULATED in the
    name of every file and in every row.

    \b
    Examples:
      mirror-trade export --format csv
      mirror-trade export --format xlsx mart.lost_in_transit mart.pass_through
      mirror-trade export --format parquet --profile demo mart.screening
    """
    from pipelines.exports.export import export as write
    from pipelines.exports.export import folder_of

    for line in write(profile, root, shape, names, to or folder_of(root, profile, shape)):
        click.echo(line)
