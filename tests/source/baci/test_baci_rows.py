"""The rows of a zip as they come out in Parquet: units, codes, unreadable cells, order, bytes."""

import hashlib
import json
import random
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.reference import country
from assets.source import baci_rows, baci_zip
from assets.source.baci_rows import Held
from pipelines.tables import tables
from tests.source.baci.zips import HEADER, members, packed, text
from warehouse.errors import InputError

RAW = tables()["raw.trade_flow"]
COLUMNS = [column.name for column in RAW.columns]
NUMBERS = {"490": "S19", "251": "FRA", "842": "USA", "757": "CHE", "579": "NOR", "699": "IND"}
NUMBERS |= {"58": "XBL", "711": "XZC", "736": "XSD", "729": "SDN"}
CODES = {one.m49: one.code for one in country.rows().itertuples() if one.m49}


def written(
    folder: Path, *rows: str, touching: frozenset[str] | None = None, member: str = ""
) -> list[dict[str, object]]:
    """The rows of 2023 after a way through a zip and Parquet."""
    content = members({2022: ["2022,156,398,854231,1,1"], 2023: rows})
    if member:
        content["BACI_HS22_Y2023_V202601.csv"] = member
    found = baci_zip.opened(packed(folder / "a.zip", content), "a.zip")
    target = folder / "2023.parquet"
    baci_rows.write(target, COLUMNS, [Held(found, "f" * 64)], 2023, CODES, touching)
    frame = duckdb.connect().execute(f"from '{target}'").df()
    return frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[return-value]


def test_thousands_of_dollars_and_tons_become_dollars_and_kilograms(tmp_path: Path) -> None:
    (row,) = written(tmp_path, "2023,156,398,010420,1234567.891,2.5")
    assert row["value_usd"] == 1234567891.0
    assert row["net_weight_kg"] == 2500.0
    assert (row["reporter"], row["partner"], row["flow"]) == ("CHN", "KAZ", "X")
    assert (row["product"], row["classification"], row["year"]) == ("010420", "H6", 2023)
    assert (row["release"], row["file_row"], row["valuation"]) == ("V202601", 2, "FOB")
    assert row["is_reported"] is None
    assert list(row["flags"]) == ["PROVISIONAL"]  # type: ignore[call-overload]


def test_value_is_exact_to_the_cent_where_floats_are_not(tmp_path: Path) -> None:
    target = tmp_path / "2023.parquet"
    written(tmp_path, "2023,156,398,010420,123456789012.347,1")
    (value,) = duckdb.connect().execute(f"select value_usd from '{target}'").fetchone() or ()
    assert value == Decimal("123456789012347.00")


@pytest.mark.parametrize(
    ("printed", "dollars"),
    [("  7.5", 7500), ("1e+03", 1_000_000), ("2.0399999999999996", 2040), ("0.001", 1)],
)
@pytest.mark.parametrize("beside", ["2023,156,398,854231,1,1", "2023,156,398,854231,x,1"])
def test_a_number_is_read_however_it_is_printed_and_whatever_stands_beside_it(
    tmp_path: Path, printed: str, dollars: int, beside: str
) -> None:
    _, row = written(tmp_path, beside, f"2023,156,398,854231,{printed},1")
    assert row["value_usd"] == dollars


@pytest.mark.parametrize("blank", ["", "   ", "NA"])
def test_a_blank_quantity_is_unknown_and_no_fault(tmp_path: Path, blank: str) -> None:
    (row,) = written(tmp_path, f"2023,156,398,854231,1,{blank}")
    assert row["net_weight_kg"] is None
    assert row["quantity"] is None
    assert row["original"] is None


def test_a_quantity_rounded_to_nothing_is_no_weight_and_yet_no_blank(tmp_path: Path) -> None:
    rounded, known = written(tmp_path, "2023,156,398,854231,1,0.000", "2023,156,398,854231,1,0.001")
    assert rounded["net_weight_kg"] is None
    assert (rounded["quantity"], rounded["quantity_unit"]) == (0, "t")
    assert (known["net_weight_kg"], known["quantity"], known["quantity_unit"]) == (1, None, None)


@pytest.mark.parametrize(
    ("number", "code"),
    sorted(NUMBERS.items()),
)
def test_the_number_decides_which_country_it_is(tmp_path: Path, number: str, code: str) -> None:
    (row,) = written(tmp_path, f"2023,{number},398,854231,1,1")
    assert row["reporter"] == code


