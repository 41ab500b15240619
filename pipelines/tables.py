"""The tables of assets/: each file read into what it says, its key, its columns and its inputs.

Here belongs turning a file of assets/ into a Table. How tables are computed stands in
build.py, how Dagster sees them in specs.py.

A .sql file opens with comment lines: what the table says, then `key:`, `method:` and, for a
table kept by year, `partition: year` (`reads: all years` where a year needs the others).
`definition: file.sql` applies a definition to the schema's stage. Column words that are not
in the dictionary stand beside their expression as `-- unit; meaning`.
"""

import csv
import importlib
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType

import duckdb
import sqlglot
from sqlglot import exp

from checks import judge
from warehouse import dictionary
from warehouse.engine import connect
from warehouse.errors import InputError

ASSETS = Path(__file__).parent.parent / "assets"
SCHEMAS = ("reference", "raw", "validated", "quarantine", "transformed", "mart", "meta")
JUDGED = "judged"
HEAD = ("key", "method", "partition", "reads", "definition", "parameters", "example")


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


@cache
def tables() -> dict[str, Table]:
    """Every table of assets/, inputs before the tables that read them."""
    read = {table.name: table for table in _read_all()}
    ordered = _ordered(read)
    with connect() as connection:
        return {table.name: _bind(connection, table) for table in ordered}


def _read_all() -> list[Table]:
    found = []
    for schema in SCHEMAS:
        for path in sorted((ASSETS / schema).iterdir()):
            if path.suffix == ".sql":
                found.append(_read_sql(schema, path))
            elif path.suffix == ".csv" and path.stem in _csv_words():
                found.append(_read_csv(schema, path))
            elif path.suffix == ".py" and path.stem != "__init__":
                found.append(_read_module(schema, path))
    return found


@cache
def _csv_words() -> dict[str, dict[str, object]]:
    return tomllib.loads((ASSETS / "reference" / "tables.toml").read_text(encoding="utf-8"))


def _read_csv(schema: str, path: Path) -> Table:
    entry = _csv_words()[path.stem]
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
        return _word(name, path)
    typed, colon, comment = text.partition(": ")
    if colon and typed.isupper():
        return Column(name, typed, _own(name, comment, path))
    return Column(name, "VARCHAR", _own(name, text, path))


def _word(name: str, path: Path) -> Column:
    word = dictionary.words().get(name)
    if word is None:
        raise InputError(
            f"{path.relative_to(ASSETS)}, column {name}",
            "has no meaning",
            "Write `-- unit; meaning` beside its expression, or define it in the dictionary "
            "when several tables share it",
        )
    return Column(name, word.type, word.comment)


