"""One run at a time for a profile: whoever comes second is told, and nothing is mixed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import InputError


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; it is freed when the process ends, however it ends.

    Raises InputError where another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"profile {path.stem}", "is being run by another process", "Wait for it, or stop it"
            ) from error
        yield
