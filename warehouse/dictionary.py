"""The dictionary: every shared word, its type, unit and meaning, read from dictionary.toml.

Here belongs what a word means and what follows from it (type, comment, constraint).
What a table says stands in the table's own file under assets/.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """A column word. The constraint fields are None where the word has no such constraint."""

    name: str
    type: str
    unit: str
    text: str
    required: bool = False
    one_of: tuple[str, ...] | None = None
    matches: str | None = None
    at_least: int | None = None
    at_most: int | None = None
    more_than: int | None = None
    fault: str | None = None

    @property
    def comment(self) -> str:
        """Unit and meaning, as they stand in COMMENTs and documentation."""
        return f"{self.unit}; {self.text}"


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def words() -> dict[str, Word]:
    """Every shared word by name."""
    return {name: _word(name, entry) for name, entry in _file()["word"].items()}


def _word(name: str, entry: dict[str, Any]) -> Word:
    one_of = entry.get("one_of")
    return Word(name=name, **{**entry, "one_of": tuple(one_of) if one_of else None})


def record(name: str) -> list[str]:
    """Column names of a record that several tables share, in order."""
    return list(_file()["record"][name])


def flags() -> dict[str, str]:
    """Flag codes and their rules in words."""
    return dict(_file()["flag"])


def reasons() -> dict[str, str]:
    """Every reason a row can be refused for, in words."""
    return dict(_file()["reason"])


def method() -> dict[str, str]:
    """Sections of the method in short."""
    return dict(_file()["method"])


def ddl(names: list[str]) -> str:
    """`name type, ...` for shared words, as CREATE TABLE takes them."""
    return ", ".join(f'"{name}" {words()[name].type}' for name in names)
