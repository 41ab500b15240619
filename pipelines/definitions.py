"""What Dagster sees: an asset a table, a check a check, a job a profile.

Here belongs assembling only: files of assets/ become assets, files of checks/ asset checks.
How a table is computed stands in build.py.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import duckdb

from assets.meta import column as meta_column
from assets.meta import run as meta_run
from pipelines import build, made_from, memory, profiles
from pipelines.progress import watch
from pipelines.published import publish
from pipelines.run_checks import Outcome, named_checks, run_checks
from pipelines.tables import Column, Table, tables
from warehouse import builds
from warehouse.engine import connect, rows_as_text
from warehouse.house import House
from warehouse.lock import held

YEARS = dg.StaticPartitionsDefinition([str(year) for year in profiles.ALL_YEARS])
GROUPS = {
    "reference": "reference",
    "raw": "stage_1_download",
    "validated": "stage_2_validate",
    "quarantine": "stage_2_validate",
    "transformed": "stage_3_transform",
    "mart": "marts",
    "meta": "provenance",
}
LAST = ("meta.validation_result", "meta.run", "meta.column")
PREVIEW_ROWS = 5


class HouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The profile a run is for, and where its files stand."""

    profile: str = "headline"
    root: str = str(profiles.WAREHOUSE)
    inputs: str = ""
    pinned: str = ""

    def open(self) -> House:
        return profiles.house(self.profile, self.root, watch.progress, self.inputs, self.pinned)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["HouseResource"]:
        """For as long as a run lasts nobody else runs the profile, however either was started."""
        with held(self.open().lock):
            yield self


def key_of(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def spec_of(table: Table) -> dg.AssetSpec:
    """The asset of a table: what it says, its columns with units, where its inputs are."""
    return dg.AssetSpec(
        key_of(table.name),
        description=table.comment,
        group_name=GROUPS[table.schema],
        kinds={"duckdb", "csv"} if table.csv else {"duckdb", "sql" if table.select else "python"},
        deps=[_dep(table, tables()[name]) for name in _upstream(table)],
        partitions_def=YEARS if table.by_year else None,
        metadata={"dagster/column_schema": _schema(table.columns), "key": ", ".join(table.key)},
    )


def _upstream(table: Table) -> Sequence[str]:
    """The tables a table waits for; the last tables of meta wait for everything before them."""
    if table.name in LAST:
        return [name for name in tables() if name not in LAST]
    return table.inputs


def _dep(table: Table, upstream: Table) -> dg.AssetDep:
    own_year_only = table.by_year and upstream.by_year and not table.all_years
    mapping = None if own_year_only or not upstream.by_year else dg.AllPartitionMapping()
    return dg.AssetDep(key_of(upstream.name), partition_mapping=mapping)


def _schema(columns: Sequence[Column]) -> dg.TableSchema:
    return dg.TableSchema(
        [dg.TableColumn(column.name, column.type, column.comment) for column in columns]
    )


def years_of(run_tags: dict[str, str], house: House) -> list[int]:
    """The years a run was asked for, of those the profile covers; where none was named, all."""
    one = run_tags.get("dagster/partition")
    first = run_tags.get("dagster/asset_partition_range_start", one)
    last = run_tags.get("dagster/asset_partition_range_end", one)
    if first is None or last is None:
        return list(house.years)
    asked = [year for year in house.years if int(first) <= year <= int(last)]
    if not asked:
        span = f"{min(house.years)} to {max(house.years)}"
        raise dg.Failure(f"Profile {house.profile} covers {span}: choose a year of these")
    return asked


def _preview(connection: duckdb.DuckDBPyConnection, house: House, table: Table) -> dict[str, Any]:
    """The first rows, for people who look at the asset."""
    build.open_inputs(connection, [table.name], house)
    shown = rows_as_text(connection, f"from {table.name} limit {PREVIEW_ROWS}")
    if not shown:
        return {}
    records = [dg.TableRecord(row) for row in shown]
    return {"preview": dg.MetadataValue.table(records, _schema(table.columns))}


def _step(name: str, members: list[Table]) -> dg.AssetsDefinition:
    """One step for tables that are computed one after the other; any of them can be picked.

    A step a table would cost a tenth of a second each in bookkeeping alone.
    """

    @dg.multi_asset(
        name=name,
        specs=[spec_of(table) for table in members],
        check_specs=[spec for table in members for spec in _check_specs(table)],
        can_subset=True,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def compute(
        context: dg.AssetExecutionContext, house: HouseResource
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        work = Work(context, house.open())
        for table in members:
            if key_of(table.name) in context.selected_asset_keys:
                yield from _materialize(work, table)
            else:
                yield from _check_alone(work, table)

    return compute


class Work:
    """One step's work: the run it belongs to, its house and years."""

    def __init__(self, context: dg.AssetExecutionContext, house: House) -> None:
        self.context, self.house = context, house
        self.years = years_of(dict(context.run.tags), house)
        self.judged: dict[str, int] = {}


def _materialize(work: Work, table: Table) -> Iterator[dg.MaterializeResult[Any]]:
    """Compute a table, check it, tell both; a blocking check that fails stops what comes after."""
    known = memory.recall(table, work.house, work.years)
    with watch.step(table.name) as told:
        told.unchanged = known is not None
        told.rows = known.rows if known else _compute(work, table)
    with connect(work.house.scratch) as connection:
        outcomes = known.outcomes if known else _checked(connection, work, table)
        preview = _preview(connection, work.house, table)
    yield dg.MaterializeResult(
        asset_key=key_of(table.name),
        metadata={
            "profile": work.house.profile,
            "dagster/row_count": told.rows,
            "unchanged since it was computed": known is not None,
            **preview,
        },
        check_results=[_check_result(table, outcome) for outcome in outcomes],
    )
    stopping = [outcome.name for outcome in outcomes if outcome.stops]
    if stopping:
        raise dg.Failure(f"{table.name} does not hold {', '.join(stopping)}")
    if known is None:
        memory.keep(table, work.house, work.years, told.rows, outcomes)


def _check_alone(work: Work, table: Table) -> Iterator[dg.AssetCheckResult]:
    """The checks of a table that were asked for without computing it."""
    asked = {
        key.name
        for key in work.context.selected_asset_check_keys
        if key.asset_key == key_of(table.name)
    }
    if asked:
        with connect(work.house.scratch) as connection:
            outcomes = _checked(connection, work, table)
        yield from (_check_result(table, outcome) for outcome in outcomes if outcome.name in asked)


def _checked(connection: duckdb.DuckDBPyConnection, work: Work, table: Table) -> Sequence[Outcome]:
    with watch.step(f"check {table.name}"):
        return run_checks(connection, table, work.house, work.years)


def _compute(work: Work, table: Table) -> int:
    house, years = work.house, work.years
    if table.name == "raw.source_file":
        with profiles.served(house) as served:
            return build.build(table, served, years)
    if table.name in build.JUDGED_TABLES:
        return _judge(work, table)
    if table.name == "meta.run":
        started = work.context.instance.get_run_stats(work.context.run_id).start_time
        return build.write_rows(table, house, _this_run(house, started))
    if table.name == "meta.column":
        return build.write_rows(table, house, meta_column.rows(_described()))
    return build.build(table, house, years)


def _this_run(house: House, started: float | None) -> Any:
    inputs = made_from.inputs_of(house)
    name, _ = builds.name_of(house.root, house.profile, made_from.fingerprint(house, inputs))
    return meta_run.rows(house, *profiles.span(started), inputs, name)


def _judge(work: Work, table: Table) -> int:
    """Both sides of validation come from one pass, made when the first of them is asked for."""
    if not work.judged:
        work.judged = build.build_judged(work.house, work.years)
    return work.judged[table.name]


def _described() -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (table.name, [(column.name, column.type, column.comment) for column in table.columns])
        for table in tables().values()
    ]


def _check_specs(table: Table) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name, asset=key_of(table.name), description=says, blocking=True)
        for name, _, says in named_checks(table)
    ]


