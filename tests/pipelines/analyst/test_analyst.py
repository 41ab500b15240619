"""What an analyst is handed: queries with their answers, the notebook, what the README shows."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import cli
from pipelines.analyst.questions import ask, given
from warehouse.errors import InputError

PROJECT = Path(cli.__file__).parents[1]
ANALYST = PROJECT / "pipelines" / "analyst"
QUERIES = sorted((ANALYST / "queries").glob("*.sql"))
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_an_example_query_gives_the_answer_beside_it(headline_root: Path, path: Path) -> None:
    answer = ask(given(str(path)), "headline", headline_root, "csv")
    assert answer == path.with_suffix(".csv").read_text(encoding="utf-8")
    assert len(answer.splitlines()) > 1


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_an_example_query_says_what_it_asks(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- ")


def test_every_answer_has_its_query() -> None:
    answers = sorted((ANALYST / "queries").glob("*.csv"))
    assert [path.stem for path in answers] == [path.stem for path in QUERIES]


def test_a_query_file_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"nowhere\.sql: cannot be read: No such file"):
        given("nowhere.sql")


def test_the_notebook_runs_through_and_shows_what_the_marts_say(
    headline_root: Path, headline: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIRROR_TRADE_ROOT", str(headline_root))
    notebook = runpy.run_path(str(ANALYST / "notebook.py"))
    _, shown = notebook["app"].run()
    shares = headline.execute("select lost_share from lost('E27')").fetchall()
    assert shown["lost"]["lost_share"].tolist() == [share for (share,) in shares]
    assert len(shown["sources"]) == 4
    russia = shown["reports"].query("who == 'Russia says it receives'")
    assert russia["year"].tolist() == [2018, 2019, 2020, 2021]


@pytest.mark.slow
def test_the_notebook_is_exported_with_no_cell_that_failed(
    headline_root: Path, tmp_path: Path
) -> None:
    page = tmp_path / "notebook.html"
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "export", "html", ANALYST / "notebook.py", "-o", page],
        env={**os.environ, "MIRROR_TRADE_ROOT": str(headline_root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Trade mirror statistics" in page.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Code of the README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_the_pandas_lines_of_the_readme_print_what_the_mart_says(
    headline_root: Path, headline: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (code,) = blocks("python")
    assert len(list(filter(None, code.splitlines()))) <= 5
    (tmp_path / "warehouse").symlink_to(headline_root)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (share,) = headline.execute(
        "select 100 * lost_share from lost('E27') where year = 2022"
    ).fetchone() or (None,)
    (line,) = (line for line in done.stdout.splitlines() if line.strip().startswith("2022"))
    assert float(line.split()[-1]) == pytest.approx(share, abs=0.05)


def test_the_duckdb_lines_of_the_readme_are_answered(headline: duckdb.DuckDBPyConnection) -> None:
    (code,) = blocks("sql")
    queries = [line for line in code.splitlines() if line.endswith(";")]
    assert len(queries) >= 3
    for query in queries:
        assert headline.execute(query).fetchall()


def test_the_file_the_r_lines_read_is_written_by_the_command_before_them() -> None:
    (code,) = blocks("r")
    assert "warehouse/headline/exports/csv/mart.lost_in_transit.csv" in code
    assert "mirror-trade export --format csv mart.lost_in_transit" in README


def test_the_query_to_paste_gives_the_table_below_it(headline_root: Path) -> None:
    asked = re.search(r'mirror-trade query "(from lost.*?|select .*?)"\n```', README, re.DOTALL)
    assert asked
    answer = ask(asked[1], "headline", headline_root, "json")
    below = README[asked.end() :].split("```")[1]
    for row in map(json.loads, answer.splitlines()):
        assert re.search(rf"│\s+{row['year']} │.*{row['lost_share']}", below)
