"""The dictionary: every shared word, its type, unit and meaning, read from dictionary.toml.

Here belongs what a word means and what follows from it (type, comment, constraint).
What a table says stands in the table's own file under assets/.
"""

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What the cells of a column satisfy; None and False where nothing is asked.

    `any_of` and `some_of` name the codes (flag, reason) a list may hold, and hold one at least.
    """

    required: bool = False
    one_of: tuple[str | int, ...] | None = None
    matches: str | None = None
    any_of: str | None = None
    some_of: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    more_than: float | None = None

    def over(self, weaker: "Limits") -> "Limits":
        """These limits, and the weaker ones where these say nothing."""
        return Limits(**{**_said(weaker), **_said(self)})


NONE = Limits()


def _said(limits: Limits) -> dict[str, Any]:
    """What is asked for: 0 is a limit, None and False are none."""
    return {
        name: said
        for name, said in asdict(limits).items()
        if said is not None and said is not False
    }


@dataclass(frozen=True, slots=True)
class Word:
    """A column word. `fault` names the reason a row that breaks its limits is refused for."""

    name: str
    type: str
    unit: str
    text: str
    limits: Limits = NONE
    usually: Limits = NONE
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
    own = entry.keys() & {"type", "unit", "text", "fault"}
    return Word(
        name,
        **{key: entry[key] for key in own},
        limits=_limits({key: said for key, said in entry.items() if key not in own | {"usually"}}),
        usually=_limits(entry.get("usually", {})),
    )


def _limits(entry: dict[str, Any]) -> Limits:
    one_of = entry.get("one_of")
    return Limits(**{**entry, "one_of": tuple(one_of) if one_of else None})


@cache
def sources() -> dict[str, dict[str, Limits]]:
    """What a publisher's own rows satisfy beyond their words: source -> column -> limits."""
    return {
        source: {column: _limits(entry) for column, entry in columns.items()}
        for source, columns in _file()["source"].items()
    }


def units() -> dict[str, Limits]:
    """What every column of a unit satisfies, whatever its word."""
    return {unit: _limits(entry) for unit, entry in _file()["unit"].items()}


def limits(column: str, comment: str, source: str = "") -> tuple[Limits, Limits]:
    """What a column satisfies, and what it usually does: by its source, its word and its unit.

    A word counts where the column means the same by it, that is under the word's own comment.
    """
    word = words().get(column)
    if word is None or word.comment != comment:
        word = Word(column, "", "", "")
    unit = units().get(comment.partition("; ")[0], NONE)
    own = sources().get(source, {}).get(column, NONE)
    return own.over(word.limits).over(unit), word.usually


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
