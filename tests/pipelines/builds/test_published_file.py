"""The file analysts open: every table and column explained, every range whole."""

import duckdb
import pytest

from checks.queries import ranges_in
from pipelines.analyst.formulas import described
from pipelines.tables import tables
from warehouse import dictionary

Connection = duckdb.DuckDBPyConnection
PROFILES = ("headline", "demo")


@pytest.fixture(params=PROFILES)
def published(request: pytest.FixtureRequest) -> Connection:
    connection: Connection = request.getfixturevalue(request.param)
    return connection


def test_every_table_stands_in_the_file_with_a_comment(published: Connection) -> None:
    found = dict(
        published.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables()"
        ).fetchall()
    )
    assert set(found) == set(tables())
    assert {
        name for name, comment in found.items() if not comment or "Key: " not in comment
    } == set()


def test_every_column_has_its_type_and_a_comment_with_unit_and_meaning(
    published: Connection,
) -> None:
    found = published.execute(
        "select schema_name || '.' || table_name, column_name, data_type, comment "
        "from duckdb_columns() where not internal and schema_name <> 'main'"
    ).fetchall()
    said = {(table, name): (kind, comment) for table, name, kind, comment in found}
    stated = {
        (table.name, column.name): (column.type, column.comment)
        for table in tables().values()
        for column in table.columns
    }
    assert said == stated


def test_the_file_opens_in_duckdb_one_and_a_half(published: Connection) -> None:
    (tags,) = published.execute(
        "select tags from duckdb_databases() where not internal"
    ).fetchone() or ({},)
    assert str(tags["storage_version"]).startswith("v1.5.0")


RANGES = [
    (name, *triple)
    for name, table in tables().items()
    for triple in ranges_in([column.name for column in table.columns])
]


@pytest.mark.parametrize(("table", "low", "central", "high"), RANGES)
def test_a_range_has_all_three_values_or_none(
    published: Connection, table: str, low: str, central: str, high: str
) -> None:
    partly = f"({low} is null) <> ({central} is null) or ({central} is null) <> ({high} is null)"
    assert published.execute(f"select count(*) from {table} where {partly}").fetchone() == (0,)


@pytest.mark.parametrize("table", [name for name in tables() if name.startswith("mart.")])
def test_no_statistic_is_infinite_or_not_a_number(published: Connection, table: str) -> None:
    floats = [c.name for c in tables()[table].columns if c.type in ("DOUBLE", "FLOAT")]
    broken = " or ".join(f"not isfinite({name})" for name in floats) or "false"
    assert published.execute(f"select count(*) from {table} where {broken}").fetchone() == (0,)


@pytest.mark.parametrize(
    "table", [n for n, t in tables().items() if "flags" in [c.name for c in t.columns]]
)
def test_flags_are_sorted_codes_of_the_dictionary(published: Connection, table: str) -> None:
    found = published.execute(f"select distinct flags from {table}").fetchall()
    lists = [flags for (flags,) in found]
    assert None not in lists
    assert {flag for flags in lists for flag in flags} <= set(dictionary.flags())
    if not table.startswith("raw."):
        assert [flags for flags in lists if flags != sorted(set(flags))] == []


def test_every_check_of_the_last_run_stands_in_the_file(published: Connection) -> None:
    checked = published.execute(
        "select distinct table_name from meta.validation_result where success"
    ).fetchall()
    before = {name for name in tables() if not name.startswith("meta.")}
    assert {name for (name,) in checked} >= before


def test_results_of_checks_do_not_name_rows_twice(published: Connection) -> None:
    names = 'suite, table_name, "partition", expectation'
    named = f"select {names} from meta.validation_result group by all having count(*) > 1"
    twice = f"select count(*) from ({named})"
    assert published.execute(twice).fetchone() == (0,)


def test_the_dictionary_in_the_file_is_that_of_the_code(published: Connection) -> None:
    found = published.execute(
        "select table_name, column_name, type, unit || '; ' || meaning from meta.column"
    ).fetchall()
    stated = {(table, column, kind, comment) for table, _, column, kind, comment, *_ in described()}
    assert {tuple(row) for row in found} == stated


def test_the_run_tells_profile_code_and_packages(published: Connection) -> None:
    (row,) = published.execute(
        "select profile, length(code_version), started <= finished, "
        "json_extract_string(package_versions, 'duckdb') from meta.run"
    ).fetchall()
    assert row[0] in PROFILES
    assert row[1:] == (16, True, duckdb.__version__)


def test_every_figure_can_be_found_in_an_archived_file(published: Connection) -> None:
    astray = (
        "select count(*) from raw.trade_flow anti join meta.source_file as file "
        "on file.sha256 = file_sha256"
    )
    assert published.execute(astray).fetchone() == (0,)
