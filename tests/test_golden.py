"""Small tables in, the right small table out: each case of golden/ worked out on paper.

A case is `golden/<schema>/<table>/<case>.yaml`, and the table it tests is its folder. It opens
with a comment that works the figures out, and then gives

- `given`: tables by name, as text: a line of column names, then a line a row, cells parted by
  `|`. An empty cell takes the default of tests/world.py, `null` is NULL, `[A, B]` is a list.
- `where` (optional): which rows of the result are looked at, as SQL.
- `expect`: the rows that must come out, all of them, in any order. An empty cell is not compared. Money is exact to the cent; a cell of type DOUBLE may be an expression
  such as `ln(105/100)`, and holds to 1e-9.
"""

from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.tables import tables
from tests.world import answer, world

GOLDEN = Path(__file__).parent / "golden"
Row = dict[str, object]
CASES = sorted(GOLDEN.glob("*/*/*.yaml"))


def test_a_folder_of_golden_cases_is_a_table() -> None:
    assert {f"{case.parent.parent.name}.{case.parent.name}" for case in CASES} <= set(tables())


def test_each_golden_case_is_worked_out_in_its_opening_comment() -> None:
    assert [case for case in CASES if not case.read_text(encoding="utf-8").startswith("# ")] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(GOLDEN)))
def test_the_table_comes_out_as_worked_out_on_paper(case: Path) -> None:
    name = f"{case.parent.parent.name}.{case.parent.name}"
    said = yaml.load(case.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    given = {table: read_rows(text) for table, text in said["given"].items()}
    connection = world(given, name)
    wanted = [in_types(connection, name, row) for row in read_rows(said["expect"])]
    missing, unexpected = compare(wanted, answer(connection, name, said.get("where", "true")))
    assert not (missing or unexpected), shown(missing, unexpected)


def read_rows(text: str) -> list[Row]:
    """The rows of a table written as text; empty cells are left out."""
    lines = [line for line in text.splitlines() if line.strip()]
    names, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [
        {name: cell_of(text) for name, text in zip(names, row, strict=True) if text} for row in rows
    ]


def cell_of(text: str) -> object:
    """NULL, a list, or the text itself, which the table's type will read."""
    if text == "null":
        return None
    if text.startswith("[") and text.endswith("]"):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return text


def compare(wanted: list[Row], found: list[Row]) -> tuple[list[Row], list[Row]]:
    """Rows wanted and not found, and rows found that nobody wants; in the columns named."""
    named = {column for row in wanted for column in row}
    missing, spare = [], list(found)
    for row in wanted:
        same = (other for other in spare if all(other[key] == row[key] for key in row))
        match = next(same, None)
        if match is None:
            missing.append(row)
        else:
            spare.remove(match)
    return missing, [{column: row[column] for column in row if column in named} for row in spare]


def shown(missing: list[Row], unexpected: list[Row]) -> str:
    """Both lists, a row a line, so that the figures that differ stand under each other."""
    lines = [f"wanted  {list(row.items())}" for row in missing]
    return "\n".join(["", *lines, *(f"found   {list(row.items())}" for row in unexpected)])


def in_types(connection: duckdb.DuckDBPyConnection, name: str, row: Row) -> Row:
    """Expected cells in the types of the table, floats with the tolerance they are held to."""
    types = {column.name: column.type for column in tables()[name].columns}
    return {column: typed(connection, types[column], cell) for column, cell in row.items()}


def typed(connection: duckdb.DuckDBPyConnection, kind: str, cell: object) -> object:
    if cell is None:
        return None
    if kind == "DOUBLE":
        (number,) = connection.execute(f"select cast({cell} as double)").fetchone() or (None,)
        return pytest.approx(number, abs=1e-9)
    (value,) = connection.execute(f"select cast(? as {kind})", [cell]).fetchone() or (None,)
    return value
