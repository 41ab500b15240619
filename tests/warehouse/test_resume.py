"""A download that is cut goes on where it was, and never ends in bytes of two files."""

import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from warehouse.errors import InputError
from warehouse.http import Client, Manners

CONTENT = random.Random(20230519).randbytes(300_000)
OTHER = random.Random(20260122).randbytes(200_000)
DATE = "Thu, 22 Jan 2026 10:00:00 GMT"
QUICK = Manners(requests_per_second=None, attempts=3, first_wait=0.0, silence=5.0)
Reply = tuple[int, dict[str, str], bytes]


class Server(ThreadingHTTPServer):
    """A file with validators; each answer breaks off after `cuts`, and may be `spoilt`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.validators = CONTENT, {"ETag": '"one"', "Last-Modified": DATE}
        self.cuts: list[int] = []
        self.ignores_range = False
        self.holds = 0  # answers of which, after this many bytes, nothing comes for a while
        self.spoilt: Callable[[Reply], Reply] = lambda reply: reply
        self.asked: list[tuple[str | None, str | None]] = []
        self.address = f"http://127.0.0.1:{self.server_port}"

    def reply(self, asked: str | None, condition: str | None) -> Reply:
        """What RFC 9110 says: a part where the condition holds, else the whole."""
        total, whole = len(self.content), (200, dict(self.validators), self.content)
        found = re.fullmatch(r"bytes=(\d+)-", asked or "")
        if found is None or self.ignores_range or condition not in self.validators.values():
            return whole
        start = int(found[1])
        if start >= total:
            return 416, {"Content-Range": f"bytes */{total}"}, b""
        said = {"Content-Range": f"bytes {start}-{total - 1}/{total}"}
        return 206, self.validators | said, self.content[start:]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        asked = self.headers.get("Range"), self.headers.get("If-Range")
        server.asked.append(asked)
        status, headers, body = server.spoilt(server.reply(*asked))
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        cut = server.cuts.pop(0) if server.cuts else len(body)
        if server.holds:
            self.wfile.write(body[: server.holds])
            time.sleep(10)  # until the client is killed, long before
        self.wfile.write(body[server.holds : cut])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def save(server: Server, path: Path, **more: object) -> bytes:
    """The saved file, beside which nothing is left."""
    with closing(Client(server.address, QUICK)) as client:
        client.save("/BACI.zip", path, **more)  # type: ignore[arg-type]
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    return path.read_bytes()


def cut_off(server: Server, path: Path, *cuts: int) -> None:
    """A run that ends with the file cut."""
    server.cuts = list(cuts)
    with pytest.raises(InputError, match="gave no whole answer"):
        save(server, path)
    assert not path.exists()
    server.asked.clear()


def test_an_answer_that_breaks_off_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    server.cuts = [100_000, 50_000]
    assert save(server, tmp_path / "a.zip") == CONTENT
    assert server.asked == [
        (None, None),
        ("bytes=100000-", '"one"'),
        ("bytes=150000-", '"one"'),
    ]


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_the_next_run_goes_on_where_the_last_one_ended(
    server: Server, tmp_path: Path, validator: str
) -> None:
    server.validators = {validator: server.validators[validator]}
    cut_off(server, tmp_path / "a.zip", 100_000, 50_000, 20_000)
    assert save(server, tmp_path / "a.zip") == CONTENT
    assert server.asked == [("bytes=170000-", server.validators[validator])]


@pytest.mark.parametrize("validators", [{}, {"ETag": 'W/"weak"'}])
def test_a_file_that_nothing_vouches_for_is_asked_for_anew(
    server: Server, tmp_path: Path, validators: dict[str, str]
) -> None:
    server.validators = validators
    cut_off(server, tmp_path / "a.zip", 100_000, 50_000, 20_000)
    assert save(server, tmp_path / "a.zip") == CONTENT
    assert server.asked == [(None, None)]


def test_a_server_that_ignores_the_range_is_taken_from_the_start(
    server: Server, tmp_path: Path
) -> None:
    cut_off(server, tmp_path / "a.zip", 100_000, 0, 0)
    server.ignores_range = True
    assert save(server, tmp_path / "a.zip") == CONTENT
    assert server.asked == [("bytes=100000-", '"one"')]


def test_a_file_that_changed_meanwhile_is_taken_from_the_start(
    server: Server, tmp_path: Path
) -> None:
    cut_off(server, tmp_path / "a.zip", 100_000, 0, 0)
    server.content, server.validators = OTHER, {"ETag": '"two"'}
    assert save(server, tmp_path / "a.zip") == OTHER
    assert server.asked == [("bytes=100000-", '"one"')]


def test_a_file_that_was_there_to_its_last_byte_is_whole(server: Server, tmp_path: Path) -> None:
    """As a kill leaves it that came between the last byte and the name."""
    cut_off(server, tmp_path / "a.zip", 100_000, 0, 0)
    (tmp_path / "a.zip.part").write_bytes(CONTENT)
    assert save(server, tmp_path / "a.zip") == CONTENT
    assert server.asked == [("bytes=300000-", '"one"')]


def spoilt_range(text: str) -> Callable[[Reply], Reply]:
    return lambda reply: (206, reply[1] | {"Content-Range": text}, reply[2])


SPOILT: dict[str, Callable[[Reply], Reply]] = {
    "another place": spoilt_range("bytes 90000-299999/300000"),
    "no range": lambda reply: (206, {"ETag": '"one"'}, reply[2]),
    "no number": spoilt_range("bytes x-y/z"),
    "another unit": spoilt_range("rows 100000-299999/300000"),
    "more than it sends": spoilt_range("bytes 100000-399999/400000"),
    "another file": lambda reply: (206, reply[1] | {"ETag": '"two"'}, reply[2]),
    "beyond the end": lambda reply: (416, {"Content-Range": "bytes */90000"}, b""),
    "beyond an end unknown": lambda reply: (416, {}, b""),
}


@pytest.mark.parametrize("name", SPOILT)
def test_an_answer_that_does_not_fit_what_is_there_is_not_put_behind_it(
    server: Server, tmp_path: Path, name: str
) -> None:
    cut_off(server, tmp_path / "a.zip", 100_000, 0, 0)
    server.spoilt = lambda reply: SPOILT[name](reply) if reply[0] == 206 else reply
    assert save(server, tmp_path / "a.zip") == CONTENT
    assert server.asked == [("bytes=100000-", '"one"'), (None, None)]


@pytest.mark.parametrize("status", [206, 416])
def test_a_part_that_nobody_asked_for_is_no_file(
    server: Server, tmp_path: Path, status: int
) -> None:
    server.spoilt = lambda reply: (status, {"Content-Range": "bytes 0-9/10"}, bytes(10))
    with pytest.raises(InputError, match=f"cannot be used .status {status}"):
        save(server, tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_what_the_check_refuses_is_asked_for_anew_from_the_start(
    server: Server, tmp_path: Path
) -> None:
    seen = []

    def once_refused(path: Path) -> None:
        seen.append(path.read_bytes())
        if len(seen) == 1:
            raise ValueError("damaged")

    assert save(server, tmp_path / "a.zip", check=once_refused) == CONTENT
    assert seen == [CONTENT, CONTENT]
    assert server.asked == [(None, None), (None, None)]


def test_the_bound_on_size_counts_what_is_there_already(server: Server, tmp_path: Path) -> None:
    cut_off(server, tmp_path / "a.zip", 100_000, 0, 0)
    small = Manners(None, attempts=3, largest_answer=250_000)
    with (
        closing(Client(server.address, small)) as client,
        pytest.raises(InputError, match="sent more than 250,000 bytes"),
    ):
        client.save("/BACI.zip", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_a_download_that_is_killed_goes_on_from_there(server: Server, tmp_path: Path) -> None:
    """kill -9, again and again: no byte that was written is asked for a second time."""
    server.holds = 60_000
    code = (
        "import sys; from pathlib import Path; from warehouse.http import Client\n"
        "Client(sys.argv[1]).save('/BACI.zip', Path(sys.argv[2]))"
    )
    words = [sys.executable, "-c", code, server.address, str(tmp_path / "a.zip")]
    part = tmp_path / "a.zip.part"
    reached = 0
    for _ in range(3):
        with subprocess.Popen(words) as child:
            while child.poll() is None and (not part.exists() or part.stat().st_size <= reached):
                time.sleep(0.01)
            child.kill()
        assert not (tmp_path / "a.zip").exists()
        reached = part.stat().st_size
    server.holds = 0
    assert subprocess.run(words, check=False).returncode == 0
    assert (tmp_path / "a.zip").read_bytes() == CONTENT
    starts = [int(asked.strip("bytes=-")) for asked, _ in server.asked[1:] if asked]
    assert len(starts) == 3
    assert starts == sorted(set(starts))
    assert starts[-1] == reached