def test_every_number_of_a_real_table_is_known_and_no_successor_stands_in(real_files: Path) -> None:
    path = real_files / "baci_codes" / "country_codes_V202301.csv"
    table = pd.read_csv(path, dtype=str, encoding="latin-1", keep_default_na=False)
    printed = dict(zip(table["country_code"], table["iso_3digit_alpha"], strict=True))
    assert set(printed) <= set(CODES)
    differing = {number for number, iso3 in printed.items() if CODES[number] != iso3}
    # More than the country whose code BACI prints beside it, or an area that ISO does not know.
    assert differing == {"58", "280", "711", "736", "490", "697", "849"}


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        ("2023,156,398,854231,abc,1", "value_usd", "abc"),
        ("2023,156,398,854231,,1", "value_usd", None),
        ("2023,156,398,854231,1_000,1", "value_usd", "1_000"),
        ("2023,156,398,854231,nan,1", "value_usd", "nan"),
        ("2023,156,398,854231,1234567890123,1", "value_usd", "1234567890123"),
        ("2023,156,398,854231,1,heavy", "net_weight_kg", "heavy"),
        ("2021,156,398,854231,1,1", "year", "2021"),
        (",156,398,854231,1,1", "year", None),
    ],
)
def test_a_cell_that_cannot_be_read_is_null_and_the_row_kept_as_it_stood(
    tmp_path: Path, row: str, cell: str, said: str | None
) -> None:
    good = "2023,156,398,854231,7.5,0.5"
    first, bad, last = written(tmp_path, good, row, good)
    assert (first["value_usd"], last["net_weight_kg"]) == (7500.0, 500.0)
    assert bad[cell] is None
    letter = {"value_usd": "v", "net_weight_kg": "q", "year": "t"}[cell]
    assert json.loads(str(bad["original"]))[letter] == said
    assert first["original"] is last["original"] is None


@pytest.mark.parametrize(
    ("row", "code"), [("2023,,398,854231,1,1", None), ("2023,999,398,854231,1,1", "999")]
)
def test_a_country_that_is_blank_or_not_known_stays_so(
    tmp_path: Path, row: str, code: str | None
) -> None:
    assert written(tmp_path, row)[0]["reporter"] == code


def test_only_pairs_that_touch_the_corridor_where_asked(tmp_path: Path) -> None:
    rows = ("2023,156,398,854231,1,1", "2023,156,251,854231,2,1", "2023,398,156,854231,3,1")
    found = written(tmp_path, *rows, touching=frozenset({"KAZ"}))
    assert [(row["reporter"], row["file_row"]) for row in found] == [("CHN", 2), ("KAZ", 4)]


@pytest.mark.parametrize(
    "header", ["T,I,J,K,V,Q", "t;i;j;k;v;q", "t,i,j,k,v", "\ufefft,i,j,k,v,q", "t,j,i,k,v,q"]
)
def test_another_header_is_refused_with_what_it_is(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError, match="and not 't,i,j,k,v,q'") as error:
        written(tmp_path, member=text(["2023,156,398,854231,1,1"], header))
    assert error.value.place == "a.zip, member BACI_HS22_Y2023_V202601.csv, row 1"


@pytest.mark.parametrize(
    ("row", "cells"),
    [("2023,156,398,854231,1", 5), ("2023,156,398,854231,1,1,1", 7)],
)
def test_a_row_of_other_width_is_refused_by_its_number(
    tmp_path: Path, row: str, cells: int
) -> None:
    good = "2023,156,398,854231,1,1"
    with pytest.raises(InputError, match=f"has {cells} cells where the header has 6") as error:
        written(tmp_path, good, row, good)
    assert error.value.place == "a.zip, member BACI_HS22_Y2023_V202601.csv, row 3"


def test_a_blank_line_is_a_row_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    good = "2023,156,398,854231,1,1"
    _, blank, last = written(tmp_path, good, "", good)
    assert blank["original"] == '{"t": null, "i": null, "j": null, "k": null, "v": null, "q": null}'
    assert last["file_row"] == 4


def test_a_year_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no row below its header"):
        written(tmp_path, member=HEADER + "\n")


def test_rows_come_out_in_the_order_of_the_file_whatever_the_blocks_and_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow as pa

    dice = random.Random(7)
    rows = [f"2023,156,398,{dice.randrange(10**6):06},{n}.5,1" for n in range(5000)]
    monkeypatch.setattr(baci_rows, "BLOCK", 4096)
    threads = pa.cpu_count()
    hashes = set()
    try:
        for count in (1, 4):
            pa.set_cpu_count(count)
            found = written(tmp_path, *rows)
            assert [row["value_usd"] for row in found] == [n * 1000 + 500 for n in range(5000)]
            assert [row["file_row"] for row in found] == list(range(2, 5002))
            content = (tmp_path / "2023.parquet").read_bytes()
            hashes.add(hashlib.sha256(content).hexdigest())
    finally:
        pa.set_cpu_count(threads)
    assert len(hashes) == 1


def test_the_parquet_has_the_types_of_the_table(tmp_path: Path) -> None:
    written(tmp_path, "2023,156,398,854231,1,1")
    described = duckdb.connect().execute(f"describe from '{tmp_path / '2023.parquet'}'").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        (column.name, column.type) for column in RAW.columns
    ]


def test_a_damaged_member_is_told_and_not_half_read(tmp_path: Path) -> None:
    dice = random.Random(3)
    rows = [f"2023,156,398,{dice.randrange(10**6):06},{dice.random():.3f},1" for _ in range(3000)]
    path = packed(tmp_path / "a.zip", members({2023: rows}))
    content = bytearray(path.read_bytes())
    content[20_000] ^= 0xFF
    path.write_bytes(content)
    held = Held(baci_zip.opened(path, "a.zip"), "f")
    with pytest.raises(InputError) as error:
        baci_rows.write(tmp_path / "out.parquet", COLUMNS, [held], 2023, CODES)
    assert error.value.place.startswith("a.zip, member BACI_HS22_Y2023_V202601.csv")
