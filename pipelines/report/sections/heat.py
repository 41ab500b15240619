"""A map of products by year: how far exports to Russia stand above the years before 2022."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Part, Section
from pipelines.report.rows import Marts

MOST = 40
# Products in the order of their largest excess after 2021.
LARGEST = f"""
    select product from mart.pass_through
    where hub = 'KAZ' and product <> 'TOTAL' and year > 2021
        and (excess_exports_usd is not null or status = 'no_code')
    group by product order by max(excess_exports_usd) desc nulls last, product limit {MOST}
"""


def section(marts: Marts) -> Section:
    return Section(
        "heat",
        "Products by year",
        "Each cell is one product in one year, and the deeper its orange, the more of it "
        "Kazakhstan says it sent to Russia compared with what was usual for it before 2022.",
        "That a deep cell is a re-export or a breach: sales can grow for many reasons, and a grey "
        "cell is unknown, which is not the same as zero.",
        (_field(marts),),
    )


def _field(marts: Marts) -> Part:
    title = "Exports to Russia against the usual level of each product"
    order = [product for (product,) in marts.connection.execute(LARGEST).fetchall()]
    if not order:
        return Absent(title, "No product of this profile can be compared with the years before.")
    listed = ", ".join(f"'{product}'" for product in order)
    rows = marts.rows(
        "mart.pass_through",
        [
            *("product", "year", "exports_usd", "baseline_exports_usd", "excess_exports_usd"),
            *("log_excess", "status", "reason", "flags"),
        ],
        f"hub = 'KAZ' and destination = 'RUS' and product in ({listed})",
    )
    chart = charts.heat(
        "product",
        "log_excess",
        "log of exports over usual",
        "+.1f",
        order,
        charts.reach(rows, "log_excess"),
    )
    says = (
        "A field of cells, a product a row and a year a column: orange above and violet below the "
        "usual level; 0.7 is twice, 2.3 ten times the usual; a question mark where it is unknown."
    )
    height = charts.tall(order, 17)
    spec = charts.finished(chart, title, marts.simulated, height)
    return Chart("heat-field", title, says, spec, rows)
