"""raw.source_file: the download: every file a profile rests on, as it stands in the archive.

Here belongs asking each source of a profile for its files. How a source fetches them
stands in assets/source.
"""

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from assets.source import baci, headline, national_total, official, own_file
from assets.source.comtrade.bulk import listing as bulk
from assets.source.comtrade.calls import client as comtrade
from assets.source.comtrade.releases import readings
from assets.source.comtrade.settings import ComtradeSettings, settings_of
from assets.source.comtrade.tables import folder
from assets.source.comtrade.told import notes, reference_lists, unit_values
from assets.source.comtrade.wanted.demand import Demand, corridor_demand
from assets.source.comtrade.wanted.products import products
from warehouse import pins
from warehouse.archive import Entry
from warehouse.engine import connect
from warehouse.house import House

KEY = ("source", "url", "release")
COLUMNS = {
    "source": ("VARCHAR", "code; who the file was asked of"),
    "url": ("VARCHAR", "text; address without secrets, or path in the project"),
    "sha256": ("VARCHAR", "hex; hash of the bytes as received"),
    "bytes": ("BIGINT", "bytes; size as received"),
    "retrieved_at": ("VARCHAR", "UTC; when the bytes were received, by the server's clock"),
    "release": ("VARCHAR", "text; the publisher's version"),
    "licence": ("VARCHAR", "text; terms of the publisher"),
    "citation": ("VARCHAR", "text; how to cite it"),
}
REFERENCE = Path(__file__).parent.parent / "reference"


def rows(house: House) -> pd.DataFrame:
    """Fetch what is missing, and list every file; one row a file, sorted by key.

    A house whose inputs are pinned lists these, and asks nobody.
    """
    if house.pinned:
        listed, _ = pins.listed(Path(house.pinned))
        return pd.DataFrame(listed, columns=list(COLUMNS))
    found = [entry for source in _sources(house) for entry in download(house, source)]
    found += [_reference(house, path) for path in sorted(REFERENCE.glob("*.csv"))]
    found += own_file.given(house)
    table = pd.DataFrame([asdict(entry) for entry in found]).rename(columns={"address": "url"})
    return table[list(COLUMNS)].drop_duplicates(list(KEY))


def _sources(house: House) -> list[str]:
    """The profile's sources, and BACI as a third opinion where the folder holds a zip of it."""
    beside = baci.SOURCE not in house.sources and house.inputs and baci.zips_in(Path(house.inputs))
    return [*house.sources, *([baci.SOURCE] if beside else [])]


def download(house: House, source: str) -> list[Entry]:
    """Every archived file of one source of the profile, fetched where the archive lacks it."""
    if source in headline.SOURCES:
        return headline.download(house.archive, source)
    if source == official.SOURCE:
        return official.download(house)
    if source == baci.SOURCE:
        return baci.download(house)
    if source == national_total.SOURCE:
        return [national_total.download(house)]
    if house.inputs:
        return folder.download(house)
    settings = settings_of(source, house.address, house.scratch if house.bulk else None)
    return _of_comtrade(house, settings)


def _of_comtrade(house: House, settings: ComtradeSettings) -> list[Entry]:
    """Answers of figures, the readings of availability they rest on, notes, lists and bounds."""
    archive, wanted = house.archive, demands(house)
    answers = comtrade.download(settings, wanted, archive, house.watch)
    years = {year for demand in wanted for year in demand.years}
    last = readings.last_of(archive, settings.source, years)
    names = {last.name, *(entry.release for entry in answers)}
    revisions = {revision for one in last.known.values() for revision in one.revisions}
    return [
        *answers,
        *(
            one
            for name in sorted(names)
            for one in readings.entries(archive, settings.source, name)
        ),
        *(
            one
            for one in archive.entries(bulk.source_of(settings.source))
            if one.release in names and settings.bulk_files
        ),
        *notes.download(settings, wanted, last.known, archive),
        *reference_lists.download(settings, revisions, archive),
        *unit_values.download(settings, wanted, archive),
    ]


def listed(house: House, source: str) -> list[Entry]:
    """The archived files of a source that raw.source_file lists."""
    with connect() as connection:
        house.store.view(connection, "raw.source_file", None)
        found = connection.execute(
            "select source, url, sha256, bytes, retrieved_at, release, licence, citation "
            "from raw.source_file where source = ? order by url, release",
            [source],
        )
        return [Entry(*row) for row in found.fetchall()]


def demands(house: House) -> list[Demand]:
    """What a profile asks UN Comtrade for: its products and the user's own, for the corridor."""
    own = own_file.lists(house)
    codes = {*products(house.products), *own["product"], *own["hs2017"].dropna()}
    return corridor_demand(house.years, sorted(codes))


def _reference(house: House, path: Path) -> Entry:
    """A reference table of the project, archived like any other input."""
    return house.archive.put(
        path.read_bytes(),
        source="reference",
        address=f"assets/reference/{path.name}",
        release="this version of the project",
        retrieved_at="",
        licence="MIT, facts with their source in each row",
        citation=f"reference.{path.stem} of this project",
    )
