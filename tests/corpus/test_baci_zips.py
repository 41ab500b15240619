"""Damaged zips of BACI in a folder that a person gives to profile baci."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.compute.build import build
from pipelines.tables import tables
from tests.corpus.stages import Outcome, asked, furnished, judged
from tests.source.baci.zips import baci, members, packed
from warehouse.errors import InputError
from warehouse.house import House

GOOD = "2022,156,398,854231,0.700,0.01"
MEMBER = "BACI_HS22_Y2022_V202601.csv"


@pytest.fixture
def home(reference: House, tmp_path: Path) -> House:
    plain = furnished(reference, tmp_path)
    inputs = str(tmp_path / "given")
    return House(plain.profile, plain.root, ("baci",), plain.years, inputs=inputs)


def through(home: House) -> Outcome:
    """What became of the zip's rows, once through stage 1 and 2."""
    for name in ("raw.source_file", "raw.baci_country", "raw.baci_product", "raw.trade_flow"):
        build(tables()[name], home, home.years)
    (outcome,) = judged(home).values()
    return outcome


def given(home: House, *rows: str) -> None:
    baci(Path(home.inputs), years={2022: rows})


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ("2022,,643,854231,5,1", ["unknown_reporter"]),
        ("2022,156,,854231,5,1", ["unknown_partner"]),
        ("2022,156,0,854231,5,1", ["unknown_partner"]),
        ("2022,998,643,854231,5,1", ["unknown_reporter"]),
        ("2022,156,643,,5,1", ["wrong_digit_count"]),
        ("2022,156,643,10420,5,1", ["wrong_digit_count"]),
        ("2022,156,643,847130,5,1", ["code_not_in_vintage"]),
        ("2022,156,643,854231,,1", ["negative_or_null_value", "unit_not_convertible"]),
        ("2022,156,643,854231,lots,1", ["negative_or_null_value", "unit_not_convertible"]),
        ("2022,156,643,854231,-5,1", ["negative_or_null_value"]),
        ("2022,156,643,854231,5,-1", ["weight_zero_or_negative"]),
        ("2021,156,643,854231,5,1", ["impossible_year"]),
        ("2022,156,156,854231,5,1", ["trade_with_oneself"]),
        ("2022,58,643,854231,5,1", ["group_row"]),
        (GOOD, ["duplicate_key"]),
        ("2022,156,398,854231,9.900,0.01", ["duplicate_key"]),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_the_reason_and_its_neighbours_stay(
    home: House, row: str, reasons: Sequence[str]
) -> None:
    given(home, GOOD, row, "2022,398,643,854231,1.1,")
    outcome = through(home)
    assert sorted(outcome.kept) == [Decimal(700), Decimal(1100)]
    assert outcome.refused == {tuple(reasons): 1}


@pytest.mark.parametrize(
    ("content", "place", "finding"),
    [
        (
            {MEMBER: f"t,i,j,k,q,v\n{GOOD}\n"},
            f"BACI_HS22_V202601.zip, member {MEMBER}, row 1",
            "and not 't,i,j,k,v,q'",
        ),
        (
            {MEMBER: f"t,i,j,k,v,q\n{GOOD}\n2022,156,643,8542"},
            f"BACI_HS22_V202601.zip, member {MEMBER}, row 3",
            "has 4 cells",
        ),
        (
            {"../" + MEMBER: "t,i,j,k,v,q\n"},
            f"BACI_HS22_V202601.zip, member ../{MEMBER}",
            "climbs out",
        ),
        (members(release="V202501"), "BACI_HS22_V202601.zip", "releases and vintages never mix"),
    ],
)
def test_a_zip_that_cannot_be_used_stops_with_zip_member_and_row(
    home: House, content: dict[str, str], place: str, finding: str
) -> None:
    packed(Path(home.inputs) / "BACI_HS22_V202601.zip", {**members(), **content})
    with pytest.raises(InputError, match=finding) as error:
        through(home)
    assert error.value.place == place
    assert error.value.remedy.startswith("Download the zip again")


def test_a_zip_cut_short_stops_the_run(home: House) -> None:
    path = baci(Path(home.inputs))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match="is cut short"):
        through(home)


def test_a_product_table_that_lost_its_zeros_gets_them_back(home: House) -> None:
    spreadsheet = {
        "product_codes_HS22_V202601.csv": "code,description\n10420,Goats\n854231,Chips\n"
    }
    rows = {2022: ["2022,156,398,010420,5,1", GOOD]}
    packed(Path(home.inputs) / "a.zip", {**members(rows), **spreadsheet})
    assert through(home).refused == {}
    table = home.store.path("raw.baci_product")
    found = asked(f"select product, printed from '{table}' order by 1")
    assert found == [("010420", "10420"), ("854231", "854231")]


def test_the_country_table_shows_what_baci_prints_beside_the_code_used(home: House) -> None:
    given(home, GOOD)
    through(home)
    table = home.store.path("raw.baci_country")
    found = asked(
        f"select printed_iso3, code from '{table}' where number in ('58', '490') order by 2"
    )
    assert found == [(None, "S19"), ("BEL", "XBL")]
