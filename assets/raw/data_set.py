"""raw.data_set: the data sets UN Comtrade said to have, each release of each reporter's year.

A reporter's year that is not here was not reported. One that is listed no more keeps its last
release, which is still used: nothing stands in its place, and why it went nobody says. Its figures
carry the flag WITHDRAWN. Empty where a profile does not ask it.
"""

from collections.abc import Iterator

import pandas as pd

from assets.raw.source_file import listed
from assets.reference import country
from assets.source.comtrade.calls import answer
from assets.source.comtrade.releases import readings
from warehouse.house import House

KEY = ("source", "reporter_number", "year", "classification", "release")
COLUMNS = {
    "source": ("VARCHAR", "code; who was asked"),
    "reporter": ("VARCHAR", "ISO 3166-1 alpha-3; who reports, NULL = number not known"),
    "reporter_number": ("INTEGER", "number; who reports, as UN Comtrade numbers reporters"),
    "year": ("SMALLINT", "year; calendar year"),
    "classification": ("VARCHAR", "code; revision of the Harmonized System it was reported in"),
    "release": ("VARCHAR", "text; as raw.trade_flow names the release of its rows"),
    "records": ("BIGINT", "rows; in the whole data set"),
    "checksum": ("VARCHAR", "text; the publisher's own, of the data set"),
    "first_released": ("DATE", "date; first release of the data set"),
    "released": ("DATE", "date; this release"),
    "is_newest": ("BOOLEAN", "true/false; nothing newer is known of"),
    "is_withdrawn": (
        "BOOLEAN",
        "true/false; the newest release of a data set that was listed before, and is no more",
    ),
    "file_sha256": ("VARCHAR", "hex; the archived answer that says so"),
}
READS = ("raw.source_file",)


def rows(house: House) -> pd.DataFrame:
    """One row a release of a reporter's year and revision."""
    found = [row for source in house.sources for row in _of(house, source)]
    return pd.DataFrame(found, columns=list(COLUMNS)).drop_duplicates(list(KEY))


def _of(house: House, source: str) -> Iterator[dict[str, object]]:
    of_source = readings.readings(house.archive, source)
    named = readings.labels(of_source)
    known = {one.name: one.known for one in of_source}
    newest = {key: named[key, found] for one in of_source for key, found in one.known.items()}
    gone, iso = readings.withdrawn(of_source), country.by_number()
    for entry in listed(house, readings.source_of(source)):
        for row in answer.rows(house.archive.read(entry.sha256)):
            key = int(row["reporterCode"]), int(row["period"])
            release = named[key, known[entry.release.removesuffix(readings.CONFIRMED)][key]]
            yield {
                "source": source,
                "reporter": iso.get(str(key[0])),
                "reporter_number": key[0],
                "year": key[1],
                "classification": row.get("classificationCode"),
                "release": release,
                "records": row.get("totalRecords"),
                "checksum": str(row.get("datasetChecksum")),
                "first_released": str(row.get("firstReleased") or "")[:10] or None,
                "released": str(row["lastReleased"])[:10],
                "is_newest": release == newest[key],
                "is_withdrawn": release == newest[key] and key in gone,
                "file_sha256": entry.sha256,
            }
