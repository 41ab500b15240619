"""Lost in transit: sent to Kazakhstan by the sender's records, absent from Kazakhstan's."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Part, Section
from pipelines.report.rows import GROUPS, Marts, bounds

SENDERS = ("E27", "COALITION", "CHINA")


def section(marts: Marts) -> Section:
    return Section(
        "lost",
        "Lost in transit",
        "Each mark is the share of what a group of countries says it sent to Kazakhstan that "
        "Kazakhstan's import records do not show, and the bar is what the unknown cost of freight "
        "and insurance leaves open.",
        "Where the missing goods went: they may be counted under another country, another good or "
        "another year, and part was missing long before 2022, above all for China.",
        (share(marts), _beyond(marts)),
    )


def _rows_where(held: str) -> str:
    listed = ", ".join(f"'{code}'" for code in SENDERS)
    return f"importer = 'KAZ' and product = 'TOTAL' and exporter_group in ({listed}) and {held}"


def share(marts: Marts) -> Part:
    """The share of exports to Kazakhstan that its imports do not show, with its range."""
    title = "Share of exports to Kazakhstan that its imports do not show"
    shown = ["year", "exporter_group", "exports_usd", "imports_usd", *bounds("lost_share")]
    rows = marts.rows(
        "mart.lost_in_transit",
        [*shown, *bounds("lost_usd"), "status", "reason", "flags"],
        _rows_where("true"),
    )
    held = {r["exporter_group"] for r in rows.records if r["lost_share"] is not None}
    if not held:
        return Absent(title, "In no year of this profile did both sides report.")
    names = {code: GROUPS[code] for code in SENDERS if code in held}
    chart = charts.ranges(
        rows, bounds("lost_share"), "share of exports", ".0%", names, "exporter_group"
    )
    says = (
        "Marks by year and group of senders: the share that is missing, with a bar for its range."
    )
    return Chart("lost-share", title, says, charts.finished(chart, title, marts.simulated), rows)


def _beyond(marts: Marts) -> Part:
    title = "Missing beyond what was usual before 2022"
    rows = marts.rows(
        "mart.lost_in_transit",
        [
            *("year", "exporter_group", "baseline_share", "baseline_years"),
            *(*bounds("excess_lost_usd"), *bounds("marginal_lost_share")),
        ],
        _rows_where("year > 2021 and excess_lost_usd is not null"),
    )
    if not rows.cells:
        return Absent(title, "No year after 2021 can be held against the years before.")
    names = {code: GROUPS[code] for code in SENDERS}
    held = {r["exporter_group"] for r in rows.records}
    chart = charts.ranges(
        rows,
        bounds("excess_lost_usd"),
        "billion USD",
        ",.2f",
        {code: name for code, name in names.items() if code in held},
        "exporter_group",
        charts.BILLION,
    )
    says = "Marks by year and group: dollars missing beyond the usual share, with a bar each."
    return Chart("lost-beyond", title, says, charts.finished(chart, title, marts.simulated), rows)
