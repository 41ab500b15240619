"""Where and how to ask UN Comtrade, and on which terms its figures stand.

Here belongs configuration of the download. What is asked does not (demand, plan).
"""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from assets.source.comtrade.calls.answer import REMEDIES, WAIT, refusal_words
from assets.source.comtrade.calls.plan import KEYED, PREVIEW, Limits
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError
from warehouse.http import Answer, Client, Manners, Secret

PUBLISHER = "comtradeapi.un.org"
KEY_VARIABLES = {"comtrade": "COMTRADE_API_KEY", "simulated": "STAND_IN_API_KEY"}
KEY_HEADER = "Ocp-Apim-Subscription-Key"
PREMIUM = "They are for holders of a premium key: set one, or run without --bulk"
BULK_REMEDIES = REMEDIES | {
    401: f"The key is not valid, or not for bulk files. {PREMIUM}",
    403: f"The key does not cover bulk files, or its daily quota is spent. {PREMIUM}. {WAIT}",
    404: "The file was replaced since it was listed: run again, what was fetched is kept",
}
# A large reporter's year has some hundred MB, and a slow line takes its time.
BULK_SECONDS, BULK_BYTES = 6 * 3600, 8 * 10**9
TERMS = {
    "comtrade": (
        "UN Comtrade policy on use and re-dissemination: no passing on of the data, "
        "transformed or not, without permission",
        "UN Comtrade Database, United Nations Statistics Division",
    ),
    "simulated": ("none: made up", "SIMULATED: a made-up world, no trade of any country"),
}


@dataclass(frozen=True, slots=True)
class ComtradeSettings:
    """Where and how to ask. `key` comes from the environment and is never printed.

    `source` is `comtrade`, or `simulated` for a stand-in. `first_wait` is the
    pause in seconds before a second attempt; later ones double. `bulk_files` is the folder in
    which bulk files are put together; without one, figures are asked for in calls.
    """

    base_address: str
    key: str | None = field(default=None, repr=False)
    requests_per_second: float | None = 1.0
    source: str = "comtrade"
    threads: int = 1
    attempts: int = 6
    first_wait: float = 1.0
    bulk_files: Path | None = None

    def __post_init__(self) -> None:
        if self.source not in TERMS:
            raise InputError(
                "source", f"is {self.source!r}", f"Choose one of {', '.join(sorted(TERMS))}"
            )
        if (self.source == "comtrade") != (urlsplit(self.base_address).hostname == PUBLISHER):
            raise InputError(
                self.base_address,
                f"cannot be a source of figures filed as {self.source}",
                f"Figures of {PUBLISHER} are filed as comtrade, those of a stand-in as simulated",
            )
        if self.bulk_files and not self.key:
            remedy = f"{PREMIUM}. The key is read from {KEY_VARIABLES[self.source]}"
            raise InputError("--bulk", "cannot ask for bulk files without a key", remedy)
        if not 1 <= self.threads <= 4:
            raise InputError("threads", f"is {self.threads}", "Choose 1 to 4")

    @property
    def limits(self) -> Limits:
        limits = KEYED if self.key else PREVIEW
        host = len(self.base_address.rstrip("/"))
        return replace(limits, url_chars=limits.url_chars - host)

    @property
    def terms(self) -> tuple[str, str]:
        """Licence and citation."""
        return TERMS[self.source]

    def client(self) -> Client:
        manners = Manners(self.requests_per_second, self.attempts, self.first_wait)
        secret = Secret(KEY_HEADER, self.key) if self.key else None
        remedies = REMEDIES
        if self.bulk_files:
            manners = replace(manners, whole_answer=BULK_SECONDS, largest_answer=BULK_BYTES)
            remedies = BULK_REMEDIES
        return Client(self.base_address, manners, secret, remedies, refusal_words)

    def keep(
        self, archive: Archive, source: str, place: str, release: str, answer: Answer
    ) -> Entry:
        """Archive an answer as it came, under the terms of its publisher."""
        licence, citation = self.terms
        return archive.put(
            answer.content,
            source=source,
            address=place,
            release=release,
            retrieved_at=answer.retrieved_at,
            licence=licence,
            citation=citation,
        )


def settings_of(source: str, address: str, bulk_files: Path | None = None) -> ComtradeSettings:
    """How a profile's source is asked: a key from its environment variable, or none.

    The publisher is asked once a second; a stand-in has a key variable of its own, so that
    the publisher's key goes to the publisher alone.
    """
    return ComtradeSettings(
        base_address=address,
        key=os.environ.get(KEY_VARIABLES[source]) or None,
        requests_per_second=1.0 if source == "comtrade" else None,
        source=source,
        bulk_files=bulk_files,
    )
