"""A figure as a publisher printed it, before units are converted.

Parsers of tables people read (workbooks, CSV downloads, figures in a text) end
here. Turning printed figures into raw.trade_flow, with units and currencies
converted, stands once, in assets/raw/trade_flow.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One printed figure and where it stands.

    `value` is the decimal text in `unit` (a dot as decimal mark, no thousands
    separators), or None where the cell cannot be read as a number: then
    `original` holds the cell or row as it stood, as JSON text.
    `file_row` counts from 1, the header included, over all sheets of a workbook.
    """

    source: str
    release: str
    year: int
    reporter: str
    partner: str
    flow: str
    classification: str
    product: str
    value: str | None
    unit: str
    valuation: str
    partner_basis: str
    is_reported: bool | None
    file_row: int
    flags: tuple[str, ...] = ()
    original: str | None = None
