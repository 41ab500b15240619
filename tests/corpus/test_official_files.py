"""Damaged files of the publishers in a folder that a person gives to profile official."""

import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from assets.source import official as source
from tests.corpus.stages import asked, from_folder, furnished
from tests.source.official.files import Rows, workbook
from tests.source.official.test_kz_bns import COUNTRIES, sheet
from warehouse.errors import InputError
from warehouse.house import House

EXTRACT = "REPORTER,PARTNER,PRODUCT,FLOW,PERIOD,VALUE_IN_EUR,NOTE"
LINE = "{reporter},Kazakhstan,Total,EXPORT,Jan.-Dec. 2022,{value},"
IMTS = "DATASET,COUNTRY.ID,INDICATOR.ID,COUNTERPART_COUNTRY.ID,FREQUENCY.ID,SCALE.ID,2022,2023"
SERIES = "IMF.STA:IMTS(1.0.0),KAZ,MG_CIF_USD,{partner},A,6,{value},"


def table(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def line(value: str = "700", reporter: str = "Germany") -> str:
    return LINE.format(value=value, reporter=reporter)


def comext(*rows: str) -> bytes:
    return table(EXTRACT, line(), *rows)


def long_extract() -> list[str]:
    """A hundred rows, so that what follows them stands far from the header."""
    return [line().replace("2022", str(year)) for year in range(1900, 2000)]


def imts(*rows: str, header: str = IMTS) -> bytes:
    return table(header, SERIES.format(partner="CHN", value="700"), *rows)


def bns(countries: Rows = COUNTRIES, unit: str = "тыс. долларов США", title: str = "2022 год"):
    return workbook({"2022": sheet(countries, unit, title)})


def changed(row: int, column: int, cell: object) -> Rows:
    """The countries with another text in a cell."""
    rows = [list(cells) for cells in COUNTRIES]
    rows[row][column] = cell
    return rows


def far_cell() -> bytes:
    """A workbook of 5 KB whose two cells span seventeen billion."""
    return workbook({"2022": sheet()}, lambda book: book["2022"].cell(1_048_576, 16_384, 1))


def rewritten(old: bytes, new: bytes, formula: object = 2000) -> bytes:
    """A workbook whose first sheet's XML is written otherwise."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bns(changed(0, 3, formula)))) as book,
        zipfile.ZipFile(target, "w") as out,
    ):
        for part in book.namelist():
            content = book.read(part)
            if part.startswith("xl/worksheets/"):
                assert old in content
                content = content.replace(old, new)
            out.writestr(part, content)
    return target.getvalue()


def zeros() -> bytes:
    """A workbook that unpacks to 300 MB."""
    target = io.BytesIO(bns())
    book = zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED)
    with book, book.open("xl/media/image1.bmp", "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    return target.getvalue()


def locked() -> bytes:
    """A workbook whose parts say that they are encrypted."""
    content = bytearray(bns())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


# What stands in the folder alone, and the words that name it and say what is wrong.
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b" \r\n\r\n", "is empty"),
    "empty.json": (b"{}", "neither a workbook nor a text table"),
    "error page.csv": (b"<!DOCTYPE html><h1>403</h1>", "is a web page"),
    "error page with a mark.xls": (b"\xef\xbb\xbf\n<html><h1>403</h1>", "is a web page"),
    "error page in XML.csv": (b'<?xml version="1.0"?><Error/>', "is a web page"),
    "NUL bytes.csv": (bytes(500), "neither a workbook nor a text table"),
    "NUL in a value.csv": (comext(line("5\x00")), "neither a workbook nor a text table"),
    "UTF-16.csv": (comext().decode().encode("utf-16"), "neither a workbook nor a text table"),
    "separated by bars.csv": (comext().replace(b",", b"|"), "neither a workbook nor"),
    "gzip cut short.csv.gz": (gzip.compress(comext())[:-20], "neither a workbook nor"),
    "gzip with a broken body.gz": (
        gzip.compress(comext())[:15] + b"\xff" * 50,
        "neither a workbook nor",
    ),
    "gzip that unpacks to 300 MB.gz": (gzip.compress(bytes(300_000_000), 1), "neither a work"),
    "header without values.csv": (comext().replace(b"VALUE_IN_EUR", b"QUANTITY"), "has columns"),
    "workbook cut short.xlsx": (bns()[:3000], "no readable workbook"),
    "workbook with a password.xlsx": (locked(), "no readable workbook"),
    "old workbook of garbage.xls": (b"\xd0\xcf\x11\xe0" + b"\xff" * 600, "no readable workbook"),
    "workbook of two far cells.xlsx": (far_cell(), "a sheet of 1048576 rows and 16384 columns"),
    "workbook that unpacks to 300 MB.xlsx": (zeros(), "unpacks to more than 200 MB"),
    "workbook of formulas.xlsx": (bns(changed(0, 3, "=D7+D8")), "a formula without its result"),
    "formula in another order.xlsx": (
        rewritten(b'<c r="D6"', b'<c s="0" r="D6"', "=D7+D8"),
        "a formula without its result (sheet1.xml, cell D6): Open",
    ),
    "far cell in another order.xlsx": (
        rewritten(b'<c r="G6"', b'<c s="0" r="XFD1048576"'),
        "a sheet of 1048576 rows and 16384 columns",
    ),
    "sheet of entities.xlsx": (
        rewritten(b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet '),
        "declares entities",
    ),
    "workbook of another table.xlsx": (workbook({"Rent": [["a", 1]]}), "has sheets Rent"),
    "header alone.csv": (table(EXTRACT), "no row of all procedures"),
    "unknown reporter.csv": (comext(line(reporter="Narnia")), "row 3, column REPORTER"),
    "national code.csv": (comext(line().replace("Total", "85423190")), "row 3, column PRODUCT"),
    "unknown flow.csv": (comext(line().replace("EXPORT", "TRANSIT")), "row 3, column FLOW"),
    "unknown period.csv": (comext(line().replace("2022", "last year")), "row 3, column PERIOD"),
    "second header.csv": (comext(EXTRACT), "row 3, column PERIOD"),
    "swapped columns.csv": (
        comext(line().replace("Total,EXPORT", "EXPORT,Total")),
        "row 3, column",
    ),
    "two values of a month.csv": (
        table(EXTRACT, *[line(v).replace("Jan.-Dec.", "Jan.") for v in ("1", "2")]),
        "row 3: 2 for a month that row 2 gives as 1",
    ),
    "unknown scale.csv": (imts(SERIES.replace(",6,", ",7,")), "row 3, column SCALE.ID"),
    "unknown counterpart.csv": (
        imts(SERIES.format(partner="ZZZ", value="5")),
        "row 3, column COUNTERPART_COUNTRY.ID",
    ),
    "changed unit.xlsx": (bns(unit="млн. долларов США"), "sheet 2022, cell E3"),
    "unit in tenge.xlsx": (bns(unit="млн. тенге"), "not US dollars"),
    "no unit.xlsx": (bns(unit=""), "sheet 2022"),
    "no total.xlsx": (bns(COUNTRIES[1:]), "sheet 2022, cell D4: no row with a total"),
    "no year.xlsx": (workbook({"Лист1": sheet(title="за год")}), "no year stated"),
    "two years.xlsx": (bns(title="2021 год"), "years"),
    "unknown country.xlsx": (bns(changed(2, 0, "Нарния")), "sheet 2022, cell A8"),
    "lost digit.xlsx": (bns(changed(2, 3, 200_000)), "does not add up"),
    "thousands by commas.xlsx": (bns(changed(2, 3, "2,000")), "does not add up"),
}
# A row that does not fit its header: file and row are named, and its text is shown.
UNFIT: dict[str, tuple[bytes, str]] = {
    "unquoted thousands": (comext(line("1,234")), "row 3: has 8 cells where the header has 7"),
    "row cut short": (comext("Germany,Kazakhstan"), "row 3: has 2 cells where the header has 7"),
    "a column twice": (comext().replace(b"NOTE", b"VALUE_IN_EUR"), "row 1: names a column twice"),
    "a shifted series": (imts(SERIES.replace("CHN", "x").format(partner="RUS,", value="5") + "9"),
                         "row 3: has 9 cells where the header has 8"),
    "ten million digits in a cell": (comext(line("9" * 10_000_000)), "a cell longer than any"),
    "zeros behind the last row": (comext(*long_extract()) + bytes(5_000), "row 103: has 1 cells"),
    "gzip with megabytes of zeros behind its last row": (
        gzip.compress(comext(*long_extract()) + bytes(5_000_000)),
        "a cell longer than any",
    ),
}  # fmt: skip

UNREADABLE = ("negative_or_null_value", "unit_not_convertible")
QUARANTINED: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "decimal comma": (comext(line('"5,25"', "France")), UNREADABLE),
    "thousands by commas": (comext(line('"1,234,567"', "France")), UNREADABLE),
    "thousands by dots": (comext(line("1.234.567", "France")), UNREADABLE),
    "exponent": (comext(line("1e5", "France")), UNREADABLE),
    "NaN": (comext(line("NaN", "France")), UNREADABLE),
    "Infinity": (comext(line("inf", "France")), UNREADABLE),
    "a thousand digits": (comext(line("9" * 1000, "France")), UNREADABLE),
    "negative": (comext(line("-5", "France")), ("negative_or_null_value",)),
    "the same row twice": (comext(line()), ("duplicate_key",)),
    "Comext mark and trailing comma": (
        b"\xef\xbb\xbf" + table(EXTRACT, line() + ",", line("x", "France") + ","),
        UNREADABLE,
    ),
    "Comext in Latin-1": (
        comext(line("x", "France")).replace(b"x,\n", "x,é\n".encode("latin-1")),
        UNREADABLE,
    ),
    "IMTS decimal comma": (imts(SERIES.format(partner="RUS", value='"5,25"')), UNREADABLE),
    "IMTS NaN": (imts(SERIES.format(partner="RUS", value="NaN")), UNREADABLE),
    "IMTS with itself": (
        imts(SERIES.format(partner="KAZ", value="5")),
        ("trade_with_oneself",),
    ),
    "IMTS estimate": (imts(SERIES.format(partner="RUS", value="5.123456789")), ("not_reported",)),
    "IMTS beyond eighteen digits": (
        imts(SERIES.format(partner="RUS", value="9" * 18)),
        UNREADABLE,
    ),
}


def run(house: House, folder: Path, name: str, content: bytes) -> InputError:
    (folder / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        source.download(house)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    official: House, folder: Path, name: str
) -> None:
    content, finding = REFUSED[name]
    error = run(official, folder, name, content)
    assert name in f"{error.place} {error.finding}"
    assert finding in str(error)


@pytest.mark.parametrize("name", UNFIT)
def test_a_row_that_does_not_fit_its_header_is_named(
    official: House, folder: Path, name: str
) -> None:
    content, finding = UNFIT[name]
    told = str(run(official, folder, name, content))
    assert name in told
    assert finding in told


@pytest.mark.parametrize("name", QUARANTINED)
def test_a_bad_row_is_quarantined_beside_the_good_one(
    reference: House, tmp_path: Path, folder: Path, name: str
) -> None:
    content, reasons = QUARANTINED[name]
    (folder / "given.csv").write_bytes(content)
    house = furnished(reference, tmp_path, folder, years=(2022,))
    [outcome] = from_folder(house).values()
    assert outcome.refused == {reasons: 1}
    [value] = outcome.kept
    assert value in (700_000_000, (700 * rate(house)).quantize(Decimal("0.01")))


def rate(house: House) -> Decimal:
    """Dollars per euro of 2022."""
    path = house.store.path("reference.eur_usd_annual")
    [[found]] = asked(f"select usd_per_eur from '{path}' where year = 2022")
    return Decimal(found)


def test_a_file_too_large_for_any_of_these_tables_is_never_read(
    official: House, folder: Path
) -> None:
    with (folder / "large.xls").open("wb") as file:
        file.truncate(200_000_001)
    with pytest.raises(InputError, match=r"large\.xls: is larger than 200 MB"):
        source.download(official)


def test_a_part_that_climbs_out_of_a_workbook_is_written_nowhere(
    official: House, folder: Path
) -> None:
    """A workbook is read in memory: nothing of it is unpacked to disk, wherever its names point."""
    outside = [folder.parents[1] / "climbed.txt", folder.parent / "climbed.txt"]
    target = io.BytesIO(bns())
    with zipfile.ZipFile(target, "a") as book:
        book.writestr("../../climbed.txt", "out")
        book.writestr(str(outside[1]), "out")
    (folder / "climbing.xlsx").write_bytes(target.getvalue())
    source.download(official)
    assert [path for path in outside if path.exists()] == []


def test_a_date_for_a_product_is_refused(official: House, folder: Path) -> None:
    content = comext(line().replace("Total", "01.03.2022"))
    assert "row 3, column PRODUCT" in str(run(official, folder, "date.csv", content))


def test_links_that_climb_out_of_the_folder_are_not_read(official: House, folder: Path) -> None:
    outside = folder.parent / "secret.csv"
    outside.write_bytes(comext())
    (folder / "climbing.csv").symlink_to(outside)
    (folder / "climbing dots.csv").symlink_to("../secret.csv")
    with pytest.raises(InputError, match=r"climbing dots\.csv: is a link that leads out"):
        source.download(official)
