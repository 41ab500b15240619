"""What Dagster sees: an asset a table, a check a check, a job a profile.

Here belongs assembling only: the steps of steps.py, the published file, and the jobs.
"""

from typing import Any

import dagster as dg

from pipelines import profiles
from pipelines.progress import watch
from pipelines.published import publish
from pipelines.resource import HouseResource
from pipelines.specs import YEARS, key_of
from pipelines.steps import steps
from pipelines.tables import tables


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
    assets=[*steps(), published_file],
    jobs=[_job(profile) for profile in profiles.PROFILES.values()],
    resources={"house": HouseResource()},
    executor=dg.in_process_executor,
)
