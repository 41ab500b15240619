"""The files beside the tables as Dagster sees them: the page, the DuckDB file, its description."""

from typing import Any

import dagster as dg

from pipelines.builds.published import publish
from pipelines.exports import package
from pipelines.orchestration.journal import LOG
from pipelines.orchestration.progress import watch
from pipelines.orchestration.resource import HouseResource
from pipelines.orchestration.specs import key_of
from pipelines.report import made
from pipelines.tables import tables


@dg.multi_asset(
    name="report",
    specs=[
        dg.AssetSpec(
            "report",
            group_name="publish",
            kinds={"html"},
            deps=[key_of(name) for name in tables() if name != made.OF_TIME],
            description="The page analysts read: sentences, charts and tables made from the marts "
            "alone, in one file that needs no network.",
        )
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def report(context: dg.AssetExecutionContext, house: HouseResource) -> dg.MaterializeResult[Any]:
    home = house.open()
    with watch.step("report") as told:
        done = made.make(home)
        told.bytes, told.unchanged = done.page.stat().st_size, done.unchanged
    return dg.MaterializeResult(
        metadata={
            "profile": home.profile,
            "bytes": told.bytes,
            "unchanged since it was made": done.unchanged,
            "charts": dg.MetadataValue.md(made.as_markdown(done)),
        }
    )


@dg.multi_asset(
    name="publish",
    specs=[
        dg.AssetSpec(
            "published_file",
            group_name="publish",
            kinds={"duckdb"},
            deps=[*(key_of(name) for name in tables()), dg.AssetKey("report")],
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
    LOG.info("published as build %s", kept.id, extra={"kind": "published", "build": kept.id})
    return dg.MaterializeResult(
        metadata={
            "profile": home.profile,
            "file": str(home.file),
            "bytes": told.bytes,
            "build": kept.id,
        }
    )


@dg.multi_asset(
    name="describe",
    specs=[
        dg.AssetSpec(
            "data_package",
            group_name="publish",
            kinds={"json"},
            deps=["published_file"],
            description="datapackage.json and CITATION.cff beside the Parquet: types, units, keys "
            "and terms of every table, and how to cite each publisher.",
        )
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def data_package(
    context: dg.AssetExecutionContext, house: HouseResource
) -> dg.MaterializeResult[Any]:
    with watch.step("data_package") as told:
        written = package.write(house.open())
        told.bytes = sum(path.stat().st_size for path in written)
    return dg.MaterializeResult(metadata={path.name: str(path) for path in written})
