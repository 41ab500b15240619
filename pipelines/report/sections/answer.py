"""The question and the answer, in plain words, every figure with its range."""

from collections.abc import Iterator

from markupsafe import Markup

from pipelines.report.parts import Note, Section
from pipelines.report.rows import Marts, bounds, figure, ranged

QUESTION = (
    "What does Kazakhstan say it buys abroad and sends on to Russia, what does Russia say it "
    "receives, and how much of what others send to Kazakhstan never shows in its records?"
)


def section(marts: Marts) -> Section:
    said = tuple(answers(marts))
    return Section(
        "answer",
        "The question and the answer",
        QUESTION,
        "That goods crossed a border, who used them, or that anyone broke a law: a gap between "
        "two reports is a reason for a closer look, no more.",
        (Note(said or ("This profile holds no figure that answers the question.",)),),
    )


def answers(marts: Marts) -> Iterator[Markup]:
    """A sentence for each part of the question that the data answers."""
    yield from _both_sides(marts)
    yield from _agreement(marts)
    yield from _silence(marts)
    yield from _missing(marts)
    yield from _microchips(marts)
    yield from _passed_on(marts)


def _both_sides(marts: Marts) -> Iterator[Markup]:
    imports = marts.rows(
        "transformed.mirror_statistics",
        ["year", "hub_imports_usd"],
        "hub = 'KAZ' and destination = 'RUS' and product = 'TOTAL' and hub_imports_usd is not null",
    )
    sent = marts.rows(
        "mart.reconciled_flow",
        ["year", "exports_usd", *bounds("reconciled_usd")],
        "exporter = 'KAZ' and importer = 'RUS' and product = 'TOTAL' and basis = 'exports'",
    )
    if imports.records:
        last = imports.records[-1]
        yield Markup("By its own records Kazakhstan bought goods for {} abroad in {}.").format(
            figure(imports, last, "hub_imports_usd"), last["year"]
        )
    if sent.records:
        last = sent.records[-1]
        yield Markup(
            "By its own records it sold goods for {} to Russia in {}; by how far such reports were "
            "off before 2022, Russia received between {} and {}."
        ).format(
            figure(sent, last, "exports_usd"),
            last["year"],
            figure(sent, last, "reconciled_low_usd"),
            figure(sent, last, "reconciled_high_usd"),
        )


def _agreement(marts: Marts) -> Iterator[Markup]:
    rows = marts.rows(
        "mart.mirror_gap",
        ["year", "exports_usd", "imports_cif_usd", *bounds("gap_usd")],
        "exporter = 'KAZ' and importer = 'RUS' and product = 'TOTAL' and gap_usd is not null",
    )
    if rows.records:
        last = rows.records[-1]
        yield Markup(
            "In {}, the last year for which both sides reported, Kazakhstan said it sold {} to "
            "Russia and Russia said it received {}: a gap of {}."
        ).format(
            last["year"],
            figure(rows, last, "exports_usd"),
            figure(rows, last, "imports_cif_usd"),
            ranged(rows, last, "gap_usd"),
        )


def _silence(marts: Marts) -> Iterator[Markup]:
    rows = marts.rows("reference.reporter_silence", ["from_year"], "reporter = 'RUS'")
    for record in rows.records:
        yield Markup(
            "From {} on Russia publishes no imports by country, so what it receives from "
            "Kazakhstan is known from one side only, and the gap between the two cannot be "
            "computed."
        ).format(figure(rows, record, "from_year"))


def _missing(marts: Marts) -> Iterator[Markup]:
    shown = ["year", *bounds("lost_share"), "baseline_share"]
    rows = marts.rows(
        "mart.lost_in_transit",
        shown,
        "exporter_group = 'E27' and importer = 'KAZ' and product = 'TOTAL' "
        "and lost_share is not null and baseline_share is not null and year > 2021",
    )
    if rows.records:
        each = [
            Markup("{} in {}").format(ranged(rows, record, "lost_share"), record["year"])
            for record in rows.records
        ]
        yield Markup(
            "Of what the EU-27 says it sent to Kazakhstan, this share does not show in "
            "Kazakhstan's import records: {}; in the years before 2022 {} was usual."
        ).format(Markup(", ").join(each), figure(rows, rows.records[-1], "baseline_share"))


def _microchips(marts: Marts) -> Iterator[Markup]:
    shown = ["year", *bounds("growth"), *bounds("ceiling_usd")]
    rows = marts.rows(
        "mart.pass_through",
        shown,
        "hub = 'KAZ' and product = '8542' and growth is not null and ceiling_usd is not null",
    )
    for record in rows.records[-1:]:
        yield Markup(
            "Kazakhstan's recorded exports of microchips (heading 8542) to Russia were {} times "
            "those of 2021 in {}; at most {} of them can be added imports passed on."
        ).format(
            ranged(rows, record, "growth"), record["year"], ranged(rows, record, "ceiling_usd")
        )


def _passed_on(marts: Marts) -> Iterator[Markup]:
    rows = marts.rows(
        "mart.route",
        ["from_year", "year", *bounds("received_usd")],
        "destination = 'RUS' and route = 'recorded' and hub = 'KAZ' and product_group = 'CHPL' "
        "and product = '*' and received_usd is not null",
    )
    for record in rows.records[-1:]:
        yield Markup(
            "Of goods on the Common High Priority List Kazakhstan says it sent Russia {} more in "
            "{} than would have been usual."
        ).format(ranged(rows, record, "received_usd"), record["year"])
