"""Who is told of a failed run: the log, an address, or a function of the user's own."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from pipelines.orchestration import notify

OWN: list[tuple[str, str]] = []


def keep(subject: str, text: str) -> None:
    OWN.append((subject, text))


@contextmanager
def listening(status: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server on loopback that takes one message after the other, and its secret address."""
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook/secret-token", received
    finally:
        server.shutdown()
        server.server_close()


def test_by_default_the_log_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MIRROR_TRADE_NOTIFY", raising=False)
    notify.tell("demo failed", "step raw failed: no room")
    assert "demo failed: step raw failed: no room" in caplog.text


def test_a_webhook_gets_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(204) as (address, received):
        monkeypatch.setenv("MIRROR_TRADE_NOTIFY", "webhook")
        monkeypatch.setenv("MIRROR_TRADE_WEBHOOK", address)
        notify.tell("demo failed", "step raw failed")
    assert received == [{"subject": "demo failed", "text": "step raw failed"}]


@pytest.mark.parametrize("status", [404, 500, None], ids=str)
def test_a_webhook_that_fails_is_logged_without_its_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, status: int | None
) -> None:
    monkeypatch.setenv("MIRROR_TRADE_NOTIFY", "webhook")
    caplog.set_level(logging.DEBUG)
    with listening(status or 200) as (address, _):
        if status:
            monkeypatch.setenv("MIRROR_TRADE_WEBHOOK", address)
            notify.tell("demo failed", "why")
    if not status:  # nobody listens any more
        monkeypatch.setenv("MIRROR_TRADE_WEBHOOK", address)
        notify.tell("demo failed", "why")
    told = [record for record in caplog.records if record.name == "mirror_trade"]
    assert [record.levelname for record in told] == ["ERROR", "ERROR"]
    assert "demo failed: why" in caplog.text
    assert "secret-token" not in caplog.text + str([vars(record) for record in told])


def test_a_function_of_ones_own_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRROR_TRADE_NOTIFY", f"{__name__}:keep")
    notify.tell("demo failed", "why")
    assert OWN.pop() == ("demo failed", "why")


@pytest.mark.parametrize("name", ["pigeon", "no.such.module:tell", f"{__name__}:nobody"])
def test_an_unknown_notifier_is_logged_beside_the_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setenv("MIRROR_TRADE_NOTIFY", name)
    notify.tell("demo failed", "why")
    assert "demo failed: why" in caplog.text
    assert "nobody was notified" in caplog.text


def test_no_message_holds_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMTRADE_API_KEY", "k-17")
    monkeypatch.setenv("MIRROR_TRADE_NOTIFY", f"{__name__}:keep")
    notify.tell("demo failed", "asked with k-17")
    assert OWN.pop() == ("demo failed", "asked with ***")
