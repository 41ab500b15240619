"""The steps of a run: each computes the tables of a stage one after the other, and checks them.

Here belongs what happens in a step. What Dagster is told of a table stands in specs.py and, of what
became of it, in telling.py; how a table is computed in compute/.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
import duckdb

from assets.meta import column as meta_column
from assets.meta import run as meta_run
from assets.source import baci
from pipelines import profiles
from pipelines.analyst import formulas
from pipelines.builds import pinning
from pipelines.compute import build, made_from, memory
from pipelines.compute.run_checks import Outcome, run_checks
from pipelines.loader.table import Table
from pipelines.orchestration import telling
from pipelines.orchestration.progress import watch
from pipelines.orchestration.resource import HouseResource, years_of
from pipelines.orchestration.specs import LAST, LOOK, check_specs, key_of, spec_of
from pipelines.tables import tables
from warehouse import builds
from warehouse.engine import connect
from warehouse.errors import UnreachableError
from warehouse.house import House

STAGES = {
    "raw": "raw",
    "validated": "validate",
    "quarantine": "validate",
    "transformed": "transform",
}
DOWNLOAD = "download"  # the step, and the pool that lets one download at a time
# Tags of a run that a schedule or a sensor started.
UNATTENDED = {"dagster/schedule_name", "dagster/sensor_name"}
FIRST_WAIT_SECONDS, LATER_TRIES = 300, 3


def steps() -> list[dg.AssetsDefinition]:
    """Every step of a run, in the order of their first tables."""
    ordered = sorted(tables().values(), key=lambda table: table.name in LAST)
    names = dict.fromkeys(step_of(table) for table in ordered)
    members = {name: [table for table in ordered if step_of(table) == name] for name in names}
    return [_step(name, tables_of_step) for name, tables_of_step in members.items()]


def step_of(table: Table) -> str:
    """The step a table is computed in: reference tables, then a step a stage, marts, provenance."""
    if not _rests_on_download(table):
        return "reference"
    if table.name == "raw.source_file":
        return DOWNLOAD
    if table.schema == "meta":
        return "provenance"
    return STAGES.get(table.schema, "marts")


def _rests_on_download(table: Table) -> bool:
    return table.schema in ("raw", "meta") or any(
        _rests_on_download(tables()[name]) for name in table.inputs
    )


def _step(name: str, members: list[Table]) -> dg.AssetsDefinition:
    """One step for tables that are computed one after the other; any of them can be picked.

    A step a table would cost a tenth of a second each in bookkeeping alone.
    """

    @dg.multi_asset(
        name=name,
        specs=[spec_of(table) for table in members],
        check_specs=[spec for table in members for spec in check_specs(table)],
        can_subset=True,
        pool=DOWNLOAD if name == DOWNLOAD else None,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def compute(
        context: dg.AssetExecutionContext, house: HouseResource
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        home = house.open()
        with connect(home.scratch) as connection:
            work = Work(context, home, connection)
            for table in members:
                if key_of(table.name) in context.selected_asset_keys:
                    yield from _materialize(work, table)
                else:
                    yield from _check_alone(work, table)

    return compute


class Work:
    """One step's work: the run it belongs to, its house and years, a connection to look with.

    A connection a table would cost a run that finds nothing to do a fifth of its time.
    """

    def __init__(
        self,
        context: dg.AssetExecutionContext,
        house: House,
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.context, self.house, self.connection = context, house, connection
        self.years = years_of(dict(context.run.tags), house)
        self.judged: dict[str, int] = {}


def _materialize(work: Work, table: Table) -> Iterator[dg.MaterializeResult[Any]]:
    """Compute a table, check it, tell both; a blocking check that fails stops what comes after."""
    known = memory.recall(table, work.house, work.years)
    with watch.step(table.name) as told:
        told.unchanged = known is not None
        told.rows = known.rows if known else _compute(work, table)
    if table.name == "raw.trade_flow":
        telling.sources(work.context, work.house, work.years)
    outcomes = known.outcomes if known else _checked(work, table)
    preview = telling.preview(work.connection, work.house, table)
    yield dg.MaterializeResult(
        asset_key=key_of(table.name),
        metadata={
            "profile": work.house.profile,
            "dagster/row_count": told.rows,
            "unchanged since it was computed": known is not None,
            **preview,
        },
        check_results=[telling.check_result(table, outcome) for outcome in outcomes],
    )
    telling.broken(table, outcomes)
    stopping = [telling.reason(outcome) for outcome in outcomes if outcome.stops]
    if stopping:
        raise dg.Failure(f"{table.name} does not hold {'; '.join(stopping)}")
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
        outcomes = _checked(work, table)
        yield from (
            telling.check_result(table, outcome) for outcome in outcomes if outcome.name in asked
        )


def _checked(work: Work, table: Table) -> Sequence[Outcome]:
    with watch.step(f"check {table.name}"):
        return run_checks(work.connection, table, work.house, work.years)


def _compute(work: Work, table: Table) -> int:
    house, years = work.house, work.years
    if table.name == "raw.source_file":
        return _download(work, table)
    if table.name in build.JUDGED_TABLES:
        return _judge(work, table)
    if table.name == "meta.run":
        started = work.context.instance.get_run_stats(work.context.run_id).start_time
        return build.write_rows(table, house, _this_run(house, started))
    if table.name == "meta.validation_result":
        memory.forget(house)
    if table.name == "meta.column":
        return build.write_rows(table, house, meta_column.rows(formulas.described()))
    return build.build(table, house, years)


def _download(work: Work, table: Table) -> int:
    """Fetch what is missing, and refuse what is not pinned.

    A run that nobody watches tries again later; a person is told.
    """
    try:
        with profiles.served(work.house) as served:
            assert table.module is not None
            received = table.module.rows(served)
            if LOOK in work.context.run.tags and baci.SOURCE in served.sources:
                baci.tell_newer(served)
        pinning.hold(work.house, received)
        return build.write_rows(table, work.house, received)
    except UnreachableError as error:
        if UNATTENDED.isdisjoint(work.context.run.tags):
            raise
        wait = FIRST_WAIT_SECONDS * 2**work.context.retry_number
        raise dg.RetryRequested(max_retries=LATER_TRIES, seconds_to_wait=wait) from error


def _this_run(house: House, started: float | None) -> Any:
    inputs = made_from.inputs_of(house)
    name, _ = builds.name_of(house.root, house.profile, made_from.fingerprint(house, inputs))
    return meta_run.rows(house, *profiles.span(started), inputs, name)


def _judge(work: Work, table: Table) -> int:
    """Both sides of validation come from one pass, made when the first of them is asked for."""
    if not work.judged:
        work.judged = build.build_judged(work.house, work.years)
    return work.judged[table.name]
