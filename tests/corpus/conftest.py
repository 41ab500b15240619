"""Houses for the corpus: reference tables are built once, every case has a house of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.corpus import stages
from warehouse.house import House

Furnish = Callable[..., House]


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> House:
    return stages.reference_house(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def house(reference: House, tmp_path: Path) -> House:
    """A house without rows, with every reference table."""
    return stages.furnished(reference, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder a person gives."""
    given = tmp_path / "given"
    given.mkdir()
    return given


@pytest.fixture
def official(reference: House, tmp_path: Path, folder: Path) -> House:
    """A house that runs on the folder."""
    return stages.furnished(reference, tmp_path, folder)
