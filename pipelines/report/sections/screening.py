"""Products in order of priority for a closer look."""

from pipelines.report.parts import Absent, Grid, Part, Section
from pipelines.report.rows import Marts, bounds

MOST = 1500


def section(marts: Marts) -> Section:
    return Section(
        "screening",
        "Which products to look at first",
        "The list puts the products first whose trade through Kazakhstan outgrew that of ordinary "
        "civilian goods by most; civilian goods stand in the same list for comparison.",
        "That anything is wrong with a product high on the list: with nothing going on, one in "
        "twenty products still stands out by chance, and a product low on it is not cleared.",
        (_list(marts),),
    )


def _list(marts: Marts) -> Part:
    title = "Screening list, Kazakhstan to Russia"
    rows = marts.rows(
        "mart.screening",
        [
            *("year", "position", "product", "tier", "score", "reasons", *bounds("excess_usd")),
            *("is_placebo", "score_inward", "status", "flags"),
        ],
        "hub = 'KAZ' and destination = 'RUS' and coalesce(position, 0) <= "
        f"{MOST // 3} and year >= (select max(year) - 2 from mart.screening)",
        "year desc, position nulls last",
        {"is_placebo": "civilian good", "score_inward": "score inward"},
    )
    if not rows.cells:
        return Absent(
            title,
            "Ranking needs whole datasets by six-digit product, with civilian goods to compare "
            "with; this profile has none.",
        )
    return Grid(
        "screening-list",
        title,
        rows,
        search=True,
        choose=("year", "tier"),
        chosen={"year": str(rows.records[0]["year"])},
        opens="product",
    )