def _check_result(table: Table, outcome: Outcome) -> dg.AssetCheckResult:
    metadata: dict[str, Any] = {"says": outcome.says, "rows_that_break_it": outcome.count}
    if outcome.sample:
        records = [
            dg.TableRecord({name: str(value) for name, value in row.items()})
            for row in outcome.sample
        ]
        metadata["first_rows"] = dg.MetadataValue.table(records)
    return dg.AssetCheckResult(
        asset_key=key_of(table.name),
        check_name=outcome.name,
        passed=outcome.success,
        severity=dg.AssetCheckSeverity[outcome.severity],
        metadata=metadata,
    )


@dg.multi_asset(
    name="publish",
    specs=[
        dg.AssetSpec(
            "published_file",
            group_name="publish",
            kinds={"duckdb"},
            deps=[key_of(name) for name in tables()],
            description="The DuckDB file analysts open: every table with its comments, "
            "put in place by a rename.",
        )
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def published_file(
    context: dg.AssetExecutionContext, house: HouseResource
) -> dg.MaterializeResult[Any]:
    home = house.open()
    with watch.step("published_file") as told:
        kept = publish(home)
        told.bytes = home.file.stat().st_size
    return dg.MaterializeResult(
        metadata={
            "profile": home.profile,
            "file": str(home.file),
            "bytes": told.bytes,
            "build": kept.id,
        }
    )


def step_of(table: Table) -> str:
    """The step a table is computed in: reference tables, then a step a stage, marts, provenance."""
    if not _rests_on_download(table):
        return "reference"
    if table.name == "raw.source_file":
        return "download"
    if table.schema == "meta":
        return "provenance"
    return {"raw": "raw", "validated": "validate", "quarantine": "validate"}.get(
        table.schema, "transform" if table.by_year else "marts"
    )


def _rests_on_download(table: Table) -> bool:
    return table.schema in ("raw", "meta") or any(
        _rests_on_download(tables()[name]) for name in table.inputs
    )


def _steps() -> list[dg.AssetsDefinition]:
    ordered = sorted(tables().values(), key=lambda table: table.name in LAST)
    names = dict.fromkeys(step_of(table) for table in ordered)
    members = {name: [table for table in ordered if step_of(table) == name] for name in names}
    return [_step(name, tables_of_step) for name, tables_of_step in members.items()]


def _job(profile: profiles.Profile) -> Any:
    return dg.define_asset_job(
        profile.name,
        selection=dg.AssetSelection.all(),
        description=f"Every asset of profile {profile.name}: {profile.text}.",
        config=dg.RunConfig(resources={"house": HouseResource(profile=profile.name)}),
        partitions_def=YEARS,
        executor_def=dg.in_process_executor,
    )


# What a whole run tells: each table, and the file published.
STEPS = len(tables()) + 1

defs = dg.Definitions(
    assets=[*_steps(), published_file],
    jobs=[_job(profile) for profile in profiles.PROFILES.values()],
    resources={"house": HouseResource()},
    executor=dg.in_process_executor,
)
