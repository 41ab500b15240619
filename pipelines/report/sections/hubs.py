"""Kazakhstan beside other countries that goods may pass through."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Part, Section
from pipelines.report.rows import Marts, bounds


def section(marts: Marts) -> Section:
    return Section(
        "hubs",
        "Kazakhstan beside other hubs",
        "Each row is a country goods may pass through on the way to Russia, so that Kazakhstan can "
        "be read beside the others on one and the same definition.",
        "Which hub matters most: they differ in size, in what they make themselves and in how "
        "completely they report, and a country with no figures here is unknown, not clean.",
        (_passed(marts), _lost(marts)),
    )


def _passed(marts: Marts) -> Part:
    title = "Exports to Russia for each dollar of imports from elsewhere, all goods"
    rows = marts.rows(
        "mart.pass_through",
        [
            *("hub", "year", "pass_through", "exports_usd", "imports_usd"),
            *(*bounds("excess_exports_usd"), "status", "flags"),
        ],
        "destination = 'RUS' and product = 'TOTAL'",
    )
    hubs = marts.hubs(rows, "hub")
    if not any(record["pass_through"] is not None for record in rows.records):
        return Absent(title, "No hub of this profile has both figures.")
    chart = charts.heat("hub", "pass_through", "exports to Russia over imports", ".0%", hubs)
    says = "A field of cells, a hub a row and a year a column, with the share written in each."
    spec = charts.finished(chart, title, marts.simulated, charts.tall(hubs))
    return Chart("hubs-passed", title, says, spec, rows)


def _lost(marts: Marts) -> Part:
    title = "Share of EU-27 exports to each hub that its imports do not show, all goods"
    rows = marts.rows(
        "mart.lost_in_transit",
        [
            *("importer", "year", "exports_usd", "imports_usd", *bounds("lost_share")),
            *("baseline_share", "status", "reason"),
        ],
        "exporter_group = 'E27' and product = 'TOTAL'",
    )
    held = {r["importer"] for r in rows.records if r["lost_share"] is not None}
    if not held:
        return Absent(title, "No hub of this profile has both reports.")
    hubs = marts.hubs(rows, "importer")
    chart = charts.heat(
        "importer", "lost_share", "share missing", ".0%", hubs, charts.reach(rows, "lost_share")
    )
    says = "A field of cells, a hub a row and a year a column, with the missing share in each."
    spec = charts.finished(chart, title, marts.simulated, charts.tall(hubs))
    return Chart("hubs-lost", title, says, spec, rows)
