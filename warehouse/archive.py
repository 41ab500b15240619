"""The raw archive: bytes exactly as received, found by their sha256.

Here belongs keeping and finding bytes with where they came from. How they are
fetched (http) and what they mean (assets/source) do not.

Layout: `<root>/<first two hex digits>/<sha256>` holds the bytes and
`<root>/manifest.jsonl` one line for each time bytes were received. Bytes stand
before their line does, so a line always points at something whole; a line cut
short by a crash is dropped when the archive is next opened.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from warehouse.errors import InputError


@dataclass(frozen=True, slots=True)
class Entry:
    """One received file. `address` is the URL without secrets, or the path it was read from."""

    source: str
    address: str
    sha256: str
    bytes: int
    retrieved_at: str
    release: str
    licence: str
    citation: str


class Archive:
    """Content-addressed store of received bytes, shared by all profiles."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._entries: dict[tuple[str, str, str], Entry] = {}
        for line in self._whole_lines():
            entry = Entry(**json.loads(line))
            self._entries[entry.source, entry.address, entry.release] = entry

    @property
    def manifest(self) -> Path:
        return self.root / "manifest.jsonl"

    def _whole_lines(self) -> list[str]:
        if not self.manifest.exists():
            return []
        text = self.manifest.read_text(encoding="utf-8")
        whole, _, cut_short = text.rpartition("\n")
        if cut_short:
            with self.manifest.open("r+b") as manifest:
                manifest.truncate(len((whole + "\n").encode()) if whole else 0)
        return whole.splitlines()

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def find(self, source: str, address: str, release: str) -> Entry | None:
        """The entry for this address and release, if its bytes are held."""
        entry = self._entries.get((source, address, release))
        return entry if entry and self.path(entry.sha256).exists() else None

    def entries(self, source: str | None = None) -> Iterator[Entry]:
        """Every entry in a stable order, of one source or of all."""
        for key in sorted(self._entries):
            if source is None or key[0] == source:
                yield self._entries[key]

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name.

        Raises InputError when the file is gone or was altered on disk.
        """
        path = self.path(sha256)
        if not path.exists():
            raise InputError(
                f"archive file {sha256[:12]}", "is missing", "Run again to fetch it anew"
            )
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise InputError(
                f"archive file {path.name[:12]}",
                "does not have the bytes its name promises",
                "Delete it and run again to fetch it anew",
            )
        return content

    def put(
        self,
        content: bytes,
        *,
        source: str,
        address: str,
        release: str,
        retrieved_at: str,
        licence: str,
        citation: str,
    ) -> Entry:
        """Keep bytes and record where they came from; the same bytes are kept once.

        Bytes already received for this address and release keep their first entry.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        known = self._entries.get((source, address, release))
        if known and known.sha256 == sha256 and self.path(sha256).exists():
            return known
        write_atomically(self.path(sha256), content)
        entry = Entry(
            source, address, sha256, len(content), retrieved_at, release, licence, citation
        )
        if entry != known:
            with self.manifest.open("a", encoding="utf-8") as manifest:
                manifest.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
                manifest.flush()
        self._entries[source, address, release] = entry
        return entry


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or none of it.

    What a killed run left behind is overwritten by the next.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
