"""Downloading from the publishers' addresses, against a server of our own on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assets.source import official, publisher_site
from assets.source.publications import PUBLISHERS
from assets.source.publisher_site import PublisherFile, files, publisher_files
from pipelines import profiles
from tests.official.test_folder import EXTRACT, bns
from warehouse.errors import InputError
from warehouse.http import Manners

QUICK = Manners(requests_per_second=None, attempts=1)
PAGE = PublisherFile("kz_bns", "trade by country", "https://stat.example/list?year={year}&x=1",
                     "page a year", "2021", r"/file/\d+")  # fmt: skip
LISTING = b'<a href="/file/7">x</a><a href="/other">y</a><a href="https://elsewhere/file/8">z</a>'


@contextmanager
def serving(pages: dict[str, bytes]) -> Iterator[str]:
    """A server that answers with these pages by path and query, and 404 to anything else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = pages.get(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"gone")

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_files_are_found_on_the_pages_of_the_years() -> None:
    pages = {"/list?year=2021&x=1": b"", "/list?year=2022&x=1": LISTING, "/file/7": b"seven"}
    with serving(pages) as host:
        found = list(files([PAGE], 2022, host, QUICK))
    assert [(file.address, file.content) for file in found] == [
        ("https://stat.example/file/7", b"seven")
    ]


def test_a_page_that_lists_nothing_any_more_says_what_to_do() -> None:
    with (
        serving({"/list?year=2021&x=1": b"<p>moved</p>"}) as host,
        pytest.raises(InputError, match="lists no file any more") as error,
    ):
        list(files([PAGE], 2021, host, QUICK))
    assert "--inputs" in error.value.remedy


def test_an_unreachable_publisher_is_named_with_address_and_remedy() -> None:
    with serving({}) as host:
        pass  # nobody answers there any more
    with pytest.raises(InputError) as error:
        list(files([PAGE], 2021, host, QUICK))
    assert "Bureau of National Statistics, Kazakhstan, trade by country" in error.value.place
    assert f"{host}/list?year=2021" in error.value.place
    assert "gave no whole answer" in error.value.finding
    assert error.value.remedy == publisher_site.BY_HAND


def test_an_address_that_is_gone_is_told_with_its_status() -> None:
    with serving({}) as host, pytest.raises(InputError, match="answered 404: gone"):
        list(files([replace(PAGE, listing="file", address="https://x/y")], 2021, host, QUICK))


def every_page(host_pages: dict[str, bytes]) -> dict[str, bytes]:
    """Pages of all publishers at the paths of reference/publisher_file.csv."""
    found = dict(host_pages)
    for file in publisher_files():
        target = "/" + file.address.split("/", 3)[3]
        for year in range(2021, 2026):
            found.setdefault(target.format(year=year), b"")
    return found


@pytest.fixture
def polite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher_site, "MANNERS", QUICK)


def site(fcs: bytes) -> dict[str, bytes]:
    comext = next(file.address for file in publisher_files() if file.source == "eurostat")
    bureau = [file.address for file in publisher_files() if file.source == "kz_bns"]
    link = b'<a href="/api/iblock/element/11/file/ru/">x</a>'
    return every_page({
        "/" + bureau[0].format(year=2022).split("/", 3)[3]: link,
        "/" + bureau[1].split("/", 3)[3]: link,
        "/api/iblock/element/11/file/ru/": bns(),
        "/statistic/vneshn-torg/vneshn-torg-countries": b'<a href="/t.xlsx">x</a>',
        "/t.xlsx": fcs,
        "/" + comext.split("/", 3)[3]: EXTRACT,
    })  # fmt: skip


def house(root: Path, address: str) -> profiles.House:
    return replace(profiles.house("official", root), address=address)


@pytest.mark.usefixtures("polite")
def test_without_a_folder_every_publisher_is_asked(tmp_path: Path) -> None:
    from tests.source.official.test_ru_fcs import BY_COUNTRY, workbook

    with serving(site(workbook({"1": BY_COUNTRY}))) as host:
        entries = official.download(house(tmp_path, host))
    assert {entry.source for entry in entries} == {"kz_bns", "ru_fcs", "eurostat"}
    comext = next(entry for entry in entries if entry.source == "eurostat")
    assert comext.address.startswith("https://ec.europa.eu/eurostat/api/comext/")
    assert comext.release == f"{comext.retrieved_at[:10]} download"


@pytest.mark.usefixtures("polite")
def test_a_publisher_that_sends_an_error_page_is_named(tmp_path: Path) -> None:
    with (
        serving(site(b"<html>busy</html>")) as host,
        pytest.raises(InputError, match="Federal Customs Service") as error,
    ):
        official.download(house(tmp_path, host))
    assert "gave no table that is known here" in error.value.finding
    assert "--inputs" in error.value.remedy


def test_every_address_has_a_publisher_and_a_known_way_to_its_files() -> None:
    listed = publisher_files()
    assert {file.source for file in listed} == set(PUBLISHERS)
    for file in listed:
        assert file.address.startswith("https://")
        assert file.listing in {"file", "page", "page a year", "by hand"}
        assert bool(file.link) == file.listing.startswith("page")
        assert bool(file.from_year) == (file.listing == "page a year") == ("{year}" in file.address)
