"""Ways in which an answer goes wrong on its way.

Here: what a fault does to an answer on the wire. Not here: when it strikes, which the caller
of `serve` decides with a function from the number of the request (1, 2, ...) and its URL.
"""

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from assets.source.simulated.answers import Answer

Kind = Literal[
    "status",
    "html",
    "cut_json",
    "short_body",
    "reset",
    "drip",
    "hang_up",
    "cut_gzip",
    "wrong_type",
    "doubled",
]


@dataclass(frozen=True)
class Fault:
    """`status` answers with `status`, `body`, `headers`; `html` with a page, status as given.

    `cut_json` sends half of the JSON as if it were whole; `short_body` closes after half of
    the promised bytes; `reset` breaks the connection there; `drip` spreads the body over
    `seconds`; `hang_up` closes without a word; `cut_gzip` packs the body and loses the end;
    `wrong_type` calls JSON a page; `doubled` sends each row twice.
    """

    kind: Kind
    status: int = 500
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 1.0


Faults = Callable[[int, str], Fault | None]
_PAGE = b"<html><head><title>Service Unavailable</title></head><body>Try later.</body></html>"


def changed(fault: Fault | None, answer: Answer) -> Answer:
    """The answer a fault puts in place of the true one."""
    if fault is None:
        return answer
    if fault.kind == "status":
        return Answer(fault.status, fault.body, fault.headers)
    if fault.kind == "html":
        return Answer(fault.status, fault.body or _PAGE, fault.headers, "text/html")
    if fault.kind == "cut_json":
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
    if fault.kind == "cut_gzip":
        packed = gzip.compress(answer.body, mtime=0)
        headers = (*answer.headers, ("Content-Encoding", "gzip"))
        return replace(answer, body=packed[: len(packed) * 2 // 3], headers=headers)
    if fault.kind == "wrong_type":
        return replace(answer, content_type="text/html")
    if fault.kind == "doubled":
        said = json.loads(answer.body)
        twice = {"data": [row for row in said.get("data", []) for _ in range(2)]}
        return replace(answer, body=json.dumps(said | twice).encode())
    return answer


def send(connection: socket.socket, head: bytes, body: bytes, fault: Fault | None) -> bool:
    """Put an answer on the wire; False where the connection cannot be used again."""
    kind = fault.kind if fault else None
    if kind == "hang_up":
        return False
    if kind in ("short_body", "reset"):
        connection.sendall(head + body[: len(body) // 2])
        if kind == "reset":
            # Linger of zero makes close() send RST, as a dying proxy does.
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        return False
    if fault and kind == "drip":
        _drip(connection, head, body, fault.seconds)
        return True
    connection.sendall(head + body)
    return True


def _drip(connection: socket.socket, head: bytes, body: bytes, seconds: float) -> None:
    connection.sendall(head)
    size = max(1, len(body) // 10)
    for start in range(0, len(body), size):
        time.sleep(seconds / 10)
        connection.sendall(body[start : start + size])
