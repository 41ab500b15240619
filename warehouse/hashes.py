"""The sha256 of files, each read once in a process while nobody touches it."""

import hashlib
from functools import lru_cache
from pathlib import Path


def file_sha256(path: Path) -> str:
    """Hash of a file's bytes; a file that was not touched since is not read twice."""
    stat = path.stat()
    return _hashed(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=100_000)
def _hashed(path: Path, inode: int, changed: int, size: int) -> str:
    return read_sha256(path)


def read_sha256(path: Path) -> str:
    """Hash of a file's bytes as they are on the disk now, whatever was known of them."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
