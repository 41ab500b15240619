"""reference.published_margin: CIF margins by pair, heading and year that a user's table gives.

Here belongs the table of `mirror-trade run --margins FILE.csv`, such as an extract of the OECD's
ITIC. How such a file is read stands in assets/source/own_file.py. Without one the table is empty.
"""

import pandas as pd

from assets.source import own_file
from warehouse.house import House

COLUMNS = {
    "importer": ("VARCHAR", "ISO 3166-1 alpha-3; who imports"),
    "exporter": ("VARCHAR", "ISO 3166-1 alpha-3; who exports"),
    "heading": ("VARCHAR", "HS code; heading of four digits, or TOTAL"),
    "year": ("SMALLINT", "year; of the margin"),
    "margin": ("DECIMAL(9,6)", "ratio; CIF over FOB, less one"),
}
KEY = ("importer", "exporter", "heading", "year")
METHOD = "S6 b"


def rows(house: House) -> pd.DataFrame:
    """The margins of the user's table, every cell text that fits its column."""
    return own_file.margins(house)
