"""Profile comtrade run against a stand-in.

`python -m tests.comtrade.rehearse download ROOT ADDRESS` runs its download and raw stage in a
process of its own, to be killed; it says when it begins. `run` in place of `download` runs all,
`bulk` downloads bulk files.
The profile differs from the real one in what it must: address, years of the small world, and
that its rows are filed as simulated, which the file says everywhere.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from pipelines import profiles
from warehouse.hashes import file_sha256

PROJECT = Path(__file__).parents[2]
YEARS = (2021, 2022)
PRODUCTS = "8542,854231,8806,TOTAL"


@contextmanager
def registered(address: str) -> Iterator[None]:
    """Profile comtrade asks the stand-in, and files what it gets as simulated."""
    real = profiles.PROFILES["comtrade"]
    rehearsal = replace(
        real,
        sources=("simulated",),
        years=YEARS,
        simulated=True,
        address=address,
        products=PRODUCTS,
    )
    with mock.patch.dict(profiles.PROFILES, {"comtrade": rehearsal}):
        yield


def run(
    root: Path, address: str, inputs: Path | None = None, bulk: bool = False, products: str = ""
) -> bool:
    """Run the rehearsal; returns whether it was published."""
    from pipelines.runs import run_profile

    with registered(address):
        return run_profile("comtrade", root, None, inputs, products, bulk=bulk)


def rests_on(*names: str) -> set[str]:
    """The tables, and every table they read, near and far."""
    from pipelines.tables import tables

    near = {given for name in names for given in tables()[name].inputs}
    return {*names, *(rests_on(*near) if near else ())}


def download(root: Path, address: str, bulk: bool = False) -> None:
    """The tables of the download and of the raw rows, as a run computes them."""
    from pipelines.compute.build import build
    from pipelines.tables import tables

    with registered(address):
        house = replace(profiles.house("comtrade", root), bulk=bulk)
    print("begun", flush=True)
    needed = rests_on("raw.data_set", "raw.trade_flow")
    for name, table in tables().items():  # inputs before the tables that read them
        if name in needed:
            build(table, house, house.years)


def start(verb: str, root: Path, address: str) -> subprocess.Popen[str]:
    """A download that has begun, in a process of its own."""
    words = [sys.executable, "-m", "tests.comtrade.rehearse", verb, str(root), address]
    child = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "begun\n"
    return child


def finish(verb: str, root: Path, address: str) -> dict[str, str]:
    """The Parquet of a download that comes to its end, by its hash."""
    with start(verb, root, address) as child:
        assert child.wait(300) == 0
    files = sorted((root / "comtrade").rglob("*.parquet"))
    return {path.relative_to(root).as_posix(): file_sha256(path) for path in files}


if __name__ == "__main__":
    _, verb, given, server = sys.argv
    if verb == "run":
        sys.exit(not run(Path(given), server))
    download(Path(given), server, bulk=verb == "bulk")
