"""Who reported, who is silent, which year is incomplete, and which files it all rests on."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Grid, Part, Section
from pipelines.report.rows import Marts

NAMED = """
    reporter in (select hub from reference.hub union select destination from reference.hub
        union select 'E27' union select member from reference.country_group
        where country_group in ('E27', 'COALITION', 'CHINA'))
"""
KIND = (
    "datum.is_incomplete === 'true' ? 'incomplete, kept out' : "
    "datum.absence_is_zero === 'true' ? 'whole dataset' : 'single figures'"
)
LETTER = "datum.kind === 'whole dataset' ? '' : datum.kind === 'single figures' ? '·' : '!'"
COLOURS = {
    "whole dataset": charts.BLUE,
    "single figures": charts.SKY,
    "incomplete, kept out": charts.ORANGE,
}
FILES = """
select source, count(*) as files, sum(rows) as figures, min(release) as first_release,
    max(release) as last_release, min(licence) as licence, min(citation) as citation
from meta.source_file where source <> 'reference' group by source order by source
"""


def section(marts: Marts) -> Section:
    return Section(
        "coverage",
        "Who reported, who is silent, which year is incomplete",
        "Each coloured cell is a country that published its trade for a year, in full or in part; "
        "where there is no cell, there is no report.",
        "That a missing report means no trade: silence is unknown, and a figure built on fewer "
        "reporters is lower for that reason alone.",
        (
            _published(marts, "X", "Exports"),
            _published(marts, "M", "Imports"),
            _silent(marts),
            _complete(marts),
            _files(marts),
        ),
    )


def _published(marts: Marts, flow: str, said: str) -> Part:
    title = f"{said}: who published"
    rows = marts.rows(
        "transformed.dataset",
        ["reporter", "year", "vintage", "absence_is_zero", "is_incomplete", "figures"],
        f"flow = '{flow}' and {NAMED}",
        labels={"absence_is_zero": "whole dataset", "is_incomplete": "incomplete"},
    )
    if not rows.cells:
        return Absent(title, "Nobody published such figures in this profile.")
    order = sorted({record["reporter"] for record in rows.records})
    chart = charts.kinds("reporter", KIND, COLOURS, order, LETTER)
    says = "A field of cells, a reporter a row and a year a column, coloured by what was published."
    spec = charts.finished(chart, title, marts.simulated, charts.tall(order, 16))
    return Chart(f"published-{flow.lower()}", title, says, spec, rows)


def _silent(marts: Marts) -> Part:
    rows = marts.rows("reference.reporter_silence", ["reporter", "from_year", "scope", "reason"])
    return Grid("silent", "Silent by partner", rows)


def _complete(marts: Marts) -> Part:
    title = "Datasets held against an independent total"
    rows = marts.rows(
        "validated.completeness",
        [
            *("reporter", "flow", "year", "total_usd", "independent_usd", "share"),
            *("is_complete", "source", "independent_source"),
        ],
    )
    if not rows.cells:
        return Absent(title, "No whole dataset stands beside another publisher's total here.")
    return Grid("complete", title, rows)


def _files(marts: Marts) -> Part:
    units = dict.fromkeys(("source", "first_release", "last_release", "licence", "citation"), "")
    order = ("source", "files", "figures", "first_release", "last_release", "licence", "citation")
    rows = marts.counted(FILES, {name: units.get(name, "rows") for name in order}, {})
    return Grid("files", "Files this rests on", rows)
