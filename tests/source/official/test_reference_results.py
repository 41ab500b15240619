"""Figures of method.md section 2 with source B, E and I, out of the publishers' files."""

from decimal import Decimal

import pytest

from assets.source import eurostat, imf_imts, kz_bns
from assets.source.printed import PrintedFigure

from .files import millions, pick, real

BNS = "kz_bns/Основные показатели внешней торговли"
EDITION = {2018: "_2019.xls", 2019: "_2019.xls", 2020: "_2020.xls", 2021: " по странам_2022.xls"}
EDITION |= {2022: " по странам_2023.xls", 2023: " по странам_2023.xls"}
MEMBERS = frozenset({"AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU"})
MEMBERS |= {"GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU"}
MEMBERS |= {"SVK", "SVN", "ESP", "SWE"}

# (row of method.md, flow, partner, first year, millions a year, tolerance in %)
BNS_ROWS = [
    ("7, 8", "X", "RUS", 2018, "5279.9 5670.9 5007.1 7018.7 9091.4 10207.4", 1),
    ("9", "M", "RUS", 2018, "13237.5 14312.1 13768.2 17605.5 17880.6 16847.0", 1),
    ("10", "M", "CHN", 2018, "5384.2 6788.6 6378.0 8228.5 11143.7 15389.2", 1),
    ("11 raw", "M", "XEU", 2018, "6645.4 6693.4 6522.2 5964.0 8008.9 10314.0", 1),
    ("11b", "M", "GBR", 2018, "459.1 472.2 358.9 308.9 384.3 478.9", 1),
    ("12", "M", "DEU", 2021, "1814.8 2232.7 3033.3", 1),
    ("13", "M", "HKG", 2021, "15.4 16.2 27.4", 2),
    ("14", "M", "S19", 2021, "61.8 141.4 160.7", 2),
    ("15", "M", "W00", 2021, "41415.4 50934.4 60412.3", 1),
    ("16", "X", "W00", 2021, "60321.0 84593.1 79138.8", 1),
    ("17", "X", "KGZ", 2022, "793.0", 1),
    ("17", "X", "ARM", 2022, "28.0", 1),
]
EUROSTAT_ROWS = [
    ("22", "KAZ", 2018, "5495.0 5917.3 5910.9 5487.1 10347.7 12110.1"),
    ("23", "KGZ", 2021, "263.2 1170.9 2733.8"),
    ("24", "ARM", 2021, "757.4 1885.6 2161.7"),
    ("25", "RUS", 2021, "89169 55008 38182"),
]
IMF_ROWS = [
    ("18", "M", "KAZ", 2016, "3627.2 4854.7 5224.1 5346.4 5034.1 7130.6"),
    ("19", "X", "KAZ", 2018, "12738.3 13682.5 14052.6 18474.1"),
    ("20", "M", "CHN", 2021, "72685.7"),
    ("20", "M", "DEU", 2021, "27339.5"),
    ("20", "M", "KOR", 2021, "12982.7"),
    ("20", "M", "HKG", 2021, "551.9"),
    ("21", "M", "W00", 2019, "242627.7 231429.5 293656.0"),
]


def near(found: PrintedFigure, expected: str, percent: float) -> bool:
    return millions(found) == pytest.approx(Decimal(expected), rel=Decimal(str(percent / 100)))


@pytest.fixture(scope="module")
def bns() -> dict[int, list[PrintedFigure]]:
    read = {name: kz_bns.figures(real(BNS + name), name) for name in set(EDITION.values())}
    return {year: [f for f in read[name] if f.year == year] for year, name in EDITION.items()}


@pytest.fixture(scope="module")
def comext() -> list[PrintedFigure]:
    name = "eurostat_all_raw_rows.csv.gz"
    return eurostat.figures(real(f"eurostat/{name}"), name)


