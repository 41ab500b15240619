"""A world small enough to work out on paper, run through the three stages of the real pipeline.

Three reporters (Kazakhstan, Russia, Germany), two products (microchips 8542, wheat 100199), three
years (2020 and 2021 in HS2017, 2022 in HS2022). Kazakhstan and Russia are land neighbours, so a
code's imports come to FOB by 1.025. Every dataset is whole: an absent row is a zero.

Microchips, 2020. Both sides report: 512,500/1.025 = 500,000 against 400,000, gap 100,000 over a
mean of 450,000. Imports 10m, less Russia's 2m (also the union's): 8m; passed through 0.4/8.
Microchips, 2021. No World row: Germany 12m + Russia 3m = 15m. 615,000/1.025 = 600,000: no gap.
Microchips, 2022. Russia is silent: its mirror is Kazakhstan's 9m, and its World Kazakhstan's 9m
plus Germany's 1m. Coverage: of the 50,512,500 + 61,000,000 Russia imported in 2020-2021,
Kazakhstan sent 512,500 + 615,000 and Germany 50m + 60m. Passed through 9/30.
Wheat, 2020. 41,000/1.025 = 40,000 against 30,000, under the floor of 50,000: a gap of 10,000 over
35,000, no log ratio. Imports from elsewhere are 400,000, under 500,000: no pass-through. Russia
printed no World total: Kazakhstan's 30,000 + Germany's 70,000; all Russia imported in 2020-2021
came from Kazakhstan, which reports: coverage 1.
Wheat, 2021. Russia's whole dataset has no such row: an implied zero, no gap. Kazakhstan's World
row stands alone: nothing can be taken out of it.
Wheat, 2022. Kazakhstan sends none to Russia: nothing is received, nothing passed through.

Validation marks Kazakhstan's trade inside the union as from a survey; raw judges nothing. Three
rows more stand in raw: a part of the microchips of 2020 that went by rail (150,000.25), a copy of
Germany's microchips of 2022 (1,000,000), and a copy of the World row of wheat in 2022 (1,500,000).
"""

import pytest

from pipelines.compute.build import build, open_inputs
from pipelines.tables import tables
from tests.world import answer, built_house, compare, in_types, read_rows, shown
from warehouse.engine import connect
from warehouse.house import House

YEARS = (2020, 2021, 2022)
REPORTED = """
    reporter | partner | flow | year | product | value_usd
    KAZ      | W00     | M    | 2020 | 8542    | 10000000
    KAZ      | DEU     | M    | 2020 | 8542    | 8000000
    KAZ      | RUS     | M    | 2020 | 8542    | 2000000
    KAZ      | RUS     | X    | 2020 | 8542    | 400000
    RUS      | W00     | M    | 2020 | 8542    | 50512500
    RUS      | KAZ     | M    | 2020 | 8542    | 512500
    RUS      | DEU     | M    | 2020 | 8542    | 50000000
    DEU      | KAZ     | X    | 2020 | 8542    | 7900000
    DEU      | RUS     | X    | 2020 | 8542    | 48000000
    KAZ      | DEU     | M    | 2021 | 8542    | 12000000
    KAZ      | RUS     | M    | 2021 | 8542    | 3000000
    KAZ      | RUS     | X    | 2021 | 8542    | 600000
    RUS      | W00     | M    | 2021 | 8542    | 61000000
    RUS      | KAZ     | M    | 2021 | 8542    | 615000
    RUS      | DEU     | M    | 2021 | 8542    | 60000000
    DEU      | RUS     | X    | 2021 | 8542    | 55000000
    KAZ      | W00     | M    | 2022 | 8542    | 33000000
    KAZ      | DEU     | M    | 2022 | 8542    | 30000000
    KAZ      | RUS     | M    | 2022 | 8542    | 3000000
    KAZ      | RUS     | X    | 2022 | 8542    | 9000000
    DEU      | RUS     | X    | 2022 | 8542    | 1000000
    KAZ      | W00     | M    | 2020 | 100199  | 600000
    KAZ      | DEU     | M    | 2020 | 100199  | 400000
    KAZ      | RUS     | M    | 2020 | 100199  | 200000
    KAZ      | RUS     | X    | 2020 | 100199  | 30000
    RUS      | KAZ     | M    | 2020 | 100199  | 41000
    DEU      | RUS     | X    | 2020 | 100199  | 70000
    KAZ      | W00     | M    | 2021 | 100199  | 700000
    KAZ      | RUS     | X    | 2021 | 100199  | 90000
    KAZ      | W00     | M    | 2022 | 100199  | 1500000
    KAZ      | DEU     | M    | 2022 | 100199  | 1000000
    KAZ      | RUS     | M    | 2022 | 100199  | 500000
    DEU      | RUS     | X    | 2022 | 100199  | 20000
"""
BESIDES = """
    reporter | partner | flow | year | product | value_usd | breakdown
    KAZ      | RUS     | X    | 2020 | 8542    | 150000.25 | rail
    DEU      | RUS     | X    | 2022 | 8542    | 1000000   |
    KAZ      | W00     | M    | 2022 | 100199  | 1500000   |
"""
# A statistic a line, a cell a column.
CLEAN = """
    product                          | 8542        | 8542      | 8542                | 100199   | 100199       | 100199
    year                             | 2020        | 2021      | 2022                | 2020     | 2021         | 2022
    hub                              | KAZ         | KAZ       | KAZ                 | KAZ      | KAZ          | KAZ
    destination                      | RUS         | RUS       | RUS                 | RUS      | RUS          | RUS
    classification                   | H5          | H5        | H6                  | H5       | H5           | H6
    hub_imports_usd                  | 10000000.00 | 15000000  | 33000000            | 600000   | 700000       | 1500000
    hub_imports_outside_union_usd    | 8000000.00  | 12000000  | 30000000            | 400000   | null         | 1000000
    hub_exports_usd                  | 400000.00   | 600000    | 9000000             | 30000    | 90000        | null
    destination_imports_usd          | 512500.00   | 615000    | null                | 41000    | null         | null
    destination_report_status        | value       | value     | not_reported        | value    | implied_zero | not_reported
    destination_received_usd         | 512500.00   | 615000    | 9000000             | 41000    | 90000        | null
    destination_received_basis       | reported    | reported  | mirror              | reported | mirror       | null
    destination_received_world_usd   | 50512500.00 | 61000000  | 10000000            | 100000   | 90000        | 20000
    destination_received_world_basis | reported    | reported  | mirror              | mirror   | mirror       | mirror
    destination_received_coverage    | 1           | 1         | 111127.5/111512.5   | 1        | 1            | 1
    destination_partners_usd         | 48400000    | 55600000  | 10000000            | 100000   | 90000        | 20000
    destination_partners_coverage    | 111127.5/111512.5 | 111127.5/111512.5 | 111127.5/111512.5 | 1 | 1          | 1
    mirror_gap_usd                   | 100000.00   | 0         | null                | 10000    | null         | null
    mirror_gap_ratio                 | 100.0/450   | 0         | null                | 10.0/35  | null         | null
    mirror_log_ratio                 | ln(5.0/4)   | 0         | null                | null     | null         | null
    pass_through                     | 0.05        | 0.05      | 0.3                 | null     | null         | null
"""  # noqa: E501
# What raw says otherwise: 400,000 + 150,000.25 = 550,000.25 exported, so 500,000 received of it
# falls short by 50,000.25 over a mean of 525,000.125; Germany's million twice; the World row twice.
RAW = {
    ("8542", "2020"): {
        "hub_exports_usd": "550000.25",
        "destination_partners_usd": "48550000.25",
        "mirror_gap_usd": "-50000.25",
        "mirror_gap_ratio": "-50000.25/525000.125",
        "mirror_log_ratio": "ln(500000/550000.25)",
        "pass_through": "550000.25/8000000",
    },
    ("8542", "2022"): {
        "destination_received_world_usd": "11000000",
        "destination_partners_usd": "11000000",
    },
    ("100199", "2022"): {
        "hub_imports_usd": "3000000",
        "hub_imports_outside_union_usd": "2500000",
    },
}
FLAGS = {
    ("8542", "2020"): [],
    ("8542", "2021"): ["WORLD_SUMMED"],
    ("8542", "2022"): ["NOT_REPORTED", "SINGLE_REPORT"],
    ("100199", "2020"): ["BELOW_FLOOR"],
    ("100199", "2021"): ["SINGLE_REPORT"],
    ("100199", "2022"): ["NOT_REPORTED"],
}
SURVEYED = {place for place in FLAGS if place != ("100199", "2022")}


