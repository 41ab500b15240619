"""Running a table's checks: its queries, and its Great Expectations suite in bounded batches.

Here belongs calling checks/ on the store and leaving their results where
meta.validation_result finds them. What is checked stands under checks/.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from checks import suite
from checks.docs import build_site
from checks.queries import ERROR, WARN, Check, checks_of
from pipelines.build import open_inputs
from pipelines.tables import Table, inputs_of, parsed_query, tables
from warehouse.archive import write_atomically
from warehouse.engine import connect, rows_as_text
from warehouse.house import House

SUITE = "satisfies_the_dictionary"
SAMPLE = 20
BATCH_ROWS = 200_000


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
        queries.append((SUITE, ERROR, "every word keeps the constraints of the dictionary"))
    return queries


def has_suite(table: Table) -> bool:
    """The suite attests what the SQL pass let through."""
    return table.name == "validated.trade_flow"


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
        attested = list(_attest(connection, table, house, years))
        outcomes.append(_summary(attested))
        results += attested
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
        "partition": _span(years),
        "success": outcome.success,
        "observed": json.dumps(outcome.sample[:3]) if outcome.sample else "",
        "unexpected_count": outcome.count,
        "severity": check.severity,
    }


def _span(years: Sequence[int]) -> str:
    if not years:
        return "all"
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _attest(
    connection: duckdb.DuckDBPyConnection, table: Table, house: House, years: Sequence[int]
) -> Iterator[suite.Result]:
    """The suite in batches of one source: small years together, a large one in parts."""
    columns = _constrained(table)
    open_inputs(connection, [table.name], house, years)
    for label, frame in _frames(connection, table):
        yield from suite.attest(table.name, columns, label, frame)


def _constrained(table: Table) -> list[str]:
    return suite.constrained(column.name for column in table.columns)


def _frames(
    connection: duckdb.DuckDBPyConnection, table: Table
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every batch with its label, in the columns that have a constraint."""
    columns = ", ".join(_constrained(table))
    for label, where in _batches(connection, table):
        query = f"select {columns} from {table.name} where {where}"
        yield label, connection.execute(query).df()


def _batches(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[tuple[str, str]]:
    """Label and predicate of every batch, none of which needs more than BATCH_ROWS in memory."""
    counted = connection.execute(
        f"select source, year, count(*) from {table.name} group by source, year order by all"
    ).fetchall()
    for source, of_source in groupby(counted, key=lambda row: row[0]):
        for years, rows in _together([(year, rows) for _, year, rows in of_source]):
            where = f"source = '{source}' and year between {years[0]} and {years[-1]}"
            parts = -(-rows // BATCH_ROWS)
            for part in range(parts):
                told = f"{source} {_span(years)}" + (f" part {part + 1}" if parts > 1 else "")
                share = f" and hash(file_sha256, file_row) % {parts} = {part}" if parts > 1 else ""
                yield told, where + share


def _together(counted: list[tuple[int, int]]) -> Iterator[tuple[list[int], int]]:
    """Years whose rows fit one batch together: a suite has a fixed cost, however few they are."""
    years: list[int] = []
    held = 0
    for year, rows in counted:
        if years and held + rows > BATCH_ROWS:
            yield years, held
            years, held = [], 0
        years, held = [*years, year], held + rows
    yield years, held


def write_docs(house: House) -> Path:
    """Great Expectations' site on the suite's table as it stands; returns its first page."""
    table = next(table for table in tables().values() if has_suite(table))
    with connect(house.scratch) as connection:
        open_inputs(connection, [table.name], house)
        folder, batches = house.store.root / "data_docs", _frames(connection, table)
        return build_site(folder, table.name, _constrained(table), batches)


def _summary(results: list[suite.Result]) -> Outcome:
    failed = [result for result in results if not result["success"]]
    count = sum(int(result["unexpected_count"]) for result in failed)
    says = f"{len(results)} expectations of the dictionary"
    severity = ERROR if any(result["severity"] == ERROR for result in failed) else WARN
    rows = [
        {"expectation": result["expectation"], "partition": result["partition"], **row}
        for result in failed
        for row in result["rows"]
    ]
    return Outcome(SUITE, severity if failed else ERROR, says, not failed, count, rows[:SAMPLE])


def results_file(table: Table, house: House, years: Sequence[int]) -> Path:
    """Where the results of a table's checks on these years are kept."""
    return house.results / f"{table.name}.{_span(years if table.by_year else ())}.json"


def _keep(table: Table, house: House, years: Sequence[int], results: list[suite.Result]) -> None:
    """Keep results; those of a span of years that this one covers are superseded."""
    kept = results_file(table, house, years)
    content = json.dumps(results, indent=1, ensure_ascii=False)
    write_atomically(kept, content.encode())
    for other in house.results.glob(f"{table.name}.*.json"):
        first, _, last = (
            other.name.removeprefix(f"{table.name}.").removesuffix(".json").partition("-")
        )
        if other != kept and years[0] <= int(first) and int(last or first) <= years[-1]:
            other.unlink()
