"""Plain pandas computes the same marts: on every case worked out on paper, in every column.

That it does on generated rows is seen in CI, where the benchmarks run on a small world; on the
simulated world, tests/pipelines/compute/test_plain_pandas.py.
"""

from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.tables import tables
from tests.benchmarks import plain
from tests.benchmarks.plain.differences import differences
from tests.world import read_rows, world
from warehouse.house import House

GOLDEN = Path(__file__).parents[1] / "golden"
GAP = "mart.mirror_gap"
CASES = [
    case for name in plain.MARTS for case in sorted(GOLDEN.glob(f"{name.replace('.', '/')}/*.yaml"))
]

# What pandas looks up beside what the SQL of a mart reads.
LOOKED_UP = (
    "reference.country",
    "reference.country_group",
    "reference.hub",
    "reference.reporter_silence",
    "reference.threshold",
    "mart.product_family",
)


def test_every_mart_is_computed_or_left_out_with_the_reason() -> None:
    marts = {name for name in tables() if name.startswith("mart.")}
    assert {*plain.MARTS, *plain.LEFT_OUT} == marts
    assert not plain.MARTS.keys() & plain.LEFT_OUT.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(GOLDEN)))
def test_a_case_on_paper_comes_out_of_pandas_as_of_the_sql(case: Path, tmp_path: Path) -> None:
    name = f"{case.parent.parent.name}.{case.parent.name}"
    house = house_of(case, name, tmp_path)
    plain.compute(house, tmp_path / "plain", name)
    assert differences(house, tmp_path / "plain", name) == {}


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("gap_usd", "gap_usd + 1"),
        ("gap_usd", "null"),
        ("log_ratio", "log_ratio + 1e-6"),
        ("third_opinion_usd", "1"),
        ("driver", "'another'"),
        ("status", "null"),
        ("flags", "list_append(flags, 'FX')"),
    ],
)
def test_a_cell_that_differs_is_found(column: str, other: str, tmp_path: Path) -> None:
    house = computed_gap(tmp_path)
    cell = f"case when log_ratio is not null then {other} else {column} end"
    rewrite(tmp_path, f"select * replace ({cell} as {column})")
    assert differences(house, tmp_path / "plain", GAP) == {column: 1}


def test_a_row_that_either_lacks_is_found(tmp_path: Path) -> None:
    house = computed_gap(tmp_path)
    rewrite(
        tmp_path, "select * replace (case when log_ratio is null then year else 1999 end as year)"
    )
    assert differences(house, tmp_path / "plain", GAP) == {"key": 2}


def computed_gap(root: Path) -> House:
    """A house with a case on paper in which one row has a log ratio, computed both ways."""
    house = house_of(
        GOLDEN / "mart" / "mirror_gap" / "third_opinion_beside_both_reports.yaml", GAP, root
    )
    plain.compute(house, root / "plain", GAP)
    return house


def rewrite(root: Path, select: str) -> None:
    """Give pandas' own result other cells."""
    path = root / "plain" / f"{GAP}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table held as {select} from '{path}'")
        connection.execute(f"copy held to '{path}'")


def house_of(case: Path, name: str, root: Path) -> House:
    """A house that holds a case's tables, and the mart as the SQL computes it."""
    said = yaml.load(case.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    given = {table: read_rows(text) for table, text in said["given"].items()}
    connection = world(given, *LOOKED_UP, name)
    stood = connection.execute("select schema_name || '.' || table_name from duckdb_tables()")
    names = [table for (table,) in stood.fetchall() if table in tables()]
    house = House("paper", root, (), tuple(sorted(years_of(connection, names))))
    for table in map(tables().__getitem__, names):
        for year in house.years if table.by_year else [None]:
            where = "" if year is None else f" where year = {year}"
            select = f"select * from {table.name}{where}"
            house.store.write(connection, table.name, select, table.key, year)
    return house


def years_of(connection: duckdb.DuckDBPyConnection, names: list[str]) -> set[int]:
    """Every year of the tables that are kept by year."""
    found: set[int] = set()
    for name in names:
        if tables()[name].by_year:
            each = connection.execute(f"select distinct year from {name}").fetchall()
            found.update(year for (year,) in each)
    return found
