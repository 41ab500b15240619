"""Comtrade tables of a folder that a person gives, for profile comtrade without a network.

Here belongs taking them into the archive, and telling what was recognised and what was not. How
a table is recognised stands in forms, how it is read in files.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from assets.source import input_folder
from assets.source.comtrade.settings import TERMS
from assets.source.comtrade.tables import forms
from assets.source.publications import PassedOver, Received
from warehouse.archive import Entry
from warehouse.errors import InputError
from warehouse.house import House

# A table does not say which release its figures are of.
RELEASE = "file of unknown release"
_LACKS = "is a Comtrade table without"
_REMEDY = (
    "Download it again with all columns (in the R package comtradr: without selecting any), "
    "or take the file out of the folder"
)
_KINDS = "CSV of Comtrade Plus, CSV of the legacy site, or bulk files (.gz)"


def told(folder: Path) -> Iterator[str]:
    """A line a file of the folder: what it is, or why it is not used.

    Raises InputError for a table of Comtrade that lacks columns: to pass over it in silence would
    leave out figures that somebody means to be in.
    """
    known = 0
    for file, form in _sorted_out(folder):
        known += form is not None
        _refuse_lacking(file)
        if isinstance(file, PassedOver):
            yield f"  not used    {file.address}: {file.reason}"
        else:
            yield f"  comtrade    {file.address}: {form}, {len(file.content):,} bytes"
    yield f"  {known} tables recognised by their first line"


def download(house: House) -> list[Entry]:
    """Archive every table of the folder. Raises InputError where there is none, and as `told`."""
    folder = Path(house.inputs)
    found = []
    for file, _ in _sorted_out(folder):
        _refuse_lacking(file)
        if isinstance(file, Received):
            found.append(file)
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


def _refuse_lacking(file: Received | PassedOver) -> None:
    if isinstance(file, PassedOver) and file.reason.startswith(_LACKS):
        raise InputError(file.address, file.reason, _REMEDY)


def _sorted_out(folder: Path) -> Iterator[tuple[Received | PassedOver, str | None]]:
    seen: dict[str, str] = {}
    for file in input_folder.files(folder):
        if isinstance(file, PassedOver):
            yield file, None
            continue
        first = seen.setdefault(hashlib.sha256(file.content).hexdigest(), file.address)
        form = forms.recognise(file.content)
        if first != file.address:
            yield PassedOver(file.address, f"the same bytes as {first}"), None
        elif form is None:
            yield PassedOver(file.address, _no_form(file.content)), None
        else:
            yield file, form.name


def _no_form(content: bytes) -> str:
    lacking = forms.lacking(content)
    if not lacking:
        return "its first line is not that of a Comtrade table"
    return f"{_LACKS} {', '.join(lacking)}, so no row says which figure it is"
