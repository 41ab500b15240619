"""What all figures of the Federal Customs Service have in common.

Here belongs the one way a printed cell of these tables becomes a figure. Where the
cell stands is found by ru_fcs_flows.py and ru_fcs_series.py.
"""

import json

from assets.source.headings import Period
from assets.source.printed import PrintedFigure
from assets.source.workbook import Sheet, printed

SOURCE = "ru_fcs"
# Union statistics count third-country goods in free circulation: basis unknown.
EAEU_PARTNERS = frozenset({"ARM", "BLR", "KAZ", "KGZ"})
NO_PRODUCT = ("NA", "TOTAL")


def figure_at(
    sheet: Sheet,
    row: int,
    column: int,
    *,
    release: str,
    period: Period,
    partner: str,
    flow: str,
    unit: str,
    product: tuple[str, str] = NO_PRODUCT,
) -> PrintedFigure | None:
    """The figure in a cell, or None where the cell prints none.

    `product` is (classification, code).
    """
    value, readable = printed(sheet.cell(row, column))
    if value is None and readable:
        return None
    original = None if readable else json.dumps(sheet.rows[row], ensure_ascii=False)
    basis = {"M": "origin", "X": "last_known_destination"}[flow]
    return PrintedFigure(
        source=SOURCE,
        release=release,
        year=period.year,
        reporter="RUS",
        partner=partner,
        flow=flow,
        classification=product[0],
        product=product[1],
        value=value,
        unit=unit,
        valuation={"M": "CIF", "X": "FOB"}[flow],
        partner_basis="unknown" if partner in EAEU_PARTNERS else basis,
        is_reported=True,
        file_row=sheet.file_row(row),
        flags=() if period.complete else ("PARTIAL_YEAR",),
        original=original,
    )
