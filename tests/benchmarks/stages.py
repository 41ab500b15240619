"""Stopwatches: each stage as the pipeline runs it, and the floor it is compared with.

Here belongs running one piece of work in a process of its own, so that its peak memory is its own.
What the numbers are compared with and how they are printed stands in report.py.
"""

import multiprocessing
import resource
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from checks import judge, suite
from pipelines.compute import attest, build
from pipelines.loader.table import Table
from pipelines.tables import tables
from tests.benchmarks import plain
from tests.benchmarks.plain.differences import differences
from tests.benchmarks.worlds import RAW, house_of
from warehouse.engine import connect
from warehouse.house import House

T = TypeVar("T")
FLOOR = "floor"
VALIDATION = "validation"
PLAIN = "plain pandas: "  # and the mart
ATTESTED = "validated.trade_flow"
ATTESTATION = f"suites of {ATTESTED}"
MIRROR = ("validated.mirror_figure", "validated.mirror_statistics")
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took in one process."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Timing:
    """A stage's median over its repetitions; each has a floor of its own, run just before it."""

    stage: str
    rows: int
    seconds: float
    peak_mb: float
    floor_seconds: float
    ratio: float


def stages() -> list[str]:
    """Every stage that follows from raw rows alone, in the order of the pipeline."""
    names: list[str] = []
    for table in tables().values():
        name = VALIDATION if table.name in build.JUDGED_TABLES else table.name
        if _follows_from_raw(table) and name not in names:
            names += [name, ATTESTATION] if name == VALIDATION else [name]
    return names


def _follows_from_raw(table: Table) -> bool:
    """Whether it reads raw rows at any remove, and never the list of downloaded files."""
    if table.select is None or "raw.source_file" in table.inputs:
        return False
    above = [tables()[name] for name in table.inputs]
    return RAW in table.inputs or any(_follows_from_raw(other) for other in above)


def time_stages(root: Path, rows: int, repeat: int, tell: Callable[[str], None]) -> list[Timing]:
    """Every stage of a world, `repeat` times, each beside the floor; then marts by plain pandas.

    Raises RuntimeError where pandas and the SQL do not give the same rows.
    """
    timings = [_time_stage(root, rows, stage, repeat, tell) for stage in stages()]
    for name in plain.MARTS:
        timings.append(_time_stage(root, rows, PLAIN + name, 1, tell))
        tell(f"{rows:,} rows, {name}, comparing with plain pandas")
        apart = in_own_process(differences, house_of(root), plain_root(root), name)
        if apart:
            raise RuntimeError(f"{name}: plain pandas gives other rows, by column: {apart}")
    return timings


def plain_root(root: Path) -> Path:
    """Where pandas puts its own marts of a world."""
    return root / "plain"


def _time_stage(
    root: Path, rows: int, stage: str, repeat: int, tell: Callable[[str], None]
) -> Timing:
    pairs = []
    for turn in range(repeat):
        tell(f"{rows:,} rows, {stage}, {turn + 1} of {repeat}")
        pairs.append((in_own_process(measure, root, FLOOR), in_own_process(measure, root, stage)))
    return Timing(
        stage,
        rows,
        median(job.seconds for _, job in pairs),
        max(job.peak_mb for _, job in pairs),
        median(floor.seconds for floor, _ in pairs),
        median(job.seconds / floor.seconds for floor, job in pairs),
    )


def in_own_process(work: Callable[..., T], *given: object) -> T:
    """What `work` gives, run in a fresh process forked from one that has read assets/."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.benchmarks.preloaded", __name__])
    with ProcessPoolExecutor(1, mp_context=context) as process:
        return process.submit(_tell_errors, work, *given).result()


def _tell_errors(work: Callable[..., T], *given: object) -> T:
    """`work`, whose every error can be sent to the parent process."""
    try:
        return work(*given)
    except Exception as error:
        raise RuntimeError("".join(traceback.format_exception(error))) from None


def measure(root: Path, stage: str) -> Cost:
    """Run a stage in this process; peak memory holds the interpreter and everything imported."""
    house = house_of(root)
    if stage != FLOOR:
        tables()  # read already, unless preloading failed: no part of a stage
    if stage == ATTESTATION:
        suite.offline()  # imported once a run, for every table: no part of a stage either
    started = time.perf_counter()
    run(house, stage)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT
    return Cost(seconds, peak / 1e6)


def run(house: House, stage: str) -> None:
    """One stage over every year, as Dagster would start it."""
    if stage == FLOOR:
        run_floor(house)
    elif stage.startswith(PLAIN):
        plain.compute(house, plain_root(house.root), stage.removeprefix(PLAIN))
    elif stage == VALIDATION:
        build.build_judged(house, house.years)
    elif stage == ATTESTATION:
        with connect(house.scratch) as connection:
            results = attest.attested(connection, tables()[ATTESTED], house, house.years)
        assert results
        assert all(result["success"] for result in results)
    else:
        build.build(tables()[stage], house, house.years)


def run_floor(house: House) -> None:
    """Read the raw rows, group them once by key, and write them all again in file order."""
    key = ", ".join(judge.KEY)
    with connect(house.scratch) as connection:
        for year in house.years:
            house.store.view(connection, RAW, [year])
            connection.execute(
                "select count(*), sum(value_usd) from "
                f"(select {key}, sum(value_usd) as value_usd from {RAW} group by {key})"
            )
            path = house.root / "floor.parquet"
            connection.execute(
                f"copy (from {RAW}) to '{path}' "
                "(format parquet, compression zstd, row_group_size 122880)"
            )
            path.unlink()
