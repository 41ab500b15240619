"""The published claims of the reference table against the publishers' own files."""

import pytest

from tests.official.figures import Connection
from tests.pipelines.test_claims import row_of

FROM_WORKBOOKS = (*range(7, 27),)


@pytest.mark.parametrize("number", FROM_WORKBOOKS)
def test_official_reproduces_the_reference_table(official: Connection, number: int) -> None:
    found = official.execute("select claim, verdict, reason from mart.claim").fetchall()
    of_row = [row for row in found if row_of(row[0]) == number]
    assert of_row
    assert {row for row in of_row if row[1] != "reproduced"} == set()


def test_what_needs_products_is_not_computable_from_totals(official: Connection) -> None:
    query = "select distinct verdict, reason like 'this profile holds no%' from mart.claim "
    found = official.execute(query + "where product in ('8542', '8806')").fetchall()
    assert found == [("not_computable", True)]
