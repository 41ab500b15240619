"""A folder of files under any names: what is recognised, what is not, and the words for it."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from assets.raw import source_file
from assets.source import eurostat, input_folder, kz_bns, official, publications, ru_fcs
from assets.source.publications import Known, PassedOver, Received
from pipelines import cli, profiles
from tests.source.official.files import workbook
from tests.source.official.test_kz_bns import sheet
from warehouse.errors import InputError
from warehouse.house import House

ERROR_PAGE = b"\n<!DOCTYPE html><html><body><h1>403 Forbidden</h1></body></html>"
EXTRACT = b"REPORTER,PARTNER,PRODUCT,FLOW,PERIOD,VALUE_IN_EUR\nGermany,Kazakhstan,Total,EXPORT,"
EXTRACT += b"Jan.-Dec. 2022,5\n"


def bns(year: int = 2022) -> bytes:
    return workbook({str(year): sheet(title=f"{year} год")})


def sorted_out(folder: Path) -> tuple[dict[str, Known], dict[str, str]]:
    files = list(publications.sorted_out(input_folder.files(folder)))
    known = {file.file.address: file for file in files if isinstance(file, Known)}
    return known, {file.address: file.reason for file in files if isinstance(file, PassedOver)}


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def house(root: Path, inputs: Path) -> House:
    return profiles.house("official", root, inputs=str(inputs))


def test_real_files_are_told_by_their_content_under_shuffled_names(real_files: Path) -> None:
    folders = ("kz_bns", "ru_fcs", "eurostat", "imf_imts")
    paths = [path for folder in folders for path in sorted((real_files / folder).iterdir())]
    names = [path.name for path in paths]
    shuffled = zip(paths, names[7:] + names[:7], strict=True)
    files = [Received(name, path.read_bytes(), "2024-01-01T00:00:00Z") for path, name in shuffled]
    for path, file in zip(paths, files, strict=True):
        (found,) = publications.sorted_out([file])
        if path.name == "WEB_UTSA_02.xlsx":  # goods of January 2022, by no flow and year
            assert isinstance(found, PassedOver)
        else:
            assert isinstance(found, Known)
            assert found.source == path.parent.name


def test_what_is_not_recognised_is_told_with_the_reason(tmp_path: Path) -> None:
    files = {
        "table.xls": ERROR_PAGE,
        "empty.csv": b" \n",
        "notes.bin": b"\x00\x01\x02",
        "broken.xlsx": b"PK\x03\x04 cut short",
        "budget.xlsx": workbook({"Budget": [["rent", 5]]}),
        "other.csv": b"year,value\n2022,1\n",
        "one_line.json": b'{"a": ' + b"1" * 200_000 + b"}",
        "deep/er/any name at all": bns(),
    }
    known, reasons = sorted_out(fill(tmp_path, files))
    assert list(known) == ["deep/er/any name at all"]
    assert "web page" in reasons["table.xls"]
    assert reasons["empty.csv"] == "is empty"
    assert "neither a workbook nor a text table" in reasons["notes.bin"]
    assert "no readable workbook" in reasons["broken.xlsx"]
    assert "has sheets Budget" in reasons["budget.xlsx"]
    assert "has columns year, value" in reasons["other.csv"]
    assert "one_line.json" in reasons


def test_the_same_bytes_under_two_names_count_once(tmp_path: Path) -> None:
    content = bns()
    known, reasons = sorted_out(fill(tmp_path, {"a.xls": content, "b/copy.xls": content}))
    assert list(known) == ["a.xls"]
    assert reasons == {"b/copy.xls": "the same bytes as a.xls"}


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, {"outside/secret.xls": bns(), "inside/real.xls": bns(2021)})
    folder = tmp_path / "inside"
    (folder / "climbing.xls").symlink_to(tmp_path / "outside" / "secret.xls")
    (folder / "climbing").symlink_to(tmp_path / "outside")
    (folder / "nowhere.xls").symlink_to(folder / "missing.xls")
    (folder / "loop").symlink_to(folder)
    known, reasons = sorted_out(folder)
    assert list(known) == ["real.xls"]
    assert set(reasons) == {"climbing", "climbing.xls", "loop", "nowhere.xls"}
    assert all("leads out" in reasons[name] for name in ("climbing", "climbing.xls"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    fill(tmp_path, {"mine.xls": bns()})
    (tmp_path / "mine.xls").chmod(0)
    assert "cannot be read" in sorted_out(tmp_path)[1]["mine.xls"]


@pytest.mark.parametrize("kind", ["missing", "empty", "a file"])
def test_a_folder_that_cannot_be_used_is_exit_code_3(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "given"
    finding = {"missing": "does not exist", "empty": "is empty", "a file": "is a file"}[kind]
    if kind != "missing":
        folder.mkdir() if kind == "empty" else folder.touch()
    words = ["run", "--profile", "official", "--inputs", str(folder), "--root", str(tmp_path)]
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 3, done.output
    assert finding in done.output
    assert "Give --inputs a folder" in done.output


def test_a_table_that_is_wrong_stops_the_run_with_its_file_sheet_and_cell(tmp_path: Path) -> None:
    folder = fill(tmp_path / "given", {"b.xls": bns()})
    wrong = workbook({"2021": sheet(unit="млн. долларов США", title="2021 год")})
    fill(folder, {"nested/a.xlsx": wrong})
    words = ["run", "--profile", "official", "--inputs", str(folder), "--root", str(tmp_path)]
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 3, done.output
    assert "nested/a.xlsx, sheet 2021, cell E3" in done.output


def test_other_profiles_take_no_folder(tmp_path: Path) -> None:
    words = ["run", "--profile", "headline", "--inputs", str(tmp_path), "--root", str(tmp_path)]
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 3, done.output
    assert "--profile official" in done.output


def test_a_folder_with_no_file_of_the_publishers_says_what_was_in_it(tmp_path: Path) -> None:
    folder = fill(tmp_path / "given", {"table.xls": ERROR_PAGE})
    with pytest.raises(InputError, match=r"table\.xls: is a web page"):
        official.download(house(tmp_path, folder))


def test_files_are_archived_with_publisher_release_and_terms(tmp_path: Path) -> None:
    folder = fill(tmp_path / "given", {"x": bns(), "2024-11-25/y": EXTRACT})
    home = house(tmp_path, folder)
    entries = {entry.address: entry for entry in official.download(home)}
    assert entries["x"].source == kz_bns.SOURCE
    assert entries["x"].release == "2022-12 edition"
    assert entries["2024-11-25/y"].source == eurostat.SOURCE
    assert entries["2024-11-25/y"].release == "2024-11-25 download"
    assert "2011/833/EU" in entries["2024-11-25/y"].licence
    assert home.archive.read(entries["2024-11-25/y"].sha256) == EXTRACT
    again = source_file.rows(home)
    assert set(again[again["source"] != "reference"]["url"]) == {"x", "2024-11-25/y"}
    assert official.download(home) == [entries["2024-11-25/y"], entries["x"]]


@pytest.mark.parametrize(
    "releases",
    [
        ["2019-12 edition", "2020-12 edition", "2022-12 edition", "2024-07-25", "2024-12 edition"],
        ["2022-12 edition", "2023-02-15", "2023-07-25"],
        [
            "2020-12 edition, series by year", "2021 edition, main countries by month",
            "2021-12 edition of general totals", "2021-12 edition, by month",
            "2021-12 edition, series by year", "2022-01 edition, by month",
            "2022-12 edition, by chapter", "2023-12 edition, by continent",
        ],
        [eurostat.UNDATED, "2024-11-16 download", "2024-11-25 download"],
    ],
)  # fmt: skip
def test_releases_sorted_as_text_are_sorted_by_time(releases: list[str]) -> None:
    assert sorted(releases) == releases


def test_no_publisher_takes_anothers_file() -> None:
    content = bns()
    assert kz_bns.recognise("x", content)
    others = [module for module in publications.PUBLISHERS.values() if module is not kz_bns]
    assert ru_fcs in others
    assert not any(module.recognise("x", content) for module in others)
