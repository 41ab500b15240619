"""What Dagster sees: an asset a table, a check a check, a job a profile.

Here belongs assembling only: files of assets/ become assets, files of checks/ asset checks.
How a table is computed stands in build.py.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from assets.meta import column as meta_column
from assets.meta import run as meta_run
from pipelines import build, profiles
from pipelines.progress import watch
from pipelines.published import publish
from pipelines.run_checks import Outcome, named_checks, run_checks
from pipelines.tables import Column, Table, tables
from warehouse.engine import connect, rows_as_text
from warehouse.house import House

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

    def open(self) -> House:
        return profiles.house(self.profile, self.root, watch=watch.progress)


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


def _materialized(house: House, table: Table, rows: int) -> dg.MaterializeResult[Any]:
    return dg.MaterializeResult(
        asset_key=key_of(table.name),
        metadata={"profile": house.profile, "dagster/row_count": rows, **_preview(house, table)},
    )


def _preview(house: House, table: Table) -> dict[str, Any]:
    with connect() as connection:
        build.open_inputs(connection, [table.name], house)
        shown = rows_as_text(connection, f"from {table.name} limit {PREVIEW_ROWS}")
    if not shown:
        return {}
    records = [dg.TableRecord(row) for row in shown]
    return {"preview": dg.MetadataValue.table(records, _schema(table.columns))}


def _asset(table: Table) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=table.name.replace(".", "__"),
        specs=[spec_of(table)],
        backfill_policy=dg.BackfillPolicy.single_run() if table.by_year else None,
    )
    def compute(
        context: dg.AssetExecutionContext, house: HouseResource
    ) -> dg.MaterializeResult[Any]:
        home = house.open()
        with watch.step(table.name) as told:
            rows = told.rows = _compute(context, table, home)
        return _materialized(home, table, rows)

    return compute


def _compute(context: dg.AssetExecutionContext, table: Table, house: House) -> int:
    if table.name == "raw.source_file":
        with profiles.served(house) as served:
            return build.build(table, served, house.years)
    if table.name == "meta.run":
        started = context.instance.get_run_stats(context.run_id).start_time
        return _write(table, house, meta_run.rows(house, *profiles.span(started)))
    if table.name == "meta.column":
        return _write(table, house, meta_column.rows(_described()))
    return build.build(table, house, years_of(dict(context.run.tags), house))


def _write(table: Table, house: House, rows: object) -> int:
    with connect() as connection:
        return build.write_rows(connection, table, house, rows)


def _described() -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (table.name, [(column.name, column.type, column.comment) for column in table.columns])
        for table in tables().values()
    ]


def _together(name: str, members: list[Table]) -> dg.AssetsDefinition:
    """Several tables computed in one step: the reference tables, and both sides of validation."""

    @dg.multi_asset(
        name=name,
        specs=[spec_of(table) for table in members],
        backfill_policy=dg.BackfillPolicy.single_run() if members[0].by_year else None,
    )
    def compute(
        context: dg.AssetExecutionContext, house: HouseResource
    ) -> Iterator[dg.MaterializeResult[Any]]:
        home = house.open()
        with watch.step(name) as told:
            years = years_of(dict(context.run.tags), home)
            if members[0].by_year:
                rows = build.build_judged(home, years)
            else:
                rows = {table.name: build.build(table, home, years) for table in members}
            told.rows = sum(rows.values())
        for table in members:
            yield _materialized(home, table, rows[table.name])

    return compute


def _check(table: Table) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"check__{table.name.replace('.', '__')}",
        specs=[
            dg.AssetCheckSpec(name, asset=key_of(table.name), description=says, blocking=True)
            for name, _, says in named_checks(table)
        ],
    )
    def check(
        context: dg.AssetCheckExecutionContext, house: HouseResource
    ) -> Iterator[dg.AssetCheckResult]:
        home = house.open()
        with watch.step(f"check {table.name}"):
            outcomes = run_checks(table, home, years_of(dict(context.run.tags), home))
        for outcome in outcomes:
            yield _check_result(table, outcome)

    return check


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


@dg.asset(
    key=["published_file"],
    group_name="publish",
    kinds={"duckdb"},
    deps=[key_of(name) for name in tables()],
    description="The DuckDB file analysts open: every table with its comments, put in by a rename.",
)
def published_file(
    context: dg.AssetExecutionContext, house: HouseResource
) -> dg.MaterializeResult[Any]:
    home = house.open()
    with watch.step("published_file"):
        size = publish(home)
    return dg.MaterializeResult(
        metadata={"profile": home.profile, "file": str(home.file), "bytes": size}
    )


def _all_assets() -> list[dg.AssetsDefinition]:
    reference = [table for table in tables().values() if table.schema == "reference"]
    judged = [tables()[name] for name in build.JUDGED_TABLES]
    alone = [table for table in tables().values() if table not in (*reference, *judged)]
    together = [_together("reference", reference), _together("validate", judged)]
    return [*together, *(_asset(table) for table in alone), published_file]


def _job(profile: profiles.Profile) -> Any:
    return dg.define_asset_job(
        profile.name,
        selection=dg.AssetSelection.all(),
        description=f"Every asset of profile {profile.name}: {profile.text}.",
        config=dg.RunConfig(resources={"house": HouseResource(profile=profile.name)}),
        partitions_def=YEARS,
        executor_def=dg.in_process_executor,
    )


CHECKED = [
    table
    for table in tables().values()
    if table.schema not in ("reference",) and table.name not in LAST
]

# Steps of a whole run: reference, validate and published_file, and a step a table and a check.
STEPS = len(_all_assets()) + len(CHECKED)

defs = dg.Definitions(
    assets=_all_assets(),
    asset_checks=[_check(table) for table in CHECKED],
    jobs=[_job(profile) for profile in profiles.PROFILES.values()],
    resources={"house": HouseResource()},
    executor=dg.in_process_executor,
)
