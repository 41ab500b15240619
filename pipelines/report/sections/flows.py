"""What Kazakhstan imports and from whom, what it exports to Russia, what Russia receives."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Grid, Part, Section
from pipelines.report.rows import GROUPS, Marts, bounds

PAIR = "hub = 'KAZ' and destination = 'RUS' and product = 'TOTAL'"
BOTH = {
    "hub_exports_usd": "Kazakhstan says it exports",
    "destination_imports_usd": "Russia says it receives",
}
WHOSE = {"reported": "Russia's own report", "mirror": "sum of the senders' reports"}
LEAST_COVERED = 0.5
ORIGINS = ("COALITION", "CHINA", "EAEU", "UKR", "ROW", "AREAS_NES", "RESIDUAL")


def section(marts: Marts) -> Section:
    return Section(
        "flows",
        "What Kazakhstan imports, what it sends to Russia, what Russia receives",
        "The bars show whose goods Kazakhstan says it buys, and the lines and marks show "
        "what goes to Russia as each side counts it.",
        "Where a single good came from before it went to Russia, or that a good bought from one "
        "country is the one sold to the other.",
        (_origin(marts), corridor(marts), *_world(marts)),
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
    chart = charts.stacked(rows, "origin_group", names)
    says = "Bars by year: imports of Kazakhstan, stacked by the group of countries they come from."
    return Chart("origin", title, says, charts.finished(chart, title, marts.simulated), rows)


def corridor(marts: Marts) -> Part:
    """Both reports of the corridor by year; Russia's line ends where Russia falls silent."""
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


def _world(marts: Marts) -> tuple[Part, ...]:
    title = "What Russia receives from everyone, all goods"
    shown = [
        *("year", "basis", *bounds("received_usd"), "reported_usd", "mirror_usd", "coverage"),
        *("driver", "reason", "flags"),
    ]
    everyone = "destination = 'RUS' and product = 'TOTAL' and exporter_group = 'W00'"
    drawn = f"(basis = 'reported' or coverage >= {LEAST_COVERED})"
    rows = marts.rows("mart.receipt", shown, f"{everyone} and {drawn}")
    left_out = marts.rows("mart.receipt", shown, f"{everyone} and not {drawn}")
    parts: list[Part] = [Absent(title, "No figure of what Russia receives stands here.")]
    if rows.cells:
        chart = charts.ranges(
            *(
                rows,
                bounds("received_usd"),
                "billion USD",
                ",.0f",
                WHOSE,
                "basis",
                charts.BILLION,
                False,
            )
        )
        says = "Marks by year: what Russia receives, by whose report, with a bar for the range."
        spec = charts.finished(chart, title, marts.simulated)
        parts = [Chart("world", title, says, spec, rows)]
    if left_out.cells:
        said = "Not drawn: years for which senders that report stood for under half of it"
        parts.append(Grid("world-left-out", said, left_out, folded=True))
    return tuple(parts)
