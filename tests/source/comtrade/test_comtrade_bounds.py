"""A row of an answer bounds what it names and was asked for, and nothing else."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.source.comtrade.told.bounds import BOUND, bounds
from assets.source.comtrade.told.unit_values import address
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry

ASKED = Demand(None, None, ("M", "X"), ("854231", "880622"), (2021, 2022))
GOOD = {
    "cmdCode": "854231",
    "period": "2022",
    "flowCode": "X",
    "qtyUnitCode": 8,
    "classificationCode": "H6",
    "uvMin": 1.5,
    "suv": 2.25,
    "uvMax": 9,
    "isUniModalDistribution": True,
}


def read(folder: Path, *sent: str | dict[str, Any]) -> list[dict[str, Any]]:
    """The records of an answer with these rows, as objects or as JSON."""
    texts = [row if isinstance(row, str) else json.dumps(row) for row in sent]
    content = f'{{"data": [{",".join(texts)}], "error": ""}}'.encode()
    archive = Archive(folder)
    said = {"source": "comtrade_bounds", "address": address(ASKED), "release": "as set"}
    more = {"retrieved_at": "", "licence": "", "citation": ""}
    entry: Entry = archive.put(content, **said, **more)
    return bounds(archive, [entry])


def test_a_good_row_bounds_its_product_flow_year_and_revision(tmp_path: Path) -> None:
    (row,) = read(tmp_path, GOOD)
    assert [row[name] for name in BOUND] == ["2022", "X", "H6", "854231"]
    assert (row["lowest_usd_per_kg"], row["highest_usd_per_kg"]) == (Decimal("1.5"), Decimal(9))
    assert (row["standard_usd_per_kg"], row["is_unimodal"]) == (Decimal("2.25"), True)
    assert (row["reason"], row["original"], row["file_row"]) == (None, None, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"cmdCode": None}, "product_not_named"),
        ({"cmdCode": "854232"}, "product_not_asked"),
        ({"cmdCode": "8542"}, "product_not_asked"),
        ({"cmdCode": 854231.5}, "product_not_asked"),
        ({"period": None}, "year_not_named"),
        ({"period": "2019"}, "year_not_asked"),
        ({"period": "202201"}, "year_not_asked"),
        ({"flowCode": ""}, "flow_not_named"),
        ({"flowCode": "RX"}, "flow_not_asked"),
        ({"qtyUnitCode": None}, "unit_not_named"),
        ({"qtyUnitCode": 5}, "unit_not_asked"),
        ({"qtyUnitCode": -1}, "unit_not_asked"),
        ({"classificationCode": "S4"}, "revision_not_known"),
        ({"classificationCode": "H9"}, "revision_not_known"),
        ({"uvMin": None}, "no_range"),
        ({"uvMax": None}, "no_range"),
        ({"uvMin": 0}, "no_range"),
        ({"uvMin": -1}, "no_range"),
        ({"uvMin": 1e-12}, "no_range"),
        ({"uvMin": 9.01}, "no_range"),
        ({"uvMax": 1e30}, "no_range"),
        ({"uvMin": "cheap"}, "no_range"),
        ({"uvMin": True}, "no_range"),
        ({"uvMax": float("nan")}, "no_range"),
        ({"uvMax": float("inf")}, "no_range"),
    ],
)
def test_a_row_that_is_not_what_was_asked_bounds_nothing_and_says_why(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    bad, good = read(tmp_path, GOOD | change, GOOD | {"flowCode": "M"})
    assert bad["reason"] == reason
    assert json.loads(bad["original"]).keys() == GOOD.keys()
    assert good["reason"] is None


@pytest.mark.parametrize("name", ["cmdCode", "period", "flowCode", "qtyUnitCode", "uvMin", "uvMax"])
def test_a_row_that_lacks_a_field_bounds_nothing(tmp_path: Path, name: str) -> None:
    (row,) = read(tmp_path, {key: cell for key, cell in GOOD.items() if key != name})
    assert row["reason"]


@pytest.mark.parametrize(
    "form", [{"period": 2022}, {"qtyUnitCode": "8"}, {"uvMin": 9}, {"suv": None}]
)
def test_numbers_and_texts_are_read_alike_and_a_range_may_be_a_point(
    tmp_path: Path, form: dict[str, Any]
) -> None:
    (row,) = read(tmp_path, GOOD | form)
    assert row["reason"] is None


@pytest.mark.parametrize(
    ("named", "year", "bounded"),
    [
        ("H5", 2022, "H5"),
        ("H6", 2021, "H6"),
        (None, 2021, "H5"),
        ("", 2022, "H6"),
        ("HS", 2022, "H6"),
    ],
)
def test_a_row_bounds_the_revision_it_names_else_that_of_its_year(
    tmp_path: Path, named: str | None, year: int, bounded: str
) -> None:
    (row,) = read(tmp_path, GOOD | {"classificationCode": named, "period": str(year)})
    assert (row["classification"], row["reason"]) == (bounded, None)


def test_prices_are_exact_and_bounds_rounded_outwards(tmp_path: Path) -> None:
    plain = json.dumps(GOOD | {"uvMin": "low", "uvMax": "high"})
    sent = plain.replace('"low"', "1234567.123456789").replace('"high"', "9000000.123456781")
    (row,) = read(tmp_path, sent)
    assert row["lowest_usd_per_kg"] == Decimal("1234567.12345678")
    assert row["highest_usd_per_kg"] == Decimal("9000000.12345679")


def test_of_rows_that_bound_the_same_the_first_stands_and_none_where_they_differ(
    tmp_path: Path,
) -> None:
    other = GOOD | {"flowCode": "M"}
    found = read(tmp_path, GOOD, other, GOOD | {"suv": 3}, other | {"uvMax": 10})
    assert [row["reason"] for row in found] == [
        None,
        "given_differently",
        "repeated",
        "given_differently",
    ]
    named = read(tmp_path / "named", GOOD, GOOD | {"classificationCode": "H5", "uvMax": 10})
    assert [row["reason"] for row in named] == [None, None]


CELLS = {
    "cmdCode": st.sampled_from(["854231", "880622", "8542", None]),
    "period": st.sampled_from(["2021", 2022, "2023", None]),
    "flowCode": st.sampled_from(["M", "X", "RX", None]),
    "qtyUnitCode": st.sampled_from([8, "8", 5, None]),
    "classificationCode": st.sampled_from(["H5", "H6", "HS", "S4", None]),
    "uvMin": st.sampled_from([1, 1.5, 0, -3, None, "x"]),
    "uvMax": st.sampled_from([1.5, 9, 1e12, None]),
}


@given(st.lists(st.fixed_dictionaries({}, optional=CELLS), max_size=30))
def test_no_row_is_lost_and_no_two_bound_the_same(
    tmp_path_factory: pytest.TempPathFactory, sent: list[dict[str, Any]]
) -> None:
    found = read(tmp_path_factory.mktemp("answer"), *sent)
    assert [row["file_row"] for row in found] == list(range(1, len(sent) + 1))
    assert [json.loads(row["original"]) for row in found if row["reason"]] == [
        row for row, told in zip(sent, found, strict=True) if told["reason"]
    ]
    used = [(row, said) for row, said in zip(found, sent, strict=True) if not row["reason"]]
    assert set(Counter(tuple(row[name] for name in BOUND) for row, _ in used).values()) <= {1}
    for row, said in used:
        assert 0 < row["lowest_usd_per_kg"] <= row["highest_usd_per_kg"]
        named = [str(said[name]) for name in ("cmdCode", "period", "flowCode", "qtyUnitCode")]
        assert named == [row["product"], row["year"], row["flow"], "8"]
        assert row["product"] in ASKED.products
        assert int(row["year"]) in ASKED.years
