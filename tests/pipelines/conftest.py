"""Runs of both profiles, made once for all workers of a test run and shared by every test.

Here belongs running and sharing. A test that changes a folder asks for a copy of it.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.pipelines import drive

Make = Callable[[Path], None]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this test run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(shared: Path, name: str, make: Make) -> Path:
    """A folder of the given name: the first worker to ask makes it, the others wait for it."""
    root = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / f"{name}.made").exists():
            make(root)
            (shared / f"{name}.made").touch()
    return root


@pytest.fixture(scope="session")
def headline_root(shared: Path) -> Path:
    return made_once(shared, "headline", lambda root: drive.run("headline", root))


@pytest.fixture(scope="session")
def demo_root(shared: Path) -> Path:
    return made_once(shared, "demo", lambda root: drive.run("demo", root))


@pytest.fixture(scope="session")
def small_root(shared: Path) -> Path:
    """Profile demo cut to two years."""
    return made_once(shared, "small", drive.run_small)


@pytest.fixture(scope="session")
def elsewhere_root(shared: Path) -> Path:
    """Profile headline and the small demo, run in a process that is set up otherwise."""
    return made_once(shared, "elsewhere", drive.run_elsewhere)


@pytest.fixture(scope="session")
def headline(headline_root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(headline_root / "headline.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def demo(demo_root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_root / "demo.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture
def own_root(headline_root: Path, tmp_path: Path) -> Path:
    """A copy of the finished profile headline, to run again or to break."""
    return Path(shutil.copytree(headline_root, tmp_path / "own"))