def worked_out(stage: str) -> list[dict[str, object]]:
    """Every column of the six cells of a stage, as the figures above give them."""
    lines = [[cell.strip() for cell in line.split("|")] for line in CLEAN.strip().splitlines()]
    columns = "\n".join(" | ".join(line) for line in zip(*lines, strict=True))
    rows = []
    for row in read_rows(columns):
        place = (str(row["product"]), str(row["year"]))
        survey = ["SURVEY_SOURCE"] if stage != "raw" and place in SURVEYED else []
        moved = RAW.get(place, {}) if stage == "raw" else {}
        rows.append({**row, **moved, "flags": sorted(FLAGS[place] + survey)})
    return rows


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    rows = read_rows(REPORTED) + read_rows(BESIDES)
    return built_house(tmp_path_factory.mktemp("paper"), rows, YEARS)


@pytest.mark.parametrize("stage", ["raw", "validated", "transformed"])
def test_every_statistic_of_a_stage_is_as_worked_out_on_paper(house: House, stage: str) -> None:
    name = f"{stage}.mirror_statistics"
    with connect() as connection:
        open_inputs(connection, [name], house)
        wanted = [in_types(connection, name, row) for row in worked_out(stage)]
        found = answer(connection, name)
    missing, unexpected = compare(wanted, found)
    assert missing + unexpected == [], shown(missing, unexpected)
    assert {column for row in wanted for column in row} == set(found[0])


def test_the_three_rows_too_many_are_refused_and_nothing_else(house: House) -> None:
    with connect() as connection:
        open_inputs(connection, ["quarantine.trade_flow", "validated.trade_flow"], house)
        refused = connection.execute(
            "select reporter, year, product, value_usd::varchar, reasons "
            "from quarantine.trade_flow order by file_row"
        ).fetchall()
        kept = connection.execute("select count(*) from validated.trade_flow").fetchone()
    assert refused == [
        ("KAZ", 2020, "8542", "150000.25", ["breakdown_row"]),
        ("DEU", 2022, "8542", "1000000.00", ["duplicate_key"]),
        ("KAZ", 2022, "100199", "1500000.00", ["duplicate_key"]),
    ]
    assert kept == (33,)


def test_a_year_built_alone_gives_the_bytes_of_all_years_at_once(house: House) -> None:
    """Its coverage rests on the base years, which it reads from the store."""
    path = house.store.path("transformed.mirror_statistics", 2022)
    whole = path.read_bytes()
    path.unlink()
    build(tables()["transformed.mirror_statistics"], house, [2022])
    assert path.read_bytes() == whole
