"""What was last published, for `mirror-trade status`."""

from collections.abc import Sequence
from pathlib import Path

import click
import duckdb

PUBLISHED = """
    select finished, code_version,
        (select count(*) from transformed.trade_flow),
        (select count(*) from meta.validation_result where not success and severity = 'ERROR'),
        (select count(*) from meta.validation_result where not success and severity = 'WARN')
    from meta.run
"""


def show(profiles: Sequence[str], root: Path) -> bool:
    """Print what there is of each profile; returns whether every one has a file."""
    for name in profiles:
        click.echo(f"{name}: {_told(root / f'{name}.duckdb')}")
    return all((root / f"{name}.duckdb").exists() for name in profiles)


def _told(path: Path) -> str:
    if not path.exists():
        return f"not yet published; run: mirror-trade run --profile {path.stem}"
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(PUBLISHED).fetchone()
    finished, code, figures, errors, warnings = row or ("", "", 0, 0, 0)
    return (
        f"published {finished}, code {code}\n"
        f"  {figures:,} figures, {path.stat().st_size / 1e6:.1f} MB; checks that did not hold: "
        f"{errors} errors, {warnings} warnings (meta.validation_result)\n"
        f"  {path}"
    )
