"""What a step tells Dagster and the log: first rows, checks, years held of each publisher.

Here belongs turning what was computed into what people see of it. The steps stand in steps.py.
"""

import logging
from collections.abc import Sequence
from typing import Any

import dagster as dg
import duckdb

from pipelines.compute import build
from pipelines.compute.run_checks import Outcome
from pipelines.loader.table import Table
from pipelines.orchestration.journal import LOG
from pipelines.orchestration.specs import key_of, schema_of, source_key
from warehouse.engine import connect, rows_as_text
from warehouse.house import House

PREVIEW_ROWS = 5
HELD = """
    select source, year, max(release), count(*), sum(value_usd)
    from raw.trade_flow where year is not null group by source, year order by source, year
"""


def broken(table: Table, outcomes: Sequence[Outcome]) -> None:
    """Every check that does not hold is an event of the log."""
    for outcome in outcomes:
        if not outcome.success:
            LOG.log(
                logging.ERROR if outcome.stops else logging.WARNING,
                "%s does not hold %s (%s rows)",
                table.name,
                outcome.name,
                outcome.count,
                extra={"kind": "check", "table": table.name, "check": outcome.name},
            )


def reason(outcome: Outcome) -> str:
    """Why a check stops a run: its name, what ought to hold, the first row that breaks it."""
    first = ", ".join(
        f"{name} {value}"
        for name, value in (outcome.sample or [{}])[0].items()
        if value is not None
    )
    shown = f", the first with {first}" if first else ""
    return f"{outcome.name} ({outcome.says.rstrip('.')}): {outcome.count} rows{shown}"


def sources(context: dg.AssetExecutionContext, house: House, years: Sequence[int]) -> None:
    """Tell Dagster which years of which publisher are held: its partitions show them."""
    with connect(house.scratch) as connection:
        build.open_inputs(connection, ["raw.trade_flow"], house, years)
        held = connection.execute(HELD).fetchall()
    for source, year, release, rows, value in held:
        context.log_event(
            dg.AssetMaterialization(
                source_key(source),
                partition=str(year),
                metadata={"release": release, "rows": rows, "value_usd": float(value or 0)},
            )
        )


def preview(connection: duckdb.DuckDBPyConnection, house: House, table: Table) -> dict[str, Any]:
    """The first rows, for people who look at the asset."""
    build.open_inputs(connection, [table.name], house)
    shown = rows_as_text(connection, f"from {table.name} limit {PREVIEW_ROWS}")
    if not shown:
        return {}
    records = [dg.TableRecord(row) for row in shown]
    return {"preview": dg.MetadataValue.table(records, schema_of(table.columns))}


def check_result(table: Table, outcome: Outcome) -> dg.AssetCheckResult:
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
