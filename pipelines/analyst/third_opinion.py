"""What a run on BACI alone ends with: reconciled values of the corridor, and why no mirror.

Here belongs what a person sees on the terminal. The figures stand in transformed.third_opinion.
"""

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

CORRIDOR = """
    select year, release, value_usd, array_to_string(flags, ', ') as flags, reason
    from transformed.third_opinion join reference.hub
        on hub = exporter and destination = importer and position = 1
    where product = 'TOTAL'
    order by year
"""


QUESTION = (
    "select year, exporter, importer, product, value_usd, flags from transformed.third_opinion "
    "where exporter = 'KAZ' and importer = 'RUS' and length(product) = 2 "
    "order by year, value_usd desc"
)


def show(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    """Print a line a year; a profile without a row for the corridor says so."""
    rows = connection.execute(CORRIDOR).fetchall()
    if not rows:
        console.print("BACI holds no flow from Kazakhstan to Russia in these years")
        return
    shown = Table(
        title="All goods, Kazakhstan to Russia, BACI's reconciled value",
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    for heading in ("year", "release", "million USD", "flags"):
        shown.add_column(heading, justify="right" if heading == "million USD" else "left")
    for year, release, value, flags, _ in rows:
        shown.add_row(str(year), release, f"{value / 1_000_000:,.1f}", flags)
    console.print(shown)
    console.print(f"The mirror statistics are empty. {rows[-1][-1]}")
