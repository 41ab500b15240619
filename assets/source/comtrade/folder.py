"""Comtrade tables of a folder that a person gives, for profile comtrade without a network.

Here belongs taking them into the archive, and telling what was recognised and what was not. How
a table is recognised and read stands in files.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from assets.source import input_folder
from assets.source.comtrade import files
from assets.source.comtrade.settings import TERMS
from assets.source.publications import PassedOver, Received
from warehouse.archive import Entry
from warehouse.errors import InputError
from warehouse.house import House

# A table does not say which release its figures are of.
RELEASE = "file of unknown release"
_KINDS = "CSV of Comtrade Plus, CSV of the legacy site, or bulk files (.gz)"


def told(folder: Path) -> Iterator[str]:
    """A line a file of the folder: what it is, or why it is not used."""
    known = 0
    for file, form in _sorted_out(folder):
        known += form is not None
        if isinstance(file, PassedOver):
            yield f"  not used    {file.address}: {file.reason}"
        else:
            yield f"  comtrade    {file.address}: {form}, {len(file.content):,} bytes"
    yield f"  {known} tables recognised by their first line"


def download(house: House) -> list[Entry]:
    """Archive every table of the folder. Raises InputError where there is none."""
    folder = Path(house.inputs)
    found = [file for file, _ in _sorted_out(folder) if isinstance(file, Received)]
    if not found:
        raise InputError(f"folder {folder}", "holds no Comtrade table", f"Put in {_KINDS}")
    licence, citation = TERMS["comtrade"]
    return [
        house.archive.put(
            file.content,
            source="comtrade",
            address=file.address,
            release=RELEASE,
            retrieved_at=file.retrieved_at,
            licence=licence,
            citation=citation,
        )
        for file in found
    ]


def _sorted_out(folder: Path) -> Iterator[tuple[Received | PassedOver, str | None]]:
    seen: dict[str, str] = {}
    for file in input_folder.files(folder):
        if isinstance(file, PassedOver):
            yield file, None
            continue
        first = seen.setdefault(hashlib.sha256(file.content).hexdigest(), file.address)
        form = files.recognise(file.content)
        if first != file.address:
            yield PassedOver(file.address, f"the same bytes as {first}"), None
        elif form is None:
            yield PassedOver(file.address, "its first line is not that of a Comtrade table"), None
        else:
            yield file, form.name
