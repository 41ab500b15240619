"""What Dagster sees: assets that tell what they are, jobs, years alone, checks that stop."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from checks.queries import ERROR, WARN, Check
from pipelines import definitions, profiles
from pipelines.compute import run_checks
from pipelines.loader.table import ASSETS, Table
from pipelines.orchestration import jobs, specs
from pipelines.tables import tables
from tests.pipelines import snapshot
from tests.pipelines.test_reproducible import differing, parquet

STAGES = {"stage_1_download", "stage_2_validate", "stage_3_transform"}
FILES = {"report", "published_file", "data_package"}
OTHER_GROUPS = {"reference", "marts", "provenance", "publish"}
GRAPH = definitions.defs.resolve_asset_graph()
KEYS = sorted(GRAPH.materializable_asset_keys)


def run(root: Path, profile: str = "headline", **tags: str) -> dg.ExecuteInProcessResult:
    """Run a profile's job as the Dagster UI would, in this process: all years, unless one is named.

    Tags are written without their `dagster/`.
    """
    ends = ("asset_partition_range_start", "asset_partition_range_end")
    years = profiles.PROFILES[profile].years
    tags = tags or dict(zip(ends, (str(years[0]), str(years[-1])), strict=True))
    config = {"house": {"config": {"profile": profile, "root": str(root)}}}
    with dg.DagsterInstance.ephemeral() as instance:
        return definitions.defs.resolve_job_def(profile).execute_in_process(
            run_config={"resources": config},
            tags={f"dagster/{name}": value for name, value in tags.items()},
            instance=instance,
            raise_on_error=False,
        )


def materialized(outcome: dg.ExecuteInProcessResult) -> set[str]:
    events = outcome.get_asset_materialization_events()
    return {".".join(event.asset_key.path) for event in events if event.asset_key}


def told(outcome: dg.ExecuteInProcessResult) -> str:
    """What the failed steps of a run say."""
    failures = [event.event_specific_data for event in outcome.all_events if event.is_step_failure]
    return json.dumps([str(failure) for failure in failures])


def test_assets_checks_and_jobs_are_those_of_the_snapshot() -> None:
    stated = snapshot.FILE.read_text(encoding="utf-8").splitlines()
    assert snapshot.lines() == stated, "if this is meant: python -m tests.pipelines.snapshot"


def test_every_table_is_an_asset_and_the_files_are_three_more() -> None:
    assert {".".join(key.path) for key in KEYS} == {*tables(), *FILES}


def test_groups_are_the_three_stages_and_what_stands_beside_them() -> None:
    assert {GRAPH.get(key).group_name for key in KEYS} == STAGES | OTHER_GROUPS


@pytest.mark.parametrize(
    ("table", "group"),
    [
        ("raw.mirror_statistics", "stage_1_download"),
        ("validated.mirror_statistics", "stage_2_validate"),
        ("transformed.mirror_statistics", "stage_3_transform"),
    ],
)
def test_each_stage_holds_its_mirror_statistic(table: str, group: str) -> None:
    assert GRAPH.get(dg.AssetKey(table.split("."))).group_name == group


@pytest.mark.parametrize("key", KEYS, ids=lambda key: ".".join(key.path))
def test_an_asset_has_a_description_and_columns_with_units(key: dg.AssetKey) -> None:
    node = GRAPH.get(key)
    assert node.description
    if key.path[-1] in FILES:
        return
    schema = node.metadata["dagster/column_schema"]
    columns = schema.value.columns if hasattr(schema, "value") else schema.columns
    wordless = [c.name for c in columns if "; " not in (c.description or "")]
    assert wordless == []
    assert all(column.type for column in columns)


def test_every_publisher_is_an_asset_that_nobody_computes() -> None:
    with (ASSETS / "reference" / "source.csv").open(encoding="utf-8", newline="") as file:
        publishers = {specs.source_key(row["source"]) for row in csv.DictReader(file)}
    assert set(GRAPH.get_all_asset_keys()) - set(KEYS) == publishers


def test_there_is_a_job_a_profile() -> None:
    named = {job.name for job in definitions.defs.jobs or []}
    looks = {name for name in named if name.startswith("releases_of_")}
    assert named - looks == set(profiles.PROFILES) >= {"headline", "demo"}
    assert looks == {f"releases_of_{profile.name}" for profile in jobs.with_releases()}


@pytest.mark.parametrize("name", sorted(profiles.PROFILES))
def test_a_job_materializes_every_asset(name: str) -> None:
    layer = definitions.defs.resolve_job_def(name).asset_layer
    assert set(layer.selected_asset_keys) == set(KEYS)


def test_tables_by_year_are_partitioned_by_year_and_run_in_one_run() -> None:
    for table in tables().values():
        node = GRAPH.get(specs.key_of(table.name))
        assert (node.partitions_def is not None) == table.by_year
        if table.by_year:
            assert node.backfill_policy == dg.BackfillPolicy.single_run()


@pytest.fixture(scope="module")
def one_year(headline_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A year materialized alone in a copy from which its files of each stage were taken away."""
    root = Path(shutil.copytree(headline_root, tmp_path_factory.mktemp("one_year") / "root"))
    for schema in ("raw", "validated", "quarantine", "transformed"):
        for path in (root / "headline" / schema).glob("*/2021.parquet"):
            path.unlink()
    return root, run(root, partition="2021")


