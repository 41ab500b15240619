"""What the words in a printed heading mean: money unit, period, flow.

Here belongs vocabulary common to the publishers' workbooks, in Russian and English.
Where a heading stands, and which country a name is, is decided elsewhere.
"""

import difflib
import re
from dataclasses import dataclass

from assets.source.workbook import Sheet
from warehouse.errors import InputError

_MONTHS = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август"]
_MONTHS += ["сентябрь", "октябрь", "ноябрь", "декабрь"]
_SCALES = {"тыс": "thousand", "млн": "million", "миллион": "million"} | {
    "млрд": "billion",
    "миллиард": "billion",
    "thousand": "thousand",
    "million": "million",
    "billion": "billion",
}
_MONEY = re.compile(
    r"(тыс|млн|миллион|млрд|миллиард|thousand|million|billion)\w*\.?\s*(?:of\s+)?"
    r"(долл|usd|us\s+dollars|dollars|тенге|евро|руб|tenge|euro)",
    re.IGNORECASE,
)
_DOLLARS = ("долл", "usd", "us", "dollars")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d{2}(?!\d)")
_PARTS_OF_A_YEAR = re.compile(r"квартал|полугоди|quarter|half", re.IGNORECASE)
_FLOWS = {"экспорт": "X", "импорт": "M", "export": "X", "exports": "X"} | {
    "import": "M",
    "imports": "M",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Months `first` to `last` of a calendar year; `first` is 0 where some are missing."""

    year: int
    first: int = 1
    last: int = 12

    @property
    def complete(self) -> bool:
        """Whether it is the whole year."""
        return (self.first, self.last) == (1, 12)

    @property
    def edition(self) -> str:
        """How a release that ends with this period is called.

        It starts with the month it ends in, as a publication date does: so the order of
        releases as text is their order in time, and the newest is the last.
        """
        return f"{self.year}-{self.last:02d} edition" if self.last else f"{self.year} edition"


def period(text: str) -> Period | None:
    """The one period a heading names, or None: a change between two years is no period."""
    years = set(_YEAR.findall(text))
    if len(years) != 1 or "%" in text or "опубликован" in text.casefold():
        return None
    year = int(years.pop())
    span = months(text)
    if _PARTS_OF_A_YEAR.search(text):
        return Period(year, 0, 0)  # which months, the word alone does not say
    return Period(year, *span) if span else Period(year)


def newest(periods: list[Period]) -> Period:
    """The period that ends last."""
    return max(periods, key=lambda found: (found.year, found.last))


def months(text: str) -> tuple[int, int] | None:
    """First and last month named: (1, 9) for январь-сентябрь; None where none is named.

    Spelling slips are met in the publishers' own files (дкабрь), so names match closely.
    """
    found = [_month(word) for word in re.findall(r"[а-я]{3,}", text.casefold())]
    named = [month for month in found if month]
    return (named[0], named[-1]) if named else None


def _month(word: str) -> int | None:
    close = difflib.get_close_matches(word, _MONTHS, 1, 0.8)
    return _MONTHS.index(close[0]) + 1 if close else None


def flow(text: str) -> str | None:
    """X or M where the heading is that of exports or of imports, footnote marks aside."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return _FLOWS.get(words[0]) if words else None


def squeezed(text: str) -> str:
    """В С Е Г О, spaced for looks, as one word; other text with single spaces."""
    words = text.split()
    return "".join(words) if len(words) > 1 and max(map(len, words)) == 1 else " ".join(words)


def money_unit(sheet: Sheet, first: int, last: int) -> tuple[str, int, int]:
    """(unit, row, column) of the one money unit stated in rows first to last.

    Units are `thousand USD`, `million USD`, `billion USD`. Raises InputError when no
    unit is stated, when two differ, and when the money is not dollars.
    """
    stated: dict[str, tuple[int, int]] = {}
    for row in range(first, last + 1):
        for column, cell in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
            for scale, currency in _MONEY.findall(cell):
                unit = _unit(scale, currency, sheet.place(row, column), cell)
                stated.setdefault(unit, (row, column))
    if len(stated) != 1:
        finding = f"money units {', '.join(sorted(stated))}" if stated else "no money unit"
        where = sheet.place(*next(iter(stated.values()), (first, 0)))
        raise InputError(where, f"{finding} above the figures", "One unit must be stated")
    unit, (row, column) = stated.popitem()
    return unit, row, column


def _unit(scale: str, currency: str, place: str, cell: str) -> str:
    if not currency.casefold().startswith(_DOLLARS):
        raise InputError(place, f"the unit is {cell.strip()!r}, not US dollars", "Use a USD table")
    return f"{_SCALES[scale.casefold()]} USD"
