"""Download from the UN Comtrade API, or from a stand-in that speaks like it, into the archive.

Here belongs the order of asking: availability first, then what the archive does
not hold of these releases, and halves of what came back truncated. How bytes are
fetched (warehouse.http), what to ask (plan) and what rows mean (parse) do not.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from itertools import product

from assets.source.comtrade import availability
from assets.source.comtrade.answer import check_asked, count_checked
from assets.source.comtrade.availability import DataSets
from assets.source.comtrade.demand import Demand
from assets.source.comtrade.plan import address, plan, split
from assets.source.comtrade.settings import TERMS, ComtradeSettings
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError
from warehouse.http import Client

Progress = Callable[[int, int, str], None]  # done, planned, what
READINGS = 3  # of availability, before a publisher who keeps releasing is left alone


def download(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive, progress: Progress
) -> list[Entry]:
    """Have every demanded figure in the archive; return the answers that hold them, in plan order.

    Asks only for what the archive does not hold of the current releases. Where a
    release changes meanwhile, the changed part is asked for anew. Raises
    InputError when the API refuses; what was fetched is kept for the next run.
    """
    with closing(settings.client()) as client:
        known = read_data_sets(settings, demands, archive, progress, client)
        for _ in range(READINGS):
            errand = _Errand(settings, client, archive, progress, known)
            entries = errand.run(demands)
            if not errand.asked:
                return entries
            before, known = known, read_data_sets(settings, demands, archive, progress, client)
            if known == before:
                return entries
    raise InputError(
        settings.base_address,
        f"released new data during each of {READINGS} downloads",
        "Run again when the publisher is done; what was fetched is kept",
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """The requests a download would begin with, each with whether the archive holds its answer."""

    requests: list[tuple[Demand, bool]]
    data_sets: int

    @property
    def calls(self) -> int:
        return sum(not held for _, held in self.requests)


def show_plan(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive, progress: Progress
) -> Planned:
    """What a download would ask, by asking for data availability only (one call a year)."""
    with closing(settings.client()) as client:
        known = read_data_sets(settings, demands, archive, progress, client)
    errand = _Errand(settings, client, archive, progress, known)
    requests = errand.plan(demands)
    asked = {
        key for one in requests for key in product(one.reporters or (), one.years) if key in known
    }
    return Planned([(request, bool(errand.held(request))) for request in requests], len(asked))


def read_data_sets(
    settings: ComtradeSettings,
    demands: Sequence[Demand],
    archive: Archive,
    progress: Progress,
    client: Client,
) -> DataSets:
    """The data sets there are for the demand; the answers that say so are archived."""
    known: DataSets = {}
    places = availability.addresses(demands, keyed=bool(settings.key))
    for done, place in enumerate(places):
        progress(done, len(places), f"data availability {place.rpartition('=')[2]}")
        answer = client.get(place, availability.data_sets)
        found = availability.data_sets(answer.content)
        release = availability.release_of(found)
        if not archive.find(settings.source, place, release):
            _keep(archive, settings.source, place, release, answer.content, answer.retrieved_at)
        known |= found
    return known


def _keep(
    archive: Archive, source: str, place: str, release: str, content: bytes, retrieved_at: str
) -> Entry:
    licence, citation = TERMS[source]
    return archive.put(
        content,
        source=source,
        address=place,
        release=release,
        retrieved_at=retrieved_at,
        licence=licence,
        citation=citation,
    )


class _Errand:
    """One pass over a plan; counts what is done while several threads ask."""

    def __init__(
        self,
        settings: ComtradeSettings,
        client: Client,
        archive: Archive,
        progress: Progress,
        known: DataSets,
    ) -> None:
        self._settings, self._client, self._archive = settings, client, archive
        self._progress, self._known = progress, known
        self._lock = threading.Lock()  # the archive and the progress take one caller at a time
        self._done = self._planned = 0
        self.asked = 0

    def plan(self, demands: Sequence[Demand]) -> list[Demand]:
        sizes = {key: one.records for key, one in self._known.items()}
        return plan(demands, sizes, self._settings.limits)

    def run(self, demands: Sequence[Demand]) -> list[Entry]:
        requests = self.plan(demands)
        self._planned = len(requests)
        with ThreadPoolExecutor(self._settings.threads) as pool:
            futures = [pool.submit(self._collect, request) for request in requests]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:  # after a failure or Ctrl-C nothing new is asked
                pool.shutdown(wait=False, cancel_futures=True)
        finished = [future for future in futures if not future.cancelled()]
        return [entry for future in finished for entry in future.result()]

    def held(self, request: Demand) -> Entry | None:
        place = address(request, self._settings.limits)
        release = availability.release(request, self._known)
        return self._archive.find(self._settings.source, place, release)

    def _collect(self, request: Demand) -> list[Entry]:
        """The answers that hold a request whole; a truncated answer is kept but is not one."""
        entry = self.held(request) or self._ask(request)
        count = count_checked(self._archive.read(entry.sha256))
        truncated = count >= self._settings.limits.rows
        with self._lock:
            self._done += 1
            self._planned += 2 * truncated
            self._progress(self._done, self._planned, _told(request, count, truncated))
        if not truncated:
            return [entry]
        return [entry for half in split(request) for entry in self._collect(half)]

    def _ask(self, request: Demand) -> Entry:
        place = address(request, self._settings.limits)
        answer = self._client.get(place, lambda content: check_asked(content, request))
        release = availability.release(request, self._known)
        with self._lock:
            self.asked += 1
            source = self._settings.source
            return _keep(self._archive, source, place, release, answer.content, answer.retrieved_at)


def _told(request: Demand, count: int, truncated: bool) -> str:
    flows, years = "+".join(request.flows), ",".join(map(str, request.years))
    reporters = len(request.reporters or ())
    who = (
        str(request.reporters[0])
        if request.reporters and reporters == 1
        else f"{reporters} reporters"
    )
    about = f"{who} {flows} {years}, {len(request.products)} products"
    if truncated:
        return f"{about}: {count} rows, cut off by the API; asking in halves"
    if not count:
        return f"{about}: no rows (nothing traded, or codes this nomenclature does not have)"
    return f"{about}: {count} rows"
