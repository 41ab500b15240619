"""The command line: the commands of pipelines/commands/ under one name.

Here belongs what all commands share. Imports that take long stand inside the commands, so that
`--help` answers at once.

Exit codes, for schedulers: 0 done; 1 a step or a blocking check failed, the last good file
stands; 2 wrong usage; 3 something given or received cannot be used, the message says what.
"""

import importlib
import pkgutil
import sys

import click

from pipelines import commands
from pipelines.commands.options import UNUSABLE
from warehouse.errors import InputError


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


def _register() -> None:
    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{found.name}")
        for command in vars(module).values():
            if isinstance(command, click.Command):
                main.add_command(command)


_register()
