"""The gap between both reports of the corridor, and its range."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Grid, Part, Section
from pipelines.report.rows import Marts, bounds

BASES = {
    "both": "from both reports",
    "exports": "from Kazakhstan's alone",
    "imports": "from Russia's alone",
}
PAIR = "exporter = 'KAZ' and importer = 'RUS' and product = 'TOTAL'"


def section(marts: Marts) -> Section:
    return Section(
        "gap",
        "The gap between the two reports, and its range",
        "Each mark is what Russia says it received minus what Kazakhstan says it sent, and the bar "
        "behind it is what freight, insurance and differing editions of the figures leave open.",
        "That a gap means hidden trade: the two countries count at different times, prices and "
        "borders, and after 2021 there is only one report, so no gap can be computed at all.",
        (_total(marts), _one_value(marts), _products(marts)),
    )


def _total(marts: Marts) -> Part:
    title = "Russia's report minus Kazakhstan's, all goods"
    rows = marts.rows(
        "mart.mirror_gap",
        [
            *("year", "exports_usd", "imports_cif_usd", *bounds("gap_usd")),
            *("gap_ratio", "log_ratio", "status", "flags"),
        ],
        PAIR,
    )
    if not any(record["gap_usd"] is not None for record in rows.records):
        return Absent(title, "In no year of this profile did both sides report.")
    chart = charts.ranges(rows, bounds("gap_usd"), "gap, billion USD", ",.2f", of=charts.BILLION)
    says = "A mark by year: the gap in billion dollars, with a bar for its range."
    return Chart("gap-total", title, says, charts.finished(chart, title, marts.simulated), rows)


def _one_value(marts: Marts) -> Part:
    title = "One value for Kazakhstan's exports to Russia, all goods"
    rows = marts.rows(
        "mart.reconciled_flow",
        [
            *("year", "basis", *bounds("reconciled_usd"), "exports_usd", "imports_fob_usd"),
            *("weight_of_exports", "driver", "reason", "flags"),
        ],
        f"{PAIR} and reconciled_usd is not null",
    )
    if not rows.cells:
        return Absent(title, "Neither side's total stands in this profile.")
    chart = charts.ranges(
        *(
            rows,
            bounds("reconciled_usd"),
            "billion USD",
            ",.1f",
            BASES,
            "basis",
            charts.BILLION,
            False,
        )
    )
    says = "Marks by year: one value from the reports there are, with a bar for its range."
    return Chart("one-value", title, says, charts.finished(chart, title, marts.simulated), rows)


def _products(marts: Marts) -> Part:
    title = "The same by product, for the years in which both sides reported"
    rows = marts.rows(
        "mart.mirror_gap",
        [
            *("year", "product", "exports_usd", "imports_cif_usd"),
            *(*bounds("gap_usd"), "gap_ratio", "log_ratio", "flags"),
        ],
        "exporter = 'KAZ' and importer = 'RUS' and product <> 'TOTAL' and gap_usd is not null",
        "abs(gap_usd) desc",
    )
    if not rows.cells:
        return Absent(title, "No product was reported by both sides.")
    years = sorted({str(record["year"]) for record in rows.records})
    return Grid(
        "gap-products",
        title,
        rows,
        search=True,
        choose=("year",),
        chosen={"year": years[-1]},
        folded=True,
        opens="product",
    )
