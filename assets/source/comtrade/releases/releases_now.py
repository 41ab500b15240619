"""Data availability as it is now: read, archived under a name, and confirmed after the last answer.

Here belongs asking for it. Which release an archived answer is of stands in readings.
"""

from collections.abc import Sequence
from dataclasses import replace

from assets.source.comtrade.releases import availability, readings
from assets.source.comtrade.releases.availability import DataSets
from assets.source.comtrade.releases.readings import CONFIRMED, Reading
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive
from warehouse.house import Progress
from warehouse.http import Answer, Client


def availability_now(
    settings: ComtradeSettings,
    demands: Sequence[Demand],
    archive: Archive,
    progress: Progress,
    client: Client,
) -> Reading:
    """Read which data sets there are for the demand, and archive the answers that say so."""
    known: DataSets = {}
    places = availability.addresses(demands, keyed=bool(settings.key))
    answers: list[tuple[str, Answer]] = []
    for done, place in enumerate(places):
        progress(done, len(places), f"data availability {place.rpartition('=')[2]}")
        answers.append((place, client.get(place, availability.data_sets)))
        known |= availability.data_sets(answers[-1][1].content)
    source = readings.source_of(settings.source)
    years = frozenset(year for demand in demands for year in demand.years)
    before = readings.readings(archive, settings.source)
    name = readings.name_for(known, years, before)
    known_before = any(one.name == name for one in before)
    for place, answer in () if known_before else answers:
        # One that says the same in other bytes (its elapsed time) would be another input.
        settings.keep(archive, source, place, name, answer)
    confirmed = any(one.confirmed for one in before if one.name == name)
    return Reading(name, known, years, confirmed)


def confirm(settings: ComtradeSettings, archive: Archive, known: Reading) -> None:
    """File that availability was read again after the last answer, and said the same."""
    for entry in readings.entries(archive, settings.source, known.name)[:1]:
        archive.put_again(entry, release=known.name + CONFIRMED)


def unconfirmed(settings: ComtradeSettings, archive: Archive, known: Reading) -> Reading:
    """The reading for what is asked now: one that was confirmed before goes by a new name."""
    if not known.confirmed:
        return known
    name = readings.next_name(known.known, readings.readings(archive, settings.source))
    for entry in readings.entries(archive, settings.source, known.name):
        if entry.release == known.name:
            archive.put_again(entry, release=name)
    return replace(known, name=name, confirmed=False)
