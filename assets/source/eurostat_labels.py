"""The labels of a Comext extract: reporters, partners, flows, periods, products.

Here belongs reading one row, in English, French or German words or in the codes of the
API. Making years of months stands in eurostat.py.
"""

import re
import unicodedata
from dataclasses import dataclass

from assets.source.country_names import known, resolve
from warehouse.errors import InputError

# A label explains its territory in brackets: (incl. ...), (AT, BE, ...), (AT-01/1995, ...).
_EXPLAINED = re.compile(r"\s*\((?:incl\b|[A-Z]{2}[-,]).*$")
_PALESTINE = re.compile(r"\s*\((?:West Bank|Cisjordanie).*$")
_VALUE = re.compile(r"(?:VALUE|VALEUR|WERT).*(?:EUR|EURO|EUROS)$|^OBS_VALUE$", re.IGNORECASE)
_FLOWS = {"export": "X", "ausfuhr": "X", "2": "X", "import": "M", "einfuhr": "M", "1": "M"}
_MONTH_STARTS = ["jan", "feb fev", "mar", "apr avr", "mai may", "jun juin", "jul juil"]
_MONTH_STARTS += ["aug aou", "sep", "oct okt", "nov", "dec dez"]
_MONTHS = {start: n for n, starts in enumerate(_MONTH_STARTS, 1) for start in starts.split()}


@dataclass(frozen=True, slots=True)
class Key:
    """What the months of one yearly figure have in common."""

    year: int
    reporter: str
    partner: str
    flow: str
    product: str


@dataclass(frozen=True, slots=True)
class Row:
    """A read row; `months` are the first and last month, `value` None if unreadable."""

    key: Key
    months: tuple[int, int]
    value: str | None
    unit: str
    file_row: int
    record: dict[str, str]


def value_column(columns: list[str]) -> str | None:
    """The column of values in EUR."""
    return next((column for column in columns if _VALUE.search(column)), None)


def read_row(record: dict[str, str], column: str, file_row: int, name: str) -> Row | None:
    """The row, or None for one procedure alone, for quantities, and without a value."""
    cells = {key.casefold(): text.strip() for key, text in record.items()}
    value = record.get(column, "").strip()
    if not _all_procedures(cells) or value in {"", ":"}:
        return None
    place = f"{name}, row {file_row}, column"
    year, months = _period(cells.get("period") or cells.get("time_period", ""), f"{place} PERIOD")
    key = Key(
        year=year,
        reporter=_code(cells["reporter"], _languages(cells["flow"]), f"{place} REPORTER"),
        partner=_code(cells["partner"], _languages(cells["flow"]), f"{place} PARTNER"),
        flow=_flow(cells["flow"], f"{place} FLOW"),
        product=_product(cells["product"], f"{place} PRODUCT"),
    )
    number = value if re.fullmatch(r"-?\d+(\.\d+)?", value) else None
    return Row(key, months, number, _unit(column), file_row, record)


def _all_procedures(cells: dict[str, str]) -> bool:
    procedure = cells.get("stat_procedure", "total").casefold()
    indicator = cells.get("indicators", "value").casefold()
    return procedure in {"t", "t-total", "total"} and indicator.startswith("value")


def _unit(column: str) -> str:
    return "thousand EUR" if "1000" in column else "EUR"


def _languages(flow: str) -> tuple[str, ...]:
    """The language of the labels, told by that of the flow; some stay English in any.

    It matters: in a French extract Guinea is Guinea-Bissau, and Guinée is Guinea.
    """
    if "ation" in flow.casefold():
        return ("fr", "en")
    return ("de", "en") if "fuhr" in flow.casefold() else ("en",)


def _code(label: str, languages: tuple[str, ...], place: str) -> str:
    if re.fullmatch(r"[A-Z]{2}|[A-Z_]+27_2020|EA20|WORLD", label):
        return resolve(label, "eurostat", place).code
    short = _PALESTINE.sub("", _EXPLAINED.sub("", label))
    names = (known(short, language) for language in languages)
    found = next((name for name in names if name), None)
    return found.code if found else resolve(short, languages[0], place).code


def _flow(label: str, place: str) -> str:
    words = re.findall(r"[^\W_]+", label.casefold())
    for word in words:
        for start, flow in _FLOWS.items():
            if word.startswith(start):
                return flow
    raise InputError(place, f"unknown flow {label!r}", "Download imports or exports")


def _product(label: str, place: str) -> str:
    if re.match(r"total\b", label, re.IGNORECASE):
        return "TOTAL"
    code = re.match(r"(\d{6}|\d{4}|\d{2})(?![\d.])", label)
    if code is None:
        raise InputError(place, f"product {label!r} is no HS code", "Download HS2, HS4 or HS6")
    return code[1]


def _period(label: str, place: str) -> tuple[int, tuple[int, int]]:
    """Year, and first and last month: 202252-Jan.-Dec. 2022, Aug. 2024, 2024-08, 202408, 2022."""
    if match := re.fullmatch(r"((?:19|20)\d{2})(?:-?(\d{2}))?(-.*)?", label):
        if match[2] is None or match[2] == "52":
            return int(match[1]), (1, 12)
        if 1 <= int(match[2]) <= 12 and not match[3]:
            return int(match[1]), (int(match[2]), int(match[2]))
    words = "".join(
        c for c in unicodedata.normalize("NFD", label.casefold()) if not unicodedata.combining(c)
    )
    months = [m for word in re.findall(r"[a-z]{3,}", words) if (m := _month(word))]
    year = re.search(r"(?:19|20)\d{2}$", label)
    if year is None or not months:
        raise InputError(place, f"unknown period {label!r}", "Download months or Jan.-Dec.")
    return int(year[0]), (months[0], months[-1])


def _month(word: str) -> int | None:
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
