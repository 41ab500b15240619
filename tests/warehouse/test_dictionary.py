"""The dictionary: every word has type, unit and meaning, and its constraints make sense."""

import re

import pytest

from warehouse import dictionary
from warehouse.engine import connect

WORDS = sorted(dictionary.words())


@pytest.mark.parametrize("name", WORDS)
def test_a_word_has_type_unit_and_meaning(name: str) -> None:
    word = dictionary.words()[name]
    assert word.unit.strip()
    assert word.text.strip()
    assert "; " not in word.unit
    assert word.comment == f"{word.unit}; {word.text}"


def test_every_type_is_one_of_the_engine() -> None:
    with connect() as connection:
        connection.execute(f"create table every_word ({dictionary.ddl(WORDS)})")
        types = {row[0]: row[1] for row in connection.execute("describe every_word").fetchall()}
    assert types == {name: dictionary.words()[name].type for name in WORDS}


def test_money_is_decimal_with_cents() -> None:
    money = {name: word.type for name, word in dictionary.words().items() if name.endswith("_usd")}
    assert set(money.values()) == {"DECIMAL(18,2)"}


@pytest.mark.parametrize("name", WORDS)
def test_constraints_can_be_met(name: str) -> None:
    word = dictionary.words()[name]
    if word.matches is not None:
        re.compile(word.matches)
    if word.at_least is not None and word.at_most is not None:
        assert word.at_least <= word.at_most
    assert word.one_of is None or len(set(word.one_of)) == len(word.one_of) > 0


def test_the_record_is_made_of_words() -> None:
    record = dictionary.record("trade_flow")
    assert set(record) <= set(WORDS)
    assert len(record) == len(set(record)) == 19


def test_flags_and_sections_say_something() -> None:
    assert all(dictionary.flags().values())
    assert all(dictionary.method().values())
    assert all(re.fullmatch("[A-Z_]+", flag) for flag in dictionary.flags())