def test_a_single_year_can_be_materialized_alone(one_year: Any) -> None:
    _, outcome = one_year
    assert outcome.success, told(outcome)


def test_a_year_alone_is_what_it_is_in_a_run_of_all_years(
    one_year: Any, headline_root: Path
) -> None:
    root, _ = one_year
    by_time = {"meta/run.parquet", "meta/validation_result.parquet"}
    assert differing(headline_root / "headline", root / "headline") <= by_time


def test_a_year_alone_tells_rows_and_a_preview(one_year: Any) -> None:
    _, outcome = one_year
    (event,) = outcome.asset_materializations_for_node("transform")[:1]
    assert event.metadata["dagster/row_count"].value > 0
    assert event.metadata["profile"].value == "headline"
    assert event.metadata["preview"].value.records


def test_a_year_out_of_range_is_a_clear_failure(own_root: Path) -> None:
    before = (own_root / "headline.duckdb").read_bytes()
    outcome = run(own_root, partition="2024")
    assert not outcome.success
    assert "Profile headline covers 2010 to 2023: choose a year of these" in told(outcome)
    assert materialized(outcome) == set()
    assert (own_root / "headline.duckdb").read_bytes() == before


@pytest.fixture
def planted_check(monkeypatch: pytest.MonkeyPatch, own_root: Path) -> Any:
    """Makes the check that nothing is lost find a row, with the severity asked for."""
    table, own = "quarantine.trade_flow", run_checks._queries
    for remembered in (own_root / "headline" / "checks" / "memory").glob(f"{table}.*"):
        remembered.unlink()

    def plant(severity: str) -> None:
        broken = Check("nothing_is_lost", table, "planted", severity, "select 7 as lost")

        def queries(asked: Table) -> list[Check]:
            others = [check for check in own(asked) if check.name != broken.name]
            return [*others, broken] if asked.name == table else own(asked)

        monkeypatch.setattr(run_checks, "_queries", queries)

    return plant


def test_a_failing_blocking_check_stops_what_comes_after(
    own_root: Path, planted_check: Any
) -> None:
    file = own_root / "headline.duckdb"
    before, parquet_before = file.read_bytes(), parquet(own_root / "headline" / "mart")
    planted_check(ERROR)
    outcome = run(own_root)
    assert not outcome.success
    assert "quarantine.trade_flow does not hold nothing_is_lost" in told(outcome)
    done = materialized(outcome)
    assert {"validated.trade_flow", "quarantine.trade_flow"} <= done
    assert not {n for n in done if n.startswith(("transformed.", "meta.", "published"))}
    assert file.read_bytes() == before
    assert parquet(own_root / "headline" / "mart") == parquet_before


def test_a_check_that_failed_fails_again_when_nothing_else_changed(
    own_root: Path, planted_check: Any
) -> None:
    planted_check(ERROR)
    assert [run(own_root).success, run(own_root).success] == [False, False]


def test_a_check_that_only_warns_stops_nothing_and_stands_in_the_file(
    own_root: Path, planted_check: Any
) -> None:
    planted_check(WARN)
    outcome = run(own_root)
    assert outcome.success, told(outcome)
    evaluations = outcome.get_asset_check_evaluations()
    failed = [e for e in evaluations if not e.passed]
    assert [(e.check_name, e.severity) for e in failed] == [
        ("nothing_is_lost", dg.AssetCheckSeverity.WARN),
        ("releases_agree", dg.AssetCheckSeverity.WARN),  # Russia's two sources differ, as they do
    ]
    assert failed[0].metadata["first_rows"].value.records[0].data == {"lost": "7"}
