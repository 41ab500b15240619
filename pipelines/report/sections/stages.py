"""How each stage of the pipeline moved the numbers, and which rows were refused."""

from pipelines.report.parts import Absent, Grid, Part, Section
from pipelines.report.rows import Marts

REFUSED = """
select reason, count(*) as rows, sum(value_usd) as value_usd
from (select unnest(reasons) as reason, value_usd from quarantine.trade_flow)
group by reason order by rows desc, reason
"""


def section(marts: Marts) -> Section:
    return Section(
        "stages",
        "How each stage moved the numbers",
        "The same figure is computed three times, on the rows as downloaded, on the rows that "
        "passed the checks and on the figures chosen, and each difference is explained.",
        "That a figure which no stage moved is right: the checks find copies, slips and gaps in a "
        "publication, not what was never put into it.",
        (_moved(marts), _refused(marts)),
    )


def _moved(marts: Marts) -> Part:
    rows = marts.rows(
        "meta.stage_difference",
        [*("year", "statistic", "raw", "validated", "transformed", "refused_usd", "explanation")],
        "hub = 'KAZ' and destination = 'RUS' and product = 'TOTAL' and classification = 'NA'",
        "year desc",
    )
    title = "Kazakhstan and Russia, all goods: each statistic after each stage"
    if not rows.cells:
        return Absent(title, "This profile has no totals of the corridor.")
    years = sorted({str(record["year"]) for record in rows.records})
    return Grid(
        "moved",
        title,
        rows,
        search=True,
        choose=("year",),
        chosen={"year": years[-1]},
    )


def _refused(marts: Marts) -> Part:
    units = {"reason": "code", "rows": "rows", "value_usd": "USD"}
    rows = marts.counted(REFUSED, units, {"value_usd": "value"})
    title = "Rows refused by the checks, by reason; a row may have several"
    if not rows.cells:
        return Absent(title, "No row was refused.")
    return Grid("refused", title, rows)
