"""A table of rows: in a .csv of the project, its words in tables.toml, or made in Python."""

import csv
import importlib
import tomllib
from functools import cache
from pathlib import Path

from pipelines.loader.table import ASSETS, Column, Table, own_word, word


@cache
def csv_words() -> dict[str, dict[str, object]]:
    return tomllib.loads((ASSETS / "reference" / "tables.toml").read_text(encoding="utf-8"))


def read_csv(schema: str, path: Path) -> Table:
    entry = csv_words()[path.stem]
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    own = entry["columns"]
    assert isinstance(own, dict)
    columns = tuple(_csv_column(name, own.get(name), path) for name in header)
    return Table(
        name=f"{schema}.{path.stem}",
        text=str(entry["text"]),
        key=tuple(entry["key"]),  # type: ignore[arg-type]
        method=str(entry.get("method", "")),
        inputs=(),
        columns=columns,
        csv=path,
    )


def _csv_column(name: str, text: str | None, path: Path) -> Column:
    if text is None:
        return word(name, path)
    typed, colon, comment = text.partition(": ")
    if colon and typed.isupper():
        return Column(name, typed, own_word(name, comment, path))
    return Column(name, "VARCHAR", own_word(name, text, path))


def read_module(schema: str, path: Path) -> Table:
    """A Python table: COLUMNS (words, or name -> (type, comment)), KEY and, where they hold,
    READS, PARTITION and METHOD; its docstring's first sentence says what it is."""
    module = importlib.import_module(f"assets.{schema}.{path.stem}")
    own = module.COLUMNS if isinstance(module.COLUMNS, dict) else {}
    columns = tuple(
        Column(name, own[name][0], own_word(name, own[name][1], path))
        if name in own
        else word(name, path)
        for name in module.COLUMNS
    )
    said = (module.__doc__ or "").split("\n\n")[0].split(": ", 1)[-1]
    return Table(
        name=f"{schema}.{path.stem}",
        text=" ".join(said.split()),
        key=tuple(module.KEY),
        method=getattr(module, "METHOD", ""),
        inputs=tuple(getattr(module, "READS", ())),
        columns=columns,
        by_year=getattr(module, "PARTITION", None) == "year",
        module=module,
    )
