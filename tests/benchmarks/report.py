"""The result of a bench: a table to read, the aim met or missed, JSON to keep.

Here belongs what the reader sees. How the numbers came about stands in stages.py.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from tests.benchmarks.plain import MARTS
from tests.benchmarks.stages import ATTESTATION, MIRROR, PLAIN, VALIDATION, Timing

AIM_RATIO = 3.0
AIM_PEAK_MB = 1000.0
AIM_BACI_MB = 2000.0
AIM_ROWS = 10_000_000
AIM_FASTER = 10.0
AIM_SMALLER = 5.0


def show(console: Console, timings: Sequence[Timing], of_baci: Sequence[Timing]) -> None:
    """One line a stage, and for each size whether the aim is met."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1))
    for heading in ("stage", "rows", "seconds", "peak\nMB", "floor\nseconds", "ratio"):
        if heading == "stage":
            table.add_column(heading, overflow="fold")
        else:  # figures are never cut
            table.add_column(heading, justify="right", no_wrap=True)
    for timing in [*timings, *of_baci]:
        table.add_row(*_cells(timing))
    console.print(table)
    for rows in sorted({timing.rows for timing in timings}):
        of_size = [timing for timing in timings if timing.rows == rows]
        console.print(validating(of_size))
        console.print(verdict(of_size))
        console.print(against_pandas(of_size))
    console.print(verdict_of_baci(of_baci))


def verdict_of_baci(timings: Sequence[Timing]) -> str:
    """The memory a year of BACI takes, against the aim; its floor is plain pandas."""
    peak = max(timing.peak_mb for timing in timings)
    said = f"{timings[0].rows:,} rows of BACI: peak {peak:.0f} MB (aim: under {AIM_BACI_MB:g} MB)"
    return f"{said}: {'met' if peak < AIM_BACI_MB else 'missed'}"


def _cells(timing: Timing) -> tuple[str, ...]:
    return (
        timing.stage,
        f"{timing.rows:,}",
        f"{timing.seconds:.2f}",
        f"{timing.peak_mb:.0f}",
        f"{timing.floor_seconds:.2f}",
        f"{timing.ratio:.2f}",
    )


def validating(timings: Sequence[Timing]) -> str:
    """What validation costs with its suites: the pass that decides, and the one that attests."""
    both = [timing for timing in timings if timing.stage in (VALIDATION, ATTESTATION)]
    parts = " + ".join(f"{timing.ratio:.2f}" for timing in both)
    return (
        f"{timings[0].rows:,} rows, deciding + attesting: {parts} times the floor, "
        f"peak {max(timing.peak_mb for timing in both):.0f} MB"
    )


def verdict(timings: Sequence[Timing]) -> str:
    """Validation and the mirror statistic on what it let through, against the aim."""
    ratio, peak = together(timings)
    said = (
        f"{timings[0].rows:,} rows, validation and mirror statistic together: "
        f"{ratio:.2f} times the floor, peak {peak:.0f} MB"
    )
    aim = f"aim at {AIM_ROWS:,} rows: under {AIM_RATIO:g} times, under {AIM_PEAK_MB:g} MB"
    if timings[0].rows != AIM_ROWS:
        return f"{said} ({aim})"
    return f"{said} ({aim}): {'met' if ratio < AIM_RATIO and peak < AIM_PEAK_MB else 'missed'}"


def together(timings: Sequence[Timing]) -> tuple[float, float]:
    """Sum of the ratios, and the higher peak in MB, of the stages the aim is about."""
    both = [timing for timing in timings if timing.stage in (VALIDATION, *MIRROR)]
    return sum(timing.ratio for timing in both), max(timing.peak_mb for timing in both)


def against_pandas(timings: Sequence[Timing]) -> str:
    """The marts that plain pandas computes too, whole and with the same rows, against pandas."""
    ours = [timing for timing in timings if timing.stage in MARTS]
    plain = [timing for timing in timings if timing.stage.startswith(PLAIN)]
    seconds, plain_seconds = (sum(each.seconds for each in side) for side in (ours, plain))
    peak, plain_peak = (max(each.peak_mb for each in side) for side in (ours, plain))
    faster, smaller = plain_seconds / seconds, plain_peak / peak
    met = "met" if faster >= AIM_FASTER and smaller >= AIM_SMALLER else "missed"
    return (
        f"{timings[0].rows:,} rows, {len(ours)} marts in every column against plain pandas, same "
        f"rows, a process a mart on both sides: {faster:.1f} times as fast ({seconds:.1f} s to "
        f"{plain_seconds:.1f} s), largest process 1/{smaller:.1f} of the memory ({peak:.0f} MB to "
        f"{plain_peak:.0f} MB) (aim at {AIM_ROWS:,} rows: {AIM_FASTER:g} times, "
        f"1/{AIM_SMALLER:g}): {met}"
    )


def write_json(path: Path, timings: Sequence[Timing]) -> None:
    """Everything shown, and what it was measured on."""
    machine = {"cpus": os.cpu_count(), "duckdb": duckdb.__version__}
    result = {"machine": machine, "timings": [asdict(timing) for timing in timings]}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
