"""Exports: every row of every table, typed and described by the standard, cited, and marked."""

import csv
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet
import pytest
import yaml
from click.testing import CliRunner, Result

from pipelines import cli
from pipelines.exports import export as module
from pipelines.tables import tables
from warehouse import spreadsheet

CHOSEN = ("mart.pass_through", "reference.country", "transformed.trade_flow", "reference.source")
# Frictionless is run on its own: it is what outsiders use, and it warns on import.
JUDGE = """
import json, sys
from frictionless import Package, validate
report = validate(sys.argv[1])
wrong = [[task.name, error.type, error.note] for task in report.tasks for error in task.errors]
wrong += [[sys.argv[1], error.type, error.note] for error in report.errors]
rows = {task.name: task.stats.get("rows") or 0 for task in report.tasks}
print(json.dumps({"valid": report.valid, "wrong": wrong[:10], "rows": rows}))
"""


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def exported(root: Path, to: Path, shape: str, *words: str) -> Result:
    done = call("export", "--format", shape, "--root", root, "--to", to, *words)
    assert done.exit_code == 0, done.output
    return done


def judged(descriptor: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", JUDGE, descriptor.name],
        cwd=descriptor.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def counts(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, int]:
    def rows(name: str) -> int:
        return (connection.execute(f"select count(*) from {name}").fetchone() or (0,))[0]

    return {name: rows(name) for name in names}


def test_every_table_as_csv_is_valid_by_the_standard_row_by_row(
    headline_root: Path, headline: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    exported(headline_root, tmp_path, "csv")
    found = judged(tmp_path / "datapackage.json")
    assert found["wrong"] == []
    assert found["valid"] is True
    assert found["rows"] == counts(headline, list(tables()))


@pytest.mark.slow
def test_marts_of_the_demo_as_csv_are_valid_by_the_standard(
    demo_root: Path, demo: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    names = ["mart.screening", "mart.extensive_margin", "reference.country"]  # thousands of rows
    exported(demo_root, tmp_path, "csv", "--profile", "demo", *names)
    found = judged(tmp_path / "datapackage.json")
    assert found["wrong"] == []
    assert found["rows"] == counts(demo, [name for name in tables() if name in names])


def test_the_judge_of_the_standard_finds_what_is_wrong(headline_root: Path, tmp_path: Path) -> None:
    exported(headline_root, tmp_path, "csv", *CHOSEN)
    path = tmp_path / "reference.country.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    found = judged(tmp_path / "datapackage.json")
    assert [error[:2] for error in found["wrong"]] == [["reference.country", "primary-key"]]


def test_csv_holds_the_values_to_the_cent(
    headline_root: Path, headline: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    exported(headline_root, tmp_path, "csv", *CHOSEN)
    text = (tmp_path / "transformed.trade_flow.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    held = headline.execute(
        "select product, value_usd, net_weight_kg, flags from transformed.trade_flow"
    ).fetchall()
    assert [
        (
            row["product"],
            Decimal(row["value_usd"]),
            row["net_weight_kg"] or None,
            json.loads(row["flags"]),
        )
        for row in rows
    ] == held


def test_parquet_holds_the_same_rows_and_types(
    headline_root: Path, headline: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    exported(headline_root, tmp_path, "parquet", *CHOSEN)
    path = tmp_path / "transformed.trade_flow.parquet"
    assert headline.execute(f"from '{path}'").fetchall() == (
        headline.execute("from transformed.trade_flow").fetchall()
    )
    schema = pyarrow.parquet.read_schema(path)
    assert str(schema.field("value_usd").type) == "decimal128(18, 2)"
    described = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert {resource["format"] for resource in described["resources"]} == {"parquet"}


def test_a_workbook_has_a_sheet_a_table_the_dictionary_and_what_it_is(
    headline_root: Path, headline: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    exported(headline_root, tmp_path, "xlsx", *CHOSEN)
    book = openpyxl.load_workbook(tmp_path / "headline.xlsx")
    assert set(book.sheetnames) == {"about", "dictionary", *CHOSEN}
    names, *rows = list(book["transformed.trade_flow"].iter_rows(values_only=True))
    value = names.index("value_usd")
    held = headline.execute("select value_usd from transformed.trade_flow").fetchall()
    assert [Decimal(str(row[value])) for row in rows] == [usd for (usd,) in held]
    told = " ".join(str(cell) for row in book["about"].iter_rows(values_only=True) for cell in row)
    assert "Eurostat, Comext" in told


def test_a_table_longer_than_a_sheet_is_refused_before_a_byte_is_written(
    headline_root: Path,
    headline: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (rows,) = headline.execute("select count(*) from reference.country").fetchone() or (0,)
    monkeypatch.setattr(spreadsheet, "SHEET_ROWS", 300)
    done = call("export", "--format", "xlsx", "--root", headline_root, "--to", tmp_path)
    assert done.exit_code == 3
    assert rows > 300
    assert f"reference.country\n  has {rows} rows" in done.output
    assert "--format csv or parquet" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shape", ["csv", "parquet", "xlsx"])
def test_the_demo_says_simulated_in_every_name_and_row(
    demo_root: Path, tmp_path: Path, shape: str
) -> None:
    exported(demo_root, tmp_path, shape, "--profile", "demo", "mart.pass_through")
    data = [path for path in tmp_path.iterdir() if path.suffix == f".{shape}"]
    assert all(path.name.startswith("SIMULATED.") for path in data)
    if shape == "xlsx":
        sheet = openpyxl.load_workbook(data[0])["mart.pass_through"]
        marks = [row[0] for row in sheet.iter_rows(values_only=True)]
    elif shape == "csv":
        marks = [line.split(",")[0] for line in data[0].read_text("utf-8").splitlines()]
    else:
        column = pyarrow.parquet.read_table(data[0]).column("simulated")
        marks = ["simulated", *column.to_pylist()]
    assert marks[0] == "simulated"
    assert set(marks[1:]) == {"SIMULATED"}
    for name in ("datapackage.json", "CITATION.cff"):
        assert "SIMULATED" in (tmp_path / name).read_text(encoding="utf-8")


def test_without_a_folder_exports_stand_where_serve_finds_them(own_root: Path) -> None:
    assert call("export", "--format", "csv", "--root", own_root, "mart.claim").exit_code == 0
    assert (own_root / "headline" / "exports" / "csv" / "mart.claim.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mart.nowhere"], "table mart.nowhere\n  is not in the dictionary"),
        (["--profile", "demo"], "mirror-trade run --profile demo"),
    ],
)
def test_what_cannot_be_exported_is_told(
    headline_root: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    done = call("export", "--format", "csv", "--root", headline_root, "--to", tmp_path, *words)
    assert done.exit_code == 3
    assert said in done.output


def test_a_file_of_another_version_is_told(
    headline_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tables()["mart.claim"]
    older = {"mart.claim": module.Table(**{**_fields(table), "columns": table.columns[1:]})}
    monkeypatch.setattr(module, "tables", lambda: older)
    done = call("export", "--format", "csv", "--root", headline_root, "--to", tmp_path)
    assert done.exit_code == 3
    assert "another version of this project: mart.claim differs" in done.output


def _fields(table: Any) -> dict[str, Any]:
    return {name: getattr(table, name) for name in table.__dataclass_fields__}


def test_the_folder_of_a_run_is_described_file_by_file(headline_root: Path) -> None:
    folder = headline_root / "headline"
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    assert {resource["name"] for resource in descriptor["resources"]} == set(tables())
    for resource in descriptor["resources"]:
        paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
        assert [path for path in paths if not (folder / path).is_file()] == []
        columns = pyarrow.parquet.read_schema(folder / paths[0]).names
        assert columns == [field["name"] for field in resource["schema"]["fields"]]
        assert resource["licenses"]
        assert all(field["unit"] for field in resource["schema"]["fields"])


READ = """
import sys
from frictionless import FrictionlessException, Package
try:
    print(len(Package(sys.argv[1]).resources))
except FrictionlessException as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("breaking", "said"),
    [
        (lambda resource: None, None),
        (lambda resource: resource.pop("path"), "one of the properties"),
        (lambda resource: resource["schema"]["fields"][0].update(type="money"), '"money" is not'),
    ],
    ids=["as it is", "without a path", "with an unknown type"],
)
def test_the_descriptor_of_a_run_is_read_by_the_standard(
    headline_root: Path, tmp_path: Path, breaking: Any, said: str | None
) -> None:
    descriptor = json.loads((headline_root / "headline" / "datapackage.json").read_bytes())
    breaking(descriptor["resources"][0])
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, "datapackage.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (said or str(len(tables()))) in done.stdout


def test_keys_units_constraints_and_terms_come_from_the_dictionary(headline_root: Path) -> None:
    descriptor = json.loads((headline_root / "headline" / "datapackage.json").read_bytes())
    found = {resource["name"]: resource for resource in descriptor["resources"]}
    flow = found["transformed.trade_flow"]
    fields = {field["name"]: field for field in flow["schema"]["fields"]}
    assert fields["value_usd"] == {
        "name": "value_usd",
        "type": "number",
        "unit": "USD",
        "description": "value as reported, in nominal dollars",
        "constraints": {"required": True, "minimum": 0},
        "formula": fields["value_usd"]["formula"],
    }
    assert fields["flow"]["constraints"]["enum"] == ["M", "X"]
    assert flow["schema"]["primaryKey"] == list(tables()["transformed.trade_flow"].key)
    refers = {key["fields"][0]: key["reference"] for key in flow["schema"]["foreignKeys"]}
    assert refers["reporter"] == {"resource": "reference.country", "fields": ["code"]}
    assert refers["source"] == {"resource": "reference.source", "fields": ["source"]}
    assert {"name": "other-at", "title": "reuse with source (Decision 2011/833/EU)"} in (
        flow["licenses"]
    )
    # A hub may be *, which is no country: no such key is claimed where it stands.
    figure = found["transformed.mirror_figure"]["schema"].get("foreignKeys", [])
    assert "hub" not in [key["fields"][0] for key in figure]


@pytest.mark.parametrize("profile", ["headline", "demo"])
def test_every_publisher_whose_figures_are_held_is_cited(
    request: pytest.FixtureRequest, profile: str
) -> None:
    root: Path = request.getfixturevalue(f"{profile}_root")
    connection: duckdb.DuckDBPyConnection = request.getfixturevalue(profile)
    said = yaml.safe_load((root / profile / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(said)
    assert said["type"] == "dataset"
    held = connection.execute(
        "select distinct citation from raw.trade_flow join reference.source using (source)"
    ).fetchall()
    cited = {reference["title"] for reference in said["references"]}
    assert cited == {text for (text,) in held} != set()
    for reference in said["references"]:
        assert reference["type"] == "data"
        assert reference["authors"][0]["name"]
        assert "terms: " in reference["notes"]
