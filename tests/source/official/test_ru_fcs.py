"""Tables of the Federal Customs Service: the real files, and made-up editions."""

from decimal import Decimal

import pytest

from assets.source import kz_bns, ru_fcs
from assets.source.printed import PrintedFigure
from warehouse.errors import InputError

from .files import Rows, millions, pick, real, real_files, workbook


def read(path: str) -> list[PrintedFigure]:
    return ru_fcs.figures(real(f"ru_fcs/{path}"), path)


def generated(rows: Rows) -> list[PrintedFigure]:
    content = workbook({"1": rows})
    assert ru_fcs.recognise("x", content)
    return ru_fcs.figures(content, "generated.xlsx")


@pytest.mark.parametrize("path", real_files("ru_fcs"))
def test_real_files_are_recognised_by_content_and_read(path: str) -> None:
    content = real(path)
    assert kz_bns.recognise("x", content) is None
    # The list of goods of January 2022 has no flow by partner or year.
    if path.endswith("WEB_UTSA_02.xlsx"):
        assert ru_fcs.recognise("x", content) is None
        return
    assert ru_fcs.recognise("x", content)
    found = ru_fcs.figures(content, path)
    keys = [(f.release, f.year, f.partner, f.flow, f.product) for f in found]
    assert len(keys) == len(set(keys))
    assert all(f.value is not None and f.reporter == "RUS" for f in found)


@pytest.mark.parametrize(
    ("path", "release", "values"),
    [
        ("ПубликацияТСТВ_2022.xlsx", "2022-12 edition, by chapter", ("591459.6", "259083.0")),
        ("страны122023.xlsx", "2023-12 edition, by continent", ("592487", "255305")),
        ("структура122023.xlsx", "2023-12 edition, by group of chapters", ("592487", "255305")),
    ],
)
def test_world_totals_of_2022_and_their_restatement_are_releases_of_their_own(
    path: str, release: str, values: tuple[str, str]
) -> None:
    found = read(path)
    for flow, value in zip(("X", "M"), values, strict=True):
        world = pick(found, year=2022, partner="W00", product="TOTAL", flow=flow)
        assert (world.release, world.flags) == (release, ())
        assert millions(world) == Decimal(value)


def test_world_totals_of_2023() -> None:
    found = read("страны122023.xlsx")
    assert millions(pick(found, year=2023, partner="W00", flow="X")) == 425088
    assert millions(pick(found, year=2023, partner="W00", flow="M")) == 285057
    assert {f.partner for f in found} == {"W00", "X50", "X42", "X02", "X19", "X09"}


def test_chapters_of_2022_follow_hs2022_and_withhold_a_part_of_the_total() -> None:
    found = [f for f in read("ПубликацияТСТВ_2022.xlsx") if f.year == 2022 and f.flow == "M"]
    chapters = [f for f in found if f.product != "TOTAL"]
    assert {f.classification for f in chapters} == {"H6"}
    assert {"01-24", "25", "84", "97"} <= {f.product for f in chapters}
    assert not {"77", "88", "93"} & {f.product for f in chapters}
    share = sum(millions(f) for f in chapters) / millions(pick(found, product="TOTAL"))
    assert Decimal("0.98") < share < Decimal("0.99")


@pytest.mark.parametrize("path", ["страны042024.xlsx", "страны092024.xlsx", "структура042024.xlsx"])
def test_tables_of_a_part_of_a_year_are_flagged(path: str) -> None:
    assert all(f.flags == ("PARTIAL_YEAR",) for f in read(path))


def test_nine_months_carried_on_to_december_do_not_pass_for_the_year() -> None:
    found = read("WEB_UTSA_04_.xls")
    flags = {(f.release, f.year, f.flow): f.flags for f in found}
    for flow in ("X", "M"):
        assert flags[("2017-09 edition, by month", 2017, flow)] == ("PARTIAL_YEAR",)
        assert flags[("2017-09 edition, by month", 2016, flow)] == ()
        assert flags[("2017-09 edition of general totals", 2017, flow)] == ("PARTIAL_YEAR",)


