"""What Dagster sees: an asset a table, a check a check, a job a profile.

Here belongs assembling only: steps, the published file, jobs, schedules and sensors.
"""

import dagster as dg

from pipelines.orchestration.automation import schedules, sensors
from pipelines.orchestration.files import data_package, published_file, report
from pipelines.orchestration.jobs import all_jobs
from pipelines.orchestration.resource import HouseResource
from pipelines.orchestration.specs import sources
from pipelines.orchestration.steps import steps
from pipelines.tables import tables

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
