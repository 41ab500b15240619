"""Every asset, check and job as a short line each.

`python -m tests.pipelines.snapshot` writes definitions.txt anew, when a change is meant.
"""

from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.definitions import defs

FILE = Path(__file__).with_name("definitions.txt")


def lines() -> list[str]:
    graph = defs.resolve_asset_graph()
    return [
        *(_asset(graph.get(key)) for key in sorted(graph.get_all_asset_keys())),
        *(_check(graph, key) for key in sorted(graph.asset_check_keys)),
        *(f"job {job.name}" for job in sorted(defs.jobs or [], key=lambda job: job.name)),
        *map(_schedule, defs.schedules or []),
        *map(_sensor, defs.sensors or []),
    ]


def _asset(node: Any) -> str:
    years = "by year" if node.partitions_def else "whole"
    parents = " ".join(".".join(key.path) for key in sorted(node.parent_keys))
    read = parents if len(parents) < 200 else f"{len(node.parent_keys)} tables"
    return f"asset {'.'.join(node.key.path)} ({node.group_name}, {years}) <- {read or '-'}"


def _check(graph: Any, key: dg.AssetCheckKey) -> str:
    node = graph.get(key)
    stops = "stops" if node.blocking else "reports"
    return f"check {'.'.join(key.asset_key.path)} {key.name} ({stops})"


def _schedule(schedule: Any) -> str:
    when = f"{schedule.cron_schedule} {schedule.execution_timezone}"
    return (
        f"schedule {schedule.name} ({when}, {schedule.default_status.value}) -> {schedule.job_name}"
    )


def _sensor(sensor: Any) -> str:
    jobs = " ".join(sorted(job.name for job in sensor.jobs)) if sensor.has_jobs else "-"
    return f"sensor {sensor.name} ({sensor.default_status.value}) -> {jobs}"


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
