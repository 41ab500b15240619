"""Files of assets/ as tables: words, inputs, errors that teach, and SQL other engines can read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

import assets
from checks import judge
from checks.queries import checks_of
from pipelines import tables as module
from pipelines.loader import rows, sql
from pipelines.loader import table as one_table
from pipelines.loader.sql import fill
from pipelines.loader.table import Table
from pipelines.tables import tables
from warehouse.errors import InputError

ASSETS = Path(assets.__file__).parent
SELECTS = {name: table.select for name, table in tables().items() if table.select is not None}
# Functions that Spark has under no such name, though sqlglot renders them without a word: each
# needs one line of its own in that engine. A new one is added on purpose, or written otherwise.
LACKING = ("MAD", "REGEXP_FULL_MATCH")
KNOWN_LACKS = {
    "mart.pass_through": {"MAD"},
    "transformed.trade_flow": {"MAD"},
    "judged": {"REGEXP_FULL_MATCH"},
}
SPARK_KNOWS = {"HASH"}  # sqlglot does not know that it does


@pytest.mark.parametrize("name", sorted(tables()))
def test_a_file_of_assets_is_a_table(name: str) -> None:
    stem = ASSETS / name.replace(".", "/")
    assert any(stem.with_suffix(suffix).exists() for suffix in (".sql", ".py", ".csv"))


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_column_has_type_unit_and_meaning(name: str) -> None:
    table = tables()[name]
    halves = {column.name: column.comment.split("; ", 1) for column in table.columns}
    wordless = [n for n, said in halves.items() if len(said) != 2 or not all(map(str.strip, said))]
    assert wordless == []
    assert all(column.type for column in table.columns)
    # Parquet has no HUGEINT: a sum of counts would come back as a float.
    assert [column.name for column in table.columns if column.type == "HUGEINT"] == []


@pytest.mark.parametrize("name", sorted(tables()))
def test_a_table_says_what_it_is_and_its_key(name: str) -> None:
    table = tables()[name]
    assert table.text.strip().endswith(".")
    assert set(table.key) <= {column.name for column in table.columns}
    assert table.comment.startswith(table.text)


def test_inputs_come_before_the_tables_that_read_them() -> None:
    order = list(tables())
    late = [
        (name, upstream)
        for name, table in tables().items()
        for upstream in table.inputs
        if order.index(upstream) >= order.index(name)
    ]
    assert late == []


@pytest.mark.parametrize("stage", ["validated", "transformed"])
@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.sql")), ids=lambda path: path.stem)
def test_what_each_stage_ends_in_is_one_definition(path: Path, stage: str) -> None:
    own, first = tables()[f"{stage}.{path.stem}"], tables()[f"raw.{path.stem}"]
    assert own.columns == first.columns
    assert own.select == (first.select or "").replace("raw.", f"{stage}.")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of assets/ that the loader reads in its place."""
    copied = tmp_path / "assets"
    shutil.copytree(ASSETS, copied, ignore=shutil.ignore_patterns("source", "__pycache__"))
    for reader in (module, one_table, sql, rows):
        monkeypatch.setattr(reader, "ASSETS", copied)
    return copied


read_anew: Callable[[], dict[str, Table]] = tables.__wrapped__
HEAD = "-- A table.\n-- key: hub\n"
WRONG = {
    "a word without meaning": (
        "select hub, 1 as unheard_of from reference.hub",
        "mart/wrong.sql, column unheard_of: has no meaning",
    ),
    "an unknown table": ("select hub from mart.nowhere", "table mart.nowhere: is no file"),
    "itself": ("select hub from mart.wrong", "table mart.wrong: reads itself"),
    "an unknown column": ("select hubb as hub from reference.hub", "assets/mart/wrong.sql: .*hubb"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_is_an_error_that_names_it(folder: Path, fault: str) -> None:
    select, told = WRONG[fault]
    (folder / "mart" / "wrong.sql").write_text(HEAD + select + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_anew()


def test_a_csv_column_without_meaning_is_an_error_that_names_it(folder: Path) -> None:
    path = folder / "reference" / "hub.csv"
    text = path.read_text(encoding="utf-8").replace("position", "place", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"reference/hub\.csv, column place: has no meaning"):
        read_anew()


def test_a_new_file_is_a_new_table(folder: Path) -> None:
    select = "select hub, 1 as rank -- order; a word of its own\nfrom reference.hub\n"
    (folder / "mart" / "added.sql").write_text(HEAD + select, encoding="utf-8")
    table = read_anew()["mart.added"]
    assert [(c.name, c.type, c.comment) for c in table.columns] == [
        ("hub", "VARCHAR", tables()["reference.hub"].columns[0].comment),
        ("rank", "INTEGER", "order; a word of its own"),
    ]
    assert table.inputs == ("reference.hub",)


@pytest.mark.parametrize("name", sorted(SELECTS))
def test_sql_can_be_rendered_for_spark(name: str) -> None:
    assert lacking_in_spark(SELECTS[name]) == KNOWN_LACKS.get(name, set())


def test_the_judge_can_be_rendered_for_spark() -> None:
    assert lacking_in_spark(fill(judge.marked("raw.trade_flow"))) == KNOWN_LACKS["judged"]
    assert lacking_in_spark(fill(judge.judged("raw.trade_flow", "marked"))) == set()


@pytest.mark.parametrize("name", sorted(tables()))
def test_checks_can_be_rendered_for_spark(name: str) -> None:
    table = tables()[name]
    for check in checks_of(name, table.key, [column.name for column in table.columns]):
        assert lacking_in_spark(fill(check.query)) == set()


def lacking_in_spark(select: str) -> set[str]:
    """Functions of the Spark rendering that Spark lacks; raises where sqlglot cannot render."""
    (rendered,) = sqlglot.transpile(
        select, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE
    )
    parsed = sqlglot.parse_one(rendered, dialect="spark")
    unheard_of = {str(call.this).upper() for call in parsed.find_all(exp.Anonymous)}
    return unheard_of - SPARK_KNOWS | {name for name in LACKING if f"{name}(" in rendered}
