"""BACI beside the real figures of profile headline, and alone: a third opinion, never a report."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines import cli
from tests.pipelines import drive
from tests.pipelines.conftest import made_once
from tests.source.baci.zips import baci

Connection = duckdb.DuckDBPyConnection
pytestmark = pytest.mark.slow  # three runs of the pipeline
YEARS = {
    2021: ("2021,156,398,854231,9000000.000,1", "2021,398,643,854231,6500000.000,2"),
    2022: ("2022,398,643,854231,8800000.000,2", "2022,643,398,854231,17000000.000,2"),
}
THIRD_OPINION = "third_opinion_usd, third_opinion_release, third_opinion_flags"
# Of BACI itself, or of where everything is from.
ITS_OWN = {
    "raw.baci_country",
    "raw.baci_product",
    "raw.source_file",
    "meta.source_file",
    "meta.run",
    "meta.validation_result",
    "transformed.third_opinion",
}


def zips(folder: Path) -> Path:
    baci(folder, "HS17", years=YEARS)
    baci(folder, "HS22", years={2022: YEARS[2022]})
    return folder


def run(profile: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        drive.run(profile, root, inputs=zips(root / "given"))

    return make


@pytest.fixture(scope="module")
def beside(shared: Path) -> Connection:
    """Profile headline with zips of BACI."""
    root = made_once(shared, "headline_with_baci", run("headline"))
    return duckdb.connect(str(root / "headline.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def alone(shared: Path) -> Connection:
    root = made_once(shared, "baci", run("baci"))
    return duckdb.connect(str(root / "baci.duckdb"), read_only=True)


def published(connection: Connection) -> list[str]:
    query = "select schema_name || '.' || table_name from duckdb_tables() order by 1"
    return [name for (name,) in connection.execute(query).fetchall() if name not in ITS_OWN]


def content(connection: Connection, table: str) -> list[tuple[object, ...]]:
    """A table's rows but BACI's own, and without the third opinion."""
    described = connection.execute(f"describe {table}").fetchall()
    columns = [name for name, *_ in described if not name.startswith("third_opinion_")]
    own = "where source <> 'baci'" if "source" in columns and ".trade_flow" in table else ""
    return connection.execute(
        f"select {', '.join(columns)} from {table} {own} order by all"
    ).fetchall()


def test_no_table_changes_when_baci_stands_beside_the_figures(
    headline: Connection, beside: Connection
) -> None:
    count = "select count(*) from validated.trade_flow where source = 'baci'"
    assert beside.execute(count).fetchone() == (6,)
    assert published(beside) == published(headline)
    changed = [t for t in published(headline) if content(beside, t) != content(headline, t)]
    assert changed == []


def test_the_third_opinion_stands_beside_both_reports(beside: Connection) -> None:
    query = f"""
        select year, {THIRD_OPINION}, imports_cif_usd is null as is_single from mart.mirror_gap
        where exporter = 'KAZ' and importer = 'RUS' and product = 'TOTAL' and year >= 2021
            and third_opinion_usd is not null
        order by year
    """
    assert beside.execute(query).fetchall() == [
        (2021, 6500000000, "V202601", [], False),
        (2022, 8800000000, "V202601", ["MIRROR_ONLY", "PROVISIONAL"], True),
    ]


def test_baci_alone_has_no_mirror_and_says_why(alone: Connection) -> None:
    for stage in ("raw", "validated", "transformed"):
        assert alone.execute(f"select count(*) from {stage}.mirror_statistics").fetchone() == (0,)
    for mart in ("mirror_gap", "lost_in_transit", "pass_through", "substitution"):
        assert alone.execute(f"select count(*) from mart.{mart}").fetchone() == (0,)
    reasons = alone.execute("select distinct reported_by, reason from transformed.third_opinion")
    ((reported_by, reason),) = reasons.fetchall()
    assert reported_by == "none"
    assert "a reconciled value is none" in reason
    verdicts = alone.execute("select distinct verdict from mart.claim").fetchall()
    assert verdicts == [("not_computable",)]


def test_a_simulated_world_takes_no_real_zip(tmp_path: Path) -> None:
    words = ["run", "--profile", "demo", "--inputs", str(zips(tmp_path)), "--root", str(tmp_path)]
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 3, done.output
    assert "nothing simulated mixes with it" in done.output


def test_the_run_on_baci_alone_ends_with_its_figures_and_the_reason(
    alone: Connection, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelines.analyst import result

    result.show("baci", shared / "baci")
    result.show_files(["baci"], shared / "baci")
    said = " ".join(capsys.readouterr().out.split())
    assert "2021 V202601 6,500.0" in said
    assert "The mirror statistics are empty. no mirror" in said
    assert "from transformed.third_opinion" in said
