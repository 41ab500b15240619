"""Cells for spreadsheets: nothing executed, nothing rounded, nothing cut without a word."""

import csv
import tempfile
import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse import spreadsheet
from warehouse.errors import InputError
from warehouse.spreadsheet import OPENS_FORMULA, SHEET_ROWS, Workbook, as_text, write_csv

DANGEROUS = [f"{sign}cmd|' /C calc'!A0" for sign in OPENS_FORMULA]


@pytest.mark.parametrize("text", [*DANGEROUS, "=1+1", "@SUM(A1)", "-1", "'=1"])
def test_text_that_opens_a_formula_opens_with_an_apostrophe_in_csv(text: str) -> None:
    assert as_text(text) == f"'{text}"


@given(st.text())
def test_taking_the_apostrophe_away_gives_the_text_back(text: str) -> None:
    written = as_text(text)
    assert written is not None
    assert written.startswith(OPENS_FORMULA) is False
    assert written.removeprefix("'") == text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, None),
        (True, "true"),
        (-5, "-5"),
        (Decimal("-1234567890123456.70"), "-1234567890123456.70"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("1E+2"), "100"),
        (0.1, "0.1"),
        (date(2022, 4, 21), "2022-04-21"),
        (datetime(2022, 4, 21, 1, 2, 3), "2022-04-21T01:02:03"),
        (["FX", "ә"], '["FX", "ә"]'),
        ([], "[]"),
        ("0301", "0301"),
    ],
)
def test_a_cell_as_text_is_exact(cell: object, written: str | None) -> None:
    assert as_text(cell) == written


@given(st.lists(st.tuples(st.integers(), st.text(alphabet=st.characters(codec="utf-8")))))
def test_csv_gives_every_row_back(rows: list[tuple[int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write_csv(path, ["number", "text"], [rows])
        with path.open(encoding="utf-8", newline="") as file:
            _, *read = csv.reader(file)
    assert [(int(number), text.removeprefix("'")) for number, text in read] == rows


def written(tmp_path: Path, rows: list[tuple[Any, ...]], names: list[str]) -> Any:
    """The sheet `rows` of a workbook with these rows, read by another library."""
    book = Workbook(tmp_path / "book.xlsx")
    book.sheet("rows", names, [rows])
    book.close()
    return openpyxl.load_workbook(tmp_path / "book.xlsx")["rows"]


def test_a_workbook_keeps_numbers_dates_and_text_as_they_are(tmp_path: Path) -> None:
    cells = (
        Decimal("293656000000.07"),
        -7,
        0.1,
        True,
        date(2022, 4, 21),
        datetime(2022, 4, 21, 1, 2, 3),
        "0301",
        "https://ec.europa.eu",
        "12",
        None,
    )
    sheet = written(tmp_path, [cells], [str(n) for n in range(len(cells))])
    found = [cell.value for cell in sheet[2]]
    assert found[0] == float("293656000000.07")
    assert sheet.cell(2, 1).number_format == "#,##0.00"
    assert found[1:4] == [-7, 0.1, True]
    assert found[4:6] == [datetime(2022, 4, 21), datetime(2022, 4, 21, 1, 2, 3)]
    assert found[6:] == ["0301", "https://ec.europa.eu", "12", None]


def test_a_number_that_a_workbook_would_round_is_written_as_text(tmp_path: Path) -> None:
    exact = [Decimal("1234567890123456.78"), 12345678901234567, date(1900, 1, 1)]
    sheet = written(tmp_path, [tuple(exact)], ["a", "b", "c"])
    assert [cell.value for cell in sheet[2]] == [
        "1234567890123456.78",
        "12345678901234567",
        "1900-01-01",
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**15))
def test_a_number_written_as_a_number_comes_back_to_the_cent(value: Decimal) -> None:
    if spreadsheet.is_exact(value):
        assert Decimal(f"{float(value):.16G}").quantize(Decimal("0.01")) == value


def test_text_that_opens_a_formula_stays_text_in_a_workbook(tmp_path: Path) -> None:
    sheet = written(tmp_path, [(text,) for text in DANGEROUS], ["text"])
    for number, text in enumerate(DANGEROUS, start=2):
        cell = sheet.cell(number, 1)
        assert cell.data_type == "s"
        assert str(cell.value).replace("_x000D_", "\r") == text
        assert cell.quotePrefix


def test_text_longer_than_a_cell_is_left_out_and_told(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book.xlsx")
    book.sheet("rows", ["short", "long"], [[("a", "x" * 40_000)]])
    book.close()
    (told,) = book.left_out
    assert told.startswith("rows.long, row 2: 40,000 characters")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["rows"]
    assert "the exports as csv and parquet have them" in sheet.cell(2, 2).value


def test_more_rows_than_a_sheet_holds_are_refused_with_a_remedy() -> None:
    spreadsheet.refuse_beyond("raw.trade_flow", SHEET_ROWS)
    with pytest.raises(InputError, match=r"has 1,048,576 rows.*--format csv or parquet"):
        spreadsheet.refuse_beyond("raw.trade_flow", SHEET_ROWS + 1)


def test_a_sheet_refuses_the_first_row_it_cannot_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "SHEET_ROWS", 2)
    book = Workbook(tmp_path / "book.xlsx")
    with pytest.raises(InputError, match="table rows"):
        book.sheet("rows", ["n"], [[(1,), (2,), (3,)]])
    book.close()


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    written(tmp_path, [(1, "a")], ["n", "t"])
    before = (tmp_path / "book.xlsx").read_bytes()
    written(tmp_path, [(1, "a")], ["n", "t"])
    assert (tmp_path / "book.xlsx").read_bytes() == before


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        batches = ([(n, f"text {n}")] * 1000 for n in range(rows // 1000))
        tracemalloc.start()
        book = Workbook(tmp_path / f"{rows}.xlsx")
        book.sheet("rows", ["n", "t"], batches)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        book.close()
        return highest

    assert peak(20_000) < 1.5 * peak(5_000)
