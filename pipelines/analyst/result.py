"""The short result a run ends with, read from the published file alone.

Here belongs what a person sees on the terminal after `make run`. The figures stand in the
marts; nothing is computed here that they do not hold.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pipelines.analyst import third_opinion
from pipelines.profiles import profile

YEARLY = """
    with printed as (
        select year, arg_max(value_usd, release) filter (source = 'ru_fcs') as fcs_usd,
            arg_max(value_usd, release) filter (source = 'imf_imts') as imf_usd
        from validated.trade_flow
        where reporter = 'RUS' and partner = 'KAZ' and flow = 'M' and product = 'TOTAL'
        group by year
    )
    select statistic.year, hub_exports_usd, fcs_usd, imf_usd, destination_report_status,
        mirror_log_ratio, ln(imf_usd / hub_exports_usd) as imf_log_ratio,
        lost.exports_usd, lost.imports_usd, lost_share, lost_share_low, lost_share_high
    from transformed.mirror_statistics as statistic
    left join printed using (year)
    left join mart.lost_in_transit as lost
        on lost.year = statistic.year and lost.product = 'TOTAL' and lost.exporter_group = 'E27'
        and lost.importer = 'KAZ'
    where hub = 'KAZ' and destination = 'RUS' and statistic.product = 'TOTAL'
        and hub_exports_usd is not null
    order by statistic.year
"""
PRODUCTS = """
    select year, product, exports_usd, hub_imports_usd, growth_low, growth, growth_high,
        ceiling_usd, marginal_pass_through, passed.status, reason
    from mart.pass_through as passed
    left join transformed.mirror_statistics as statistic using (hub, destination, year, product)
    where hub = 'KAZ' and product in ('8542', '8806')
    order by product, year
"""
LARGEST = """
    select year, product, goods, exports_usd, baseline_exports_usd,
        excess_exports_low_usd, excess_exports_usd, excess_exports_high_usd
    from mart.pass_through
    left join (select product, max(goods) as goods from mart.product_group group by product)
        using (product)
    where hub = 'KAZ' and length(product) = 6 and excess_exports_usd > 0
        and year = (select max(year) from mart.pass_through)
    order by excess_exports_usd desc, product
    limit 10
"""
GOODS = {"8542": "microchips", "8806": "drones"}
QUESTION = (
    "select year, exports_usd, imports_usd, lost_share_low, lost_share, lost_share_high "
    "from mart.lost_in_transit where exporter_group = 'E27' and importer = 'KAZ' "
    "and product = 'TOTAL' order by year"
)


def show(name: str, root: Path) -> None:
    """Print the result of a profile."""
    console = Console()
    with duckdb.connect(str(root / f"{name}.duckdb"), read_only=True) as connection:
        if profile(name).sources == ("baci",):
            third_opinion.show(console, connection)
        elif profile(name).simulated:
            _show_largest(console, connection)
        else:
            _show_yearly(console, connection)
            _show_products(console, connection)


def show_files(names: Sequence[str], root: Path) -> None:
    """Print where the files are, and a query to paste."""
    if not names:
        return
    console = Console(soft_wrap=True, highlight=False)
    console.print("\nFiles")
    for name in names:
        console.print(f"  {root / name}.duckdb  {profile(name).text}")
    console.print("\nA query to paste")
    question = third_opinion.QUESTION if profile(names[0]).sources == ("baci",) else QUESTION
    console.print(f'  .venv/bin/mirror-trade query --profile {names[0]} "{question}"')


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _table(title: str, *headings: str) -> Table:
    """A table whose figures stand to the right and are never cut."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for place, heading in enumerate(headings):
        justify: Any = "left" if place == 0 else "right"
        table.add_column(heading, justify=justify, overflow="fold")
    return table


