"""The page as Dagster sees it, with its charts as pictures."""

from typing import Any

import dagster as dg

from pipelines.progress import watch
from pipelines.report import made
from pipelines.resource import HouseResource
from pipelines.specs import key_of
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
