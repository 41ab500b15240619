"""reference.country: who can be a reporter or a partner, and what kind of code it is.

ISO 3166-1 comes from pycountry; the codes of trade statistics that ISO does not know,
or numbers otherwise, stand in country_exception.csv.
"""

import csv
from pathlib import Path

import pandas as pd
import pycountry

KEY = ("code",)
COLUMNS = {
    "code": ("VARCHAR", "ISO 3166-1 alpha-3; the country's code, or one of trade statistics"),
    "m49": ("VARCHAR", "number; as UN Comtrade prints it, NULL where it has none"),
    "name": ("VARCHAR", "text; short English name"),
    "kind": ("VARCHAR", "code; country, world, bloc, group (membership unclear) or area_nes"),
    "note": ("VARCHAR", "text; what to know about the code"),
}


def rows(_: object = None) -> pd.DataFrame:
    """One row a code, sorted by code."""
    table: dict[str, tuple[str | None, str, str, str | None]] = {
        country.alpha_3: (str(int(country.numeric)), country.name, "country", None)
        for country in pycountry.countries
    }
    with Path(__file__).with_name("country_exception.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            table[row["code"]] = (row["m49"] or None, row["name"], row["kind"], row["note"] or None)
    return pd.DataFrame(
        [(code, *rest) for code, rest in sorted(table.items())], columns=list(COLUMNS)
    )


def by_number() -> dict[str, str]:
    """The code of each number of UN Comtrade."""
    numbered = rows().dropna(subset="m49")
    return dict(zip(numbered["m49"], numbered["code"], strict=True))
