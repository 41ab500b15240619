"""Published claims, held against the data of this profile."""

from pipelines.report.parts import Grid, Section
from pipelines.report.rows import Marts, bounds

VERDICTS = {"verdict": "code", "claims": "rows"}


def section(marts: Marts) -> Section:
    counts = marts.counted(
        "select verdict, count(*) as claims from mart.claim group by verdict order by verdict",
        VERDICTS,
        {},
    )
    rows = marts.rows(
        "mart.claim",
        [
            *("claim", "statement", "year", "claimed", *bounds("computed"), "unit", "verdict"),
            *("reason", "is_independent", "claimed_by", "computed_from", "citation"),
        ],
        labels={"is_independent": "checked on other sources"},
    )
    return Section(
        "claims",
        "Published claims, and whether the data bears them out",
        "Each line is a figure that somebody published, the figure computed here with its range, "
        "and a verdict: reproduced, not reproduced, or not computable with the reason.",
        "That a reproduced claim is true: where it is checked on the very source it was taken "
        "from, this shows that our handling is right and no more.",
        (
            Grid("verdicts", "Verdicts", counts),
            Grid(
                "claim-list",
                "Claims",
                rows,
                search=True,
                choose=("verdict",),
                folded=marts.simulated,
            ),
        ),
    )
