"""What was last published, for `mirror-trade status`."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table


def show(profiles: Sequence[str], root: Path) -> bool:
    """Print a line a profile; returns whether every one has a file."""
    table = Table("profile", "published (UTC)", "code", "figures", "MB", "failed checks", "file")
    for name in profiles:
        table.add_row(name, *_published(root / f"{name}.duckdb"))
    Console().print(table)
    return all((root / f"{name}.duckdb").exists() for name in profiles)


def _published(path: Path) -> tuple[str, ...]:
    if not path.exists():
        return ("not yet", "", "", "", "", f"run: mirror-trade run --profile {path.stem}")
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(
            """
            select finished, code_version,
                (select count(*) from transformed.trade_flow),
                (select count(*) from meta.validation_result where not success)
            from meta.run
            """
        ).fetchone()
    finished, code, figures, failed = row or ("", "", 0, 0)
    size = f"{path.stat().st_size / 1e6:.1f}"
    return (str(finished), str(code), f"{figures:,}", size, str(failed), str(path))
