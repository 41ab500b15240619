"""raw.product_code: codes of each revision of the Harmonized System, as the source lists them.

Empty where a profile's sources list none: then only the codes of interest can be judged.
"""

import pandas as pd

from assets.source.comtrade import nomenclature
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
    archive = house.archive
    listed = [row for source in house.sources for row in nomenclature.codes(archive, source)]
    return pd.DataFrame(listed, columns=list(COLUMNS)).drop_duplicates(list(KEY))
