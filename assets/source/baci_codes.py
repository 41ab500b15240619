"""The tables of countries and products that a zip of BACI brings along.

Here belongs reading them. Which code here a BACI number stands for is told by reference.country,
never by the ISO code BACI prints beside it: 58, 711 and 736 carry a successor's.
"""

from collections.abc import Iterator, Sequence

from assets.source import baci, baci_zip
from assets.source.baci_rows import Held
from assets.source.delimited import records
from warehouse.archive import Entry
from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.house import House

FILE = "raw.source_file"


def held_in(house: House) -> list[Held]:
    """The zips that the profile rests on, as its list of downloaded files has them; it may have
    none, and no list."""
    if not house.store.path(FILE).exists():
        return []
    with connect() as connection:
        house.store.view(connection, FILE)
        listed = connection.execute(
            "select source, url, sha256, bytes, retrieved_at, release, licence, citation "
            f"from {FILE} where source = ? order by url, release",
            [baci.SOURCE],
        )
        return baci.held(house.archive, [Entry(*row) for row in listed.fetchall()])


def countries(zips: Sequence[Held]) -> Iterator[dict[str, str | None]]:
    """Rows of the tables of countries: release, number, name, printed_iso3.

    Their columns were renamed between releases; both spellings are read.
    """
    for held in zips:
        for row in _records(held, held.zip.countries, "country_code"):
            iso3 = row.get("iso_3digit_alpha") or row.get("country_iso3") or ""
            yield {
                "release": held.zip.release,
                "number": row["country_code"].strip(),
                "name": row.get("country_name_full") or row.get("country_name"),
                "printed_iso3": iso3 if len(iso3) == 3 and iso3.isalpha() else None,
            }


def products(zips: Sequence[Held]) -> Iterator[dict[str, str]]:
    """Rows of the tables of products: release, classification, product, printed, description.

    Codes have six digits: a spreadsheet that took them for numbers lost the zeros in front.
    """
    for held in zips:
        for row in _records(held, held.zip.products, "code"):
            printed = row["code"].strip()
            yield {
                "release": held.zip.release,
                "classification": held.zip.classification,
                "product": printed.zfill(6),
                "printed": printed,
                "description": row.get("description", ""),
            }


def _records(held: Held, member: str | None, needed: str) -> list[dict[str, str]]:
    if member is None:
        return []
    place = f"{held.zip.name}, member {member}"
    with baci_zip.reading(held.zip, member) as file:
        rows = [row for row in records(file.read(), place) if row]
    if rows and needed not in rows[0]:
        raise InputError(f"{place}, row 1", f"names no column {needed}", baci_zip.AGAIN)
    return rows