@pytest.fixture(scope="module")
def imts() -> list[PrintedFigure]:
    return imf_imts.figures(real("imf_imts/RU_trade.csv"), "RU_trade.csv")


@pytest.mark.parametrize(("row", "flow", "partner", "first", "values", "percent"), BNS_ROWS)
def test_kazakhstan_as_its_bureau_prints_it(
    bns: dict[int, list[PrintedFigure]],
    row: str, flow: str, partner: str, first: int, values: str, percent: float,
) -> None:  # fmt: skip
    for year, value in enumerate(values.split(), first):
        assert near(pick(bns[year], flow=flow, partner=partner), value, percent), (row, year)


def test_imports_from_the_eu_without_the_united_kingdom_are_the_sum_of_its_members(
    bns: dict[int, list[PrintedFigure]],
) -> None:
    expected = [6186.3, 6221.2, 6163.3, 5655.0, 7624.5, 10314.0]
    for year, value in enumerate(expected, 2018):
        members = [millions(f) for f in bns[year] if f.flow == "M" and f.partner in MEMBERS]
        assert len(members) == 27
        assert float(sum(members)) == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize(("sheet", "with_uk"), [(2022, True), (2023, False)])
def test_the_printed_eu_row_holds_the_united_kingdom_until_2022(
    bns: dict[int, list[PrintedFigure]], sheet: int, with_uk: bool
) -> None:
    for flow in ("M", "X"):
        value = {f.partner: millions(f) for f in bns[sheet] if f.flow == flow}
        members = sum(value[code] for code in MEMBERS)
        expected = members + value["GBR"] if with_uk else members
        assert value["XEU"] == pytest.approx(expected, rel=Decimal("0.000001"))


@pytest.mark.parametrize(("row", "partner", "first", "values"), EUROSTAT_ROWS)
def test_the_eu_as_eurostat_prints_it(
    comext: list[PrintedFigure], row: str, partner: str, first: int, values: str
) -> None:
    for year, value in enumerate(values.split(), first):
        found = pick(comext, reporter="E27", partner=partner, year=year, flow="X", flags=())
        assert near(found, value, 1), (row, year)


@pytest.mark.parametrize(
    ("partner", "percent"), [("KGZ", 344.8), ("ARM", 148.9), ("KAZ", 88.6), ("UZB", 63.8)]
)
def test_growth_of_eu_exports_from_2021_to_2022(
    comext: list[PrintedFigure], partner: str, percent: float
) -> None:
    before, after = (
        millions(pick(comext, reporter="E27", partner=partner, year=year, flow="X", flags=()))
        for year in (2021, 2022)
    )
    assert float(after / before - 1) * 100 == pytest.approx(percent, abs=0.1)


def test_member_states_add_up_to_the_eu_eurostat_prints(comext: list[PrintedFigure]) -> None:
    for partner in ("KAZ", "RUS", "GEO"):
        found = [f for f in comext if f.partner == partner and f.year == 2022 and f.flow == "X"]
        members = sum(millions(f) for f in found if f.reporter in MEMBERS and not f.flags)
        whole = millions(pick(found, reporter="E27"))
        assert members == pytest.approx(whole, rel=Decimal("0.002"))


@pytest.mark.parametrize(("row", "flow", "partner", "first", "values"), IMF_ROWS)
def test_russia_as_the_imf_copies_it(
    imts: list[PrintedFigure], row: str, flow: str, partner: str, first: int, values: str
) -> None:
    for year, value in enumerate(values.split(), first):
        found = pick(imts, flow=flow, partner=partner, year=year)
        assert near(found, value, 0.5), (row, year)
        assert found.is_reported


def test_no_figure_for_russia_after_2021_counts_as_reported(imts: list[PrintedFigure]) -> None:
    late = [f for f in imts if f.year > 2021]
    assert late
    assert all(f.is_reported is False and f.flags == ("NOT_REPORTED",) for f in late)
    assert all(f.is_reported for f in imts if f.year <= 2021)
