"""Great Expectations on the store: each table and source has its suite, in bounded batches.

Here belongs which tables are attested and what makes a batch. What a suite expects stands in
checks/suite.py.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import duckdb

from checks import suite
from checks.docs import build_site
from checks.suite import Batch, Suite
from pipelines.compute.build import open_inputs
from pipelines.loader.table import Table
from pipelines.tables import tables
from warehouse.engine import connect, quoted
from warehouse.house import House

ATTESTED = ("validated", "quarantine", "transformed", "mart")
BATCH_ROWS = 200_000


def has_suite(table: Table) -> bool:
    """Every table after raw whose columns have limits; raw is judged by nobody."""
    return table.schema in ATTESTED and bool(_suite(table).limits)


def attested(
    connection: duckdb.DuckDBPyConnection, table: Table, house: House, years: Sequence[int]
) -> list[suite.Result]:
    """The results of a table's suites on the given years."""
    open_inputs(connection, [table.name], house, years)
    return [result for batch in batches(connection, table) for result in suite.attest(batch)]


def write_docs(house: House) -> Path:
    """Great Expectations' site on every attested table as it stands; returns its first page."""
    with connect(house.scratch) as connection:
        return build_site(house.store.root / "data_docs", _all_batches(connection, house))


def _all_batches(connection: duckdb.DuckDBPyConnection, house: House) -> Iterator[Batch]:
    for table in tables().values():
        if has_suite(table):
            open_inputs(connection, [table.name], house)
            yield from batches(connection, table)


def _suite(table: Table, source: str = "") -> Suite:
    comments = {column.name: column.comment for column in table.columns}
    return suite.suite_of(table.name, comments, source)


def batches(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Batch]:
    """A table's rows by source: small years together, a large one in parts.

    No batch has more than about BATCH_ROWS rows, so that the world never stands in memory.
    """
    for source, label, where in _parts(connection, table):
        of_source = _suite(table, source)
        columns = ", ".join(_readable(table, name) for name in of_source.limits)
        frame = connection.execute(f"select {columns} from {table.name} where {where}").df()
        yield Batch(of_source, label, frame)


def _readable(table: Table, name: str) -> str:
    """A column as Great Expectations reads it: a list is its codes, parted by blanks."""
    (column,) = [column for column in table.columns if column.name == name]
    is_list = column.type.endswith("[]")
    return f'array_to_string("{name}", \' \') as "{name}"' if is_list else f'"{name}"'


def _parts(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[tuple[str, str, str]]:
    """Source, label and predicate of every batch; a source or year that is missing is one too."""
    names = {column.name for column in table.columns}
    source, year = (name if name in names else "null" for name in ("source", "year"))
    counted = connection.execute(
        f"select {source}, {year}, count(*) from {table.name} group by all order by all"
    ).fetchall()
    key = ", ".join(f'"{column}"' for column in table.key)
    for given, of_source in groupby(counted, key=lambda row: row[0]):
        for years, rows in _together([(year, rows) for _, year, rows in of_source]):
            parts = -(-rows // BATCH_ROWS)
            for part in range(parts):
                where = [_in_source(source, given), _in_years(year, years)]
                where += [f"hash({key}) % {parts} = {part}"] if parts > 1 else []
                told = f" part {part + 1} of {parts}" if parts > 1 else ""
                yield given or "", f"{span(years)}{told}", " and ".join(where)


def _in_source(column: str, given: str | None) -> str:
    return f"{column} is null" if given is None else f"{column} = {quoted(given)}"


def _in_years(column: str, years: Sequence[int | None]) -> str:
    known = [year for year in years if year is not None]
    holds = [f"{column} between {known[0]} and {known[-1]}"] if known else []
    holds += [f"{column} is null"] if None in years else []
    return f"({' or '.join(holds)})"


def span(years: Sequence[int | None]) -> str:
    """Years as people read them; `all` where there are none to tell."""
    known = [year for year in years if year is not None]
    if not known:
        return "all"
    return str(known[0]) if known[0] == known[-1] else f"{known[0]}-{known[-1]}"


Counted = tuple[int | None, int]


def _together(counted: list[Counted]) -> Iterator[tuple[list[int | None], int]]:
    """Years whose rows fit one batch together: a suite has a fixed cost, however few they are."""
    years: list[int | None] = []
    held = 0
    for year, rows in counted:
        if years and held + rows > BATCH_ROWS:
            yield years, held
            years, held = [], 0
        years, held = [*years, year], held + rows
    yield years, held
