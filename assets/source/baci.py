"""CEPII's BACI: reconciled trade of the whole world, a third opinion and never a report.

Here belongs taking its zips into the archive, from a folder or from CEPII, against their pins.
What is in a zip stands in baci_zip.py, the rows in baci_rows.py, the tables of codes in
baci_codes.py.
"""

import hashlib
import logging
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assets.source import baci_zip
from assets.source.baci_rows import Held
from assets.source.baci_zip import BaciZip
from assets.source.publisher_site import publisher_terms
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError
from warehouse.hashes import read_sha256
from warehouse.house import House
from warehouse.http import Client, Manners

SOURCE = "baci"
ADDRESS = "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_{vintage}_{release}.zip"
MONTHS_OF_RELEASE = ("01", "02")  # V202601 came out on 22 January; a month more is asked for
BY_HAND = "Download the zip by hand into a folder and give it with --inputs FOLDER"
# CEPII slows every connection down: a GB may take hours.
MANNERS = Manners(attempts=4, whole_answer=12 * 3600, largest_answer=8 * 10**9)
LOG = logging.getLogger("mirror_trade")


@cache
def _settings() -> dict[str, Any]:
    text = Path(__file__).with_name("pins.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)[SOURCE])


def zips_in(folder: Path) -> list[Path]:
    """The zips of BACI below a folder, in a stable order; links out of it are not followed."""
    inside = folder.resolve()
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [p for p in paths if p.resolve().is_relative_to(inside) and baci_zip.is_baci(p)]


def told(folder: Path) -> Iterator[str]:
    """A line a zip of BACI in the folder. Raises InputError for one that cannot be used."""
    for path in zips_in(folder):
        found = baci_zip.opened(path, path.relative_to(folder).as_posix())
        first, last = min(found.years), max(found.years)
        yield f"  {SOURCE:<11} {found.name}: {found.title}, {first}-{last}; a third opinion"


def download(house: House) -> list[Entry]:
    """Archive the zips of the folder, or of CEPII; all of one release.

    Raises InputError where there is none, one is not what its pin says, or releases differ.
    """
    found = list(_from_folder(house) if house.inputs else _from_cepii(house))
    releases = sorted({entry.release for entry in found})
    if len(releases) > 1:
        finding = f"are of releases {', '.join(releases)}, which never mix"
        raise InputError(f"BACI zips of {house.inputs}", finding, "Leave one release in the folder")
    return found


def _from_folder(house: House) -> Iterator[Entry]:
    folder = Path(house.inputs)
    paths = zips_in(folder) if folder.is_dir() else []
    if not paths:
        remedy = "Put in BACI_HS.._V......zip as CEPII gives it"
        raise InputError(f"folder {folder}", "holds no zip of BACI", remedy)
    taken: dict[str, BaciZip] = {}
    for done, path in enumerate(paths, start=1):
        found = baci_zip.opened(path, path.relative_to(folder).as_posix())
        house.watch(done, len(paths), found.title)
        sha256 = checked(found)
        first = taken.setdefault(found.title, found)
        if first is found:
            received = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(
                timespec="seconds"
            )
            yield _put(house.archive, found, found.name, sha256, received)
        elif sha256 != read_sha256(first.path):
            remedy = "Leave the one that CEPII gives"
            raise InputError(found.name, f"is {found.title}, as {first.name} is", remedy)


def _from_cepii(house: House) -> Iterator[Entry]:
    """What the archive lacks is fetched; what it has is not asked for again."""
    settings = _settings()
    wanted = settings["vintages"]
    for done, vintage in enumerate(wanted, start=1):
        host, path = _place(house, vintage, settings["release"])
        house.watch(done, len(wanted), path.rpartition("/")[2])
        held = house.archive.find(SOURCE, host + path, settings["release"])
        yield held or _fetched(house, host, path)


def _place(house: House, vintage: str, release: str) -> tuple[str, str]:
    """The host of a zip, which a house may name, and its path there."""
    parts = urlsplit(ADDRESS.format(vintage=vintage, release=release))
    return house.address or f"{parts.scheme}://{parts.netloc}", parts.path


def tell_newer(house: House) -> None:
    """Ask CEPII for a release of the next year, and tell of it: it has no pin, so a person takes
    it up. For the look for releases, not for every run."""
    release, vintage = _settings()["release"], _settings()["vintages"][-1]
    for month in MONTHS_OF_RELEASE:
        newer = f"V{int(release[1:5]) + 1}{month}"
        host, path = _place(house, vintage, newer)
        with closing(Client(host, MANNERS)) as client:
            if client.has(path):
                told = "BACI %s is out, %s is used: move `release` in assets/source/pins.toml"
                LOG.warning(told, newer, release)


def _fetched(house: House, host: str, path: str) -> Entry:
    """A zip from CEPII; one that was cut, in this run or an earlier one, goes on from there."""
    house.scratch.mkdir(parents=True, exist_ok=True)
    part = house.scratch / path.rpartition("/")[2]
    client = Client(host, MANNERS)
    try:
        answer = client.save(path, part)
        found = baci_zip.opened(part, host + path)
        if f"{found.title}.zip" != part.name:
            raise InputError(host + path, f"sent {found.title}", "Report it to CEPII")
        return _put(house.archive, found, host + path, checked(found), answer.retrieved_at)
    except InputError as error:
        place = error.place if host in error.place else f"{host}{path}, {error.place}"
        raise InputError(f"CEPII, {place}", error.finding, BY_HAND) from None
    finally:
        client.close()
        part.unlink(missing_ok=True)


def checked(found: BaciZip) -> str:
    """The sha256 of a zip whose bytes are those of its pin.

    A pin is `md5` or `sha256` and the hex, under the zip's own name in pins.toml. Raises
    InputError where the bytes differ; one that has no pin yet is told, with what to write.
    """
    sha256 = read_sha256(found.path)
    pin = _settings()["pins"].get(found.title)
    if pin is None:
        LOG.warning('%s has no pin: %s = "sha256 %s"', found.name, found.title, sha256)
        return sha256
    kind, _, promised = pin.partition(" ")
    with found.path.open("rb") as file:
        got = hashlib.file_digest(file, kind).hexdigest()
    if got != promised:
        finding = f"has {kind} {got}, its pin says {promised}"
        raise InputError(found.name, finding, f"{baci_zip.AGAIN}, or move the pin on purpose")
    return sha256


def _put(archive: Archive, found: BaciZip, address: str, sha256: str, received: str) -> Entry:
    terms = publisher_terms(SOURCE)
    size = found.path.stat().st_size
    entry = Entry(
        SOURCE, address, sha256, size, received, found.release, terms["licence"], terms["citation"]
    )
    return archive.put_file(found.path, entry)


def held(archive: Archive, entries: Sequence[Entry]) -> list[Held]:
    """The archived zips among entries."""
    return [
        Held(baci_zip.opened(archive.path(entry.sha256), entry.address), entry.sha256)
        for entry in entries
        if entry.source == SOURCE
    ]
