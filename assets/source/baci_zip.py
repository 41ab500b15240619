"""A zip of BACI: what is in it, and what makes one unsafe or no use.

Here belongs looking into the zip and reading its members as streams: nothing is ever unpacked
under a name that stands in it. What the rows mean stands in baci_rows.py.
"""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from warehouse.errors import InputError

AGAIN = "Download the zip again from CEPII, and leave it packed"
VINTAGES = {"HS92": "H0", "HS96": "H1", "HS02": "H2", "HS07": "H3"} | {
    "HS12": "H4",
    "HS17": "H5",
    "HS22": "H6",
}
YEAR = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_(V\w+)\.csv")
COUNTRIES = re.compile(r"country_codes_(V\w+)\.csv")
PRODUCTS = re.compile(r"product_codes_(HS\d\d)_(V\w+)\.csv")
HEADER = b"t,i,j,k,v,q"
# A year of the world is a third of a GB, thirty of them are the largest zip; digits and commas
# pack to a fifth of their size, never to a hundredth.
_MEMBERS, _LARGEST, _LARGEST_SUM, _RATIO, _SLACK = 200, 4 * 10**9, 40 * 10**9, 100, 10**6
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class BaciZip:
    """One vintage of one release. `name` is for people; members by their names in the zip."""

    path: Path
    name: str
    vintage: str
    release: str
    years: dict[int, str]
    countries: str | None
    products: str | None

    @property
    def title(self) -> str:
        """The publisher's own name of it."""
        return f"BACI_{self.vintage}_{self.release}"

    @property
    def classification(self) -> str:
        return VINTAGES[self.vintage]


def is_baci(path: Path) -> bool:
    """Whether a file is a zip of BACI, also one cut short."""
    with path.open("rb") as file:
        head = file.read(512)
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return any(YEAR.fullmatch(_plain(name)) for name in packed.namelist())
    except zipfile.BadZipFile:
        return b"BACI_HS" in head or path.name.startswith("BACI_HS")


def opened(path: Path, name: str) -> BaciZip:
    """What a zip holds, by its list of members alone.

    Raises InputError naming zip and member for one that is cut short, climbs out of its folder,
    unpacks beyond measure, or holds two releases or vintages.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except zipfile.BadZipFile:
        raise InputError(name, "is cut short or no zip: its list of members is gone", AGAIN) from (
            None
        )
    _refuse_unsafe(name, members)
    return _described(path, name, [member.filename for member in members])


def _plain(member: str) -> str:
    return PurePosixPath(member).name


def _refuse_unsafe(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > _MEMBERS:
        raise InputError(name, f"has {len(members)} members, far more than BACI has", AGAIN)
    for member in members:
        if finding := _unsafe(member):
            raise InputError(f"{name}, member {member.filename}", finding, AGAIN)
    if sum(member.file_size for member in members) > _LARGEST_SUM:
        raise InputError(name, f"unpacks to more than {_LARGEST_SUM // 10**9} GB", AGAIN)
    twice = [plain for plain, times in Counter(m.filename for m in members).items() if times > 1]
    if twice:
        raise InputError(f"{name}, member {twice[0]}", "stands in the zip twice", AGAIN)


def _unsafe(member: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]:
        return "climbs out of the folder of the zip"
    if member.flag_bits & 1:
        return "is encrypted"
    if member.compress_type not in _PACKED:
        return "is packed in a way that BACI is not"
    if member.file_size > min(_LARGEST, _RATIO * member.compress_size + _SLACK):
        return f"claims to unpack {member.compress_size} bytes to {member.file_size}"
    return None


def _described(path: Path, name: str, members: Sequence[str]) -> BaciZip:
    years = [(found, member) for member in members if (found := YEAR.fullmatch(_plain(member)))]
    if not years:
        raise InputError(name, "holds no year of BACI (BACI_HS.._Y...._V......csv)", AGAIN)
    editions = sorted({(found[1], found[3]) for found, _ in years})
    if len(editions) > 1:
        told = " and ".join(f"{vintage} {release}" for vintage, release in editions)
        raise InputError(name, f"holds {told}: releases and vintages never mix", AGAIN)
    ((vintage, release),) = editions
    if vintage not in VINTAGES:
        raise InputError(name, f"is of {vintage}, a revision not known here", AGAIN)
    by_year = {int(found[2]): member for found, member in years}
    if len(by_year) < len(years):
        raise InputError(name, "holds a year twice", AGAIN)
    countries = _code_table(name, members, COUNTRIES, (release,))
    products = _code_table(name, members, PRODUCTS, (vintage, release))
    return BaciZip(path, name, vintage, release, by_year, countries, products)


def _code_table(
    name: str, members: Sequence[str], shape: re.Pattern[str], edition: tuple[str, ...]
) -> str | None:
    for member in members:
        if found := shape.fullmatch(_plain(member)):
            if found.groups() != edition:
                finding = f"is not of {' '.join(edition)}, as the years are"
                raise InputError(f"{name}, member {member}", finding, AGAIN)
            return member
    return None


@contextmanager
def reading(baci: BaciZip, member: str) -> Iterator[IO[bytes]]:
    """A member as a stream, checked to its end. Raises InputError where it is damaged."""
    try:
        with zipfile.ZipFile(baci.path) as packed, packed.open(member) as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        place = f"{baci.name}, member {member}"
        raise InputError(place, f"is damaged ({error})", AGAIN) from error


def refuse_other_header(baci: BaciZip, member: str) -> None:
    """Raises InputError where the first line is not exactly BACI's."""
    with reading(baci, member) as file:
        first = file.readline(1000).rstrip(b"\r\n")
    if first != HEADER:
        place = f"{baci.name}, member {member}, row 1"
        finding = f"is {first.decode('utf-8', 'replace')[:100]!r}, and not {HEADER.decode()!r}"
        raise InputError(place, finding, AGAIN)
