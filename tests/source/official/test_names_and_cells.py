"""Names as printed, and cells as they stand."""

import csv

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.source.country_names import EXCEPTIONS, known, resolve
from assets.source.headings import Period, flow, money_unit, months, period, squeezed
from assets.source.workbook import Sheet, address, number, sheets
from warehouse.errors import InputError

from .files import workbook


@pytest.mark.parametrize(
    ("name", "language", "code"),
    [
        ("Китaй", "ru", "CHN"),  # with a Latin a, as customs prints it
        ("Республикa\nКорея", "ru", "KOR"),
        ("Босния И Герцеговина", "ru", "BIH"),
        ("  Страны ЕАЭС", "ru", "XEA"),
        ("Всего\nв том числе", "ru", "W00"),
        ("Украина1)", "ru", "UKR"),
        ("Кыргызстан²", "ru", "KGZ"),
        ("Côte d’Ivoire (Ivory Coast)", "en", "CIV"),
        ("Etats-Unis", "fr", "USA"),
        ("Kirgisistan", "de", "KGZ"),
        ("EL", "eurostat", "GRC"),
        ("GX901", "imf", "XCS"),
    ],
)
def test_names_as_printed(name: str, language: str, code: str) -> None:
    found = known(name, language)
    assert found
    assert found.code == code


def test_an_unknown_name_is_an_error_with_its_place() -> None:
    with pytest.raises(InputError, match=r"book\.xls, sheet 2023, cell A7: unknown .*'Нарния'"):
        resolve("Нарния", "ru", "book.xls, sheet 2023, cell A7")
    assert known("", "ru") is None


def test_each_exception_is_needed_and_has_a_code_of_its_kind() -> None:
    with EXCEPTIONS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    names = [(row["language"], row["name"]) for row in rows]
    assert len(names) == len(set(names))
    codes = {country.alpha_3 for country in pycountry.countries} | {"_KS", "ANT", "SCG"}
    for row in rows:
        assert row["kind"] in {"country", "group", "area_nes", "world"}
        if row["kind"] == "country":
            assert row["code"] in codes
        else:
            assert row["code"] not in codes
            assert row["code"] in {"W00", "E27"} or row["code"].startswith("X")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=0, max_value=10**12))
def test_a_printed_decimal_is_read_whatever_its_marks(value: object) -> None:
    text = f"{value:f}"
    spaced = f"{value:,f}".replace(",", "\u00a0").replace(".", ",")
    assert number(spaced) == number(text) == text


@pytest.mark.parametrize("cell", ["", "-", "–", "…", "x", " "])
def test_marks_for_none_are_no_figure(cell: str) -> None:
    assert number(cell) is None


@pytest.mark.parametrize("cell", ["12a", "1.234.567", "#REF!", "1 23"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(cell)


def test_cells_keep_every_digit_and_their_row() -> None:
    found = sheets(workbook({"a": [[], ["x", 135527430.80512, 1e-05]], "b": [[7]]}), "book.xlsx")
    assert found[0].cell(1, 1) == "135527430.80512"
    assert found[0].cell(1, 2) == "0.00001"
    assert (found[1].cell(0, 0), found[1].file_row(0)) == ("7", 3)
    assert (address(0, 0), address(5, 27)) == ("A1", "AB6")


def test_bytes_that_are_no_workbook_are_an_error_with_the_file() -> None:
    with pytest.raises(InputError, match=r"book\.xls: no readable workbook"):
        sheets(b"\xd0\xcf\x11\xe0 broken", "book.xls")


def test_headings_by_meaning() -> None:
    assert period("Январь-дкабрь 2019 г.") == Period(2019)  # a slip of the publisher's
    assert period("за январь-сентябрь 2016 года") == Period(2016, 1, 9)
    assert period("2022 г. в % к 2021 г.") is None
    assert period("Дата опубликования: 25 июля 2024 года") is None
    assert months("Республика Мали") is None
    assert (flow("ЭКСПОРТ*"), flow("Импорт, всего"), flow("Товарооборот")) == ("X", "M", None)
    assert squeezed("    В С Е Г О") == "ВСЕГО"


def test_two_units_on_one_table_stop() -> None:
    sheet = Sheet("book.xls", "1", 0, (("тыс. долл. США",), ("", "млн. долларов США")))
    with pytest.raises(InputError, match="million USD, thousand USD"):
        money_unit(sheet, 0, 1)
