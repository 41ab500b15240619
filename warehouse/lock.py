"""One run at a time for a profile: whoever comes second is told, and nothing is mixed.

Here belongs the lock that the command line and Dagster's runs share. It dies with its process,
however that ends, so that no file has to be taken away by hand.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from warehouse.errors import InputError

# What this process holds: a step asks again for what its run has, and gets it.
_MINE: set[tuple[int, Path]] = set()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; whoever holds it in this process may ask for it again.

    Raises InputError where another process holds it, or the folder cannot be written.
    """
    mine = os.getpid(), path.absolute()
    if mine in _MINE:
        yield
        return
    with _opened(path) as lock:
        _take(lock, path)
        _MINE.add(mine)
        try:
            yield
        finally:
            _MINE.discard(mine)


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        remedy = "Give a folder that can be written with --root"
        raise InputError(f"folder {path.parent}", f"{error.strerror}", remedy) from None


def _take(lock: IO[str], path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        finding = f"is being run by another process ({holder})"
        raise InputError(f"profile {path.stem}", finding, "Wait for it, or stop it") from None
    with suppress(OSError):  # who holds it is for people to read: a full disk may not stop a run
        lock.truncate(0)
        lock.write(f"pid {os.getpid()}")
        lock.flush()
