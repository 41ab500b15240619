"""The profile a run is for: its house, its years, and the lock that keeps everybody else out."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import dagster as dg

from pipelines import profiles
from pipelines.orchestration import journal
from pipelines.orchestration.journal import LOG
from pipelines.orchestration.progress import watch
from warehouse.house import House
from warehouse.lock import held

MEMORY = "MIRROR_TRADE_MEMORY"


class HouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The profile a run is for, and where its files stand."""

    profile: str = "headline"
    root: str = str(profiles.WAREHOUSE)
    inputs: str = ""
    pinned: str = ""
    products: str = ""
    bulk: bool = False
    lists: str = ""
    margins: str = ""

    def open(self) -> House:
        house = profiles.house(
            self.profile, self.root, watch.progress, self.inputs, self.pinned, self.products
        )
        return replace(house, bulk=self.bulk, lists=self.lists, margins=self.margins)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["HouseResource"]:
        """For as long as a run lasts nobody else runs the profile, however either was started."""
        house, run = self.open(), context.run.run_id if context.run else ""
        with (
            bounded(profiles.profile(self.profile).memory),
            held(house.lock),
            journal.kept(house.root, profile=self.profile, run=run),
        ):
            LOG.info("a run begins", extra={"kind": "begins"})
            yield self
            LOG.info("a run ends", extra={"kind": "ends"})


@contextmanager
def bounded(memory: str) -> Iterator[None]:
    """The memory that DuckDB may hold meanwhile, where nobody set another bound."""
    unset = bool(memory) and MEMORY not in os.environ
    if unset:
        os.environ[MEMORY] = memory
    try:
        yield
    finally:
        if unset:
            os.environ.pop(MEMORY, None)


def years_of(run_tags: dict[str, str], house: House) -> list[int]:
    """The years a run was asked for, of those the profile covers; where none was named, all."""
    one = run_tags.get("dagster/partition")
    first = run_tags.get("dagster/asset_partition_range_start", one)
    last = run_tags.get("dagster/asset_partition_range_end", one)
    if first is None or last is None:
        return list(house.years)
    asked = [year for year in house.years if int(first) <= year <= int(last)]
    if not asked:
        span = f"{min(house.years)} to {max(house.years)}"
        raise dg.Failure(f"Profile {house.profile} covers {span}: choose a year of these")
    return asked
