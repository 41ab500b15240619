"""A user's lists of products and CIF margins: what is read, what is refused, and where it shows."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from assets.source import own_file
from pipelines.cli import main
from warehouse.errors import InputError
from warehouse.house import House

LIST = "list,product,tier,hs2017\nbatteries,850760,A,850760\nbatteries,8507,,\n"
MARGINS = "importer,exporter,product,year,margin\nKAZ,DEU,8471,2021,0.043\nKAZ,DEU,TOTAL,2021,.05\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House("headline", tmp_path, (), (2021, 2022))


def listed(house: House, text: str) -> House:
    path = house.root / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return replace(house, lists=str(path))


def margined(house: House, text: str) -> House:
    path = house.root / "margins.csv"
    path.write_text(text, encoding="utf-8")
    return replace(house, margins=str(path))


def test_without_files_both_tables_are_empty(house: House) -> None:
    assert len(own_file.lists(house)) == len(own_file.margins(house)) == 0
    assert own_file.given(house) == []


def test_a_list_is_read_with_what_it_does_not_say(house: House) -> None:
    rows = own_file.lists(listed(house, LIST)).values.tolist()
    assert rows == [
        ["batteries", "1", "H6", "850760", "A", "850760", "850760"],
        ["batteries", "1", "H6", "8507", None, "8507", None],
    ]


@pytest.mark.parametrize(
    "text", [LIST.replace(",", ";"), "\ufeff" + LIST, LIST.replace("\n", "\r\n")]
)
def test_separators_marks_and_line_ends_make_no_difference(house: House, text: str) -> None:
    assert own_file.lists(listed(house, text)).equals(own_file.lists(listed(house, LIST)))


@pytest.mark.parametrize(
    ("text", "place", "finding"),
    [
        ("list,product\nmine,85\n", "row 2, product", "not 4 or 6 digits"),
        ("list,product\nmine,123456\nmine,8507.60\n", "row 3, product", "8507.60"),
        ("list,product\nCHPL,854231\n", "row 2, list", "a list of the project"),
        ("list,product\n,854231\n", "row 2, list", "empty"),
        ("list,product,hs2017\nmine,854231,85\n", "row 2, hs2017", "'85'"),
        ("list,product,classification\nmine,854231,HS\n", "classification", "not H0 to H6"),
        ("list,product,classification,hs2017\nm,854231,H5,854231\n", "hs2017", "not of H6"),
        ("list,produkt\nmine,854231\n", "mine.csv", "produkt"),
        ("list,product\nmine,854231\nmine,854231\n", "mine, 1, H6, 854231", "twice"),
        ("list,product\n", "mine.csv", "no rows"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(
    house: House, text: str, place: str, finding: str
) -> None:
    with pytest.raises(InputError) as refused:
        own_file.lists(listed(house, text))
    assert place in refused.value.place
    assert finding in refused.value.finding


def test_margins_are_read_as_printed(house: House) -> None:
    rows = own_file.margins(margined(house, MARGINS)).values.tolist()
    assert rows == [["KAZ", "DEU", "8471", "2021", "0.043"], ["KAZ", "DEU", "TOTAL", "2021", ".05"]]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("KAZ,GER,8471,2021,0.04", "row 2, exporter"),
        ("KAZ,DEU,847150,2021,0.04", "row 2, product"),
        ("KAZ,DEU,8471,21,0.04", "row 2, year"),
        ("KAZ,DEU,8471,2021,4%", "row 2, margin"),
        ("KAZ,DEU,8471,2021,-0.04", "row 2, margin"),
    ],
)
def test_a_margin_that_cannot_be_used_says_where(house: House, row: str, place: str) -> None:
    with pytest.raises(InputError) as refused:
        own_file.margins(margined(house, f"importer,exporter,product,year,margin\n{row}\n"))
    assert place in refused.value.place


def test_a_kept_build_reads_the_bytes_it_kept(house: House) -> None:
    with_list = listed(house, LIST)
    (entry,) = own_file.given(with_list)
    pinned = house.root / "inputs.json"
    pinned.write_text(
        json.dumps([{"source": "own_list", "url": "mine.csv", "sha256": entry.sha256}])
    )
    Path(with_list.lists).unlink()
    again = own_file.lists(replace(house, pinned=str(pinned)))
    assert again["product"].tolist() == ["850760", "8507"]
    assert len(own_file.margins(replace(house, pinned=str(pinned)))) == 0


def test_a_file_that_is_not_there_ends_the_run_with_3(tmp_path: Path) -> None:
    command = ["run", "--profile", "headline", "--root", str(tmp_path), "--lists", "nowhere.csv"]
    ended = CliRunner().invoke(main, command)
    assert (ended.exit_code, "nowhere.csv" in ended.output) == (3, True)


@pytest.mark.slow
def test_a_list_stands_in_the_published_file_with_its_provenance(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("list,product\nmine,8542\n", encoding="utf-8")
    command = ["run", "--profile", "headline", "--root", str(tmp_path)]
    assert CliRunner().invoke(main, [*command, "--lists", str(path)]).exit_code == 0
    asked = "select product_group, product from mart.product_group where list_source like '%given%'"
    file = "select url, sha256 <> '' from meta.source_file where source = 'own_list'"
    with duckdb.connect(str(tmp_path / "headline.duckdb"), read_only=True) as connection:
        assert connection.execute(asked).fetchall() == [("mine", "8542")]
        assert connection.execute(file).fetchall() == [("mine.csv", True)]
    assert CliRunner().invoke(main, command).exit_code == 0
    with duckdb.connect(str(tmp_path / "headline.duckdb"), read_only=True) as connection:
        assert connection.execute(asked).fetchall() == []
