"""The API's reference files: who reports, partner areas, units, and codes of each HS revision.

Here belongs fetching and reading those lists. Judging a row by them stands under checks/.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing

from assets.source.comtrade.calls import answer
from assets.source.comtrade.settings import ComtradeSettings
from warehouse.archive import Archive, Entry

ALWAYS = ("Reporters", "partnerAreas", "QuantityUnits", "HS")
RELEASE = "as listed"


def source_of(source: str) -> str:
    """The name under which the lists of a source are archived, apart from its figures."""
    return f"{source}_codes"


def download(settings: ComtradeSettings, revisions: Iterable[str], archive: Archive) -> list[Entry]:
    """Archive the lists; `revisions` of the Harmonized System, as data sets name them.

    A list that did not change keeps its first entry.
    """
    entries = []
    with closing(settings.client()) as client:
        for name in (*ALWAYS, *sorted(revisions)):
            place = f"/files/v1/app/reference/{name}.json"
            answer = client.get(place, check=_results)
            source = source_of(settings.source)
            entries.append(settings.keep(archive, source, place, RELEASE, answer))
    return entries


def codes(archive: Archive, entries: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    """(revision, code, description) of every chapter, heading and subheading listed."""
    for entry in entries:
        name = entry.address.removesuffix(".json").rpartition("/")[2]
        if name in ALWAYS:
            continue
        for row in _results(archive.read(entry.sha256)):
            if str(row["id"]).isdecimal():
                yield name, str(row["id"]), str(row["text"])


def _results(content: bytes) -> list[dict[str, object]]:
    """The rows of a list. Raises as an answer does."""
    results = answer.body(content).get("results")
    if not isinstance(results, list):
        raise ValueError("no list of references")
    return results