def _read_module(schema: str, path: Path) -> Table:
    """A Python table: COLUMNS (words, or name -> (type, comment)), KEY and, where they hold,
    READS, PARTITION and METHOD; its docstring's first sentence says what it is."""
    module = importlib.import_module(f"assets.{schema}.{path.stem}")
    own = module.COLUMNS if isinstance(module.COLUMNS, dict) else {}
    columns = tuple(
        Column(name, own[name][0], _own(name, own[name][1], path))
        if name in own
        else _word(name, path)
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


def _read_sql(schema: str, path: Path) -> Table:
    text = path.read_text(encoding="utf-8")
    said, head = head_of(text)
    if "definition" in head:
        text = (ASSETS / head["definition"]).read_text(encoding="utf-8").replace("{stage}", schema)
        head = {**head_of(text)[1], **head}
    select = fill(text)
    parsed = parsed_query(select)
    columns = tuple(sql_column(item, path) for item in parsed.selects)
    return Table(
        name=f"{schema}.{path.stem}",
        text=said,
        key=tuple(part.strip() for part in head.get("key", "").split(",")),
        method=head.get("method", ""),
        inputs=inputs_of(parsed),
        columns=columns,
        by_year=head.get("partition") == "year",
        all_years=head.get("reads") == "all years",
        select=select,
    )


def head_of(text: str) -> tuple[str, dict[str, str]]:
    """What the opening comment says, and its `name: value` lines."""
    said, head = [], {}
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        name, colon, value = line[3:].partition(": ")
        if colon and name in HEAD:
            head[name] = value
        else:
            said.append(line[3:])
    return " ".join(said), head


@cache
def _thresholds() -> dict[str, str]:
    with (ASSETS / "reference" / "threshold.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["value"] for row in csv.DictReader(file)}


def fill(text: str) -> str:
    """SQL with its placeholders filled: thresholds, the shared record, the reasons."""
    for name, value in _thresholds().items():
        text = text.replace("{" + name + "}", value)
    record = ",\n    ".join(dictionary.record("trade_flow"))
    return text.replace("{trade_flow}", record).replace("{reasons}", judge.reasons())


def parsed_query(sql: str) -> exp.Query:
    """A query as a tree, from which its inputs and column comments are read."""
    parsed = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(parsed, exp.Query)
    return parsed


def _own(name: str, comment: str, path: Path) -> str:
    """A column's own comment. Raises InputError where it is not `unit; meaning`."""
    if "; " not in comment:
        raise InputError(
            f"{path.relative_to(ASSETS)}, column {name}",
            f"has the comment {comment!r}, which names no unit",
            "Write `unit; meaning`",
        )
    return comment


def sql_column(item: exp.Expr, path: Path) -> Column:
    """A column of a select, with the word beside its expression or the dictionary's."""
    name = item.alias_or_name
    own = " ".join(comment.strip() for comment in item.comments or [])
    if own:
        return Column(name, "", _own(name, own, path))
    return _word(name, path)


def inputs_of(parsed: exp.Query) -> tuple[str, ...]:
    """Tables of assets/ that a query reads; `judged` stands for what the judge reads."""
    found = {f"{table.db}.{table.name}" for table in parsed.find_all(exp.Table) if table.db}
    own = {step.alias for step in parsed.find_all(exp.CTE)}
    read = {table.name for table in parsed.find_all(exp.Table) if not table.db}
    if JUDGED in read - own:
        judge_reads = parsed_query(fill(judge.predicates()))
        found |= {"raw.trade_flow", *inputs_of(judge_reads)}
    return tuple(sorted(found))


def _ordered(read: dict[str, Table]) -> list[Table]:
    """Tables so that inputs come first. Raises InputError on an unknown table or a circle."""
    done: dict[str, Table] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name not in read or name in path:
            finding = "reads itself" if name in path else "is no file of assets/"
            raise InputError(f"table {name}", f"{finding} (read by {path[-1]})", "Mend the SQL")
        for upstream in read[name].inputs:
            visit(upstream, (*path, name))
        done[name] = read[name]

    for name in read:
        visit(name, ("assets/",))
    return list(done.values())


def _bind(connection: duckdb.DuckDBPyConnection, table: Table) -> Table:
    """The table with the types its SQL gives, after it stands empty in the connection."""
    if table.select is not None:
        table = replace(table, columns=_bound_columns(connection, table))
        table = replace(table, select=table.typed(f"({table.select}\n)"))
    connection.execute(f"create schema if not exists {table.schema}")
    ddl = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    connection.execute(f"create table {table.name} ({ddl})")
    if table.name == "raw.trade_flow":
        connection.execute(
            f"create temp table {JUDGED} as select *, 0::bigint as fault_mask from {table.name}"
        )
    return table


def _bound_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[Column, ...]:
    try:
        described = connection.execute(f"describe {table.select}").fetchall()
    except duckdb.Error as error:
        raise InputError(
            f"assets/{table.name.replace('.', '/')}.sql", str(error), "Mend the SQL"
        ) from error
    types = {row[0]: row[1] for row in described}
    return tuple(
        replace(column, type=column.type or _type(column.name, types[column.name]))
        for column in table.columns
    )


def _type(name: str, bound: str) -> str:
    """The type a query gives; sums and quotients of money are money again, sums of counts counts.

    DuckDB sums counts as HUGEINT, which Parquet does not know: it would come back as a float.
    """
    if name.endswith("_usd"):
        return "DECIMAL(18,2)"
    return "BIGINT" if bound == "HUGEINT" else bound
