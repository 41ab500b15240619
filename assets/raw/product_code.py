"""raw.product_code: codes of each revision of the Harmonized System, as the source lists them.

Empty where a profile's sources list none: then only the codes of interest can be judged.
"""

import pandas as pd

from assets.raw.source_file import listed
from assets.source.comtrade.told import reference_lists
from warehouse.house import House

KEY = ("classification", "product")
COLUMNS = {
    "classification": ("VARCHAR", "code; revision of the Harmonized System"),
    "product": ("VARCHAR", "HS code; 2, 4 or 6 digits"),
    "description": ("VARCHAR", "text; what the source says the code holds"),
}
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row a code, from the lists that the profile's sources gave."""
    found = [
        row
        for source in house.sources
        for row in reference_lists.codes(
            house.archive, listed(house, reference_lists.source_of(source))
        )
    ]
    return pd.DataFrame(found, columns=list(COLUMNS)).drop_duplicates(list(KEY))
