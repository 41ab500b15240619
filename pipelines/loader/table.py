"""What a table is, and what its columns mean."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from warehouse import dictionary
from warehouse.errors import InputError

ASSETS = Path(__file__).parents[2] / "assets"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: DuckDB type, unit and meaning."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file of assets/ as a table. `select` is its SQL, `module` its Python, `csv` its rows."""

    name: str
    text: str
    key: tuple[str, ...]
    method: str
    inputs: tuple[str, ...]
    columns: tuple[Column, ...]
    by_year: bool = False
    all_years: bool = False
    select: str | None = None
    module: ModuleType | None = None
    csv: Path | None = None

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]

    def typed(self, source: str) -> str:
        """Select of the table's columns from a source, each in its own type."""
        casts = ", ".join(
            f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in self.columns
        )
        return f"select {casts} from {source}"

    @property
    def comment(self) -> str:
        method = f" Method {self.method}." if self.method else ""
        return f"{self.text} Key: {', '.join(self.key)}.{method}"


def word(name: str, path: Path) -> Column:
    word = dictionary.words().get(name)
    if word is None:
        raise InputError(
            f"{path.relative_to(ASSETS)}, column {name}",
            "has no meaning",
            "Write `-- unit; meaning` beside its expression, or define it in the dictionary "
            "when several tables share it",
        )
    return Column(name, word.type, word.comment)


def own_word(name: str, comment: str, path: Path) -> str:
    """A column's own comment. Raises InputError where it is not `unit; meaning`."""
    if "; " not in comment:
        raise InputError(
            f"{path.relative_to(ASSETS)}, column {name}",
            f"has the comment {comment!r}, which names no unit",
            "Write `unit; meaning`",
        )
    return comment
