"""The workbook of trade with EAEU partners by HS code, made up in its published layout."""

import pytest

from assets.source import kz_bns
from warehouse.errors import InputError

from .files import Rows, pick, workbook

MONTHS = "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь"
MEASURES = ["тонн", "дополнительная единица измерения", "тыс. долларов США"]


def rows(months: int = 12, last: str = "2025 год", total: float = 30.5) -> Rows:
    groups = [*MONTHS.split()[:months], last]
    values = {"": (total, 4.5), "Россия": (20.5, 4.5), "Беларусь": (10, "-")}
    body: Rows = []
    for code, scale in (("854231", 1), (10121, 2)):
        for partner, (exports, imports) in values.items():
            money = [e * scale if isinstance(e, int | float) else e for e in (exports, imports)]
            cells: list[object] = [code, "Товар", ""] if not partner else ["", partner, ""]
            for group in groups:
                share = 1.0 if group == last else 0.1
                for value in money:
                    printed = value * share if isinstance(value, int | float) else value
                    cells += [7.5, "", printed]
            body.append(cells)
    periods: list[object] = [cell for group in groups for cell in [group, *[""] * 5]]
    flows: list[object] = ["экспорт", "", "", "импорт", "", ""] * len(groups)
    return [
        ["Взаимная торговля Республики Казахстан со странами ЕАЭС за 2025 год"],
        ["по 6 знакам ТН ВЭД ЕАЭС"],
        [],
        ["Код ТН ВЭД", "Наименование", "Доп. ед.", *periods],
        ["", "", "", *flows],
        ["", "", "", *MEASURES * 2 * len(groups)],
        *body,
    ]


def read(sheet: Rows) -> list[kz_bns.PrintedFigure]:
    content = workbook({"4 знака ТН ВЭД": sheet[:4], "6 знаков ТН ВЭД": sheet})
    assert kz_bns.recognise("x", content) == "Kazakhstan BNS: trade with EAEU partners by HS code"
    return kz_bns.figures(content, "union.xlsx")


def test_the_year_comes_from_its_own_columns_by_code_and_partner() -> None:
    found = read(rows())
    chips = pick(found, product="854231", partner="RUS", flow="X")
    assert (chips.value, chips.unit, chips.year) == ("20.5", "thousand USD", 2025)
    assert (chips.classification, chips.valuation) == ("H6", "FOB")
    assert (chips.flags, chips.partner_basis) == (("SURVEY_SOURCE",), "unknown")
    assert pick(found, product="854231", partner="RUS", flow="M").value == "4.5"
    assert not [f for f in found if f.partner == "BLR" and f.flow == "M"]


def test_a_code_stored_as_a_number_gets_its_leading_zero_back() -> None:
    found = read(rows())
    assert pick(found, product="010121", partner="BLR", flow="X").value == "20"
    assert {f.partner for f in found} == {"XEA", "RUS", "BLR"}


def test_moved_rows_and_columns_load_without_a_change_of_code() -> None:
    moved = [[], *rows()[:3], [], *rows()[3:], ["Примечание: данные предварительные"]]
    assert [f.value for f in read(moved)] == [f.value for f in read(rows())]


@pytest.mark.parametrize("last", ["январь-июнь 2025 года", "2025 год", "Всего"])
def test_six_months_are_no_year_whatever_their_columns_are_called(last: str) -> None:
    found = read(rows(6, last))
    assert found
    assert all("PARTIAL_YEAR" in f.flags for f in found)


def test_without_columns_for_the_year_nothing_is_added_up() -> None:
    with pytest.raises(InputError, match="the last columns are a month's"):
        read(rows(11, "Декабрь"))


def test_partners_that_do_not_add_up_to_their_code_stop_with_the_cell() -> None:
    with pytest.raises(InputError, match="sheet 6 знаков ТН ВЭД, cell BZ7: the total 40"):
        read(rows(total=40))
