"""What Kazakhstan imports and from whom, what it exports to Russia, what Russia receives."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Part, Section
from pipelines.report.rows import GROUPS, Marts

PAIR = "hub = 'KAZ' and destination = 'RUS' and product = 'TOTAL'"
BOTH = {
    "hub_exports_usd": "Kazakhstan says it exports",
    "destination_imports_usd": "Russia says it receives",
}
ORIGINS = ("COALITION", "CHINA", "EAEU", "UKR", "ROW", "AREAS_NES", "RESIDUAL")


def section(marts: Marts) -> Section:
    return Section(
        "flows",
        "What Kazakhstan imports, what it sends to Russia, what Russia receives",
        "The bars show whose goods Kazakhstan says it buys, and the lines show the same trade "
        "with Russia as each of the two countries counts it.",
        "Where a single good came from before it went to Russia, or that a good bought from one "
        "country is the one sold to the other.",
        (_origin(marts), _corridor(marts), _world(marts)),
    )


def _origin(marts: Marts) -> Part:
    title = "Imports of Kazakhstan by group of origin, all goods"
    rows = marts.rows(
        "mart.import_origin",
        ["year", "origin_group", "value_usd", "share", "flags"],
        "hub = 'KAZ' and product = 'TOTAL' and classification = 'NA'",
    )
    if not rows.cells:
        return Absent(title, "This profile holds no imports of Kazakhstan by partner.")
    names = {code: GROUPS[code] for code in ORIGINS}
    held = {r["origin_group"] for r in rows.records}
    names = {code: name for code, name in names.items() if code in held}
    chart = charts.stacked("origin_group", names)
    says = "Bars by year: imports of Kazakhstan, stacked by the group of countries they come from."
    return Chart("origin", title, says, charts.finished(chart, title, marts.simulated), rows)


def _corridor(marts: Marts) -> Part:
    title = "All goods from Kazakhstan to Russia, as each side reports them"
    rows = marts.rows(
        "transformed.mirror_statistics",
        ["year", *BOTH, "destination_report_status", "flags"],
        f"{PAIR} and coalesce(hub_exports_usd, destination_imports_usd) is not null",
    )
    if not rows.cells:
        return Absent(title, "Neither side's total stands in this profile.")
    says = "Two lines by year: exports as Kazakhstan reports them, imports as Russia reports them."
    spec = charts.finished(charts.lines(BOTH), title, marts.simulated)
    return Chart("corridor", title, says, spec, rows)


def _world(marts: Marts) -> Part:
    title = "What Russia receives from everyone"
    shown = ("destination_received_world_usd", "destination_partners_usd")
    rows = marts.rows(
        "transformed.mirror_statistics",
        ["year", *shown, "destination_received_world_basis", "destination_partners_coverage"],
        f"{PAIR} and destination_received_world_usd is not null",
    )
    if not rows.cells:
        return Absent(title, "No figure of what Russia receives stands in this profile.")
    chart = charts.lines(
        {
            shown[0]: "by Russia's own report, else its partners'",
            shown[1]: "sum of the partners that report",
        }
    )
    says = (
        "Two lines by year: Russia's imports from the world, and the sum of what its partners say "
        "they sent; how much of Russia's imports those partners used to make up is in the table."
    )
    return Chart("world", title, says, charts.finished(chart, title, marts.simulated), rows)
