"""Running a table's checks: its queries, and its Great Expectations suites.

Here belongs calling checks/ on the store and leaving their results where
meta.validation_result finds them. What is checked stands under checks/.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from checks import suite
from checks.queries import ERROR, WARN, Check, checks_of
from pipelines.compute.attest import attested, has_suite, span
from pipelines.compute.build import open_inputs
from pipelines.loader.sql import inputs_of, parsed_query
from pipelines.loader.table import Table
from warehouse.archive import write_atomically
from warehouse.engine import rows_as_text
from warehouse.house import House

SUITE = "satisfies_the_dictionary"
SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check saw: `sample` holds the first rows that break it."""

    name: str
    severity: str
    says: str
    success: bool
    count: int
    sample: list[dict[str, Any]]

    @property
    def stops(self) -> bool:
        """Whether what comes after must not be computed."""
        return not self.success and self.severity == ERROR


def named_checks(table: Table) -> list[tuple[str, str, str]]:
    """Name, severity and meaning of every check of a table."""
    queries = [(check.name, check.severity, check.says) for check in _queries(table)]
    if has_suite(table):
        queries.append((SUITE, ERROR, "every column keeps the limits of the dictionary"))
    return queries


def _queries(table: Table) -> list[Check]:
    return checks_of(table.name, table.key, [column.name for column in table.columns])


def run_checks(
    connection: duckdb.DuckDBPyConnection, table: Table, house: House, years: Sequence[int]
) -> list[Outcome]:
    """Run every check of a table on the given years, and keep the results."""
    results, outcomes = [], []
    for check in _queries(table):
        outcome = _run_query(connection, check, house, years)
        outcomes.append(outcome)
        results.append(_record(check, outcome, years if table.by_year else ()))
    if has_suite(table):
        found = attested(connection, table, house, years)
        outcomes.append(_summary(found))
        results += found
    _keep(table, house, years, results)
    return outcomes


def _run_query(
    connection: duckdb.DuckDBPyConnection, check: Check, house: House, years: Sequence[int]
) -> Outcome:
    query = check.query.replace("{profile}", house.profile)
    query = query.replace("{years}", ",".join(str(year) for year in years))
    open_inputs(connection, inputs_of(parsed_query(query)), house, years)
    connection.execute(f"create or replace temp table broken as {query}")
    (count,) = connection.execute("select count(*) from broken").fetchone() or (0,)
    sample = rows_as_text(connection, f"from broken limit {SAMPLE}")
    return Outcome(check.name, check.severity, check.says, count == 0, count, sample)


def _record(check: Check, outcome: Outcome, years: Sequence[int]) -> suite.Result:
    return {
        "suite": f"queries of {check.table}",
        "expectation": f"{check.name}: {check.says}",
        "table_name": check.table,
        "partition": span(years),
        "success": outcome.success,
        "observed": json.dumps(outcome.sample[:3]) if outcome.sample else "",
        "unexpected_count": outcome.count,
        "severity": check.severity,
    }


def _summary(results: list[suite.Result]) -> Outcome:
    failed = [result for result in results if not result["success"]]
    count = sum(int(result["unexpected_count"]) for result in failed)
    says = f"{len(results)} expectations of the dictionary"
    severity = ERROR if any(result["severity"] == ERROR for result in failed) else WARN
    rows = [
        {
            "suite": result["suite"],
            "expectation": result["expectation"],
            "partition": result["partition"],
            **row,
        }
        for result in failed
        for row in result["rows"]
    ]
    return Outcome(SUITE, severity if failed else ERROR, says, not failed, count, rows[:SAMPLE])


def results_file(table: Table, house: House, years: Sequence[int]) -> Path:
    """Where the results of a table's checks on these years are kept."""
    return house.results / f"{table.name}.{span(years if table.by_year else ())}.json"


def _keep(table: Table, house: House, years: Sequence[int], results: list[suite.Result]) -> None:
    """Keep results; those of a span of years that this one covers are superseded."""
    kept = results_file(table, house, years)
    content = json.dumps(results, indent=1, ensure_ascii=False)
    write_atomically(kept, content.encode())
    for other in house.results.glob(f"{table.name}.*.json"):
        first, _, last = (
            other.name.removeprefix(f"{table.name}.").removesuffix(".json").partition("-")
        )
        spans_years = first.isdecimal()  # not so what a table kept whole before has left
        if other != kept and spans_years and _within(int(first), int(last or first), years):
            other.unlink()


def _within(first: int, last: int, years: Sequence[int]) -> bool:
    return years[0] <= first and last <= years[-1]
