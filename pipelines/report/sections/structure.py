"""Concentration, substitution and how many listed products flow at all, in short."""

from pipelines.report import charts
from pipelines.report.parts import Absent, Chart, Grid, Part, Section
from pipelines.report.rows import Marts, bounds

BASES = {"KAZ": "origins of Kazakhstan's imports", "RUS": "suppliers of Russia"}


def section(marts: Marts) -> Section:
    return Section(
        "structure",
        "From how few, instead of whom, and how many kinds of goods",
        "Here stands how much of a market hangs on few suppliers, how much of what stopped going "
        "to Russia directly could have come through a hub instead, and how many of the goods on "
        "the priority list flow at all.",
        "That a hub's gain is the very goods that stopped going direct: the two are only compared "
        "in size, and a country's own goods can make up the difference.",
        (_concentration(marts), _substitution(marts), _margin(marts)),
    )


def _concentration(marts: Marts) -> Part:
    title = "Concentration, all goods: 0 is many equal suppliers, 1 is one alone"
    rows = marts.rows(
        "mart.concentration",
        [
            *("year", "importer", "basis", *bounds("hhi"), *bounds("top_share"), "suppliers"),
            *("baseline_hhi", "driver", "reason", "flags"),
        ],
        "product = 'TOTAL' and ((importer = 'KAZ' and basis = 'origin') "
        "or (importer = 'RUS' and basis = 'mirror')) and hhi_high - hhi_low <= 0.5",
    )
    if not any(record["hhi"] is not None for record in rows.records):
        return Absent(title, "No market is known by supplier to within half of the scale.")
    chart = charts.ranges(rows, bounds("hhi"), "concentration (HHI)", ".2f", BASES, "importer")
    says = (
        "Marks by year and market: the concentration index, with a bar for its range; years whose "
        "range spans more than half of the scale are left out, since they tell nothing."
    )
    spec = charts.finished(chart, title, marts.simulated)
    return Chart("concentration", title, says, spec, rows)


def _substitution(marts: Marts) -> Part:
    title = "What stopped going direct, and what hubs gained, all goods"
    rows = marts.rows(
        "mart.substitution",
        [
            *("year", "hub", "exporter_group", "line", "direct_loss_usd", "indirect_gain_usd"),
            *(*bounds("offset_share"), *bounds("limited_share"), "driver", "reason"),
        ],
        "product = 'TOTAL' and exporter_group = 'COALITION' and offset_share is not null",
        "year desc, offset_share desc",
    )
    if not rows.cells:
        return Absent(title, "Not all members of the coalition report in this profile.")
    newest = str(rows.records[0]["year"])
    return Grid(
        "substitution", title, rows, choose=("year",), chosen={"year": newest}, folded=False
    )


def _margin(marts: Marts) -> Part:
    title = "Goods of the Common High Priority List that each hub sends to Russia at all"
    rows = marts.rows(
        "mart.extensive_margin",
        [
            *("exporter", "year", *bounds("codes_flowing"), "codes_listed", "codes_without"),
            *(*bounds("codes_added"), "driver", "reason"),
        ],
        "product_group = 'CHPL' and tier = 'all' and exporter in (select hub from reference.hub) "
        "and list_version = (select max(list_version) from mart.extensive_margin "
        "where product_group = 'CHPL')",
    )
    if not any(record["codes_flowing"] is not None for record in rows.records):
        return Absent(title, "No hub of this profile has a whole dataset by six-digit product.")
    hubs = marts.hubs(rows, "exporter")
    chart = charts.heat("exporter", "codes_flowing", "codes that flow", ".0f", hubs)
    says = "A field of cells, a hub a row and a year a column: how many listed codes flow."
    spec = charts.finished(chart, title, marts.simulated, charts.tall(hubs))
    return Chart("margin", title, says, spec, rows)
