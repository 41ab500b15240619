"""What Dagster does by itself: looks for releases, runs what changed, tells of failures."""

import os
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.raw import source_file
from assets.source import baci
from pipelines import profiles
from pipelines.definitions import defs
from pipelines.orchestration import automation, jobs, notify, steps
from pipelines.orchestration.resource import MEMORY, HouseResource
from pipelines.orchestration.specs import FRESHNESS, key_of, range_tags, source_key
from pipelines.tables import tables
from warehouse.errors import InputError, UnreachableError
from warehouse.house import House

SETTINGS = Path(automation.__file__).parents[1] / "dagster.yaml"
SCHEDULED = {"dagster/schedule_name": "monthly_releases_of_official"}


def config(profile: str, root: Path) -> dict[str, Any]:
    return {"resources": {"house": {"config": {"profile": profile, "root": str(root)}}}}


def look(root: Path, **tags: str) -> dg.ExecuteInProcessResult:
    """The look for releases, with a headline's shipped files in place of a publisher's."""
    with dg.DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def("releases_of_official").execute_in_process(
            run_config=config("headline", root), tags=tags, instance=instance, raise_on_error=False
        )


def test_every_profile_with_releases_is_looked_at_once_a_month_on_a_day_of_its_own() -> None:
    planned = automation.schedules()
    looked_at = [f"releases_of_{profile.name}" for profile in jobs.with_releases()]
    assert [schedule.job_name for schedule in planned] == looked_at
    crons = [str(schedule.cron_schedule).split() for schedule in planned]
    assert len({day for _, _, day, _, _ in crons}) == len(crons)
    assert all(month == weekday == "*" for _, _, _, month, weekday in crons)


def test_nothing_starts_by_itself_before_it_is_switched_on() -> None:
    schedules = {schedule.default_status for schedule in defs.schedules or []}
    sensors = {sensor.default_status for sensor in defs.sensors or []}
    assert schedules == {dg.DefaultScheduleStatus.STOPPED}
    assert sensors == {dg.DefaultSensorStatus.STOPPED}


def test_shipped_and_simulated_figures_have_no_releases() -> None:
    assert not {"headline", "demo"} & {profile.name for profile in jobs.with_releases()}


def test_a_look_downloads_and_computes_nothing(tmp_path: Path) -> None:
    outcome = look(tmp_path)
    assert outcome.success
    computed = {event.asset_key for event in outcome.get_asset_materialization_events()}
    assert computed == {key_of("raw.source_file")}


@pytest.mark.parametrize(("job", "looks"), [("releases_of_baci", 1), ("baci", 0)])
def test_the_next_release_of_baci_is_asked_for_by_the_look_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, looks: int
) -> None:
    asked: list[House] = []
    monkeypatch.setattr(baci, "download", lambda house: [])
    monkeypatch.setattr(baci, "tell_newer", asked.append)
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = defs.resolve_job_def(job).execute_in_process(
            run_config=config("baci", tmp_path),
            asset_selection=[key_of("raw.source_file")],
            instance=instance,
        )
    assert outcome.success
    assert len(asked) == looks


def test_nothing_new_asks_for_no_run(headline_root: Path) -> None:
    asked = automation.asked_for(config("headline", headline_root))
    assert isinstance(asked, dg.SkipReason)


def test_a_file_the_newest_build_was_not_made_from_asks_for_a_run(own_root: Path) -> None:
    shutil.rmtree(own_root / "builds")
    asked = automation.asked_for(config("headline", own_root))
    assert isinstance(asked, dg.RunRequest)
    assert asked.job_name == "headline"
    assert asked.run_config == config("headline", own_root)
    years = profiles.PROFILES["headline"].years
    assert asked.tags["dagster/asset_partition_range_start"] == str(years[0])
    assert asked.tags["dagster/asset_partition_range_end"] == str(years[-1])
    again = automation.asked_for(config("headline", own_root))
    assert isinstance(again, dg.RunRequest)
    assert again.run_key == asked.run_key, "the same find must not start a second run"


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, times: int) -> list[int]:
    """The download fails so many times; returns the list that counts the attempts."""
    attempts: list[int] = []
    real = source_file.rows

    def fail(*given: Any) -> Any:
        attempts.append(1)
        if len(attempts) <= times:
            raise error
        return real(*given)

    monkeypatch.setattr(source_file, "rows", fail)
    monkeypatch.setattr(steps, "FIRST_WAIT_SECONDS", 0)
    return attempts


