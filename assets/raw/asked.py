"""raw.asked: what UN Comtrade was asked of each reporter's year, in which release.

With it a figure that is absent can be told from one that was never asked for. Answers that were
cut off are not here, their halves are. Empty where a profile does not ask UN Comtrade.
"""

from collections.abc import Iterator

import pandas as pd

from assets.raw.source_file import listed
from assets.reference import country
from assets.source.comtrade.calls.plan import asked_at
from assets.source.comtrade.releases import holdings
from warehouse.house import House

KEY = ("source", "url", "release", "reporter_number", "year")
COLUMNS = {
    "source": ("VARCHAR", "code; who was asked"),
    "url": ("VARCHAR", "text; address of the answer, without host"),
    "reporter": ("VARCHAR", "ISO 3166-1 alpha-3; who reports, NULL = number not known"),
    "reporter_number": ("INTEGER", "number; who reports, as UN Comtrade numbers reporters"),
    "year": ("SMALLINT", "year; calendar year"),
    "release": ("VARCHAR", "text; as raw.trade_flow names the release of its rows"),
    "flows": ("VARCHAR[]", "codes; the flows asked for, each with each product and partner"),
    "products": ("VARCHAR[]", "codes; the products asked for"),
    "partners": ("VARCHAR[]", "ISO 3166-1 alpha-3; the partners asked for, NULL = all of them"),
    "file_sha256": ("VARCHAR", "hex; the archived answer"),
}
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row an answer and reporter's year of which it is known to hold a release."""
    found = [row for source in house.sources for row in _of(house, source)]
    return pd.DataFrame(found, columns=list(COLUMNS)).drop_duplicates(list(KEY))


def _of(house: House, source: str) -> Iterator[dict[str, object]]:
    answers = [entry for entry in listed(house, source) if asked_at(entry.address)]
    iso = country.by_number()
    for one, released in holdings.with_releases(house.archive, source, answers):
        partners = one.box.partners
        codes = None if partners is None else [iso.get(str(n), str(n)) for n in partners]
        for (reporter, year), release in released.items():
            yield {
                "source": source,
                "url": one.entry.address,
                "reporter": iso.get(str(reporter)),
                "reporter_number": reporter,
                "year": year,
                "release": release,
                "flows": list(one.box.flows),
                "products": list(one.box.products),
                "partners": codes,
                "file_sha256": one.entry.sha256,
            }
