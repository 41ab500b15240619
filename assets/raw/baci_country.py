"""raw.baci_country: the countries of a BACI release, with the code used here beside BACI's number.

Empty where a profile holds no BACI. What BACI prints is kept, also where it prints a successor's
ISO code for an area that is more than it (58, 711, 736): the number decides.
"""

import pandas as pd

from assets.reference import country
from assets.source import baci_codes
from warehouse.house import House

KEY = ("release", "number")
COLUMNS = {
    "release": ("VARCHAR", "text; BACI's release"),
    "number": ("VARCHAR", "number; as BACI prints it in i and j"),
    "name": ("VARCHAR", "text; BACI's name"),
    "printed_iso3": ("VARCHAR", "ISO 3166-1 alpha-3; as BACI prints it, NULL where it prints none"),
    "code": ("VARCHAR", "ISO 3166-1 alpha-3; the code here, NULL where the number is not known"),
}
METHOD = "4.2"
READS = ("raw.source_file", "reference.country")


def rows(house: House) -> pd.DataFrame:
    """One row a country of each release."""
    numbered = country.rows().dropna(subset="m49")
    known = dict(zip(numbered["m49"], numbered["code"], strict=True))
    printed = baci_codes.countries(baci_codes.held_in(house))
    listed = [{**row, "code": known.get(row["number"])} for row in printed]
    return pd.DataFrame(listed, columns=list(COLUMNS), dtype=object).drop_duplicates(list(KEY))
