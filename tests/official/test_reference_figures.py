"""Every figure of method.md section 2 with source B, E or I, in what profile official published."""

import pytest

from tests.official.figures import MEMBERS, Connection, chosen, rate, value
from tests.source.official.test_reference_results import BNS_ROWS, EUROSTAT_ROWS, IMF_ROWS

EU_WITHOUT_UK = [6186.3, 6221.2, 6163.3, 5655.0, 7624.5, 10314.0]
# Rows of groups are refused, so the printed EU row is looked for where it was refused.
OWN_ROWS = [row for row in BNS_ROWS if row[2] != "XEU"]
GROWTH = [("KGZ", 344.8), ("ARM", 148.9), ("KAZ", 88.6), ("UZB", 63.8)]


@pytest.mark.parametrize(("row", "flow", "partner", "first", "values", "percent"), OWN_ROWS)
def test_kazakhstan(
    official: Connection,
    row: str, flow: str, partner: str, first: int, values: str, percent: float,
) -> None:  # fmt: skip
    for year, millions in enumerate(values.split(), first):
        found = chosen(official, reporter="KAZ", partner=partner, flow=flow, year=year)
        assert float(found) == pytest.approx(float(millions) * 1e6, rel=percent / 100), (row, year)


@pytest.mark.parametrize("year", range(2018, 2024))
def test_the_printed_eu_row_is_refused_and_its_members_are_summed_instead(
    official: Connection, year: int
) -> None:
    query = "select value_usd from quarantine.trade_flow where list_contains(reasons, 'group_row') "
    query += "and source = 'kz_bns' and partner = 'XEU' and flow = 'M' and year = ?"
    printed = [float(cell[0]) for cell in official.execute(query, [year]).fetchall()]
    imports = {"reporter": "KAZ", "flow": "M", "year": year}
    members = sum(float(chosen(official, partner=code, **imports)) for code in MEMBERS)
    assert members == pytest.approx(EU_WITHOUT_UK[year - 2018] * 1e6, rel=0.01)
    kingdom = float(chosen(official, partner="GBR", **imports)) if year < 2023 else 0
    assert printed
    for row in printed:  # with the United Kingdom up to the sheet of 2022, in every edition
        assert row == pytest.approx(members + kingdom, rel=0.01)


@pytest.mark.parametrize(("row", "partner", "first", "values"), EUROSTAT_ROWS)
def test_the_union(official: Connection, row: str, partner: str, first: int, values: str) -> None:
    for year, euros in enumerate(values.split(), first):
        dollars = chosen(official, reporter="E27", partner=partner, flow="X", year=year)
        found = dollars / rate(official, year)
        assert float(found) == pytest.approx(float(euros) * 1e6, rel=0.01), (row, year)


@pytest.mark.parametrize(("partner", "percent"), GROWTH)
def test_growth_of_the_unions_exports_in_euros(
    official: Connection, partner: str, percent: float
) -> None:
    before, after = (
        chosen(official, reporter="E27", partner=partner, flow="X", year=year)
        / rate(official, year)
        for year in (2021, 2022)
    )
    assert float(after / before - 1) * 100 == pytest.approx(percent, abs=0.1)


@pytest.mark.parametrize(("row", "flow", "partner", "first", "values"), IMF_ROWS)
def test_russia_in_the_copy_of_the_imf(
    official: Connection, row: str, flow: str, partner: str, first: int, values: str
) -> None:
    for year, millions in enumerate(values.split(), first):
        cell = {"source": "imf_imts", "reporter": "RUS", "partner": partner}
        found = value(official, "validated.trade_flow", **cell, flow=flow, year=year)
        assert float(found) == pytest.approx(float(millions) * 1e6, rel=0.005), (row, year)


def test_turnover_with_russia_moved_between_editions_less_than_the_method_allows(
    official: Connection,
) -> None:
    """Row 8: 4% against an older vintage."""
    cell = {"reporter": "KAZ", "partner": "RUS", "flow": "X", "year": 2022}
    older = value(official, "validated.trade_flow", release="2022-12 edition", **cell)
    newer = value(official, "validated.trade_flow", release="2024-07-25", **cell)
    assert chosen(official, **cell) == newer
    assert float(older) == pytest.approx(float(newer), rel=0.04)
