"""Which publication some bytes are: told by their content, whatever the file is called.

Here belongs asking each publisher's parser whether a file is its own, and saying in words
why none takes it. Where the bytes come from stands in input_folder.py and publisher_site.py,
what is in a publication in the publisher's own module.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from assets.source import eurostat, imf_imts, kz_bns, ru_fcs
from assets.source.delimited import header
from assets.source.printed import PrintedFigure
from assets.source.workbook import is_workbook, sheets
from warehouse.errors import InputError

_MARKS = (b"<!doctype", b"<html", b"<head", b"<?xml")
_SHOWN = 4


class Publisher(Protocol):
    """A module of assets/source that reads one publisher's files."""

    SOURCE: str

    def recognise(self, name: str, content: bytes) -> str | None: ...

    def figures(self, content: bytes, name: str) -> list[PrintedFigure]: ...


_MODULES: tuple[Publisher, ...] = (kz_bns, ru_fcs, eurostat, imf_imts)
PUBLISHERS = {module.SOURCE: module for module in _MODULES}


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes with the path or URL they came from, and when (ISO 8601, UTC)."""

    address: str
    content: bytes
    retrieved_at: str


@dataclass(frozen=True, slots=True)
class Known:
    """A file of one of the publishers."""

    file: Received
    source: str
    publication: str
    figures: list[PrintedFigure]

    @property
    def release(self) -> str:
        """The releases its figures belong to: one file may print several."""
        return "; ".join(sorted({figure.release for figure in self.figures}))


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file that is not used, and why."""

    address: str
    reason: str


def sorted_out(files: Iterable[Received | PassedOver]) -> Iterator[Known | PassedOver]:
    """Each file read, or with the reason it is not used; the same bytes count once.

    Raises InputError with file, sheet and cell where a publisher's table cannot be read.
    """
    seen: dict[str, str] = {}
    for file in files:
        if isinstance(file, PassedOver):
            yield file
            continue
        first = seen.setdefault(hashlib.sha256(file.content).hexdigest(), file.address)
        if first != file.address:
            yield PassedOver(file.address, f"the same bytes as {first}")
        else:
            yield _read(file)


def _read(file: Received) -> Known | PassedOver:
    for source, publisher in PUBLISHERS.items():
        if publication := publisher.recognise(file.address, file.content):
            printed = figures(source, file.content, file.address, file.retrieved_at)
            return Known(file, source, publication, printed)
    return PassedOver(file.address, _why_unknown(file.content, file.address))


def figures(source: str, content: bytes, address: str, retrieved_at: str) -> list[PrintedFigure]:
    """The figures of a recognised file; what a publisher's server sent is of that day."""
    found = PUBLISHERS[source].figures(content, address)
    if not address.startswith(("http://", "https://")):
        return found
    today = f"{retrieved_at[:10]} download"
    return [replace(f, release=today) if f.release == eurostat.UNDATED else f for f in found]


def _why_unknown(content: bytes, name: str) -> str:
    if not content.strip():
        return "is empty"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:60].lower().startswith(_MARKS):
        return "is a web page, perhaps the publisher's error page: download it again"
    if is_workbook(content):
        return _why_no_workbook_of_theirs(content, name)
    columns = header(content)
    if len(columns) > 1:
        return f"has columns {_some(columns)}: no table of these publishers has them"
    return "is neither a workbook nor a text table"


def _why_no_workbook_of_theirs(content: bytes, name: str) -> str:
    try:
        names = [sheet.name for sheet in sheets(content, name)]
    except InputError as error:
        _, inside, place = error.place.partition(", ")  # the file itself is named beside it
        return f"is {error.finding}{inside and f' ({place})'}: {error.remedy}"
    return f"has sheets {_some(names)}: no table by flow and year of these publishers in them"


def _some(names: list[str]) -> str:
    shown = ", ".join(name[:30] for name in names[:_SHOWN])
    return shown + (" ..." if len(names) > _SHOWN else "")
