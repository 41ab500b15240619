"""Which products to ask UN Comtrade for: codes, and lists of the project by name.

Here belongs reading what a person asks for. What else the corridor needs of each product
(reporters, partners, years) stands in demand.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assets.source.comtrade.wanted.demand import refuse_no_code
from warehouse.errors import InputError

REFERENCE = Path(__file__).parents[3] / "reference"


def products(asked: str) -> list[str]:
    """Codes of a comma list of HS codes, TOTAL and list names; of all lists where it is empty.

    Each code brings the codes that held its goods in the other revision (HS2017 or HS2022),
    since every year is asked for as it was reported.
    """
    words = [word.strip() for word in asked.split(",") if word.strip()]
    wanted = {code for word in words for code in _codes(word)} if words else set(_of_interest())
    return sorted(wanted | {other for code in wanted for other in _counterparts(code)})


def _codes(word: str) -> set[str]:
    lists = _lists()
    if word in lists:
        return lists[word]
    if word == "TOTAL" or word.isdecimal():
        refuse_no_code(word)
        return {word}
    known = ", ".join(sorted(lists))
    raise InputError(
        f"--products {word}",
        "is neither an HS code nor a list of products",
        f"Write TOTAL, 2, 4 or 6 digits, or one of the lists {known}",
    )


@cache
def _lists() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in _rows("product_list.csv"):
        found.setdefault(row["product_group"], set()).add(row["product"])
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _pairs() -> list[tuple[str, str]]:
    return [(row["hs2022"], row["hs2017"]) for row in _rows("hs_correlation.csv")]


def _of_interest() -> Iterator[str]:
    yield "TOTAL"
    yield from (code for pair in _pairs() for code in pair if code)


def _counterparts(code: str) -> Iterator[str]:
    for now, before in _pairs():
        if now and before and code in (now, before):
            yield from (now, before)
