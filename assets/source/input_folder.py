"""The files of a folder a person gives, nested folders too, in a stable order.

Here belongs reading a folder safely. What the files are is told by publications.py.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from assets.source import baci_zip
from assets.source.publications import PassedOver, Received
from warehouse.errors import InputError

# The largest of these publications has a few MB; a whole database is no table to read at once.
_LARGEST = 200_000_000
_REMEDY = "Give --inputs a folder with the publishers' files"


def files(folder: Path) -> Iterator[Received | PassedOver]:
    """Every file below the folder by its path there, or why it is not read.

    Raises InputError where there is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        finding = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"folder {folder}", finding, _REMEDY)
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    if not paths:
        raise InputError(f"folder {folder}", "is empty", _REMEDY)
    for path in paths:
        yield _file(folder, path)


def _file(folder: Path, path: Path) -> Received | PassedOver:
    address = path.relative_to(folder).as_posix()
    if reason := _why_not(folder, path):
        return PassedOver(address, reason)
    try:
        # The day the file was last written is all a file tells about when it was received.
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Received(address, path.read_bytes(), moment.isoformat(timespec="seconds"))
    except OSError as error:
        return PassedOver(address, f"cannot be read ({error.strerror})")


def _why_not(folder: Path, path: Path) -> str | None:
    if not path.resolve().is_relative_to(folder.resolve()):
        return "is a link that leads out of the folder: not followed"
    if not path.is_file():
        return "is a link to a folder or to nothing, or no plain file: not read"
    if baci_zip.is_baci(path):
        return "is a zip of BACI: no table of these publishers, a third opinion beside them"
    if path.stat().st_size > _LARGEST:
        return f"is larger than {_LARGEST // 10**6} MB, as none of these tables is"
    return None
