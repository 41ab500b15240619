"""Runs that come to grief, each in a fork of one process that has imported everything.

Here belongs bringing a run into trouble; the tests say what must hold then. The runs are of
profile headline cut to three years. `python -m tests.pipelines.crash WHAT ROOT` prints JSON.
A version given to a run stands for another code: everything is computed anew, and published.
"""

import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

from tests.pipelines import drive

PROJECT = drive.PROJECT
YEARS = (2020, 2021, 2022)
KILLS, SEED = 100, 20230519
READERS = 8
QUESTIONS = (
    "select code_version from meta.run",
    "select count(*), sum(value_usd) from raw.trade_flow",
    "select count(*), sum(exports_usd) from mart.mirror_gap",
    "select count(*) from mart.product_group",
)


@contextmanager
def small(version: str | None) -> Iterator[None]:
    """Profile headline on a few years, under a made-up version of the code."""
    from assets.meta import run as meta_run
    from pipelines import profiles
    from pipelines.compute import memory, run_checks

    cut = replace(profiles.PROFILES["headline"], years=YEARS)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(profiles.PROFILES, {"headline": cut}))
        stack.enter_context(
            mock.patch.object(run_checks, "_queries", drive._not_of_the_shipped_world)
        )
        if version:
            for module in (meta_run, memory):
                stack.enter_context(mock.patch.object(module, "code_version", return_value=version))
        yield


@contextmanager
def saying() -> Iterator[Path]:
    """A folder for what runs print, on a disk that has room and can be written."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def run(root: Path, *words: str) -> int:
    """The command `run` in this process; returns its exit code."""
    from pipelines.cli import main

    try:
        main(["run", "--profile", "headline", "--root", str(root), *words])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def forked(body: Callable[[], int], said: Path | None = None) -> int:
    """Start a fork that ends with what `body` returns; what it prints goes to `said`."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        sink = os.open(said or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        code = body()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def ended(child: int) -> int:
    """Exit code of a fork; minus the signal where it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def small_run(root: Path, version: str | None, *words: str) -> int:
    """A fork that runs the small profile to its end."""

    def body() -> int:
        with small(version):
            return run(root, *words)

    return forked(body)


def whole(root: Path) -> str:
    """The build of the published file, after proof that the file is that build, byte for byte."""
    from warehouse import builds
    from warehouse.hashes import read_sha256

    path = root / "headline.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        [[build]] = connection.execute("select build from meta.run").fetchall()
    assert builds.read(root, build).files[path.name] == read_sha256(path), build
    return str(build)


def killed(root: Path) -> dict[str, Any]:
    """Kill runs at random moments, each going on from where the last one died.

    A run that is not killed in time has published; the next chain begins with another version.
    """
    chance = random.Random(SEED)
    begun = time.monotonic()
    assert ended(small_run(root, "chain 0")) == 0
    span, chains, kills, seen = time.monotonic() - begun, 1, 0, [whole(root)]
    while kills < KILLS:
        child = small_run(root, f"chain {chains}")
        # A resumed run is soon where the last one died: most kills come early, some at any time.
        time.sleep(chance.uniform(0, span * chance.choice((0.25,) * 6 + (1.0,))))
        os.kill(child, signal.SIGKILL)
        code = ended(child)
        assert code in (0, -signal.SIGKILL), code
        kills, chains = kills + (code != 0), chains + (code == 0)
        seen.append(whole(root))
    assert ended(small_run(root, None)) == 0
    return {"kills": kills, "chains": chains, "builds": len(set(seen)), "last": whole(root)}


def together(root: Path) -> dict[str, Any]:
    """A second run while the first has the lock."""
    lock = root / "scratch" / "headline.lock"
    says = [root.parent / f"said_{number}" for number in range(2)]
    first = forked(lambda: _small(root, "together"), says[0])
    while str(first) not in (lock.read_text() if lock.exists() else ""):
        time.sleep(0.01)
    second = forked(lambda: _small(root, "together"), says[1])
    codes = {"second": ended(second), "first": ended(first)}
    after = forked(lambda: _small(root, "together"))
    return {**codes, "after": ended(after), "said": says[1].read_text(encoding="utf-8")}


def _small(root: Path, version: str | None) -> int:
    with small(version):
        return run(root)


def read_on(root: Path, stop: Path) -> int:
    """Query the published file until told to stop; prints each answer that is new."""
    answers: set[str] = set()
    while not stop.exists():
        with duckdb.connect(str(root / "headline.duckdb"), read_only=True) as connection:
            found = [connection.execute(question).fetchall() for question in QUESTIONS]
        if str(found) not in answers:
            answers.add(str(found))
            print(str(found), flush=True)
        time.sleep(0.2)
    return 0


def readers(root: Path) -> dict[str, Any]:
    """Readers that query in a loop while runs publish two builds by turns, one with a list more."""
    mine = root.parent / "mine.csv"
    mine.write_text("list,product\nmine,850760\n", encoding="utf-8")
    stop = root.parent / "stop"
    says = [root.parent / f"reader_{number}" for number in range(READERS)]
    reading = [forked(lambda: read_on(root, stop), said) for said in says]
    turns = (("without",), ("with", "--lists", str(mine))) * 2
    runs = [ended(small_run(root, version, *words)) for version, *words in turns]
    stop.touch()
    codes = [ended(child) for child in reading]
    answers = [said.read_text(encoding="utf-8").splitlines() for said in says]
    return {"runs": runs, "readers": codes, "answers": answers}


def limited(root: Path) -> dict[str, Any]:
    """Runs that may not write a file beyond a size: what is too large fails as on a full disk."""
    told = []
    for number, size in enumerate((20_000, 200_000, 4_000_000)):
        said = root.parent / f"limited_{number}"

        def body(size: int = size) -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            return _small(root, f"limited {size}")

        # The file that takes the output is limited too, and is far smaller.
        code = ended(forked(body, said))
        told.append([size, code, whole(root), said.read_text(encoding="utf-8")])
    return {"told": told, "after": ended(small_run(root, None)), "last": whole(root)}


def one(root: Path) -> dict[str, Any]:
    """One run, and what it says."""
    with saying() as folder:
        code = ended(forked(lambda: _small(root, "one"), folder / "said"))
        return {"code": code, "said": (folder / "said").read_text(encoding="utf-8")}


def plain(root: Path) -> dict[str, Any]:
    """One run under the code's own version."""
    return {"code": ended(small_run(root, None))}


class Jumping(datetime):
    """A clock that goes back and forth by years with every look at it."""

    looks = 0

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        cls.looks += 1
        years = (0, -30, 12, -7, 60)[cls.looks % 5]
        return datetime.now(UTC) + timedelta(days=365 * years)


def clock(root: Path) -> dict[str, Any]:
    """A run whose clock jumps at every look, on files from other ages."""
    from pipelines import profiles

    for number, path in enumerate(sorted(root.rglob("*.*"))):
        os.utime(path, ((0, 4e9)[number % 2],) * 2)

    def body() -> int:
        patches = mock.patch.object(profiles, "datetime", Jumping), mock.patch("time.time", _time)
        with patches[0], patches[1]:
            return _small(root, None)

    return {"code": ended(forked(body)), "again": ended(small_run(root, "again"))}


def _time() -> float:
    return Jumping.now().timestamp()


def main() -> None:
    what, root = sys.argv[1:]
    import great_expectations  # noqa: F401  imported once, before the forks

    import pipelines.definitions  # noqa: F401

    known = (killed, together, readers, limited, one, plain, clock)
    print(json.dumps({body.__name__: body for body in known}[what](Path(root))))


if __name__ == "__main__":
    main()
