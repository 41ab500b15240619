"""Small tables in, the right small table out: each case of golden/ worked out on paper.

A case is `golden/<schema>/<table>/<case>.yaml`, and the table it tests is its folder. It opens
with a comment that works the figures out, and then gives

- `given`: tables by name, as text: a line of column names, then a line a row, cells parted by
  `|`. An empty cell takes the default of tests/world.py, `null` is NULL, `[A, B]` is a list.
- `where` (optional): which rows of the result are looked at, as SQL.
- `expect`: the rows that must come out, all of them, in any order. An empty cell is not compared.
  Money is exact to the cent; a cell of type DOUBLE may be an expression such as `ln(105/100)`,
  and holds to 1e-9.
"""

from pathlib import Path

import pytest
import yaml

from checks import judge
from pipelines.tables import tables
from tests.world import answer, compare, in_types, read_rows, shown, world

GOLDEN = Path(__file__).parent / "golden"
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
    assert missing + unexpected == [], shown(missing, unexpected)


def test_every_reason_to_refuse_a_row_is_raised_by_a_golden_case() -> None:
    cases = (GOLDEN / "quarantine" / "trade_flow").glob("*.yaml")
    raised = "\n".join(case.read_text(encoding="utf-8").split("expect:")[1] for case in cases)
    assert [fault.name for fault in judge.faults() if fault.name not in raised] == []
