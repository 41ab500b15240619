"""`serve`: the report and the exports in a browser of this machine."""

from pathlib import Path

import click

from pipelines.commands.options import profile_option, root_option


@click.command()
@profile_option("headline")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@root_option
def serve(profile: str, port: int, root: Path) -> None:
    """Serve a profile's report and exports to this machine alone, for reading; Ctrl-C ends it.

    \b
    Example:
      mirror-trade serve --profile demo --port 8001
    """
    from pipelines.exports.serve import application, run

    run(application(profile, root), port)
