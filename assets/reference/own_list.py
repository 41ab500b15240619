"""reference.own_list: lists of products that a user brings to a run, beside those of the project.

Here belongs the table of `mirror-trade run --lists FILE.csv`; how such a file is read stands in
assets/source/own_file.py. Without one the table is empty.
"""

import pandas as pd

from assets.source import own_file
from warehouse.house import House

COLUMNS = {
    "product_group": ("VARCHAR", "code; name of the list"),
    "list_version": ("VARCHAR", "text; version of the list"),
    "classification": ("VARCHAR", "code; revision of the Harmonized System its codes are of"),
    "product": ("VARCHAR", "HS code; 4 or 6 digits"),
    "tier": ("VARCHAR", "code; tier of the list, NULL = none"),
    "goods": ("VARCHAR", "text; short name of the goods"),
    "hs2017": ("VARCHAR", "HS code; the one HS2017 code of the same goods, NULL = not said"),
}
KEY = ("product_group", "list_version", "classification", "product")
METHOD = "3"


def rows(house: House) -> pd.DataFrame:
    """The rows of the user's lists, every cell text or NULL."""
    return own_file.lists(house)
