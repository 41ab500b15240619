"""raw.bulk_file: the total of each bulk file of UN Comtrade, and what its chapters add up to.

A file is the whole of a reporter's year, so both are the same, by flow; where they are not, a part
of it is missing, and a product that is absent may not be a zero. Empty where no bulk file was
downloaded.
"""

from collections.abc import Iterator

import pandas as pd

from assets.raw.source_file import listed
from assets.reference import country
from assets.source.comtrade.bulk.rows import Sums, sums
from assets.source.comtrade.calls.plan import is_bulk
from assets.source.comtrade.releases import holdings
from warehouse.engine import connect
from warehouse.house import House

KEY = ("file_sha256", "reporter_number", "year", "flow")
COLUMNS = {
    "source": ("VARCHAR", "code; who was asked"),
    "reporter": ("VARCHAR", "ISO 3166-1 alpha-3; who reports, NULL = number not known"),
    "reporter_number": ("INTEGER", "number; who reports, as UN Comtrade numbers reporters"),
    "year": ("SMALLINT", "year; calendar year"),
    "flow": ("VARCHAR", "code; M imports, X exports"),
    "release": ("VARCHAR", "text; as raw.trade_flow names the release of its rows"),
    "total_usd": ("DECIMAL(18,2)", "USD; all goods with the World, NULL = not in the file"),
    "chapters": ("INTEGER", "chapters; of two digits, traded with the World"),
    "chapters_usd": ("DECIMAL(18,2)", "USD; their sum, NULL = none"),
    "file_sha256": ("VARCHAR", "hex; the archived file"),
}
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row a bulk file and flow; each file is read once, as a stream."""
    found = [row for source in house.sources for row in _of(house, source)]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of(house: House, source: str) -> Iterator[dict[str, object]]:
    parts = [entry for entry in listed(house, source) if is_bulk(entry.address)]
    iso, read = country.by_number(), dict[str, list[Sums]]()
    with connect(house.scratch) as connection:
        for one in holdings.releases(house.archive, source, parts):
            if one.file_sha256 not in read:
                read[one.file_sha256] = sums(connection, house.archive.path(one.file_sha256))
            for reporter in one.reporters:
                for said in read[one.file_sha256]:
                    yield {
                        "source": source,
                        "reporter": iso.get(str(reporter)),
                        "reporter_number": reporter,
                        "year": one.year,
                        "release": one.release,
                        "file_sha256": one.file_sha256,
                        **said._asdict(),
                    }
