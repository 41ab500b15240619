"""Eurostat Comext: extracts in CSV, as its interface and its API hand them out.

Here belongs which columns an extract has, whatever the language of its labels, and
making years of its rows. Reading one label stands in eurostat_labels.py.

Choices made here. Rows of single statistical procedures are parts of the row of all of
them and are left out. A year the extract prints is taken as printed, and its months,
the same trade again, give no figure. Without it twelve months of one reporter, partner
and flow make the year; fewer make one figure, their sum, with PARTIAL_YEAR. Comext has
no row for a month without trade, so a small trader may stay partial: nothing here says
whether a missing month is a zero. Identical rows of a month count once in a sum, two
different values of a month are an error; printed years are kept row by row, repeated or
not. A release is the day of the download, where the file or a column tells it; one that
does not tell sorts before every one that does.
"""

import json
import re
from collections import defaultdict
from decimal import Decimal

from assets.source.delimited import header, records
from assets.source.eurostat_labels import Key, Row, read_row, value_column
from assets.source.hs_vintage import hs_vintage
from assets.source.printed import PrintedFigure
from warehouse.errors import InputError

SOURCE = "eurostat"
_NEEDED = {"reporter", "partner", "product", "flow"}
_DAY = re.compile(r"20\d{2}-\d{2}-\d{2}")
_MONTHS = 12
UNDATED = "(undated) download"


def recognise(name: str, content: bytes) -> str | None:
    """What the file is, or None when it is no Comext extract."""
    columns = header(content)
    if not {column.casefold() for column in columns} >= _NEEDED or not value_column(columns):
        return None
    return "Eurostat Comext: extract by reporter, partner and flow"


def figures(content: bytes, name: str) -> list[PrintedFigure]:
    """One figure a printed year, and one a year of months, in EUR.

    Raises InputError naming file, row and column for an unknown label.
    """
    column = value_column(header(content))
    if column is None:
        raise InputError(name, "no column with values in EUR", "Download VALUE_IN_EUROS")
    rows = []
    for position, record in enumerate(records(content, name)):
        if row := read_row(record, column, position + 2, name):
            rows.append(row)
    if not rows:
        raise InputError(name, "no row of all procedures together", "Download procedure Total")
    return _years(rows, _day(name)) + _months(rows, name, _day(name))


def _day(text: str) -> str:
    found = _DAY.search(text)
    return f"{found[0]} download" if found else UNDATED


def _years(rows: list[Row], day: str) -> list[PrintedFigure]:
    return [_figure([row], row.value, day, ()) for row in rows if row.months == (1, _MONTHS)]


def _months(rows: list[Row], name: str, day: str) -> list[PrintedFigure]:
    printed = {row.key for row in rows if row.months == (1, _MONTHS)}
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if row.key not in printed:
            by_key[row.key].append(row)
    return [_sum_of_months(months, name, day) for months in by_key.values()]


def _sum_of_months(rows: list[Row], name: str, day: str) -> PrintedFigure:
    by_month: dict[tuple[int, int], Row] = {}
    for row in rows:
        first = by_month.setdefault(row.months, row)
        if first.value != row.value:
            place = f"{name}, row {row.file_row}"
            finding = f"{row.value} for a month that row {first.file_row} gives as {first.value}"
            raise InputError(place, finding, "Keep one of the two downloads")
    months = list(by_month.values())
    if any(row.value is None for row in months):
        return _figure(months, None, day, ("PARTIAL_YEAR",))
    whole = all((month, month) in by_month for month in range(1, _MONTHS + 1))
    singles = [Decimal(row.value or 0) for row in months if row.months[0] == row.months[1]]
    total = sum(singles or [Decimal(months[0].value or 0)], Decimal())
    return _figure(months, format(total, "f"), day, () if whole else ("PARTIAL_YEAR",))


def _figure(rows: list[Row], value: str | None, day: str, flags: tuple[str, ...]) -> PrintedFigure:
    """The figure of one row, or of the months of a year, standing where the last one does."""
    last = max(rows, key=lambda row: row.file_row)
    key = last.key
    days = {_day(row.record.get("source_file", "")) for row in rows} - {UNDATED}
    return PrintedFigure(
        source=SOURCE,
        release=max(days, default=day),
        year=key.year,
        reporter=key.reporter,
        partner=key.partner,
        flow=key.flow,
        classification="NA" if key.product == "TOTAL" else hs_vintage(key.year),
        product=key.product,
        value=value,
        unit=last.unit,
        valuation={"M": "CIF", "X": "FOB"}[key.flow],
        partner_basis={"M": "origin", "X": "last_known_destination"}[key.flow],
        is_reported=True,
        file_row=last.file_row,
        flags=flags,
        original=None if value else json.dumps([row.record for row in rows], ensure_ascii=False),
    )
