"""By which route listed goods reached Russia: direct, recorded by a hub, or recorded nowhere."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Grid, Part, Section
from pipelines.report.rows import GROUPS, Marts, bounds

LISTED = "destination = 'RUS' and product_group = 'CHPL' and product = '*'"
SENDERS = ("W00", "COALITION", "CHINA")
WHY_NOT = (
    "The routes are told apart by six-digit product, from exports of all senders; this profile "
    "has none."
)


def section(marts: Marts) -> Section:
    return Section(
        "routes",
        "By which route goods of the priority list reached Russia",
        "The marks show what was sent to Russia under its own name, and the field below shows what "
        "hubs say they sent there beyond what would have been usual, both for the Common High "
        "Priority List as a whole.",
        "That a hub's added exports are the goods that others stopped sending; and goods that a "
        "hub never recorded leave so weak a trace that in most years nothing can be said of them.",
        (_direct(marts), _recorded(marts), _unrecorded(marts)),
    )


def _direct(marts: Marts) -> Part:
    title = "Sent to Russia directly, goods of the Common High Priority List"
    rows = marts.rows(
        "mart.route",
        [
            *("year", "from_year", "exporter_group", *bounds("received_usd")),
            *("driver", "status", "reason", "flags"),
        ],
        f"{LISTED} and route = 'direct' and exporter_group in {SENDERS}",
    )
    held = {r["exporter_group"] for r in rows.records if r["received_usd"] is not None}
    if not held:
        return Absent(title, WHY_NOT)
    names = {code: GROUPS[code] for code in SENDERS if code in held}
    chart = charts.ranges(
        *(
            rows,
            bounds("received_usd"),
            "billion USD",
            ",.2f",
            names,
            "exporter_group",
            charts.BILLION,
        )
    )
    says = "Marks by year and group of senders: dollars sent directly, with a bar for the range."
    return Chart("routes-direct", title, says, charts.finished(chart, title, marts.simulated), rows)


def _recorded(marts: Marts) -> Part:
    title = "Recorded by a hub on its way to Russia, beyond the usual, million USD"
    rows = marts.rows(
        "mart.route",
        [
            *("hub", "year", "from_year", *bounds("received_usd")),
            *("driver", "status", "reason", "flags"),
        ],
        f"{LISTED} and route = 'recorded'",
    )
    if not any(record["received_usd"] is not None for record in rows.records):
        return Absent(title, WHY_NOT)
    hubs = marts.hubs(rows, "hub")
    chart = charts.heat("hub", "received_usd", "million USD", ",.0f", hubs, of=1e6)
    says = (
        "A field of cells, a hub a row and a year a column, with the central value in each; the "
        "ranges stand in the table and are wide for China and Hong Kong, whose own goods are among "
        "them."
    )
    spec = charts.finished(chart, title, marts.simulated, charts.tall(hubs))
    return Chart("routes-recorded", title, says, spec, rows)


def _unrecorded(marts: Marts) -> Part:
    title = "Shipped to a hub and never recorded there: where it can be told, and why not elsewhere"
    rows = marts.rows(
        "mart.route",
        [
            *("hub", "exporter_group", "product_group", "from_year", "year"),
            *(*bounds("received_usd"), "signal", "status", "reason"),
        ],
        "destination = 'RUS' and route = 'unrecorded' and product = '*' "
        "and (hub = 'KAZ' or received_usd is not null)",
        "received_usd is null, hub <> 'KAZ'",
    )
    if not rows.cells:
        return Absent(title, WHY_NOT)
    return Grid("routes-unrecorded", title, rows, search=True, choose=("hub", "product_group"))
