"""A stand-in for the UN Comtrade API that serves a simulated world on loopback.

Here: the server and its command line. Not here: what it answers (routes).
"""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from assets.source.simulated.access import Gate, key_of, too_long
from assets.source.simulated.answers import TOO_LONG, Answer
from assets.source.simulated.faults import Fault, Faults, changed, send
from assets.source.simulated.published import Published, publish
from assets.source.simulated.routes import Desk
from assets.source.simulated.world import WorldSettings, build_world

__all__ = ["Fault", "Served", "Server", "serve"]

# The release date of the world: answers must not depend on the day they are given.
RELEASED = "Mon, 01 Sep 2025 00:00:00 GMT"
_EXAMPLE = (
    "example: curl '{base}/public/v1/preview/C/A/HS?reporterCode=398&period=2023"
    "&partnerCode=643&flowCode=X&cmdCode=8542&partner2Code=0&customsCode=C00&motCode=0'"
)


def _head(answer: Answer, length: int) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"Date: {RELEASED}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {length}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Server(ThreadingHTTPServer):
    """`requests` lists the URLs asked for, in order of arrival."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, desk: Desk, gate: Gate, faults: Faults | None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.desk, self.gate, self.faults = desk, gate, faults
        self.requests: list[str] = []
        self._open: set[socket.socket] = set()
        self._lock = Lock()

    def note(self, url: str) -> Fault | None:
        """Count a request and ask whether a fault strikes it."""
        with self._lock:
            self.requests.append(url)
            number = len(self.requests)
        return self.faults(number, url) if self.faults else None

    def shutdown_request(self, request: Any) -> None:
        """Close without a farewell: a polite FIN first would hide a `reset`."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def keep(self, connection: socket.socket, is_open: bool) -> None:
        with self._lock:
            (self._open.add if is_open else self._open.discard)(connection)

    def hang_up(self) -> None:
        """Wake handlers that wait on idle connections, so that they end with the server."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.keep(self.connection, True)

    def finish(self) -> None:
        self.server.keep(self.connection, False)
        super().finish()

    def do_GET(self) -> None:
        fault = self.server.note(self.path)
        answer = changed(fault, self._answer())
        self.close_connection |= not send(
            self.connection, _head(answer, len(answer.body)), answer.body, fault
        )

    def _answer(self) -> Answer:
        if too_long(self.path):
            return TOO_LONG
        url = urlsplit(self.path)
        parameters = {name.lower(): value for name, value in parse_qsl(url.query)}
        headers = {"Ocp-Apim-Subscription-Key": self.headers.get("Ocp-Apim-Subscription-Key", "")}
        refused = self.server.gate.refuse(url.path, key_of(parameters, headers))
        return refused or self.server.desk.answer(url.path, parameters)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the caller has `requests`."""


class Served(str):
    """The base URL of a running server, which it carries along."""

    server: Server

    @property
    def requests(self) -> list[str]:
        return self.server.requests


@contextmanager
def serve(
    published: Published,
    *,
    port: int = 0,
    key: str | None = None,
    quota: int | None = None,
    rate: float | None = None,
    faults: Faults | None = None,
) -> Iterator[Served]:
    """Serve a published world on 127.0.0.1 and yield its base URL.

    Port 0 picks a free one. Without `key`, any key opens the keyed paths. `quota` is the
    number of keyed calls, `rate` calls a second; `faults` as in faults.Faults.
    """
    server = Server(port, Desk(published), Gate(key, quota, rate), faults)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    base = Served(f"http://127.0.0.1:{server.server_port}")
    base.server = server
    try:
        yield base
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m assets.source.simulated.api",
        description="Serve a SIMULATED world in the manner of the UN Comtrade API, on loopback.",
        epilog=_EXAMPLE.format(base="http://127.0.0.1:8765"),
    )
    parser.add_argument("--seed", type=int, default=7, help="the world to build (default 7)")
    parser.add_argument("--port", type=int, default=8765, help="0 picks a free one (default 8765)")
    parser.add_argument("--key", help="the one subscription key to accept (default: any)")
    parser.add_argument("--rate", type=float, help="calls a second before 429 (default: no limit)")
    return parser.parse_args()


def main() -> None:
    asked = _arguments()
    published = publish(build_world(WorldSettings(asked.seed)))
    with serve(published, port=asked.port, key=asked.key, rate=asked.rate) as base:
        print(f"serving simulated world {asked.seed} at {base}, Ctrl-C ends", flush=True)
        print(_EXAMPLE.format(base=base), flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("ended")


if __name__ == "__main__":
    main()
