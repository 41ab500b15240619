"""A download into a file that goes on where an earlier one was cut.

Here belongs what is kept of a file that is not whole yet, and which answers continue it. Asking,
and asking again, stands in http.py.

`<name>.part` holds the bytes so far, `<name>.part.of` the validator of the answer they came in: its
ETag or date. The rest is asked for on condition that the file is still that one (RFC 9110, 13.1.5
and 14.2); without a validator, or where the server answers otherwise, all of it is asked for anew.
"""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

WHOLE, REST, NO_REST = 200, 206, 416
STATUSES = (WHOLE, REST, NO_REST)


def headers(path: Path) -> dict[str, str]:
    """What to ask: the rest where it can be told to be of the same file, else the whole file."""
    asked = {"Accept-Encoding": "identity"}  # packed on the way, no byte has a place of its own
    validator, size = _validator(path), _size(path)
    if validator and size:
        asked |= {"Range": f"bytes={size}-", "If-Range": validator}
    return asked


def begun(path: Path, response: httpx.Response) -> int:
    """The number of bytes that are there and that the answer goes on from.

    Raises ValueError, and forgets them, where the answer is of another part or another file.
    """
    if response.status_code == WHOLE:
        _begin(path, response)
        return 0
    size, said = _size(path), response.headers.get("content-range", "")
    expected = rf"{size}-\d+/(\d+|\*)" if response.status_code == REST else rf"\*/{size}"
    given = {response.headers.get(name) for name in ("etag", "last-modified")} - {None}
    same_file = _validator(path) in (given or {_validator(path)} - {None})
    if not same_file or not re.fullmatch(f"bytes {expected}", said):
        forget(path)
        raise ValueError(f"status {response.status_code}, {said or 'no range'}, after {size} bytes")
    return size


def write(path: Path, response: httpx.Response, parts: Iterable[bytes]) -> None:
    """Put the body behind what is there. Raises ValueError where that is not the promised size."""
    if response.status_code == NO_REST:  # all of it was there
        return
    with _part(path).open("ab") as file:
        file.writelines(parts)
    total = response.headers.get("content-range", "").rpartition("/")[2]
    if total.isdecimal() and int(total) != _size(path):
        forget(path)
        raise ValueError(f"not the {total} bytes it promised")


def finish(path: Path, check: Callable[[Path], object] | None) -> None:
    """Give the file its name once `check` let it pass; what it refuses is forgotten."""
    try:
        if check:
            check(_part(path))
    except Exception:
        forget(path)
        raise
    os.replace(_part(path), path)
    _of(path).unlink(missing_ok=True)


def forget(path: Path) -> None:
    """Take away what there is of a file; first what says that it may be gone on with."""
    _of(path).unlink(missing_ok=True)
    _part(path).unlink(missing_ok=True)


def _begin(path: Path, response: httpx.Response) -> None:
    """An empty file, and then, lest a kill leave it with other bytes, what it is of."""
    forget(path)
    _part(path).touch()
    etag, date = (response.headers.get(name, "") for name in ("etag", "last-modified"))
    validator = date if etag.startswith("W/") else etag or date  # a weak one vouches for no byte
    if validator:
        _of(path).write_text(validator, "utf-8")


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part.of")


def _size(path: Path) -> int:
    return _part(path).stat().st_size if _part(path).exists() else 0


def _validator(path: Path) -> str | None:
    return _of(path).read_text("utf-8", "replace") if _of(path).exists() else None
