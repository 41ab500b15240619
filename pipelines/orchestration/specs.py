"""What a table is to Dagster: an asset with its columns, its inputs, its years and its checks.

Here belongs telling. How a table is computed stands in steps.py.
"""

import csv
from collections.abc import Sequence
from datetime import timedelta

import dagster as dg

from pipelines import profiles
from pipelines.compute.run_checks import named_checks
from pipelines.loader.table import ASSETS, Column, Table
from pipelines.tables import tables

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
# A monthly check of releases, and some days' patience; reference tables change with the project.
_MONTHLY = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(days=65), warn_window=timedelta(days=35)
)
_YEARLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=400))
FRESHNESS = dict.fromkeys(GROUPS, _MONTHLY) | {"reference": _YEARLY}
# On a run that looks for releases, however it was started: some are told and not taken.
LOOK = "mirror_trade/look"
LAST = ("meta.validation_result", "meta.run", "meta.column")


def range_tags(first: int, last: int) -> dict[str, str]:
    """Tags by which Dagster knows which years a run is for."""
    ends = {"start": first, "end": last}
    return {f"dagster/asset_partition_range_{end}": str(year) for end, year in ends.items()}


def key_of(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def spec_of(table: Table) -> dg.AssetSpec:
    """The asset of a table: what it says, its columns with units, where its inputs are."""
    return dg.AssetSpec(
        key_of(table.name),
        description=table.comment.replace(". ", ".\n\n", 1),  # what it answers stands alone
        group_name=GROUPS[table.schema],
        kinds={"duckdb", "csv"} if table.csv else {"duckdb", "sql" if table.select else "python"},
        deps=[*(_dep(table, tables()[name]) for name in _upstream(table)), *_outside(table)],
        partitions_def=YEARS if table.by_year else None,
        freshness_policy=FRESHNESS[table.schema],
        metadata={"dagster/column_schema": schema_of(table.columns), "key": ", ".join(table.key)},
    )


def _upstream(table: Table) -> Sequence[str]:
    """The tables a table waits for; the last tables of meta wait for everything before them."""
    if table.name in LAST:
        return [name for name in tables() if name not in LAST]
    return table.inputs


def _outside(table: Table) -> list[dg.AssetDep]:
    """The publishers, for the table that lists what was downloaded."""
    return [dg.AssetDep(spec.key) for spec in sources()] if table.name == "raw.source_file" else []


def source_key(source: str) -> dg.AssetKey:
    return dg.AssetKey(["source", source])


def sources() -> list[dg.AssetSpec]:
    """A publisher an asset nobody computes here: its partitions show which years are held."""
    with (ASSETS / "reference" / "source.csv").open(encoding="utf-8", newline="") as file:
        return [
            dg.AssetSpec(
                source_key(row["source"]),
                group_name="publishers",
                description=f"{row['publisher']}: the years held of it. {row['citation']}.",
                metadata={"licence": row["licence"]},
                partitions_def=YEARS,
            )
            for row in csv.DictReader(file)
        ]


def _dep(table: Table, upstream: Table) -> dg.AssetDep:
    own_year_only = table.by_year and upstream.by_year and not table.all_years
    mapping = None if own_year_only or not upstream.by_year else dg.AllPartitionMapping()
    return dg.AssetDep(key_of(upstream.name), partition_mapping=mapping)


def schema_of(columns: Sequence[Column]) -> dg.TableSchema:
    return dg.TableSchema(
        [dg.TableColumn(column.name, column.type, column.comment) for column in columns]
    )


def check_specs(table: Table) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name, asset=key_of(table.name), description=says, blocking=True)
        for name, _, says in named_checks(table)
    ]
