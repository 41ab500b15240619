"""What the publisher says of each reporter's year: trade system, valuation, meaning of partner.

Here belongs fetching and reading publication metadata (getMetadata). Nothing of it is judged.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from assets.source.comtrade.calls.answer import rows
from assets.source.comtrade.releases.availability import DataSets, release_of, reporters_of
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry


def source_of(source: str) -> str:
    """The name under which notes are archived, apart from figures."""
    return f"{source}_notes"


def download(
    settings: ComtradeSettings, demands: Sequence[Demand], known: DataSets, archive: Archive
) -> list[Entry]:
    """Archive the notes of every year; asked for again when a data set of the year is new."""
    path = "/data/v1/getMetadata/C/A/HS" if settings.key else "/public/v1/getMetadata/C/A/HS"
    source, entries = source_of(settings.source), []
    with closing(settings.client()) as client:
        for year in sorted({key[1] for key in known}):
            place = f"{path}?{reporters_of(demands, year)}period={year}"
            release = release_of({key: one for key, one in known.items() if key[1] == year})
            entry = archive.find(source, place, release)
            if entry is None:
                answer = client.get(place, check=rows)
                entry = settings.keep(archive, source, place, release, answer)
            entries.append(entry)
    return entries


def notes(content: bytes) -> Iterator[dict[str, Any]]:
    """One record a note, with the reporter and period it is of."""
    for row in rows(content):
        of = {name: row.get(name) for name in ("reporterCode", "period", "classificationCode")}
        yield from ({**of, **note} for note in row.get("notes") or [{}])
