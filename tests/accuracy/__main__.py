"""`python -m tests.accuracy`: score the worlds, write the table.

Here: the command line, two processes at most, and what is left on disk between them, so that a
run that was stopped goes on where it stood. What is measured stands in scores.py, what is
published in table.py.
"""

import argparse
import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import takewhile
from pathlib import Path

from assets.meta import run
from assets.source.simulated.world import build_world
from tests.accuracy import table
from tests.accuracy.scores import Scores, scores
from tests.accuracy.worlds import DEVELOPMENT_SEEDS, KINDS, SCORED_SEEDS

KEPT = run.PROJECT / "warehouse" / "accuracy"
PROCESSES = 2
Job = tuple[str, int]


def main() -> None:
    """Score what has not been scored with this code yet; write the table once all of it is."""
    asked = parse()
    seeds = DEVELOPMENT_SEEDS[:2] if asked.development else SCORED_SEEDS
    folder = asked.scored or KEPT / code_version()
    if asked.scored is None:
        score(folder, seeds)
    seeds = tuple(takewhile(lambda seed: is_done(folder, seed), seeds))
    found = {(kind, seed): read(folder, (kind, seed)) for seed in seeds for kind in KINDS}
    if asked.development:
        print(table.as_text(table.rows(found, seeds, folder.name)))
    else:
        print(table.publish(found, seeds, folder.name))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument(
        "--development", action="store_true", help="two development seeds, nothing is written"
    )
    parser.add_argument(
        "--scored", type=Path, metavar="FOLDER", help="score nothing: publish a folder of scores"
    )
    return parser.parse_args()


def code_version() -> str:
    """The files that compute and those that score, without the table that follows from them."""
    scorers = [Path(__file__).with_name(f"{name}.py") for name in ("marts", "scores", "worlds")]
    computing = [path for path in run.code_paths() if path != table.PUBLISHED]
    return run.version_of([*computing, *scorers])


def score(folder: Path, seeds: Sequence[int]) -> None:
    """Score every world that has no file in the folder yet, the worlds of a seed in one process."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("MIRROR_TRADE_THREADS", "1")
    with ProcessPoolExecutor(PROCESSES) as pool:
        running = {pool.submit(_score, folder, seed): seed for seed in seeds}
        for done, future in enumerate(as_completed(running), start=1):
            future.result()
            print(f"{done} of {len(seeds)}: the worlds of seed {running[future]}", flush=True)


def _score(folder: Path, seed: int) -> None:
    for kind in KINDS.values():
        path = _path(folder, (kind.name, seed))
        if not path.exists():
            found = scores(kind, build_world(kind.settings(seed)))
            part = path.with_suffix(".part")
            part.write_text(json.dumps(found, indent=0, sort_keys=True), encoding="utf-8")
            os.replace(part, path)


def is_done(folder: Path, seed: int) -> bool:
    return all(_path(folder, (name, seed)).exists() for name in KINDS)


def read(folder: Path, job: Job) -> Scores:
    scored: Scores = json.loads(_path(folder, job).read_text(encoding="utf-8"))
    return scored


def _path(folder: Path, job: Job) -> Path:
    return folder / f"{job[0]}_{job[1]}.json"


if __name__ == "__main__":
    main()
