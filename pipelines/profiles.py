"""The profiles: what each runs on. One profile builds one file, never mixed with another's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import InputError
from warehouse.house import House, Progress, silent

WAREHOUSE = Path(os.environ.get("MIRROR_TRADE_ROOT") or Path(__file__).parent.parent / "warehouse")


@dataclass(frozen=True, slots=True)
class Profile:
    """Sources by name, and the years the profile covers."""

    name: str
    text: str
    sources: tuple[str, ...]
    years: tuple[int, ...]
    simulated: bool = False
    address: str = ""  # of the server to ask; none for files, and for a world that serves itself
    products: str = ""
    has_releases: bool = False  # its publishers bring out new ones, to be looked for
    memory: str = ""  # that DuckDB may hold unless MIRROR_TRADE_MEMORY says; what is more spills

    @property
    def title(self) -> str:
        """Name for people; a simulated profile says so."""
        return f"{self.name} (SIMULATED)" if self.simulated else self.name


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "headline",
            "real figures printed by official publishers and by the OCCRP investigation",
            ("headline",),
            tuple(range(2010, 2024)),
        ),
        Profile(
            "official",
            "yearly tables of Kazakhstan, Russia, the EU and the IMF, as they print them",
            ("official",),
            tuple(range(1994, 2026)),
            has_releases=True,
        ),
        Profile(
            "comtrade",
            "UN Comtrade: the corridor and its comparison hubs at HS6, without a key or with one",
            ("comtrade", "headline_totals"),
            tuple(range(2017, 2026)),
            has_releases=True,
            address="https://comtradeapi.un.org",
            products="CHPL,8806,8542,8471,8517,TOTAL",
            memory="1200MB",  # a packed bulk file is held whole otherwise while it is read
        ),
        Profile(
            "baci",
            "reconciled values of CEPII's BACI for the whole world: a third opinion, no mirror",
            ("baci",),
            tuple(range(1995, 2027)),
            has_releases=True,
            memory="1200MB",  # a whole run over 11 million rows: 1.8 GB, 4.7 GB without
        ),
        Profile(
            "demo",
            "SIMULATED: a made-up HS6 world with known truth; no trade of any country",
            ("simulated", "simulated_office"),
            tuple(range(2017, 2025)),
            simulated=True,
        ),
    )
}
DEMO_SEED = 20230519  # the day the investigation appeared
FILE_YEARS = tuple(range(1994, 2026))
ALL_YEARS = tuple(range(1994, 2027))


def profile(name: str, inputs: str = "") -> Profile:
    """The profile of that name; files somebody has may be of any year, where a server is asked
    for those of the profile. Raises InputError with the names there are."""
    if name not in PROFILES:
        raise InputError(f"profile {name}", "is not known", f"Choose one of {', '.join(PROFILES)}")
    known = PROFILES[name]
    return replace(known, years=FILE_YEARS) if inputs and known.address else known


def house(
    name: str,
    root: Path | str = WAREHOUSE,
    watch: Progress = silent,
    inputs: str = "",
    pinned: str = "",
    products: str = "",
) -> House:
    """The house of a profile under `root`; `inputs` is a folder of files to run on, `pinned` the
    list of inputs of a kept build, `products` the codes and lists to ask for."""
    known = profile(name, inputs or pinned)
    return House(
        name,
        Path(root),
        known.sources,
        known.years,
        address=known.address,
        inputs=inputs,
        pinned=pinned,
        products=products or known.products,
        watch=watch,
    )


@contextmanager
def served(house: House) -> Iterator[House]:
    """The house with an address to download from: the simulated world's own, while it lasts."""
    if house.pinned or house.address or not profile(house.profile).simulated:
        yield house
        return
    from assets.source.simulated import api, published, truth, world

    made_up = world.build_world(world.WorldSettings(seed=DEMO_SEED))
    truth.write_truth(made_up, house.root / "truth" / f"{house.profile}.parquet")
    printed = published.publish(made_up)
    with api.serve(printed) as address:
        yield replace(house, address=address)


def span(started: float | None) -> tuple[str, str]:
    """When a run began and now, as ISO 8601 in UTC."""
    now = datetime.now(UTC)
    begun = datetime.fromtimestamp(started, UTC) if started else now
    return begun.isoformat(timespec="seconds"), now.isoformat(timespec="seconds")
