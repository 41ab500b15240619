"""The dictionary: every word has type, unit and meaning, and its limits make sense."""

import re
from pathlib import Path

import pytest

from assets import reference
from warehouse import dictionary
from warehouse.dictionary import NONE, Limits
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


def every_limit() -> list[Limits]:
    words = dictionary.words().values()
    of_sources = [
        limits for columns in dictionary.sources().values() for limits in columns.values()
    ]
    of_units = [dictionary.limits("", f"{unit}; ")[0] for unit in dictionary.units()]
    return [both for word in words for both in (word.limits, word.usually)] + of_sources + of_units


@pytest.mark.parametrize("limits", [limits for limits in every_limit() if limits != NONE], ids=str)
def test_limits_can_be_met(limits: Limits) -> None:
    re.compile(limits.matches or "")
    if limits.at_least is not None and limits.at_most is not None:
        assert limits.at_least <= limits.at_most
    assert limits.one_of is None or len(set(limits.one_of)) == len(limits.one_of) > 0


def test_a_limit_of_a_source_goes_before_that_of_its_word_and_zero_is_a_limit() -> None:
    strong, weak = Limits(one_of=("KAZ",), at_least=0), Limits(one_of=("RUS",), required=True)
    assert strong.over(weak) == Limits(one_of=("KAZ",), at_least=0, required=True)


def test_a_word_counts_only_where_the_column_means_the_same_by_it() -> None:
    word = dictionary.words()["status"]
    assert dictionary.limits("status", word.comment)[0] == word.limits
    assert dictionary.limits("status", "code; something else") == (NONE, NONE)


def test_limits_of_sources_are_of_publishers_and_words_there_are() -> None:
    with connect() as connection:
        path = Path(reference.__file__).with_name("source.csv")
        known = connection.execute(f"select source from read_csv('{path}')").fetchall()
    assert {(source,) for source in dictionary.sources()} <= set(known)
    named = {column for columns in dictionary.sources().values() for column in columns}
    assert named <= set(dictionary.record("trade_flow"))


def test_the_record_is_made_of_words() -> None:
    record = dictionary.record("trade_flow")
    assert set(record) <= set(WORDS)
    assert len(record) == len(set(record)) == 21


def test_flags_and_sections_say_something() -> None:
    assert all(dictionary.flags().values())
    assert all(dictionary.method().values())
    assert all(re.fullmatch("[A-Z_]+", flag) for flag in dictionary.flags())