def _show_yearly(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(connection, YEARLY)
    corridor = _table(
        "All goods, Kazakhstan to Russia, million USD",
        "year",
        "Kazakhstan\nsays it\nexports",
        "Russia says\nit receives\n(customs)",
        "Russia says\nit receives\n(IMF copy)",
        "log ratio\n(customs)",
        "log ratio\n(IMF)",
    )
    union = _table(
        "All goods, EU-27 to Kazakhstan, million USD",
        "year",
        "EU-27 says\nit exports",
        "Kazakhstan says\nit imports (CIF)",
        "gap, share\nof exports",
        "range over\nthe CIF margin",
    )
    for row in rows:
        corridor.add_row(*_corridor(row))
        union.add_row(*_union(row))
    console.print(corridor, union)


def _corridor(row: dict[str, Any]) -> list[str]:
    silent = "not reported" if row["destination_report_status"] == "not_reported" else ""
    return [
        str(row["year"]),
        millions(row["hub_exports_usd"]),
        millions(row["fcs_usd"]) or silent,
        millions(row["imf_usd"]) or silent,
        ratio(row["mirror_log_ratio"]),
        ratio(row["imf_log_ratio"]),
    ]


def _union(row: dict[str, Any]) -> list[str]:
    return [
        str(row["year"]),
        millions(row["exports_usd"]),
        millions(row["imports_usd"]),
        share(row["lost_share"]),
        f"{share(row['lost_share_low'])} to {share(row['lost_share_high'])}",
    ]


def _show_products(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    table = _table(
        "Microchips and drones, Kazakhstan to Russia, million USD",
        "goods",
        "year",
        "imports\n(all)",
        "exports\nto Russia",
        "times\n2021",
        "range of\nrounding",
        "ceiling",
        "at the\nmargin",
    )
    rows = _rows(connection, PRODUCTS)
    if not rows:
        return
    for row in rows:
        table.add_row(*_product(row))
    console.print(table)
    console.print(
        "Drones 2021: no code before HS2022, which is not a zero.\n"
        '"70 times" in the investigation is the growth of microchips from 2021 to 2022.\n'
        "Ceiling: the most that can have been re-exported. At the margin: added exports\n"
        "over added imports.\n"
        "A gap or an excess is a reason for a closer look, no more: it does not show\n"
        "that goods crossed a border, who used them, or that a law was broken.",
        highlight=False,
    )


def _product(row: dict[str, Any]) -> list[str]:
    named = [f"{GOODS[row['product']]} {row['product']}", str(row["year"])]
    if row["status"] == "no_code":
        return [*named, "no code", "no code"]
    growth = ["", ""]
    if row["growth"] is not None:
        growth = [f"{row['growth']:.1f}", f"{row['growth_low']:.1f}-{row['growth_high']:.1f}"]
    return [
        *named,
        millions(row["hub_imports_usd"], 3),
        millions(row["exports_usd"], 3),
        *growth,
        millions(row["ceiling_usd"] or None),  # nothing is added in the base year
        "" if row["marginal_pass_through"] is None else f"{row['marginal_pass_through']:.2f}",
    ]


def _show_largest(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(connection, LARGEST)
    if not rows:
        console.print("SIMULATED: no excess can be told: these years hold no base year")
        return
    table = _table(
        f"SIMULATED: largest excess of exports to Russia, {rows[0]['year']}, million USD",
        "",
        "product",
        "goods",
        "exports",
        "before",
        "excess",
        "range",
    )
    for row in rows:
        table.add_row("SIMULATED", row["product"], (row["goods"] or "")[:18], *_excess(row))
    console.print(table)


def _excess(row: dict[str, Any]) -> list[str]:
    low, high = row["excess_exports_low_usd"], row["excess_exports_high_usd"]
    return [
        millions(row["exports_usd"]),
        millions(row["baseline_exports_usd"]),
        millions(row["excess_exports_usd"]),
        f"{millions(low)}-{millions(high)}",
    ]


def millions(value: Any, digits: int = 1) -> str:
    """USD as millions; nothing where there is no figure."""
    return "" if value is None else f"{float(value) / 1e6:,.{digits}f}"


def ratio(value: Any) -> str:
    """A log ratio with its sign; nothing where there is none."""
    return "" if value is None else f"{value:+.3f}"


def share(value: Any) -> str:
    """A share in per cent; nothing where there is none."""
    return "" if value is None else f"{value:.1%}"
