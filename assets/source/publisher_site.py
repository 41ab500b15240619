"""The files at the publishers' own addresses, which stand in reference/publisher_file.csv.

Here belongs finding the files an address leads to, and what to do when it cannot be reached.
A page lists its files as links: no number of a file is relied on. What the files are is
told by publications.py.
"""

import csv
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from assets.source.publications import Received
from warehouse.errors import InputError
from warehouse.http import Client, Manners

REFERENCE = Path(__file__).parent.parent / "reference"
BY_HAND = "Download it by hand into a folder and give it with --inputs FOLDER"
MANNERS = Manners(attempts=4)
LOG = logging.getLogger("mirror_trade")


@dataclass(frozen=True, slots=True)
class PublisherFile:
    """An address. `listing`: it is a file, a page or a page a year of links, or by hand."""

    source: str
    publication: str
    address: str
    listing: str
    from_year: str
    link: str

    @property
    def place(self) -> str:
        """Publisher and publication, for people."""
        return f"{publisher_terms(self.source)['publisher']}, {self.publication}"


def publisher_files() -> list[PublisherFile]:
    """Every address the profile downloads from."""
    with (REFERENCE / "publisher_file.csv").open(encoding="utf-8", newline="") as lines:
        return [PublisherFile(**row) for row in csv.DictReader(lines)]


@cache
def _terms() -> dict[str, dict[str, str]]:
    with (REFERENCE / "source.csv").open(encoding="utf-8", newline="") as lines:
        return {row["source"]: row for row in csv.DictReader(lines)}


def publisher_terms(source: str) -> dict[str, str]:
    """The publisher's name, licence and citation, as reference.source has them."""
    return _terms()[source]


def files(
    listed: Sequence[PublisherFile], last_year: int, host: str = "", manners: Manners | None = None
) -> Iterator[Received]:
    """Every file at the addresses; `host` stands in for the publishers' own hosts.

    Raises InputError with publisher, address and remedy where one cannot be reached or
    lists no file.
    """
    for file in listed:
        if file.listing == "by hand":
            LOG.warning("%s: %s has no file to fetch. %s", file.place, file.address, BY_HAND)
            continue
        parts = urlsplit(file.address)
        client = Client(host or f"{parts.scheme}://{parts.netloc}", manners or MANNERS)
        try:
            yield from _files(client, file, last_year)
        finally:
            client.close()


def _files(client: Client, file: PublisherFile, last_year: int) -> Iterator[Received]:
    if file.listing == "file":
        yield _get(client, file, file.address)
        return
    links: list[str] = []
    for page in _pages(file, last_year):
        links += [link for link in _links(client, file, page) if link not in links]
    if not links:
        place = f"{file.place}, {file.address}"
        raise InputError(place, "lists no file any more", BY_HAND)
    for link in links:
        yield _get(client, file, link)


def _pages(file: PublisherFile, last_year: int) -> list[str]:
    if file.listing == "page":
        return [file.address]
    years = range(int(file.from_year), last_year + 1)
    return [file.address.format(year=year) for year in years]


def _links(client: Client, file: PublisherFile, page: str) -> list[str]:
    """Links of the page to files on the publisher's own host."""
    text = _get(client, file, page).content.decode("utf-8", "replace")
    reader = _Hrefs()
    reader.feed(text)
    found = (urljoin(page, href) for href in reader.hrefs if re.search(file.link, href))
    return [link for link in found if urlsplit(link).netloc == urlsplit(page).netloc]


class _Hrefs(HTMLParser):
    """The links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if name == "href" and value]


def _get(client: Client, file: PublisherFile, address: str) -> Received:
    parts = urlsplit(address)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        answer = client.get(target)
    except InputError as error:
        raise type(error)(f"{file.place}, {error.place}", error.finding, BY_HAND) from None
    return Received(address, answer.content, answer.retrieved_at)
