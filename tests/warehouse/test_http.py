"""The polite client against a real server on loopback that misbehaves on purpose."""

import gzip
import json
import logging
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from warehouse.errors import InputError, RefusedError
from warehouse.http import Client, Manners, Secret

KEY = "0123456789abcdef0123456789abcdef"
QUICK = Manners(requests_per_second=None, attempts=3, first_wait=0.0, silence=0.5, whole_answer=1.0)
GOOD = (200, {"Content-Type": "application/json"}, b'{"data": []}')


class Server(ThreadingHTTPServer):
    """Gives the scripted replies in order, the last one for ever; notes what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, dict[str, str], bytes]] = [GOOD]
        self.asked: list[tuple[str, str | None]] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("X-Key")))
        script = self.server.script
        status, headers, body = script.pop(0) if len(script) > 1 else script[0]
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def get(server: Server, manners: Manners = QUICK, **more: object) -> bytes:
    with closing(Client(server.address, manners)) as client:
        return client.get("/a?b=1", **more).content  # type: ignore[arg-type]


def test_an_answer_says_where_when_and_what(server: Server) -> None:
    date = {"Date": "Tue, 01 Aug 2023 10:20:30 GMT", "Content-Type": "application/json"}
    server.script = [(200, date, b"{}")]
    with closing(Client(server.address, QUICK)) as client:
        answer = client.get("/a?b=1")
    assert answer.address == f"{server.address}/a?b=1"
    assert answer.retrieved_at == "2023-08-01T10:20:30+00:00"
    assert (answer.content, answer.content_type) == (b"{}", "application/json")


def test_without_a_date_header_the_local_clock_counts(server: Server) -> None:
    with closing(Client(server.address, QUICK)) as client:
        assert client.get("/").retrieved_at.startswith(time.strftime("%Y-%m", time.gmtime()))


@pytest.mark.parametrize(
    "fault",
    [
        (500, {}, b"oops"),
        (503, {}, b""),
        (429, {"Retry-After": "0"}, b""),
        (200, {"Content-Length": "100"}, b'{"data"'),
        (200, {}, b'{"data": ['),
        (200, {}, b"<html>maintenance</html>"),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(b'{"data": []}' * 9)[:20]),
        (200, {"Content-Encoding": "gzip"}, b"no gzip"),
    ],
)
def test_what_may_pass_is_asked_again(server: Server, fault: tuple) -> None:
    server.script = [fault, fault, GOOD]
    assert get(server, check=json.loads) == GOOD[2]
    assert len(server.asked) == 3


def test_a_connection_cut_before_any_byte_is_asked_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Handler.do_GET
    cuts = iter([True, False])
    monkeypatch.setattr(Handler, "do_GET", lambda self: None if next(cuts) else whole(self))
    assert get(server) == GOOD[2]


def test_a_server_that_drips_does_not_hold_the_run(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(self: Handler) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(20):
            self.wfile.write(b" ")
            time.sleep(0.05)

    monkeypatch.setattr(Handler, "do_GET", drip)
    hasty = Manners(None, attempts=1, silence=0.5, whole_answer=0.2)
    with pytest.raises(InputError, match="took too long as a whole"):
        get(server, hasty)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_larger_than_any_of_these_is_cut_off(server: Server, packed: bool) -> None:
    """Also where few bytes unpack to many."""
    body = bytes(10_000_000)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    server.script = [(200, headers, gzip.compress(body) if packed else body)]
    bounded = Manners(None, attempts=3, largest_answer=1_000_000)
    with pytest.raises(InputError, match="sent more than 1,000,000 bytes"):
        get(server, bounded)
    assert len(server.asked) == 1


def test_a_redirect_is_not_followed(server: Server) -> None:
    with Server() as other:
        server.script = [(302, {"Location": f"{other.address}/elsewhere"}, b"")]
        with pytest.raises(InputError, match="answered 302"):
            get(server)
        assert other.asked == []


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404])
def test_what_cannot_pass_is_asked_once(server: Server, status: int) -> None:
    server.script = [(status, {"Location": "/"}, b"no such\n thing")]
    with pytest.raises(InputError, match=f"answered {status}: no such thing") as caught:
        get(server)
    assert f"{server.address}/a?b=1" in str(caught.value)
    assert isinstance(caught.value, RefusedError) == (status >= 400)
    assert len(server.asked) == 1


def test_retry_after_is_waited_for(server: Server) -> None:
    server.script = [(429, {"Retry-After": "1"}, b""), GOOD]
    start = time.monotonic()
    assert get(server) == GOOD[2]
    assert time.monotonic() - start >= 1


def test_a_retry_after_longer_than_patience_ends_the_attempts(server: Server) -> None:
    for status in (429, 403):
        server.script = [(status, {"Retry-After": "9999"}, b"")]
        words = rf"answered {status}: nothing, and to wait 9999 seconds"
        with pytest.raises(InputError, match=words) as caught:
            get(server)
        assert not isinstance(caught.value, RefusedError)  # later it may be answered
    assert len(server.asked) == 2


def test_a_retry_after_may_be_a_date(server: Server) -> None:
    past, far = "Tue, 01 Aug 2023 10:20:30 GMT", "Tue, 01 Aug 2923 10:20:30 GMT"
    server.script = [(503, {"Retry-After": past}, b""), (503, {"Retry-After": far}, b"busy")]
    with pytest.raises(InputError, match="answered 503: busy, and to wait"):
        get(server)
    assert len(server.asked) == 2


def test_attempts_end(server: Server) -> None:
    server.script = [(500, {}, b"<h1>broken</h1>")]
    with pytest.raises(InputError, match=r"answered 500: <h1>broken</h1> \(3 attempts\)"):
        get(server)
    assert len(server.asked) == 3


def test_nobody_listening_is_an_error_with_a_remedy() -> None:
    words = r"ConnectError.*Run again later"
    with (
        closing(Client("http://127.0.0.1:9", QUICK)) as client,
        pytest.raises(InputError, match=words),
    ):
        client.get("/a")


@pytest.mark.parametrize("kind", [InputError, RefusedError])
def test_an_input_error_of_the_check_is_final(server: Server, kind: type[InputError]) -> None:
    def refuse(_: bytes) -> None:
        raise kind("answer", "is about something else", "Report it")

    words = rf"{server.address}/a.b=1: answer is about something"
    with pytest.raises(InputError, match=words) as caught:
        get(server, check=refuse)
    assert type(caught.value) is kind
    assert len(server.asked) == 1


def test_requests_are_throttled_over_threads(server: Server) -> None:
    with closing(Client(server.address, Manners(requests_per_second=20))) as client:
        threads = [Thread(target=client.get, args=("/",)) for _ in range(5)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert 0.2 <= time.monotonic() - start < 1


@pytest.mark.parametrize(
    "reply",
    [
        (401, {}, b'{"message": "bad key ' + KEY.encode() + b'"}'),
        (500, {}, KEY.encode()),
        (200, {}, b'{"you sent": "' + KEY.encode() + b'"}'),
    ],
)
def test_the_secret_travels_in_a_header_and_shows_nowhere(
    server: Server, caplog: pytest.LogCaptureFixture, reply: tuple
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [reply]
    secret = Secret("X-Key", KEY)
    with closing(Client(server.address, QUICK, secret)) as client:
        with pytest.raises(InputError) as caught:
            client.get("/a", json.loads)
        assert KEY not in repr(client) + repr(secret)
    assert server.asked[0] == ("/a", KEY)
    assert KEY not in str(caught.value) + repr(caught.value) + caplog.text


def test_a_key_is_not_sent_unencrypted() -> None:
    with pytest.raises(InputError, match="unencrypted"):
        Client("http://example.org", QUICK, Secret("X-Key", KEY))


@pytest.mark.parametrize("address", ["", "example.org", "file:///etc"])
def test_a_base_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no http or https address"):
        Client(address)