def test_one_month_carried_on_to_december_does_not_pass_for_the_year() -> None:
    found = read("WEB_UTSA_05.xlsx")
    assert {f.partner for f in found} == {"XFA"}
    assert {f.year: f.flags for f in found} == {2021: (), 2022: ("PARTIAL_YEAR",)}


def test_customs_records_and_general_totals_are_two_releases() -> None:
    found = read("WEB_UTSA_04.xlsx")
    imports = {f.release: f.value for f in found if f.year == 2021 and f.flow == "M"}
    assert imports == {
        "2021-12 edition, by month": "293420.0759",
        "2021-12 edition of general totals": "296086.1759",
    }


def test_the_series_by_year_runs_from_1994_to_2021() -> None:
    found = read("94itog.xlsx")
    assert {f.year for f in found} == set(range(1994, 2022))
    kazakhstan = pick(found, year=2018, partner="KAZ", flow="M")
    assert (kazakhstan.value, kazakhstan.partner_basis) == ("5451", "unknown")
    assert pick(found, year=2021, partner="W00", flow="M").value == "293531"


def test_a_year_of_months_by_country_needs_all_twelve() -> None:
    found = read("96stran.xlsx")
    assert pick(found, year=2010, partner="KAZ", flow="M").flags == ("PARTIAL_YEAR",)
    whole = pick(found, year=2021, partner="KAZ", flow="M")
    assert whole.flags == ()
    assert millions(whole) == pytest.approx(Decimal("7135.2"), rel=Decimal("0.001"))
    assert {f.flags for f in found if f.year != 2010} == {()}


PERIODS = ["", "Январь-декабрь 2022 г.", "", "", "Январь-декабрь 2023 г.", "", ""]
BY_COUNTRY: Rows = [
    ["Внешняя торговля Российской Федерации по странам"],
    ["(млн долларов США)"],
    PERIODS,
    ["Страна", "оборот", "экспорт", "импорт", "оборот", "экспорт", "импорт"],
    ["ВСЕГО", 300, 200, 100, 330, 220, 110],
    ["Китaй", 150, 100, 50, 170, 120, 50],
    ["Казахстан", 60, 40, 20, 70, 40, 30],
    ["* По данным ФТС России"],
]


def test_a_table_by_country_in_either_order_of_its_headings() -> None:
    found = generated(BY_COUNTRY)
    assert pick(found, year=2023, partner="KAZ", flow="M").value == "30"
    assert pick(found, year=2022, partner="CHN", flow="X").value == "100"
    turned: Rows = [
        *BY_COUNTRY[:2],
        [],
        ["", "Экспорт", "", "темп, %", "Импорт", ""],
        ["", "2022 год", "2023 год", "", "2022 год", "2023 год"],
        ["Весь мир", 200, 220, 110, 100, 110],
        ["в том числе:", 0, 0, 0, 0, 0],
        ["Казахстан", 40, 40, 100, 20, 30],
    ]
    assert pick(generated(turned), year=2023, partner="KAZ", flow="M").value == "30"


def test_serial_numbers_and_moved_rows_do_not_matter() -> None:
    moved = [[], *([str(i), *row] for i, row in enumerate(BY_COUNTRY))]
    assert [f.value for f in generated(moved)] == [f.value for f in generated(BY_COUNTRY)]


WRONG = {
    "unknown country": (6, ["Нарния", 0, 1, 1, 0, 1, 1], "A7: unknown country"),
    "countries above the total": (6, ["Казахстан", 0, 140, 1, 0, 1, 1], "C5: the total 200"),
    "no unit": (1, [], "A1: no money unit"),
    "another currency": (1, ["(млрд рублей)"], "A2: the unit is '(млрд рублей)'"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_table_stops_with_its_sheet_and_cell(fault: str) -> None:
    row, cells, finding = WRONG[fault]
    content = workbook({"1": [*BY_COUNTRY[:row], cells, *BY_COUNTRY[row + 1 :]]})
    with pytest.raises(InputError) as error:
        ru_fcs.figures(content, "generated.xlsx")
    assert f"generated.xlsx, sheet 1, cell {finding}" in str(error.value)
