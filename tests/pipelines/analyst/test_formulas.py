"""Formulas of the dictionary: followed to where they are computed, left where that is unsure."""

import pytest
import sqlglot

from pipelines.analyst import formulas as module
from pipelines.analyst.formulas import described, formulas, source_of
from pipelines.tables import tables


def formula(sql: str) -> str:
    """The formula of column `out` of a query."""
    query = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(query, sqlglot.exp.Query)
    steps = {cte.alias: cte.this for cte in query.ctes}
    (item,) = (item for item in query.selects if item.alias_or_name == "out")
    return module._formula(item, query, steps)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a + 1 as out from t", "a + 1"),
        ("with s as (select a * 2 as b from t) select b as out from s", "a * 2"),
        ("with s as (select a * 2 as b from t) select b+1 as out from s", "b + 1 where b = a * 2"),
        ("with s as (select a * 2 as b from t), r as (select *, 1 as c from s) "
         "select b as out from r", "a * 2"),
        ("with s as (select a * 2 as b from t), r as (select * exclude (b) from s) "
         "select b as out from r", ""),
        ("with s as (select a * 2 as b from t), r as (select 3 as b from t) "
         "select b as out from s join r using (k)", ""),
        ("with s as (select a * 2 as b from t), r as (select * from elsewhere) "
         "select b as out from s join r using (k)", ""),
        ("with s as (select a * 2 as b from t), r as (select * from elsewhere) "
         "select s.b as out from s join r using (k)", "a * 2"),
        ("with s as (select a as b from t union all select c from t) select b as out from s", ""),
        ("select hub as out from reference.hub", "reference.hub.hub"),
        ("select nowhere as out from reference.hub", ""),
        ("with s as (select max(b) as b from t) select b + 1 as out from s", "b + 1"),
    ],
)  # fmt: skip
def test_a_name_is_followed_only_where_one_source_surely_gives_it(sql: str, expected: str) -> None:
    assert formula(sql) == expected


def test_a_macro_says_which_column_of_which_table_it_shows() -> None:
    told = formulas("main.corridor")
    assert told["gap_usd"] == "mart.mirror_gap.gap_usd"
    assert told["hub_exports_usd"] == "transformed.mirror_statistics.hub_exports_usd"


def test_money_of_every_mart_that_is_sql_has_a_formula() -> None:
    money = [
        name
        for name, table in tables().items()
        if table.schema == "mart" and any(c.name.endswith("_usd") for c in table.columns)
    ]
    told = {name: len(formulas(name)) for name in money}
    assert [name for name, count in told.items() if not count] == []


def test_a_definition_that_three_stages_share_is_told_with_their_own_tables() -> None:
    assert "validated.mirror_figure" in source_of("validated.mirror_statistics")
    assert formulas("validated.mirror_statistics") == formulas("raw.mirror_statistics")


def test_every_table_view_and_macro_says_where_it_comes_from() -> None:
    rows = list(described())
    assert {row[0] for row in rows} > set(tables())
    assert [row[:3] for row in rows if not row[5]] == []


def test_a_step_called_judged_is_not_the_judge() -> None:
    assert "raw.trade_flow" not in tables()["mart.claim"].inputs
