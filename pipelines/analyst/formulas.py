"""How a column is computed: its source and its formula, read from the file of assets/ itself.

Here belongs reading them for the dictionary. What a column means in words stands beside its
expression, or in warehouse/dictionary.toml.

A formula is the column's expression as the file has it. A bare name that the file gives to a
step before is followed to where it is computed; names of steps that stand in a formula are
explained after `where`. A name it cannot follow for sure is left as it is.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from sqlglot import exp

from pipelines.analyst.shortcuts import shortcuts
from pipelines.loader.sql import fill, head_of, inputs_of, parsed_query
from pipelines.loader.table import ASSETS, Column
from pipelines.tables import tables
from warehouse import dictionary

MAIN = "main."
Row = tuple[str, int, str, str, str, str, str]
Steps = dict[str, exp.Query]
Found = tuple[exp.Expr, exp.Query]  # an expression, and the select whose names it uses


def source_of(name: str) -> str:
    """The tables a table, view or macro is computed from, or the file its rows stand in."""
    if name.startswith(MAIN):
        return ", ".join(inputs_of(_shortcut(name)))
    table = tables()[name]
    if table.csv:
        return f"assets/{table.schema}/{table.csv.name}"
    return ", ".join(table.inputs) or f"assets/{name.replace('.', '/')}.py"


def described() -> Iterator[Row]:
    """The dictionary: (table, position, column, type, "unit; meaning", source, formula)."""
    for table in tables().values():
        yield from rows_of(table.name, table.columns)
    for one in shortcuts().values():
        yield from rows_of(f"{MAIN}{one.name}", one.columns)


def rows_of(name: str, columns: Sequence[Column]) -> Iterator[Row]:
    """The rows of the dictionary on one table, view or macro."""
    source, computed = source_of(name), formulas(name)
    for position, column in enumerate(columns, start=1):
        formula = computed.get(column.name, "")
        yield name, position, column.name, column.type, column.comment, source, formula


@cache
def formulas(name: str) -> dict[str, str]:
    """The formula of each column; none where it is taken as it is, or given by Python or a CSV."""
    query = _query(name)
    if query is None:
        return {}
    steps = {cte.alias: cte.this for cte in query.ctes}
    found = {item.alias_or_name: _formula(item, query, steps) for item in query.selects}
    return {column: formula for column, formula in found.items() if formula}


def _query(name: str) -> exp.Query | None:
    """The select of a file, with the placeholders of its stage filled."""
    if name.startswith(MAIN):
        return _shortcut(name)
    path = ASSETS / f"{name.replace('.', '/')}.sql"
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    if definition := head_of(text)[1].get("definition"):
        text = (ASSETS / definition).read_text(encoding="utf-8")
        text = text.replace("{stage}", name.split(".")[0])
    return parsed_query(fill(text))


def _shortcut(name: str) -> exp.Query:
    return parsed_query(shortcuts()[name.removeprefix(MAIN)].select)


def _formula(item: exp.Expr, query: exp.Query, steps: Steps) -> str:
    expression, scope = _followed(item.unalias(), query, steps)
    if isinstance(expression, exp.Column) and not expression.db:
        return ""
    known = {one.alias_or_name for one in query.selects} | set(dictionary.words())
    explained = [
        f"{column.sql()} = {_sql(found)}"
        for column in _columns(expression)
        if column.name not in known
        and not isinstance(found := _followed(column, scope, steps)[0], exp.Column)
        and [one.name for one in _columns(found)] != [column.name]
    ]
    where = f" where {'; '.join(dict.fromkeys(explained))}" if explained else ""
    return _sql(expression) + where


def _columns(expression: exp.Expr) -> Iterator[exp.Column]:
    return iter([] if isinstance(expression, exp.Column) else expression.find_all(exp.Column))


def _sql(expression: exp.Expr) -> str:
    return str(expression.sql(dialect="duckdb", comments=False, normalize_functions="lower"))


def _followed(expression: exp.Expr, query: exp.Query, steps: Steps) -> Found:
    """A bare name followed through the steps of a file to the expression that gives it.

    Where more than one source has the name, or may have it, it stays as it is.
    """
    if not isinstance(expression, exp.Column):
        return expression, query
    found = [
        one
        for source in _read(query)
        if not expression.table or source.alias_or_name == expression.table
        for one in _in_source(expression.name, source, steps)
    ]
    surely = found[0] if len(found) == 1 else None
    return surely or (expression, query)


def _read(query: exp.Query) -> list[exp.Expr]:
    """What a select reads, in its own from and joins."""
    parts = [query.args.get("from_"), *(query.args.get("joins") or [])]
    return [part.this for part in parts if part]


def _in_source(name: str, source: exp.Expr, steps: Steps) -> list[Found | None]:
    """Where a source gives a name: nowhere, there, or [None] where that cannot be told."""
    if isinstance(source, exp.Table) and source.db:
        table = tables().get(f"{source.db}.{source.name}")
        if table and name not in [column.name for column in table.columns]:
            return []
        return [(exp.column(name, table=source.name, db=source.db), exp.select())]
    step = steps.get(source.name) if isinstance(source, exp.Table) else source.unnest()
    return _in_step(name, step, steps) if isinstance(step, exp.Select) else [None]


def _in_step(name: str, step: exp.Select, steps: Steps) -> list[Found | None]:
    own = [item for item in step.selects if item.alias_or_name == name]
    if own:
        return [_followed(own[0].unalias(), step, steps)]
    stars = [item for item in step.selects if item.is_star]
    if not stars or any(name in _left_out(star) for star in stars):
        return []
    bare = exp.column(name)
    found = _followed(bare, step, steps)
    return [None if found[0] is bare else found]


def _left_out(star: exp.Expr) -> set[str]:
    """Names after `exclude`."""
    return {one.name for part in star.find_all(exp.Star) for one in part.args.get("except_") or []}
