"""Profile comtrade run against a stand-in.

`python -m tests.comtrade.rehearse ROOT ADDRESS` runs it in a process of its own, to be killed.
The profile differs from the real one in what it must: address, years of the small world, and
that its rows are filed as simulated, which the file says everywhere.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from pipelines import profiles

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


def run(root: Path, address: str, inputs: Path | None = None) -> bool:
    """Run the rehearsal; returns whether it was published."""
    from pipelines.runs import run_profile

    with registered(address):
        return run_profile("comtrade", root, None, inputs)


if __name__ == "__main__":
    root, address = sys.argv[1:]
    sys.exit(not run(Path(root), address))
