"""What a zip of BACI holds, and the zips that are refused before a byte of them is unpacked."""

import zipfile
from pathlib import Path

import pytest

from assets.source import baci_zip
from tests.source.baci.zips import baci, members, packed
from warehouse.errors import InputError


def test_a_zip_is_one_vintage_of_one_release_with_its_years_and_tables(tmp_path: Path) -> None:
    found = baci_zip.opened(baci(tmp_path, "HS17"), "a.zip")
    assert (found.title, found.classification) == ("BACI_HS17_V202601", "H5")
    assert found.years == {y: f"BACI_HS17_Y{y}_V202601.csv" for y in (2022, 2023)}
    assert found.countries == "country_codes_V202601.csv"
    assert found.products == "product_codes_HS17_V202601.csv"


def test_members_may_stand_in_a_folder_of_the_zip(tmp_path: Path) -> None:
    inside = {f"BACI_HS22_V202601/{name}": text for name, text in members().items()}
    assert sorted(baci_zip.opened(packed(tmp_path / "a.zip", inside), "a.zip").years) == [
        2022,
        2023,
    ]


@pytest.mark.parametrize(
    "member", ["../BACI.csv", "a/../../b.csv", "/etc/passwd", "..\\b.csv", "C:/b.csv"]
)
def test_a_member_that_climbs_out_of_the_folder_is_refused_by_name(
    tmp_path: Path, member: str
) -> None:
    path = packed(tmp_path / "a.zip", {**members(), member: "x"})
    with pytest.raises(InputError, match="climbs out of the folder") as error:
        baci_zip.opened(path, "a.zip")
    assert error.value.place == f"a.zip, member {member}"


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (members(release="V202501"), "HS22 V202501 and HS22 V202601"),
        (members(vintage="HS17"), "HS17 V202601 and HS22 V202601"),
    ],
)
def test_two_releases_or_vintages_in_one_zip_are_refused(
    tmp_path: Path, other: dict[str, str], told: str
) -> None:
    with pytest.raises(InputError, match=f"holds {told}: releases and vintages never mix"):
        baci_zip.opened(packed(tmp_path / "a.zip", {**other, **members()}), "a.zip")


def test_a_table_of_codes_of_another_release_is_refused(tmp_path: Path) -> None:
    content = members()
    content["country_codes_V202501.csv"] = content.pop("country_codes_V202601.csv")
    with pytest.raises(InputError, match="is not of V202601, as the years are"):
        baci_zip.opened(packed(tmp_path / "a.zip", content), "a.zip")


def test_a_bomb_is_refused_by_its_list_of_members(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {**members(), "bomb.csv": "0" * 50_000_000})
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="claims to unpack"):
        baci_zip.opened(path, "a.zip")


def test_a_member_that_unpacks_to_more_than_it_claims_is_damaged(tmp_path: Path) -> None:
    """The list of members is a claim: what is read beyond it never comes."""
    path = baci(tmp_path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        member = file.infolist()[0]
    entry = content.find(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (member.file_size - 20).to_bytes(4, "little")
    path.write_bytes(content)
    found = baci_zip.opened(path, "a.zip")
    with (
        pytest.raises(InputError, match="is damaged"),
        baci_zip.reading(found, found.years[2022]) as f,
    ):
        f.read()


def test_a_zip_cut_short_is_told_also_where_its_name_says_nothing(tmp_path: Path) -> None:
    path = baci(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    cut = path.rename(tmp_path / "download.part")
    assert baci_zip.is_baci(cut)
    with pytest.raises(InputError, match="is cut short or no zip") as error:
        baci_zip.opened(cut, "download.part")
    assert error.value.remedy == "Download the zip again from CEPII, and leave it packed"


def test_more_members_than_baci_has_are_refused(tmp_path: Path) -> None:
    many = {f"{n}.csv": "" for n in range(201)}
    with pytest.raises(InputError, match="far more than BACI has"):
        baci_zip.opened(packed(tmp_path / "a.zip", {**members(), **many}), "a.zip")


def test_other_zips_are_not_taken_for_baci(tmp_path: Path) -> None:
    assert not baci_zip.is_baci(packed(tmp_path / "a.xlsx", {"xl/workbook.xml": "<x/>"}))
