"""The report and the exports over HTTP: this machine alone, inside the folder, reading only."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from click.testing import CliRunner

from pipelines import cli
from pipelines.exports import serve

SECRET = "not for anybody"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a report, an export, and what nobody may fetch."""
    root = tmp_path_factory.mktemp("warehouse")
    exports = root / "headline" / "exports" / "csv"
    exports.mkdir(parents=True)
    (root / "headline" / "report.html").write_text("<title>the report</title>", "utf-8")
    (root / "headline" / "datapackage.json").write_text("{}", "utf-8")
    (exports / "mart.claim.csv").write_text("claim\r\n1\r\n", "utf-8")
    for place in (root / "secret.txt", root / "headline" / "secret.txt", root / "headline.duckdb"):
        place.write_text(SECRET, "utf-8")
    (exports / "linked.txt").symlink_to(root / "secret.txt")
    return root


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """A real server on a free port of the loopback."""
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        serve.application("headline", root), host=serve.HOST, port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://{serve.HOST}:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "the report"),
        ("/report.html", "the report"),
        ("/datapackage.json", "{}"),
        ("/exports/", "/exports/csv/mart.claim.csv"),
        ("/exports/csv/mart.claim.csv", "claim"),
    ],
)
def test_the_report_and_the_exports_are_served(address: str, path: str, text: str) -> None:
    answer = httpx.get(address + path)
    assert answer.status_code == 200
    assert text in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/exports/../secret.txt",
        "/exports/%2e%2e/secret.txt",
        "/exports/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/exports/csv/..%2f..%2f..%2fsecret.txt",
        "/exports//etc/passwd",
        "/exports/%2fetc%2fpasswd",
        "/exports/csv/linked.txt",
        "/exports/%00",
        "/secret.txt",
        "/../headline.duckdb",
        "/headline.duckdb",
        "/CITATION.cff",
    ],
)
def test_nothing_else_is_served(address: str, path: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:  # a client would tidy the path
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode("utf-8", "replace")
    assert answer.split()[1] in ("400", "404", "405"), answer
    assert SECRET not in answer
    assert "root:" not in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/exports/csv/mart.claim.csv", "/exports/new.txt"])
def test_nothing_is_written(address: str, root: Path, method: str, path: str) -> None:
    before = sorted(root.rglob("*"))
    assert httpx.request(method, address + path, content=b"x").status_code == 405
    assert sorted(root.rglob("*")) == before


def test_a_page_of_the_web_that_names_its_own_host_is_refused(address: str) -> None:
    assert httpx.get(address, headers={"Host": "example.org"}).status_code == 400


def test_the_server_listens_to_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(serve.uvicorn, "run", lambda pages, **options: asked.update(options))
    serve.run(serve.Starlette(), 8000)
    assert asked["host"] == "127.0.0.1"


def test_a_missing_report_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.main, ["serve", "--root", str(tmp_path)])
    assert done.exit_code == 3
    assert "report.html\n  is not there\n  Run: mirror-trade run --profile headline" in done.output
    assert list(tmp_path.iterdir()) == []
