"""Which codes a revision of the Harmonized System has, as the API's reference files list them.

Here belongs fetching and reading those lists. Judging a row by them stands under checks/.
"""

import json
from collections.abc import Iterator
from contextlib import closing

from assets.source.comtrade.settings import TERMS, ComtradeSettings
from warehouse.archive import Archive, Entry

REVISIONS = ("H5", "H6")
RELEASE = "as listed"


def source_of(source: str) -> str:
    """The name under which the lists of a source are archived, apart from its figures."""
    return f"{source}_codes"


def download(settings: ComtradeSettings, archive: Archive) -> list[Entry]:
    """Archive the list of each revision; a list that did not change keeps its first entry."""
    licence, citation = TERMS[settings.source]
    entries = []
    with closing(settings.client()) as client:
        for revision in REVISIONS:
            address = f"/files/v1/app/reference/{revision}.json"
            answer = client.get(address, check=json.loads)
            entries.append(
                archive.put(
                    answer.content,
                    source=source_of(settings.source),
                    address=address,
                    release=RELEASE,
                    retrieved_at=answer.retrieved_at,
                    licence=licence,
                    citation=citation,
                )
            )
    return entries


def codes(archive: Archive, source: str) -> Iterator[tuple[str, str, str]]:
    """(revision, code, description) of every chapter, heading and subheading listed."""
    for entry in archive.entries(source_of(source)):
        revision = entry.address.removesuffix(".json").rpartition("/")[2]
        for row in json.loads(archive.read(entry.sha256))["results"]:
            if str(row["id"]).isdecimal():
                yield revision, str(row["id"]), str(row["text"])
