"""The short result a run ends with, read from the published file alone.

Here belongs what a person sees on the terminal after `make run`. The figures stand in the
marts; nothing is computed here that they do not hold.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.profiles import profile

YEARLY = """
    with printed as (
        select year, max(value_usd) filter (source = 'ru_fcs') as fcs_usd,
            max(value_usd) filter (source = 'imf_imts') as imf_usd
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
    select product, goods, exports_usd, baseline_exports_usd,
        excess_exports_low_usd, excess_exports_usd, excess_exports_high_usd
    from mart.pass_through
    left join (select product, max(goods) as goods from mart.product_group group by product)
        using (product)
    where hub = 'KAZ' and length(product) = 6 and excess_exports_usd > 0
        and year = (select max(year) from mart.pass_through)
    order by excess_exports_usd desc, product
    limit 10
"""
QUESTION = (
    "select year, exports_usd, imports_usd, lost_share_low, lost_share, lost_share_high "
    "from mart.lost_in_transit where exporter_group = 'E27' and importer = 'KAZ' "
    "and product = 'TOTAL' order by year"
)


def show(name: str, root: Path) -> None:
    """Print the result of a profile."""
    console = Console()
    with duckdb.connect(str(root / f"{name}.duckdb"), read_only=True) as connection:
        if profile(name).simulated:
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
    console.print(f'  .venv/bin/mirror-trade query --profile {names[0]} "{QUESTION}"')


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _show_yearly(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    table = Table(title="\nAll goods, million USD", title_justify="left")
    table.add_column("year")
    for heading in (
        "Kazakhstan says it\nexports to Russia",
        "Russia says it receives\n(customs service)",
        "Russia says it receives\n(IMF copy)",
        "log ratio\n(customs)",
        "log ratio\n(IMF)",
        "EU-27 says it exports\nto Kazakhstan",
        "Kazakhstan says\nit receives",
        "gap, share of EU exports\n(range of CIF margin)",
    ):
        table.add_column(heading, justify="right")
    for row in _rows(connection, YEARLY):
        table.add_row(*_yearly(row))
    console.print(table)


def _yearly(row: dict[str, Any]) -> list[str]:
    silent = "not reported" if row["destination_report_status"] == "not_reported" else ""
    return [
        str(row["year"]),
        millions(row["hub_exports_usd"]),
        millions(row["fcs_usd"]) or silent,
        millions(row["imf_usd"]) or silent,
        ratio(row["mirror_log_ratio"]),
        ratio(row["imf_log_ratio"]),
        millions(row["exports_usd"]),
        millions(row["imports_usd"]),
        shares(row["lost_share_low"], row["lost_share"], row["lost_share_high"]),
    ]


def _show_products(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    table = Table(title="\nKazakhstan to Russia, million USD", title_justify="left")
    for heading in ("goods", "year"):
        table.add_column(heading)
    for heading in (
        "imports from\neveryone",
        "exports\nto Russia",
        "growth since 2021\n(range of rounding)",
        "re-export\nceiling",
        "pass-through\nat the margin",
    ):
        table.add_column(heading, justify="right")
    for row in _rows(connection, PRODUCTS):
        table.add_row(*_product(row))
    console.print(table)
    console.print(
        "'70 times' in the investigation is the growth of microchips from 2021 to 2022. A gap or an "
        "excess is a reason for a closer look, no more:\nit does not show that goods crossed a "
        "border, who used them, or that a law was broken."
    )


def _product(row: dict[str, Any]) -> list[str]:
    name = {"8542": "microchips 8542", "8806": "drones 8806"}[row["product"]]
    if row["status"] == "no_code":
        return [name, str(row["year"]), row["reason"], row["reason"], "", "", ""]
    growth = ""
    if row["growth"] is not None:
        growth = f"{row['growth']:.1f} ({row['growth_low']:.1f} to {row['growth_high']:.1f})"
    return [
        name,
        str(row["year"]),
        millions(row["hub_imports_usd"], 3),
        millions(row["exports_usd"], 3),
        growth,
        millions(row["ceiling_usd"] or None, 1),
        "" if row["marginal_pass_through"] is None else f"{row['marginal_pass_through']:.2f}",
    ]


def _show_largest(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    year = connection.execute("select max(year) from mart.pass_through").fetchone()
    heading = f"\nSIMULATED: the ten products with the largest excess of exports to Russia, {year and year[0]}"
    table = Table(title=heading, title_justify="left")
    table.add_column("")
    for name in ("product", "goods"):
        table.add_column(name)
    for name in ("exports", "baseline", "excess", "range of baseline"):
        table.add_column(f"{name}\nmillion USD", justify="right")
    for row in _rows(connection, LARGEST):
        low, high = row["excess_exports_low_usd"], row["excess_exports_high_usd"]
        table.add_row(
            "SIMULATED",
            row["product"],
            row["goods"] or "",
            millions(row["exports_usd"], 2),
            millions(row["baseline_exports_usd"], 2),
            millions(row["excess_exports_usd"], 2),
            f"{millions(low, 2)} to {millions(high, 2)}",
        )
    console.print(table)


def millions(value: Any, digits: int = 1) -> str:
    """USD as millions; nothing where there is no figure."""
    return "" if value is None else f"{float(value) / 1e6:,.{digits}f}"


def ratio(value: Any) -> str:
    """A log ratio with its sign; nothing where there is none."""
    return "" if value is None else f"{value:+.3f}"


def shares(low: Any, central: Any, high: Any) -> str:
    """A share in per cent with its range."""
    if central is None:
        return ""
    return f"{central:.1%} ({low:.1%} to {high:.1%})"
