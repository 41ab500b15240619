"""The raw archive: bytes exactly as received, found by their sha256.

Here belongs keeping and finding bytes with where they came from. How they are
fetched (http) and what they mean (assets/source) do not.

Layout: `<root>/<first two hex digits>/<sha256>` holds the bytes and
`<root>/manifest.jsonl` one line for each time bytes were received. Bytes stand
before their line does, so a line always points at something whole; a line cut
short by a crash is dropped when the archive is next opened.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from warehouse.errors import InputError
from warehouse.hashes import read_sha256


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
        for entry in self.received():
            self._entries[entry.source, entry.address, entry.release] = entry

    @property
    def manifest(self) -> Path:
        return self.root / "manifest.jsonl"

    def received(self) -> Iterator[Entry]:
        """Every line of the manifest, the first received first.

        Raises InputError for one that cannot be read.
        """
        for number, line in enumerate(self._whole_lines(), start=1):
            yield self._read(line, number)

    def _read(self, line: bytes, number: int) -> Entry:
        try:
            return Entry(**json.loads(line.decode()))
        except (ValueError, TypeError):
            raise InputError(
                f"{self.manifest} line {number}",
                "cannot be read: it was altered on disk",
                "Restore the file from a copy; the bytes it lists are not lost",
            ) from None

    def _whole_lines(self) -> list[bytes]:
        """Lines of the manifest; one cut short by a crash is none, and is taken out by `put`."""
        if not self.manifest.exists():
            return []
        text = self.manifest.read_bytes().rpartition(b"\n")[0]
        return text.split(b"\n") if text else []

    @contextmanager
    def _alone(self) -> Iterator[IO[bytes]]:
        """The manifest, for one writer at a time: profiles share the archive."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self.manifest.open("a+b") as manifest:
            fcntl.flock(manifest, fcntl.LOCK_EX)
            yield manifest

    def leftovers(self) -> list[Path]:
        """What killed runs left among the bytes."""
        if not self.manifest.exists():
            return []
        with self._alone():
            return sorted(self.root.glob("*/.*.part"))

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

    def in_order(self, source: str) -> list[Entry]:
        """Entries of a source in the order in which they first came."""
        return [entry for key, entry in self._entries.items() if key[0] == source]

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

    def forget(self, hashes: Collection[str]) -> None:
        """Take files away, their lines first: none may point at what is gone.

        Nobody else may be writing: see the locks of profiles.
        """
        staying = [asdict(entry) for entry in self.received() if entry.sha256 not in hashes]
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in staying)
        write_atomically(self.manifest, "".join(lines).encode())
        for sha256 in hashes:
            self.path(sha256).unlink(missing_ok=True)

    def refuse_altered(self, entries: Iterable[Entry]) -> None:
        """Raises InputError for the first file that is gone or was altered on disk."""
        for sha256 in dict.fromkeys(entry.sha256 for entry in entries):
            path = self.path(sha256)
            if not path.exists() or read_sha256(path) != sha256:
                self.read(sha256)

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
        entry = Entry(
            source, address, sha256, len(content), retrieved_at, release, licence, citation
        )
        return self._record(entry, lambda target: write_atomically(target, content))

    def put_file(self, path: Path, entry: Entry) -> Entry:
        """Keep a file too large for memory; `entry` says its hash, size and where it is from.

        Raises InputError where the file changed since it was hashed.
        """
        return self._record(entry, lambda target: _copy_atomically(path, target, entry.sha256))

    def _record(self, entry: Entry, keep: Callable[[Path], None]) -> Entry:
        """The entry, after `keep` put its bytes in place; one known already stands as it was."""
        key = entry.source, entry.address, entry.release
        known = self._entries.get(key)
        if known and known.sha256 == entry.sha256 and self.path(entry.sha256).exists():
            return known
        with self._alone() as manifest:
            keep(self.path(entry.sha256))
            if entry != known:
                _append(manifest, entry)
        self._entries[key] = entry
        return entry

    def put_again(self, entry: Entry, release: str, address: str = "") -> Entry:
        """Record that bytes that are held stand for another release, or address, as well.

        Raises InputError where they are gone or were altered on disk.
        """
        self.refuse_altered([entry])
        said = replace(entry, release=release, address=address or entry.address)
        return self._record(said, lambda target: None)


def _append(manifest: IO[bytes], entry: Entry) -> None:
    """A line more, after whatever a crash cut short is taken out."""
    if size := manifest.seek(0, os.SEEK_END):
        manifest.seek(size - 1)
        if manifest.read(1) != b"\n":
            manifest.seek(0)
            manifest.truncate(manifest.read().rfind(b"\n") + 1)
    manifest.write((json.dumps(asdict(entry), ensure_ascii=False) + "\n").encode())
    manifest.flush()
    os.fsync(manifest.fileno())


def _copy_atomically(source: Path, target: Path, sha256: str) -> None:
    """Copy a file so that a reader sees all of it or none of it, and only with these bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, part)
        if read_sha256(part) != sha256:
            raise InputError(str(source), "changed while it was read", "Run again")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


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
