"""Editions of the BNS workbooks the project has not seen, and workbooks that are wrong."""

from decimal import Decimal

import pytest
from openpyxl import Workbook

from assets.source import kz_bns, ru_fcs
from assets.source.country_names import EXCEPTIONS
from warehouse.errors import InputError

from .files import Rows, millions, pick, real, real_files, workbook

TITLE = "Основные показатели внешней торговли Республики Казахстан"
UNIT = "тыс. долларов США"
COUNTRIES: Rows = [
    ["Всего", 5_000_000.5, 100, 3_000_000.5, 100, 2_000_000, 100],
    [" Страны ЕАЭС", 3_600_000, 72, 2_000_000, 66, 1_600_000, 80],
    ["Россия", 3_600_000, 72, 2_000_000, 66, 1_600_000, 80],
    ["Остальные страны мира", 1_400_000.5, 28, 1_000_000.5, 33, 400_000, 20],
    ["Страны ЕС", 400_000, 8, "", "", 400_000, 20],
    ["Германия", 400_000, 8, "-", "-", 400_000, 20],
    ["Китай", 1_000_000.5, 20, 1_000_000.5, 33, "0,0", 0],
]


def sheet(countries: Rows = COUNTRIES, unit: str = UNIT, title: str = "за 2022 год") -> Rows:
    return [
        [TITLE],
        [title],
        ["", "", "", "", unit],
        ["Наименование", "Товарооборот", "", "Экспорт", "", "Импорт", ""],
        ["", "всего", "удельный вес, %", "всего", "удельный вес, %", "всего", "удельный вес, %"],
        *countries,
    ]


def table(rows: Rows, name: str = "2022") -> dict[tuple[str, str], str | None]:
    content = workbook({name: rows})
    assert kz_bns.recognise("anything.bin", content)
    return {(f.partner, f.flow): f.value for f in kz_bns.figures(content, "generated.xlsx")}


EXPECTED = table(sheet())


def test_figures_as_printed_with_a_dash_for_none_and_zero_for_negligible() -> None:
    assert EXPECTED[("RUS", "X")] == "2000000"
    assert EXPECTED[("CHN", "X")] == "1000000.5"
    assert Decimal(EXPECTED[("CHN", "M")] or "missing") == 0
    assert ("DEU", "X") not in EXPECTED
    assert {partner for partner, _ in EXPECTED} == {
        "W00", "XEA", "RUS", "XRW", "XEU", "DEU", "CHN",
    }  # fmt: skip


def inserted_column(rows: Rows) -> Rows:
    labels = ["№", "", *range(1, len(rows))]
    return [[labels[max(0, i - 3)] if i > 3 else "", *row] for i, row in enumerate(rows)]


CHANGED_LAYOUTS: dict[str, Rows] = {
    "rows inserted above": [[], ["Бюро национальной статистики"], [], *sheet()],
    "rows inserted between header and total": [*sheet()[:5], [], *sheet()[5:]],
    "columns numbered": [*sheet()[:5], ["А", 1, 2, 3, 4, 5, 6], *sheet()[5:]],
    "serial numbers left of the names": inserted_column(sheet()),
    "imports before exports": [[*r[:3], *r[5:7], *r[3:5]] for r in sheet()],
    "headings renamed": [
        *sheet()[:3],
        ["Страна", "Оборот", "", "ЭКСПОРТ *", "", "Импорт товаров", ""],
        *sheet()[4:],
    ],
    "footnotes below": [*sheet(), [], ["* Предварительные данные за 2022 год."], ["¹ См. 1-ТС"]],
    "footnote marks on names": [
        [f"{cell}*" if cell in {"Россия", "Всего"} else cell for cell in r]
        for r in sheet()
    ],
    "thousands spaced, decimal comma": [
        *sheet()[:5],
        *([r[0], *(f"{c:,.2f}".replace(",", " ").replace(".", ",") if isinstance(c, int | float)
                   else c for c in r[1:])] for r in COUNTRIES),
    ],
    "total at the bottom": [*sheet()[:5], *COUNTRIES[1:], COUNTRIES[0]],
    "total called otherwise": [*sheet()[:5], ["Всего\nв том числе:", *COUNTRIES[0][1:]],
                               *COUNTRIES[1:]],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED_LAYOUTS)
def test_another_edition_loads_without_a_change_of_code(change: str) -> None:
    found = table(CHANGED_LAYOUTS[change])
    assert {key: Decimal(value or 0) for key, value in found.items()} == {
        key: Decimal(value or 0) for key, value in EXPECTED.items()
    }


