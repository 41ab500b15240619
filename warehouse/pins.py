"""Pins: the inputs a profile may be built from, until somebody accepts others.

Here belongs keeping and comparing lists of inputs. Two lists may stand in a warehouse for each
profile: `pins/<profile>.json`, what its builds rest on, and `pins/<profile>.offered.json`, what
the last run received and refused. Beside each stands its hash. What ships with the project is
pinned in assets/source/pins.toml, in git.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.archive import Entry, write_atomically
from warehouse.errors import InputError
from warehouse.hashes import read_sha256

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An input that is not what its pin says; the side that has none is empty."""

    source: str
    url: str
    before: str
    after: str
    before_release: str
    after_release: str

    def __str__(self) -> str:
        place = f"{self.source} {self.url}"
        if not self.before:
            return f"{place} is new: {self.after} ({self.after_release})"
        if not self.after:
            return f"{place} is not offered any more: {self.before} ({self.before_release})"
        old = f"pinned {self.before} ({self.before_release})"
        return f"{place} changed: {old}, received {self.after} ({self.after_release})"


def entry(row: Row) -> Entry:
    """A row of a list of inputs as the line of the archive's manifest that it came from."""
    said = {name: row.get(name, "") for name in ("retrieved_at", "release", "licence", "citation")}
    return Entry(row["source"], row["url"], row["sha256"], int(row.get("bytes", 0)), **said)


def pinned(root: Path, profile: str) -> Path:
    """The list of inputs that builds of a profile rest on."""
    return root / "pins" / f"{profile}.json"


def offered(root: Path, profile: str) -> Path:
    """The list of inputs that the last run received, where it is another."""
    return root / "pins" / f"{profile}.offered.json"


def write(path: Path, rows: Sequence[Row], asked: str) -> None:
    """Write what was asked and the list received, then its hash: without one it is not believed."""
    listed = {"asked": asked, "inputs": rows}
    write_atomically(path, json.dumps(listed, indent=1, ensure_ascii=False).encode())
    said = f"{read_sha256(path)}  {path.name}\n"
    write_atomically(path.with_suffix(".sha256"), said.encode())


def read(path: Path) -> tuple[list[Row], str]:
    """The rows of a list, and what was asked. Raises InputError where it was altered."""
    try:
        said = path.with_suffix(".sha256").read_text("utf-8", "replace")
    except FileNotFoundError:
        said = ""
    if said != f"{read_sha256(path)}  {path.name}\n":
        finding = "does not have the bytes that were written"
        raise InputError(str(path), finding, "Restore it from a copy, or delete it to pin anew")
    return listed(path)


def listed(path: Path) -> tuple[list[Row], str]:
    """The rows of any such list, and what was asked. Raises InputError where it is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, list):
            return content, ""
        return list(content["inputs"]), str(content["asked"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        finding = f"is no list of inputs ({error})"
        raise InputError(
            str(path), finding, "Name a file that `pins/` of a warehouse holds"
        ) from None


def forget(path: Path) -> None:
    """Take a list away."""
    path.unlink(missing_ok=True)
    path.with_suffix(".sha256").unlink(missing_ok=True)


def changes(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    """Inputs that changed, joined or left, by source and address.

    An address may have given several releases: it changed where it gives another set of them.
    """
    sides = [_by_place(rows) for rows in (before, after)]
    found = []
    for place in sorted({*sides[0], *sides[1]}):
        old, new = (side.get(place, {}) for side in sides)
        if old.keys() != new.keys():
            found.append(_change(place, _last(old, new), _last(new, old)))
    return found


Identity = tuple[str, str]  # release and hash


def _by_place(rows: Iterable[Row]) -> dict[tuple[str, str], dict[Identity, Row]]:
    places: dict[tuple[str, str], dict[Identity, Row]] = {}
    for one in rows:
        place = places.setdefault((one["source"], one["url"]), {})
        place[one["release"], one["sha256"]] = one
    return places


def _last(own: dict[Identity, Row], other: dict[Identity, Row]) -> Row:
    """The newest release that the other side lacks, or the newest there is."""
    return own[max(own.keys() - other.keys() or own.keys())] if own else {}


def _change(place: tuple[str, str], old: Row, new: Row) -> Change:
    hashes = old.get("sha256", ""), new.get("sha256", "")
    return Change(*place, *hashes, old.get("release", ""), new.get("release", ""))