AWAY = UnreachableError("the publisher", "gave no answer", "Run again later")
WRONG = InputError("the table", "does not add up", "Look at it")


def test_a_publisher_that_is_away_is_asked_again_when_nobody_watches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = failing(monkeypatch, AWAY, times=2)
    assert look(tmp_path, **SCHEDULED).success
    assert len(attempts) == 3


def test_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = failing(monkeypatch, AWAY, times=99)
    assert not look(tmp_path, **SCHEDULED).success
    assert len(attempts) == 1 + steps.LATER_TRIES


@pytest.mark.parametrize(
    ("error", "tags"), [(AWAY, {}), (WRONG, SCHEDULED)], ids=["watched", "wrong"]
)
def test_a_person_is_told_at_once_and_what_time_cannot_mend_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, tags: dict[str, str]
) -> None:
    attempts = failing(monkeypatch, error, times=99)
    assert not look(tmp_path, **tags).success
    assert len(attempts) == 1


def test_the_notifier_is_told_what_failed_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    failing(monkeypatch, WRONG, times=1)
    monkeypatch.setattr(notify, "tell", lambda *given: told.append(given))
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = defs.resolve_job_def("releases_of_official").execute_in_process(
            run_config=config("headline", tmp_path), instance=instance, raise_on_error=False
        )
        failure = outcome.get_run_failure_event()
        context = dg.build_run_status_sensor_context(
            "tell_of_failures", failure, instance, outcome.dagster_run
        ).for_run_failure()
        automation.tell_of_failures(context)
    ((subject, text),) = told
    assert subject.startswith("releases_of_official failed")
    assert text == f"step download failed: {WRONG}"


def test_the_years_held_of_each_publisher_are_its_partitions(tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        defs.resolve_job_def("headline").execute_in_process(
            run_config=config("headline", tmp_path), tags=range_tags(2021, 2022), instance=instance
        )
        held = instance.get_materialized_partitions(source_key("kz_bns"))
        silent = instance.get_materialized_partitions(source_key("baci"))
    assert held == {"2021", "2022"}
    assert silent == set()


@pytest.mark.parametrize("own", [None, "3GB"])
def test_a_run_over_the_whole_world_is_bounded_in_memory_unless_somebody_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str | None
) -> None:
    monkeypatch.delenv(MEMORY, raising=False)
    if own:
        monkeypatch.setenv(MEMORY, own)
    for profile, bound in (("baci", own or "1200MB"), ("headline", own)):
        house = HouseResource(profile=profile, root=str(tmp_path))
        with house.yield_for_execution(dg.build_init_resource_context()):
            assert os.environ.get(MEMORY) == bound
        assert os.environ.get(MEMORY) == own


def test_every_table_has_a_freshness_policy() -> None:
    graph = defs.resolve_asset_graph()
    for table in tables().values():
        assert graph.get(key_of(table.name)).freshness_policy == FRESHNESS[table.schema]


def test_the_settings_that_ship_keep_two_runs_of_a_profile_apart(tmp_path: Path) -> None:
    shutil.copy(SETTINGS, tmp_path / "dagster.yaml")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        queue = instance.get_concurrency_config()
        limits = queue.run_queue_config.tag_concurrency_limits
        assert {
            "key": jobs.PROFILE,
            "value": {"applyLimitPerUniqueValue": True},
            "limit": 1,
        } in limits
        assert queue.pool_config.default_pool_limit == 1
        assert not instance.telemetry_enabled
    pools = {step.op.pool for step in steps.steps()}
    assert pools == {None, steps.DOWNLOAD}


@pytest.mark.parametrize("name", sorted(profiles.PROFILES))
def test_every_run_says_which_profile_it_is_for(name: str) -> None:
    assert defs.resolve_job_def(name).tags[jobs.PROFILE] == name
