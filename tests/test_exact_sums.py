"""No SQL of the project, whether it stands in a .sql or in Python, sums a floating point number.

Such a sum depends on the order it is made in, and so on the number of threads. The engine's own
plan of every query tells which aggregates it makes on which types, whatever its text looks like.
"""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

import checks
from assets.source.comtrade.bulk import rows
from assets.source.comtrade.fields import FIELDS
from assets.source.comtrade.tables import months
from checks import judge
from pipelines.analyst import regression
from pipelines.loader.sql import JUDGED, fill
from pipelines.orchestration import telling
from pipelines.report.sections import coverage, stages
from pipelines.tables import tables
from tests.world import stand
from warehouse.engine import connect

FLOATING = {"DOUBLE", "FLOAT"}
# Whatever order these meet their numbers in, the result is the same.
ORDERLESS = {"min", "max", "median", "mad", "count", "quantile_cont", "arg_min", "arg_max"}
# Used where every number of a group is the same.
ORDERLESS |= {"any_value"}

QUERIES = {table.name: table.select for table in tables().values() if table.select}
QUERIES |= {
    f"{path.parent.name} {path.stem}": path.read_text(encoding="utf-8")
    for path in sorted(Path(checks.__file__).parent.glob("*/*/*.sql"))
}
# The queries in Python that sum. Another one has to stand here, or the last test but one finds it.
AS_TEXT = ", ".join(f"'' as {name}" for name in FIELDS)
IN_PYTHON = {
    "assets/source/comtrade/bulk/rows.py": rows.sums_of(f"select {AS_TEXT}, 0 as file_row"),
    "assets/source/comtrade/tables/months.py": months.with_years("select * from raw.trade_flow"),
    "pipelines/analyst/regression.py": regression.PANEL,
    "pipelines/orchestration/telling.py": telling.HELD,
    "pipelines/report/sections/coverage.py": coverage.FILES,
    "pipelines/report/sections/stages.py": stages.REFUSED,
}
PARAMETERS = {"$list": "'CHPL'", "$group": "'COALITION'", "$first": "2017"}
QUERIES |= IN_PYTHON
QUERIES["marked"] = judge.marked("numbered")
QUERIES[JUDGED] = judge.judged("numbered", "marked")


@cache
def every_table() -> duckdb.DuckDBPyConnection:
    """A connection in which every table stands empty."""
    connection = connect()
    for schema in sorted({table.schema for table in tables().values()}):
        connection.execute(f"create schema {schema}")
    for table in tables().values():
        stand(connection, table, [])
    raw = "select *, 0::bigint as file_row_number from raw.trade_flow"
    connection.execute(f"create temp table numbered as {raw}")
    for name, query in (("marked", QUERIES["marked"]), (JUDGED, QUERIES[JUDGED])):
        connection.execute(f"create temp table {name} as {fill(query)}")
    return connection


def inexact(query: str) -> list[str]:
    """Aggregates of a query that fold floating point numbers in an order nobody tells."""
    filled = fill(query).replace("{profile}", "headline").replace("{years}", "2021")
    for name, value in PARAMETERS.items():
        filled = filled.replace(name, value)
    row = every_table().execute("select json_serialize_plan(?)", [filled]).fetchone()
    plan = json.loads(row[0]) if row else {"error": True}
    assert not plan["error"], plan
    return [
        name
        for name, types in aggregates(plan["plans"])
        if FLOATING.intersection(types) and name not in ORDERLESS
    ]


def aggregates(node: Any) -> Iterator[tuple[str, list[str]]]:
    """Name and types of every aggregate and window in a plan."""
    if isinstance(node, dict):
        if node.get("expression_class") in ("BOUND_AGGREGATE", "BOUND_WINDOW"):
            named = node["qname"]["path"][-1] if "qname" in node else node["type"]
            yield named, [_type(kid)["id"] for kid in node["children"]]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from aggregates(part)


def _type(expression: Any) -> Any:
    kind = expression["expression_class"]
    if kind in ("BOUND_CONJUNCTION", "BOUND_COMPARISON"):  # told without a type, since it has one
        return {"id": "BOOLEAN"}
    return expression["value"]["type"] if kind == "BOUND_CONSTANT" else expression["return_type"]


@pytest.mark.parametrize("name", QUERIES)
def test_no_floating_point_number_is_summed(name: str) -> None:
    assert inexact(QUERIES[name]) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("select sum(share) from validated.completeness", ["sum"]),
        ("select avg(share) over (partition by year) from validated.completeness", ["avg"]),
        ("select sum(total_usd / 2) from validated.completeness", ["sum"]),
        ("select stddev(share) from validated.completeness", ["stddev"]),
        (
            "select sum(case when is_complete then 1e0 else 0 end) from validated.completeness",
            ["sum"],
        ),
        ("select sum(total_usd), avg(total_usd), max(share) from validated.completeness", []),
    ],
)
def test_what_is_looked_for_is_found(query: str, found: list[str]) -> None:
    assert inexact(query) == found


ROOT = Path(checks.__file__).parents[1]
ROOMS = ("assets", "checks", "pipelines", "warehouse")
SUMS = re.compile(r"\b(sum|avg|mean|product|stddev\w*|var_\w+|variance|corr|regr_\w+)\(", re.I)


def texts(path: Path) -> Iterator[str]:
    """The texts of a Python file, each part of a composed one apart."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_query_in_python_that_sums_is_held_to_it() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): sum(len(SUMS.findall(text)) for text in texts(path))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
    }
    held = {path: len(SUMS.findall(query)) for path, query in IN_PYTHON.items()}
    assert {path: count for path, count in found.items() if count} == held


def test_views_macros_and_example_queries_sum_nothing() -> None:
    paths = [*ROOT.glob("assets/main/*.sql"), *ROOT.glob("pipelines/**/*.sql")]
    assert len(paths) > 15
    assert [path.name for path in paths if SUMS.search(path.read_text(encoding="utf-8"))] == []
