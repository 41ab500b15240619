"""raw.publication_note: what UN Comtrade says of each reporter's year: system, valuation, partner.

Read it before a gap: where imports are valued FOB, or partners are countries of consignment, the
usual margin and the usual meaning of partner do not hold. Empty where a profile does not ask it.
"""

from collections.abc import Iterator

import pandas as pd

from assets.raw.source_file import listed
from assets.reference import country
from assets.source.comtrade.told import notes
from warehouse.house import House

# Column: the field of the answer, and what it says.
FIELDS = {
    "currency": ("currency", "code; currency the reporter reported in"),
    "trade_system": ("tradeSystem", "text; general or special"),
    "import_valuation": ("importValuation", "text; CIF or FOB"),
    "export_valuation": ("exportValuation", "text; CIF or FOB"),
    "import_partner": ("importPartnerCountry", "text; what the partner of an import is"),
    "export_partner": ("exportPartnerCountry", "text; what the partner of an export is"),
    "note": ("publicationNote", "text; the publisher's remarks"),
    "published": ("publicationDate", "text; date of the note, as printed"),
}
KEY = ("source", "reporter_number", "year", "release", "place")
COLUMNS = {
    "source": ("VARCHAR", "code; who was asked"),
    "reporter": ("VARCHAR", "ISO 3166-1 alpha-3; who reports, NULL = number not known"),
    "reporter_number": ("INTEGER", "number; who reports, as UN Comtrade numbers reporters"),
    "year": ("SMALLINT", "year; calendar year"),
    "release": ("VARCHAR", "text; of the year's data sets together"),
    "place": ("INTEGER", "order; of the note in its answer"),
    **{name: ("VARCHAR", text) for name, (_, text) in FIELDS.items()},
    "file_sha256": ("VARCHAR", "hex; the archived answer"),
}
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row a note."""
    found = [row for source in house.sources for row in _of(house, source)]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of(house: House, source: str) -> Iterator[dict[str, object]]:
    iso = country.by_number()
    for entry in listed(house, notes.source_of(source)):
        for place, note in enumerate(notes.notes(house.archive.read(entry.sha256)), start=1):
            yield {
                "source": source,
                "reporter": iso.get(str(note["reporterCode"])),
                "reporter_number": note["reporterCode"],
                "year": note["period"],
                "release": entry.release,
                "place": place,
                **{name: note.get(field) for name, (field, _) in FIELDS.items()},
                "file_sha256": entry.sha256,
            }
