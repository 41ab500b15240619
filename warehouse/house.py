"""A house: one profile's folder, its archive and its store, and how far a run has come.

Here belongs what every table of a profile is computed in. Which profiles there are stands
in pipelines/profiles.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.archive import Archive
from warehouse.store import Store

Progress = Callable[[int, int, str], None]


def silent(done: int, planned: int, what: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class House:
    """Where a profile lives.

    `watch` is told how far a long piece of work has come. `address` and `inputs` tell a source
    where to fetch from: the base address of a server, or a folder of files; both may be empty.
    `products` says what to ask a server for, where not for everything the profile usually asks,
    `bulk` that it is asked for whole files.
    `lists` and `margins` are files a user brings (assets/source/own_file.py).
    `pinned` names a kept build's list of inputs, where a run may use these and nothing else.
    """

    profile: str
    root: Path
    sources: tuple[str, ...]
    years: tuple[int, ...]
    address: str = ""
    inputs: str = ""
    pinned: str = ""
    products: str = ""
    bulk: bool = False
    lists: str = ""
    margins: str = ""
    watch: Progress = field(default=silent, compare=False)

    @property
    def store(self) -> Store:
        return Store(self.root / self.profile)

    def years_held(self, table: str) -> list[int]:
        """Years the store holds of a table kept by year, of those the profile covers."""
        return [year for year in self.store.years(table) if year in self.years]

    @property
    def archive(self) -> Archive:
        return Archive(self.root / "archive")

    @property
    def file(self) -> Path:
        """The DuckDB file analysts open."""
        return self.root / f"{self.profile}.duckdb"

    @property
    def page(self) -> Path:
        """The page analysts read."""
        return self.root / self.profile / "report.html"

    @property
    def results(self) -> Path:
        """Folder in which checks leave their results for meta.validation_result."""
        return self.root / self.profile / "checks"

    @property
    def scratch(self) -> Path:
        """Folder that DuckDB spills to when memory runs short."""
        return self.root / "scratch" / self.profile

    @property
    def lock(self) -> Path:
        """The lock that a run of the profile holds."""
        return self.root / "scratch" / f"{self.profile}.lock"
