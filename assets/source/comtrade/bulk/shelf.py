"""Bulk files on their way into the archive, each filed there for every part that is read of it.

Here belongs asking for them: a listing a year, then the files that the archive does not hold. What
a listing says stands in listing, what is left to calls in client.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.source.comtrade.bulk import listing as bulk
from assets.source.comtrade.bulk.listing import BulkFile
from assets.source.comtrade.bulk.rows import refuse_unusable
from assets.source.comtrade.calls.plan import part_of
from assets.source.comtrade.releases import holdings
from assets.source.comtrade.releases.availability import Key
from assets.source.comtrade.releases.holdings import Held
from assets.source.comtrade.releases.readings import Reading
from assets.source.comtrade.releases.releases_now import unconfirmed
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry
from warehouse.hashes import read_sha256
from warehouse.house import Progress
from warehouse.http import Client


@dataclass
class Shelf:
    """What the archive holds, and the reading of availability under which more is filed.

    `fetched` counts the files that were asked for.
    """

    settings: ComtradeSettings
    client: Client
    archive: Archive
    progress: Progress
    reading: Reading
    held: list[Held]
    fetched: int = 0

    def listed(self, demands: Sequence[Demand]) -> list[BulkFile]:
        """The files of the current releases that hold something of the demands."""
        found: list[BulkFile] = []
        places = bulk.listings(demands)
        for done, place in enumerate(places):
            self.progress(done, len(places), f"bulk files of {place.rpartition('=')[2]}")
            found += self._listing(place)
        files = bulk.current(found, self.reading.known)
        return [one for key in files if bulk.boxes_at(key, demands) for one in files[key]]

    def _listing(self, place: str) -> list[BulkFile]:
        """A year's files. A listing that says what the archived one says is not kept again."""
        answer = self.client.get(place, check=bulk.listed)
        source, files = bulk.source_of(self.settings.source), bulk.listed(answer.content)
        entry = self.archive.find(source, place, self.reading.name)
        if entry is None or bulk.listed(self.archive.read(entry.sha256)) != files:
            self.settings.keep(self.archive, source, place, self.reading.name, answer)
        return files

    def parts(self, file: BulkFile) -> list[Held]:
        """The parts of a file that the archive holds, of the current release."""
        return [
            one
            for one in self.held
            if one.entry.address.partition("#")[0] == file.place
            and file.key in holdings.current(one, self.reading.known)
        ]

    def fill(self, demands: Sequence[Demand], folder: Path) -> set[Key]:
        """Have every file in the archive; returns the data sets that are held by that.

        A file that is not whole yet stands in `folder`, and is gone on with by the next run.
        """
        folder.mkdir(parents=True, exist_ok=True)
        files = self.listed(demands)
        for done, file in enumerate(files):
            self.progress(done, len(files), f"bulk file of {file.reporter}, {file.year}")
            self._take(file, bulk.boxes_at(file.key, demands), folder)
        return {file.key for file in files}

    def _take(self, file: BulkFile, boxes: Sequence[Demand], folder: Path) -> None:
        parts = self.parts(file)
        for box in boxes:
            if all(one.box != box for one in parts):
                entry = self._part(parts[0].entry, file, box) if parts else None
                entry = entry or self._saved(file, box, folder / Path(file.place).name)
                sets = {file.key: self.reading.known[file.key]}
                parts.append(Held(entry, box, sets, rows=1, most=None))
                self.held.append(parts[-1])

    def _part(self, entry: Entry, file: BulkFile, box: Demand) -> Entry:
        return self.archive.put_again(entry, entry.release, part_of(file.place, box))

    def _saved(self, file: BulkFile, box: Demand, path: Path) -> Entry:
        self.reading = unconfirmed(self.settings, self.archive, self.reading)
        self.fetched += 1
        answer = self.client.save(file.place, path, lambda saved: refuse_unusable(saved, file))
        said = read_sha256(path), path.stat().st_size, answer.retrieved_at, self.reading.name
        source, terms = self.settings.source, self.settings.terms
        entry = Entry(source, part_of(file.place, box), *said, *terms)
        try:
            return self.archive.put_file(path, entry)
        finally:
            path.unlink()
