"""What Dagster does by itself: look for new releases, run what changed, tell of failures.

Here belongs when something is started or told. What a run does stands in steps.py, who is told
in notify.py. All are off until they are switched on: a fresh checkout asks no publisher for
anything.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines import profiles
from pipelines.compute import made_from
from pipelines.orchestration import jobs, notify
from pipelines.orchestration.specs import range_tags
from warehouse import builds
from warehouse.house import House

# Fields of a row of raw.source_file that tell one release from another.
RELEASE = ("source", "url", "release", "sha256")


def schedules() -> list[dg.ScheduleDefinition]:
    """A monthly look for releases a profile, each on a day of its own."""
    return [
        dg.ScheduleDefinition(
            name=f"monthly_releases_of_{profile.name}",
            job_name=f"releases_of_{profile.name}",
            cron_schedule=f"0 4 {day} * *",
            execution_timezone="UTC",
            description=f"Look for new releases of profile {profile.name}.",
        )
        for day, profile in enumerate(jobs.with_releases(), start=2)
    ]


def sensors() -> list[dg.SensorDefinition]:
    """A run for what changed, and word of every run that failed."""
    return [runs_for_what_changed(), tell_of_failures]


def runs_for_what_changed() -> dg.SensorDefinition:
    """After a look for releases: the profile's job, where the look found something new."""

    @dg.run_status_sensor(
        name="runs_for_what_changed",
        run_status=dg.DagsterRunStatus.SUCCESS,
        monitored_jobs=[jobs.releases(profile) for profile in jobs.with_releases()],
        request_jobs=[jobs.whole(profile) for profile in jobs.with_releases()],
        description="Runs a profile once its downloads differ from those of the newest build.",
    )
    def sensor(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        return asked_for(context.dagster_run.run_config)

    return sensor


def asked_for(run_config: Mapping[str, Any]) -> dg.RunRequest | dg.SkipReason:
    """The run that the downloads of a profile call for; `run_config` is that of the download."""
    given = run_config["resources"]["house"]["config"]
    house = profiles.house(given["profile"], given.get("root") or profiles.WAREHOUSE)
    changed = new_releases(house)
    if not changed:
        return dg.SkipReason(f"profile {house.profile}: no publisher has anything new")
    return dg.RunRequest(
        run_key=f"{house.profile} {made_from.fingerprint(house, made_from.inputs_of(house))}",
        job_name=house.profile,
        run_config=dict(run_config),
        tags={
            **range_tags(house.years[0], house.years[-1]),
            "mirror_trade/changed": f"{len(changed)} files, {changed[0]} first",
        },
    )


def new_releases(house: House) -> list[str]:
    """Addresses of downloaded files that the newest build of the profile was not made from."""
    built = builds.latest(house.root, house.profile)
    before = {tuple(row[field] for field in RELEASE) for row in built.inputs} if built else set()
    return [
        row["url"]
        for row in made_from.inputs_of(house)
        if row["source"] != "reference" and tuple(row[field] for field in RELEASE) not in before
    ]


@dg.run_failure_sensor(name="tell_of_failures", description="Tells the notifier of failed runs.")
def tell_of_failures(context: dg.RunFailureSensorContext) -> None:
    run = context.dagster_run
    told = notify.reasons(context.get_step_failure_events()) or [
        context.failure_event.message or "failed"
    ]
    notify.tell(f"{run.job_name} failed (run {run.run_id})", "\n".join(told))
