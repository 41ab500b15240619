"""Download from the UN Comtrade API, or from a stand-in that speaks like it, into the archive.

Here belongs the order of asking: availability first, then what the archive does
not hold of these releases, and halves of what came back truncated. How bytes are
fetched (warehouse.http), what to ask (plan), what is held (holdings) and what rows
mean (parse) do not.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assets.source.comtrade.bulk.shelf import Shelf
from assets.source.comtrade.calls.answer import check_asked
from assets.source.comtrade.calls.plan import address, plan, split
from assets.source.comtrade.releases import holdings
from assets.source.comtrade.releases.availability import Key
from assets.source.comtrade.releases.holdings import Held
from assets.source.comtrade.releases.readings import Reading
from assets.source.comtrade.releases.releases_now import availability_now, confirm, unconfirmed
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.told import unit_values
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError
from warehouse.house import Progress
from warehouse.http import Client

READINGS = 3  # of availability, before a publisher who keeps releasing is left alone


def download(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive, progress: Progress
) -> list[Entry]:
    """Have every demanded figure in the archive; return the answers that hold them.

    Asks only for what the archive does not hold of the current releases. Where a
    release changes meanwhile, the changed part is asked for anew. Answers of older
    releases that hold demanded figures are returned too. With a folder for bulk files,
    these are asked for, and in calls what no file holds. Raises InputError when the
    API refuses; what was fetched is kept for the next run.
    """
    with closing(settings.client()) as client:
        known = availability_now(settings, demands, archive, progress, client)
        for _ in range(READINGS):
            errand = _Errand(settings, client, archive, progress, known)
            if settings.bulk_files:
                errand.fetch(demands, settings.bulk_files)
            errand.run(demands)
            before, known = known, errand.reread(demands)
            if known.known == before.known:
                confirm(settings, archive, known)
                return holdings.of_demand(holdings.held(archive, settings.source), demands)
    raise InputError(
        settings.base_address,
        f"released new data during each of {READINGS} downloads",
        "Run again when the publisher is done; what was fetched is kept",
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """The requests a download would begin with, each with whether the archive holds its answer.

    `bounds` are the calls for bounds of unit values.
    """

    requests: list[tuple[Demand, bool]]
    data_sets: int
    bounds: int

    @property
    def calls(self) -> int:
        return sum(not held for _, held in self.requests) + self.bounds


def show_plan(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive, progress: Progress
) -> Planned:
    """What a download would ask, by asking for data availability only (one call a year)."""
    with closing(settings.client()) as client:
        known = availability_now(settings, demands, archive, progress, client)
    errand = _Errand(settings, client, archive, progress, known)
    requests = errand.plan(demands)
    asked = {key for one in requests for key in holdings.keys(one) if key in known.known}
    pieces = [piece for request in requests for piece in errand.pieces(request)]
    return Planned(pieces, len(asked), len(unit_values.missing(settings, demands, archive)))


class _Errand:
    """One pass over a plan; counts what is done while several threads ask."""

    def __init__(
        self,
        settings: ComtradeSettings,
        client: Client,
        archive: Archive,
        progress: Progress,
        reading: Reading,
    ) -> None:
        self._settings, self._client, self._archive = settings, client, archive
        self._progress, self._reading = progress, reading
        self._lock = threading.Lock()  # the archive and the progress take one caller at a time
        self._held = holdings.held(archive, settings.source)
        self._done = self._planned = 0
        self._asked = 0
        self._in_files: set[Key] = set()

    def plan(self, demands: Sequence[Demand]) -> list[Demand]:
        """Calls for what no bulk file holds."""
        known = self._reading.known.items()
        sizes = {key: one.records for key, one in known if key not in self._in_files}
        return plan(demands, sizes, self._settings.limits)

    def fetch(self, demands: Sequence[Demand], folder: Path) -> None:
        """Have what bulk files hold in the archive; the rest is left to calls."""
        given = self._settings, self._client, self._archive, self._progress, self._reading
        shelf = Shelf(*given, self._held)
        self._in_files = shelf.fill(demands, folder)
        self._reading, self._asked = shelf.reading, shelf.fetched

    def run(self, demands: Sequence[Demand]) -> None:
        requests = self.plan(demands)
        self._planned = len(requests)
        with ThreadPoolExecutor(self._settings.threads) as pool:
            futures = [pool.submit(self._collect, request) for request in requests]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:  # after a failure or Ctrl-C nothing new is asked
                pool.shutdown(wait=False, cancel_futures=True)
        for future in futures:
            if not future.cancelled():
                future.result()

    def reread(self, demands: Sequence[Demand]) -> Reading:
        """Availability after the last answer; where nothing was asked it stands as it was."""
        if not self._asked:
            return self._reading
        given = self._settings, demands, self._archive, self._progress, self._client
        return availability_now(*given)

    def pieces(self, request: Demand) -> list[tuple[Demand, bool]]:
        """What a request comes down to, each part with whether the archive holds it."""
        exact = holdings.answer_to(request, self._held, self._reading.known)
        if exact and not exact.whole:
            return [part for half in split(request) for part in self.pieces(half)]
        missing = [] if exact else self._missing(request)
        return [(piece, False) for piece in missing] or [(request, True)]

    def _missing(self, request: Demand) -> list[Demand]:
        return holdings.missing(request, self._held, self._reading.known)

    def _collect(self, request: Demand) -> None:
        """Have a request in the archive whole; a truncated answer is kept but is not one."""
        exact = holdings.answer_to(request, self._held, self._reading.known)
        if exact is None:
            missing = self._missing(request)
            if missing != [request]:
                self._told(request, f"{len(missing)} parts to ask for", more=len(missing))
                for piece in missing:
                    self._collect(piece)
                return
            exact = self._ask(request)
        self._told(request, _rows(exact), more=0 if exact.whole else 2)
        if exact.whole:
            return
        for half in split(request):
            self._collect(half)

    def _ask(self, request: Demand) -> Held:
        with self._lock:
            self._reading = unconfirmed(self._settings, self._archive, self._reading)
        place = address(request, self._settings.limits)
        rows = 0

        def check(content: bytes) -> None:
            nonlocal rows
            rows = check_asked(content, request)

        answer = self._client.get(place, check)
        known = self._reading.known
        sets = {key: known[key] for key in holdings.keys(request) if key in known}
        with self._lock:
            self._asked += 1
            source, name = self._settings.source, self._reading.name
            entry = self._settings.keep(self._archive, source, place, name, answer)
        return Held(entry, request, sets, rows, self._settings.limits.rows)

    def _told(self, request: Demand, what: str, more: int = 0) -> None:
        with self._lock:
            self._done += 1
            self._planned += more
            self._progress(self._done, self._planned, f"{_about(request)}: {what}")


def _about(request: Demand) -> str:
    flows, years = "+".join(request.flows), ",".join(map(str, request.years))
    reporters = request.reporters or ()
    who = str(reporters[0]) if len(reporters) == 1 else f"{len(reporters)} reporters"
    return f"{who} {flows} {years}, {len(request.products)} products"


def _rows(answer: Held) -> str:
    if answer.most is None:
        return "read of a bulk file"
    if not answer.whole:
        return f"{answer.rows} rows, cut off by the API; asking in halves"
    if not answer.rows:
        return "no rows (nothing traded, or codes this nomenclature does not have)"
    return f"{answer.rows} rows"
