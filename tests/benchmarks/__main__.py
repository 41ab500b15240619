"""`python -m tests.benchmarks`: generate worlds, time the stages, print the result.

Here belongs reading the command line. What is generated stands in worlds.py, what is timed in
stages.py; both are imported late, so that --help answers at once.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

HELP = """\
Time every stage from raw rows to marts, each in a process of its own, as a ratio to the floor:
DuckDB reading the same Parquet, grouping it once by key and writing it again, timed beside it.
"""
EXAMPLE = """\
example: python -m tests.benchmarks --rows 1000000 --repeat 3 --json bench.json
MIRROR_TRADE_THREADS and MIRROR_TRADE_MEMORY (such as 900MB) bound the stages and the floor alike.
"""


def main() -> None:
    """Build a world of each size in a folder that goes away, and time it."""
    asked = parse(sys.argv[1:])
    console = Console()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder goes away then too
    root = Path(tempfile.mkdtemp(prefix="mirror-trade-bench-"))
    try:
        bench(console, root, asked)
    finally:
        if asked.keep:
            console.print(f"Kept: {root}")
        else:
            shutil.rmtree(root)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=HELP,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--rows",
        type=int,
        nargs="+",
        default=[1_000_000, 10_000_000],
        metavar="N",
        help="sizes of the worlds, in raw rows",
    )
    parser.add_argument(
        "--baci-rows",
        type=int,
        metavar="N",
        help="rows of the year of BACI: 11,000,000, as a real one has, or the smallest world's",
    )
    parser.add_argument(
        "--repeat", type=int, metavar="K", help="pairs of floor and job: 3 up to 1M rows, else 2"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result here")
    parser.add_argument("--keep", action="store_true", help="keep the worlds and what was computed")
    return parser.parse_args(arguments)


def bench(console: Console, root: Path, asked: argparse.Namespace) -> None:
    """Time every size asked for, and show all of it at the end."""
    from tests.benchmarks import baci, report, stages, worlds

    timings = []
    with console.status("") as status:
        tell: Callable[[str], None] = lambda said: status.update(escape(said))  # noqa: E731
        for rows in asked.rows:
            tell(f"{rows:,} rows, generating")
            world = root / str(rows)
            stages.in_own_process(worlds.build_world, world, rows)
            repeat = asked.repeat or (3 if rows <= 1_000_000 else 2)
            timings += stages.time_stages(world, rows, repeat, tell)
        of_baci = baci.time_year(root / "baci", baci_rows(asked), asked.repeat or 2, tell)
    report.show(console, timings, of_baci)
    if asked.json:
        report.write_json(asked.json, [*timings, *of_baci])


def baci_rows(asked: argparse.Namespace) -> int:
    """As many as a real year has, unless all that was asked for are small worlds."""
    from tests.benchmarks.baci import ROWS

    small = max(asked.rows) < 1_000_000
    return int(asked.baci_rows or (max(asked.rows) if small else ROWS))


if __name__ == "__main__":
    main()
