"""Profile official on the publishers' own files, run once for all workers of a test run."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.runs import run_profile
from tests.pipelines.conftest import made_once, shared

__all__ = ["shared"]  # a fixture: the folder all workers have in common


@pytest.fixture(scope="session")
def official_root(shared: Path, real_files: Path) -> Path:
    def make(root: Path) -> None:
        assert run_profile("official", root, None, real_files)

    return made_once(shared, "official", make)


@pytest.fixture(scope="session")
def official(official_root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file of profile official."""
    with duckdb.connect(str(official_root / "official.duckdb"), read_only=True) as connection:
        yield connection
