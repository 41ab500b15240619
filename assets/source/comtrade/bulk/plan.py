"""What a download of bulk files would ask, before any of them is asked for.

Here belongs the plan as it is shown. The files come onto the shelf in shelf.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from assets.source.comtrade.bulk import listing as bulk
from assets.source.comtrade.bulk.listing import BulkFile
from assets.source.comtrade.bulk.shelf import Shelf
from assets.source.comtrade.calls.plan import plan
from assets.source.comtrade.releases import holdings
from assets.source.comtrade.releases.releases_now import availability_now
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.told import unit_values
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive
from warehouse.house import Progress


@dataclass(frozen=True, slots=True)
class PlannedFiles:
    """The files a download would begin with, each with whether the archive holds it.

    `calls` are for data sets that have no file of their release, `listings` the calls that say so,
    `bounds` those for bounds of unit values.
    """

    files: list[tuple[BulkFile, bool]]
    data_sets: int
    calls: list[Demand]
    listings: int
    bounds: int

    @property
    def missing(self) -> list[BulkFile]:
        return [file for file, held in self.files if not held]


def show_files(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive, progress: Progress
) -> PlannedFiles:
    """What a download would ask, by asking for data availability and for the lists of files.

    Raises InputError where the key does not cover bulk files.
    """
    with closing(settings.client()) as client:
        reading = availability_now(settings, demands, archive, progress, client)
        held = holdings.held(archive, settings.source)
        shelf = Shelf(settings, client, archive, progress, reading, held)
        files = [(file, bool(shelf.parts(file))) for file in shelf.listed(demands)]
    known = {key: one.records for key, one in reading.known.items()}
    in_files = {file.key for file, _ in files}
    rest = {key: records for key, records in known.items() if key not in in_files}
    wanted = [key for key in known if bulk.boxes_at(key, demands)]
    calls = plan(demands, rest, settings.limits)
    bounds = len(unit_values.missing(settings, demands, archive))
    return PlannedFiles(files, len(wanted), calls, len(bulk.listings(demands)), bounds)
