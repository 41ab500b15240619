"""A table in SQL.

A .sql file opens with comment lines: what the table says, then `key:`, `method:` and, for a
table kept by year, `partition: year` (`reads: all years` where a year needs the others).
`definition: file.sql` applies a definition to the schema's stage. Column words that are not
in the dictionary stand beside their expression as `-- unit; meaning`.
"""

import csv
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

from checks import judge
from pipelines.loader.table import ASSETS, Column, Table, own_word, word
from warehouse import dictionary

JUDGED = "judged"
HEAD = ("key", "method", "partition", "reads", "definition", "parameters", "example")


def read(schema: str, path: Path) -> Table:
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


def sql_column(item: exp.Expr, path: Path) -> Column:
    """A column of a select, with the word beside its expression or the dictionary's."""
    name = item.alias_or_name
    own = " ".join(comment.strip() for comment in item.comments or [])
    if own:
        return Column(name, "", own_word(name, own, path))
    return word(name, path)


def inputs_of(parsed: exp.Query) -> tuple[str, ...]:
    """Tables of assets/ that a query reads; `judged` stands for what the judge reads."""
    found = {f"{table.db}.{table.name}" for table in parsed.find_all(exp.Table) if table.db}
    own = {step.alias for step in parsed.find_all(exp.CTE)}
    read = {table.name for table in parsed.find_all(exp.Table) if not table.db}
    if JUDGED in read - own:
        judge_reads = parsed_query(fill(judge.predicates()))
        found |= {"raw.trade_flow", *inputs_of(judge_reads)}
    return tuple(sorted(found))