def test_merged_cells_and_a_cover_with_the_publication_date() -> None:
    def merge(book: Workbook) -> None:
        for cells in ("A1:G1", "B4:C4", "D4:E4", "F4:G4", "A4:A5"):
            book["2022"].merge_cells(cells)

    cover: Rows = [[], ["Дата опубликования: 25.07.2025"], ["Дата следующего опубликования: 2026"]]
    content = workbook({"Обложка": cover, "2022": sheet(), "2023": sheet(title="2023 год")}, merge)
    found = kz_bns.figures(content, "generated.xlsx")
    assert {f.release for f in found} == {"2025-07-25"}
    russia = pick(found, year=2023, partner="RUS", flow="X")
    assert (russia.flags, russia.partner_basis) == (("SURVEY_SOURCE",), "unknown")
    assert russia.file_row == 3 + len(sheet()) + 8
    assert pick(found, year=2022, partner="CHN", flow="X").partner_basis == "last_known_destination"


def test_without_a_cover_the_release_is_the_newest_year() -> None:
    content = workbook({"12_2022": sheet(), "12_2021": sheet(title="за январь-декабрь 2021 года")})
    assert {f.release for f in kz_bns.figures(content, "x.xlsx")} == {"2022-12 edition"}


def test_a_part_of_a_year_does_not_pass_for_the_year() -> None:
    content = workbook({"06_2022": sheet(title="за январь-июнь 2022 года")})
    found = kz_bns.figures(content, "generated.xlsx")
    assert all("PARTIAL_YEAR" in f.flags for f in found)


def test_a_table_in_millions_is_read_in_millions() -> None:
    rows: Rows = [[r[0], *(c / 1000 if isinstance(c, int | float) else c for c in r[1:])]
                  for r in COUNTRIES]  # fmt: skip
    found = kz_bns.figures(workbook({"2022": sheet(rows, "млн. долларов США")}), "generated.xlsx")
    assert millions(pick(found, partner="RUS", flow="X")) == 2000
    assert {f.unit for f in found} == {"million USD"}


def with_row(row: list[object]) -> Rows:
    return sheet([*COUNTRIES, row])


WRONG = {
    "unknown country": (with_row(["Нарния", 1, 0, 1, 0, "", ""]), "A13", "Нарния"),
    "missing total": (sheet(COUNTRIES[1:]), "D4", "no row with a total"),
    "no unit": (sheet(unit=""), "A1", "no money unit"),
    "unit changed, figures not": (sheet(unit="млн. долларов США"), "E3", "million USD"),
    "unit in another currency": (sheet(unit="тыс. тенге"), "E3", "тенге"),
    "total that does not add up": (
        sheet([*COUNTRIES[:2], ["Россия", 3_600_000, 72, 2_100_000, 66, 1_600_000, 80],
               *COUNTRIES[3:]]), "D6", "does not add up"),
    "lost country": (sheet(COUNTRIES[:-1]), "D6", "does not add up"),
    "figures without a name": (with_row(["", 1, 0, 1, 0, "", ""]), "A13", "unknown country"),
    "title of another year": (sheet(title="за 2021 год"), "A2", "2021, 2022"),
    "two columns of exports": (
        [*sheet()[:3], ["", "Экспорт", "", "Экспорт", "", "Импорт", ""], *sheet()[4:]],
        "D4", "second column"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_workbook_stops_with_its_sheet_and_cell(fault: str) -> None:
    rows, cell, finding = WRONG[fault]
    content = workbook({"2022": rows})
    with pytest.raises(InputError) as error:
        kz_bns.figures(content, "generated.xlsx")
    assert f"generated.xlsx, sheet 2022, cell {cell}:" in str(error.value)
    assert finding in str(error.value)
    if fault == "unknown country":
        assert EXCEPTIONS.name in error.value.remedy


def test_figures_without_a_header_are_not_passed_over() -> None:
    headless: Rows = [[TITLE], [UNIT], *COUNTRIES]
    content = workbook({"2022": sheet(), "2023": headless})
    with pytest.raises(InputError, match="sheet 2023: figures, but no header row"):
        kz_bns.figures(content, "generated.xlsx")


def test_other_files_are_not_taken_for_these() -> None:
    assert kz_bns.recognise("внешняя торговля Казахстана.xls", b"no workbook") is None
    assert kz_bns.recognise("x", workbook({"2022": [["Экспорт", "Импорт"]]})) is None


@pytest.mark.parametrize("path", real_files("kz_bns"))
def test_countries_add_up_to_the_total_of_each_real_sheet(path: str) -> None:
    content = real(path)
    assert kz_bns.recognise("anything", content)
    assert ru_fcs.recognise("anything", content) is None
    found = kz_bns.figures(content, path)
    assert len({f.year for f in found}) == 2
    for year in {f.year for f in found}:
        for flow in ("M", "X"):
            value = {f.partner: millions(f) for f in found if (f.year, f.flow) == (year, flow)}
            countries = [v for code, v in value.items() if code[0] != "X" and code != "W00"]
            assert len(countries) > 100
            assert sum(countries) == pytest.approx(value["W00"], rel=Decimal("0.002"))
