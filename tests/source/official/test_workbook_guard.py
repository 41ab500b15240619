"""Sheets are bounded whatever the form of their workbook."""

from pathlib import Path

import pytest

from assets.source import workbook, workbook_guard
from warehouse.errors import InputError


def test_an_old_workbook_is_bounded_before_its_cells_become_objects(
    real_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sorted((real_files / "kz_bns").glob("*.xls"))[0]
    content = path.read_bytes()
    monkeypatch.setattr(workbook_guard, "MOST_CELLS", 100)
    workbook._contents.cache_clear()
    with pytest.raises(InputError, match=r"a sheet of \d+ rows and \d+ columns") as caught:
        workbook.sheets(content, path.name)
    workbook._contents.cache_clear()
    assert caught.value.place.startswith(f"{path.name}, sheet ")


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (28, "AB"), (16_384, "XFD")])
def test_columns_are_named_as_spreadsheets_do(column: int, name: str) -> None:
    assert workbook_guard.letters(column) == name
