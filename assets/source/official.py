"""The publishers' own yearly tables, from a folder of files or from their addresses.

Here belongs taking them into the archive, and telling what was recognised and what was not.
How a file is recognised stands in publications.py.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from assets.source import input_folder, publisher_site
from assets.source.publications import PUBLISHERS, Known, PassedOver, sorted_out
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError
from warehouse.house import House

SOURCE = "official"
LOG = logging.getLogger("mirror_trade")
_KINDS = "BNS workbooks, FCS tables, Comext extracts, the IMTS download"


def told(folder: Path) -> Iterator[str]:
    """A line a file of the folder: what it is, or why it is not used.

    Raises InputError for a folder that cannot be used, and for a table that cannot be read.
    """
    known = passed = 0
    for file in sorted_out(input_folder.files(folder)):
        known, passed = known + isinstance(file, Known), passed + isinstance(file, PassedOver)
        yield f"  {_line(file)}"
    yield f"  {known} files recognised by their content, {passed} not used"


def _line(file: Known | PassedOver) -> str:
    if isinstance(file, PassedOver):
        return f"not used    {file.address}: {file.reason}"
    what = f"{file.publication}; {len(file.figures)} figures; {file.release}"
    return f"{file.source:<11} {file.file.address}: {what}"


def download(house: House) -> list[Entry]:
    """Archive every recognised file of the folder, or of the publishers' addresses."""
    found = _from_folder(house) if house.inputs else _from_publishers(house)
    entries = []
    for done, file in enumerate(found, start=1):
        house.watch(done, len(found), file.publication)
        entries.append(_put(house.archive, file))
    return entries


def _from_folder(house: House) -> list[Known]:
    files = list(sorted_out(input_folder.files(Path(house.inputs))))
    known = [file for file in files if isinstance(file, Known)]
    if not known:
        finding = f"holds no file of {', '.join(PUBLISHERS)}: {_line(files[0]).split(None, 2)[2]}"
        raise InputError(f"folder {house.inputs}", finding, f"Put in {_KINDS}")
    return known


def _from_publishers(house: House) -> list[Known]:
    listed = publisher_site.publisher_files()
    files = list(sorted_out(publisher_site.files(listed, max(house.years), house.address)))
    for file in files:
        LOG.log(logging.WARNING if isinstance(file, PassedOver) else logging.INFO, _line(file))
    known = [file for file in files if isinstance(file, Known)]
    for asked in listed:
        if asked.listing != "by hand" and asked.source not in {file.source for file in known}:
            place = f"{asked.place}, {asked.address}"
            raise InputError(place, "gave no table that is known here", publisher_site.BY_HAND)
    return known


def _put(archive: Archive, file: Known) -> Entry:
    terms = publisher_site.publisher_terms(file.source)
    return archive.put(
        file.file.content,
        source=file.source,
        address=file.file.address,
        release=file.release,
        retrieved_at=file.file.retrieved_at,
        licence=terms["licence"],
        citation=terms["citation"],
    )
