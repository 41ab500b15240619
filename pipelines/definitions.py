"""What Dagster sees: an asset a table, a check a check, a job a profile.

Here belongs assembling only: steps, the published file, jobs, schedules and sensors.
"""

from typing import Any

import dagster as dg

from pipelines import package
from pipelines.automation import schedules, sensors
from pipelines.jobs import all_jobs
from pipelines.journal import LOG
from pipelines.progress import watch
from pipelines.published import publish
from pipelines.report.asset import report
from pipelines.resource import HouseResource
from pipelines.specs import key_of, sources
from pipelines.steps import steps
from pipelines.tables import tables


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


# What a whole run tells: each table, the page, the file published, and its description.
STEPS = len(tables()) + 3

defs = dg.Definitions(
    assets=[*steps(), report, published_file, data_package, *sources()],
    jobs=all_jobs(),
    schedules=schedules(),
    sensors=sensors(),
    resources={"house": HouseResource()},
    executor=dg.in_process_executor,
)
