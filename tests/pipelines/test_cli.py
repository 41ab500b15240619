"""The command line: help that costs nothing, exit codes for schedulers, files only read."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines import cli, runs
from warehouse.errors import InputError

COMMANDS = sorted(cli.main.commands)
HEAVY = ["dagster", "duckdb", "pandas", "great_expectations", "sqlglot", "pyarrow", "numpy"]
HELP = f"""
import sys
from click.testing import CliRunner
from pipelines.cli import main
for command in {[[], *[[name] for name in COMMANDS]]!r}:
    told = CliRunner().invoke(main, [*command, "--help"])
    assert told.exit_code == 0, told.output
    assert "Example" in told.output and "mirror-trade " in told.output, told.output
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def test_help_of_every_command_shows_an_example_and_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP],
        cwd=Path(cli.__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_there_are_the_commands_of_the_readme() -> None:
    assert {"run", "status", "query", "describe"} <= set(COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ["walk"],
        ["run", "--profile", "nowhere"],
        ["query"],
        ["query", "select 1", "--format", "xml"],
        ["run", "--fast"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    assert call(*words).exit_code == 2


def test_status_before_any_run_says_what_to_run(tmp_path: Path) -> None:
    done = call("status", "--root", tmp_path)
    assert done.exit_code == 1
    assert "not yet" in done.output
    assert list(tmp_path.iterdir()) == []


def test_status_tells_what_was_published(headline_root: Path, tmp_path: Path) -> None:
    shutil.copy(headline_root / "headline.duckdb", tmp_path)
    shutil.copy(headline_root / "headline.duckdb", tmp_path / "demo.duckdb")
    done = call("status", "--root", tmp_path)
    assert done.exit_code == 0
    assert "headline" in done.output


def test_a_query_before_any_run_says_what_to_run(tmp_path: Path) -> None:
    done = call("query", "select 1", "--root", tmp_path)
    assert done.exit_code == 3
    assert "mirror-trade run --profile headline" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("years", ["1990", "2023-2020", "last", "2020-2030", "-2020"])
def test_years_that_are_not_covered_are_told(tmp_path: Path, years: str) -> None:
    done = call("run", "--profile", "headline", "--years", years, "--root", tmp_path)
    assert done.exit_code == 3
    assert f"--years {years}" in done.output
    assert "2010 and 2023" in done.output


def test_half_a_span_of_years_is_no_year() -> None:
    with pytest.raises(InputError, match="is no year and no span of years"):
        runs.span("2020-", (2018, 2019, 2020, 2021))


def test_a_run_that_fails_is_exit_code_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "run_profile", lambda *arguments: False)
    assert call("run", "--root", tmp_path).exit_code == 1


def test_a_run_that_is_done_is_exit_code_0_and_shows_its_result(
    headline_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "run_profile", lambda *arguments: True)
    done = call("run", "--profile", "headline", "--root", headline_root)
    assert done.exit_code == 0
    shown = " ".join(done.output.split())
    for figure in ("5,279.9", "5,451.0", "5,224.1", "+0.032", "30.0%", "73.5", "0.44", "17.8"):
        assert figure in shown
    assert "no code before HS2022" in shown
    assert "headline.duckdb" in shown


def test_the_result_of_the_demo_says_simulated_on_every_line(
    demo_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "run_profile", lambda *arguments: True)
    done = call("run", "--profile", "demo", "--root", demo_root)
    table = done.output.split("\nFiles")[0]
    rows = [line for line in table.splitlines() if any(c.isdigit() for c in line)]
    assert len(rows) == 11
    assert [line for line in rows if "SIMULATED" not in line] == []


def test_on_a_narrow_terminal_no_figure_of_the_result_is_cut(
    headline_root: Path, demo_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    from pipelines.analyst import result

    monkeypatch.setenv("COLUMNS", "80")
    result.show("headline", headline_root)
    result.show("demo", demo_root)
    said = capsys.readouterr().out
    assert "71.3-75.7" in said
    assert "…" not in said


def test_the_query_that_a_run_shows_can_be_pasted(headline_root: Path) -> None:
    from pipelines.analyst.result import QUESTION

    done = call("query", QUESTION, "--format", "csv", "--root", headline_root)
    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(done.output)))
    assert [row["year"] for row in rows] == ["2018", "2019", "2020", "2021", "2022", "2023"]


SQL = (
    "select 2021::smallint as year, 'Қазақстан, \"KZ\"' as name, "
    "12345678901234.56::decimal(18, 2) as usd, null::integer as nothing"
)


def test_a_query_as_csv(headline_root: Path) -> None:
    done = call("query", SQL, "--format", "csv", "--root", headline_root)
    (row,) = csv.DictReader(io.StringIO(done.output))
    assert row == {
        "year": "2021",
        "name": 'Қазақстан, "KZ"',
        "usd": "12345678901234.56",
        "nothing": "",
    }


def test_a_query_as_json_lines(headline_root: Path) -> None:
    done = call("query", SQL, "--format", "json", "--root", headline_root)
    (line,) = done.output.splitlines()
    row = json.loads(line)
    assert (row["year"], row["name"], row["nothing"]) == (2021, 'Қазақстан, "KZ"', None)
    assert float(row["usd"]) == 12345678901234.56


def test_a_query_as_a_table(headline_root: Path) -> None:
    done = call("query", SQL, "--root", headline_root)
    assert done.exit_code == 0
    assert "2021" in done.output


@pytest.mark.parametrize(
    "sql",
    [
        "select * from mart.nowhere",
        "selct 1",
        "select error('while it runs')",
        "select cast(hub as integer) from reference.hub",
        "create table mart.added as select 1",
        "delete from mart.pass_through",
    ],
)
@pytest.mark.parametrize("shape", ["table", "csv", "json"])
def test_a_query_that_cannot_be_answered_is_told_and_changes_nothing(
    headline_root: Path, sql: str, shape: str
) -> None:
    before = (headline_root / "headline.duckdb").read_bytes()
    done = call("query", sql, "--format", shape, "--root", headline_root)
    assert (headline_root / "headline.duckdb").read_bytes() == before
    assert done.exit_code == 3, repr(done.exception)
    assert "the query" in done.output


def test_a_table_is_described_with_its_columns() -> None:
    done = call("describe", "mart.pass_through")
    assert done.exit_code == 0
    assert "marginal_pass_through DOUBLE" in done.output
    assert "Method S2, S7-S9" in done.output


@pytest.mark.parametrize("name", ["flags", "reasons", "method", ""])
def test_lists_are_described(name: str) -> None:
    done = call("describe", *([name] if name else []))
    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 10


@pytest.mark.parametrize("name", ["mart.nowhere", "nowhere", "mart"])
def test_an_unknown_table_is_told(name: str) -> None:
    done = call("describe", name)
    assert done.exit_code == 3
    assert f"table {name}" in done.output
    assert "`mirror-trade describe` lists the tables" in done.output
