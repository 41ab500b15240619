"""Russia, Federal Customs Service: yearly tables of exports and imports.

Here belongs which publications there are, how a sheet shows which one it is, and the
release each is. How each is read stands in ru_fcs_flows.py (columns a flow and a
period), ru_fcs_series.py (years in sheets, countries in columns), ru_fcs_general.py.

One workbook may print one year twice: `general totals` adds fish, bunker fuel, goods
of travellers and estimates for the EAEU to the customs records of `by month`. Each is
a release of its own, named after its newest period and its kind, so that a restated
year stands beside the first one. Sorted as text, releases are in the order in which they
are preferred: by date, then general totals, the months, the series by year last, which
is the one that is corrected longest. Since 21 April 2022 no partners are published.
"""

import re
from collections.abc import Callable

from assets.source import ru_fcs_flows, ru_fcs_general, ru_fcs_series
from assets.source.printed import PrintedFigure
from assets.source.ru_fcs_figure import SOURCE
from assets.source.workbook import Sheet, sheets, sheets_or_none
from warehouse.errors import InputError

__all__ = ["SOURCE", "figures", "recognise"]

_RUSSIA = re.compile(r"российской\s+федерации|торговля\s+россии|фтс\s+россии", re.IGNORECASE)

Reader = Callable[[list[Sheet]], list[PrintedFigure]]
# (what it is, whether a sheet is of the kind, how to read the sheets of the kind)
_KINDS: tuple[tuple[str, Callable[[Sheet], bool], Reader], ...] = (
    ("series by year", ru_fcs_series.is_yearly, ru_fcs_series.yearly),
    ("main countries by month", ru_fcs_series.is_by_country, ru_fcs_series.by_country),
    ("general totals", ru_fcs_general.has_general_totals, ru_fcs_general.general_totals),
    ("tables by flow and period", ru_fcs_flows.has_tables, ru_fcs_flows.tables),
)


def recognise(name: str, content: bytes) -> str | None:
    """What the workbook is, or None when it is not one of these."""
    found = sheets_or_none(content, name)
    if not any(_RUSSIA.search(cell) for sheet in found for row in sheet.rows for cell in row):
        return None
    kinds = [kind for kind, belongs, _ in _KINDS if any(belongs(sheet) for sheet in found)]
    return f"Russia FCS: {', '.join(kinds)}" if kinds else None


def figures(content: bytes, name: str) -> list[PrintedFigure]:
    """Every yearly figure; what covers less than a year carries PARTIAL_YEAR.

    Raises InputError naming file, sheet and cell for a table without unit, an unknown
    name, and a total that the countries printed do not add up to.
    """
    found = sheets(content, name)
    out: list[PrintedFigure] = []
    for _, belongs, read in _KINDS:
        out += read([sheet for sheet in found if belongs(sheet)])
    if not out:
        raise InputError(name, "no table of exports and imports", "Give a FCS table by year")
    return out
