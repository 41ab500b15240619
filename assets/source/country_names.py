"""Names of countries and groups as publishers print them, to codes.

Names come from CLDR (babel) and ISO 3166 (pycountry); what these lack stands in
assets/reference/country_name.csv, one line a name. Membership of groups, their
validity in time and names for the reader do not belong here.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pycountry
from babel import Locale

from warehouse.errors import InputError

EXCEPTIONS = Path(__file__).parent.parent / "reference" / "country_name.csv"

# Letters that look alike; customs tables print Китaй with a Latin a.
_LOOKALIKES = str.maketrans("aceopxykhtbmABCEHKMOPTXY", "асеорхукнтвмАВСЕНКМОРТХУ")
_TYPOGRAPHY = str.maketrans({"ё": "е", "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-"})
_FOOTNOTE = re.compile(r"(?:[\s*¹²³⁴⁵⁶⁷⁸⁹]|\(\d\)|(?<![\d(])\d\))+$")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A code and its kind: country, group, area_nes or world."""

    code: str
    kind: str


WORLD = Named("W00", "world")
# Taiwan's trade stands under one code in this project, the one UN Comtrade has for it.
_ONE_CODE = {"TWN": "S19"}


def known(name: str, language: str) -> Named | None:
    """What a printed name stands for in `language` (ru, en, fr, de, imf, eurostat)."""
    key = _key(name)
    if not key:
        return None
    found = _exceptions().get((language, key)) or _published(language).get(key)
    return replace(found, code=_ONE_CODE.get(found.code, found.code)) if found else None


def resolve(name: str, language: str, place: str) -> Named:
    """The same, or an InputError at `place`: a name is never guessed."""
    found = known(name, language)
    if found is None:
        remedy = f"Add it to assets/reference/{EXCEPTIONS.name}, or correct the table"
        raise InputError(place, f"unknown country or group {name.strip()!r} ({language})", remedy)
    return found


def _key(name: str) -> str:
    # Footnote marks go first: NFKC would turn a raised 2 into a plain digit.
    text = unicodedata.normalize("NFKC", _FOOTNOTE.sub("", name.strip()))
    if _CYRILLIC.search(text):
        text = text.translate(_LOOKALIKES)
    else:  # accents are dropped from capitals in some downloads: Etats-Unis, Ile Bouvet
        text = "".join(
            c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
        )
    return " ".join(text.casefold().translate(_TYPOGRAPHY).split()).strip(" :;")


@lru_cache
def _exceptions() -> dict[tuple[str, str], Named]:
    with EXCEPTIONS.open(encoding="utf-8", newline="") as lines:
        return {
            (row["language"], _key(row["name"])): Named(row["code"], row["kind"])
            for row in csv.DictReader(lines)
        }


@lru_cache
def _published(language: str) -> dict[str, Named]:
    if language in {"imf", "eurostat"}:
        return _by_code(language)
    names = _iso_names() if language == "en" else {}
    for alpha2, name in Locale(language).territories.items():
        country = pycountry.countries.get(alpha_2=alpha2) if len(alpha2) == 2 else None
        if country is not None:
            names[_key(name)] = Named(country.alpha_3, "country")
    return names


def _iso_names() -> dict[str, Named]:
    fields = ("name", "official_name", "common_name")
    return {
        _key(getattr(country, field)): Named(country.alpha_3, "country")
        for country in pycountry.countries
        for field in fields
        if hasattr(country, field)
    }


def _by_code(language: str) -> dict[str, Named]:
    # The IMF and the Eurostat interface give codes, of three and of two letters.
    field = "alpha_3" if language == "imf" else "alpha_2"
    past = pycountry.historic_countries if language == "imf" else ()
    return {
        _key(getattr(country, field)): Named(country.alpha_3, "country")
        for country in [*past, *pycountry.countries]
    }
