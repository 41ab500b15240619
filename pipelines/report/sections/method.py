"""The method in short, its limits, policy dates, and how to cite the sources."""

from pipelines.report.parts import Grid, Section, Template
from pipelines.report.rows import Marts
from warehouse import dictionary


def section(marts: Marts) -> Section:
    told = dictionary.method()
    return Section(
        "method",
        "Method, limits and citations",
        "Every figure follows from the rules below, applied in the same way to each country, "
        "product and year.",
        told["limits"],
        (
            Template(
                "method.html.j2",
                {
                    "rules": {name: text for name, text in told.items() if name != "limits"},
                    "flags": dictionary.flags(),
                    "reasons": dictionary.reasons(),
                },
            ),
            Grid(
                "policy",
                "Dates of policy, shown for reading beside the figures; none is tested as a break",
                marts.rows("reference.policy_date", ["happened_on", "country", "what", "source"]),
                folded=True,
            ),
            Grid(
                "cite",
                "How to cite the publishers",
                marts.rows(
                    "reference.source",
                    ["source", "publisher", "licence", "citation"],
                    "source in (select source from meta.source_file union "
                    "select source from validated.trade_flow)",
                ),
            ),
        ),
    )
