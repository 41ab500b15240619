"""raw.baci_product: the codes of each revision of the Harmonized System that a BACI release holds.

Empty where a profile holds no BACI. BACI's rows are judged by it, and nobody else's.
"""

import pandas as pd

from assets.source import baci_codes
from warehouse.house import House

KEY = ("release", "classification", "product")
COLUMNS = {
    "release": ("VARCHAR", "text; BACI's release"),
    "classification": ("VARCHAR", "code; revision of the Harmonized System"),
    "product": ("VARCHAR", "HS code; six digits, zeros in front restored where they were lost"),
    "printed": ("VARCHAR", "text; the code as BACI's table prints it"),
    "description": ("VARCHAR", "text; what BACI says the code holds"),
}
METHOD = "4.2"
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row a code of each revision and release."""
    printed = baci_codes.products(baci_codes.held_in(house))
    return pd.DataFrame(printed, columns=list(COLUMNS), dtype=object).drop_duplicates(list(KEY))
