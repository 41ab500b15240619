"""raw.unit_value_bound: what UN Comtrade answered on bounds of unit values (getSUV).

One row a row of an answer, with the reason where it bounds nothing. Empty where nobody asked: the
publisher wants a key.
"""

import pandas as pd

from assets.raw.source_file import listed
from assets.source.comtrade.told import bounds, unit_values
from warehouse import dictionary
from warehouse.house import House

SHARED = (
    "source",
    "year",
    "flow",
    "classification",
    "product",
    "lowest_usd_per_kg",
    "standard_usd_per_kg",
    "highest_usd_per_kg",
    "is_unimodal",
    "original",
    "file_sha256",
    "file_row",
)
KEY = ("file_sha256", "file_row")
COLUMNS = {
    **{name: (dictionary.words()[name].type, dictionary.words()[name].comment) for name in SHARED},
    "reason": (
        "VARCHAR",
        "code; why it bounds nothing: product, year, flow or unit _not_named or _not_asked, "
        "revision_not_known, no_range (no two prices, the lower first), repeated, "
        "given_differently; NULL = it bounds",
    ),
}
METHOD = "1.4"
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row a row of an answer; every cell an object, so that no price goes through a float."""
    found = [
        {"source": source, **row}
        for source in house.sources
        for row in bounds.bounds(house.archive, listed(house, unit_values.source_of(source)))
    ]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object).drop_duplicates(list(KEY))
