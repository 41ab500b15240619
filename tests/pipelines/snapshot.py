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
        *(f"schedule {schedule.name}" for schedule in defs.schedules or []),
        *(f"sensor {sensor.name}" for sensor in defs.sensors or []),
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


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
