"""The dictionary: every table and column with unit, meaning, sources and formula."""

from typing import Any

from sqlglot import exp

from pipelines.loader.sql import parsed_query
from pipelines.loader.table import Table
from pipelines.report.parts import Section, Template
from pipelines.report.rows import Marts
from pipelines.tables import tables


def section(marts: Marts) -> Section:
    return Section(
        "dictionary",
        "Dictionary",
        "Every table and column of the file is listed with its unit, its meaning, the tables it is "
        "computed from and its formula.",
        "What a word means elsewhere: units and definitions here are those of this project.",
        (Template("words.html.j2", {"tables": [_told(table) for table in tables().values()]}),),
    )


def _told(table: Table) -> dict[str, Any]:
    formulas = _formulas(table)
    return {
        "name": table.name,
        "text": table.text,
        "key": ", ".join(table.key),
        "method": table.method,
        "inputs": table.inputs,
        "place": _place(table),
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "unit": column.comment.partition("; ")[0],
                "meaning": column.comment.partition("; ")[2],
                "formula": formulas.get(column.name, ""),
            }
            for column in table.columns
        ],
    }


def _place(table: Table) -> str:
    ending = "csv" if table.csv else "sql" if table.select else "py"
    return f"assets/{table.name.replace('.', '/')}.{ending}"


def _formulas(table: Table) -> dict[str, str]:
    """The expression of each column as the table's SQL has it; plain names say nothing."""
    if table.select is None:
        return {}
    outer = parsed_query(table.select)
    inner = outer.find(exp.Subquery)
    query = inner.this if inner is not None else outer
    return {
        item.alias_or_name: item.unalias().sql("duckdb", comments=False)
        for item in query.selects
        if not isinstance(item.unalias(), exp.Column)
    }
