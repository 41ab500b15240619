"""Totals a national statistics office prints beside its detailed dataset elsewhere.

Here belongs the small table of the simulated office: with it the completeness gate can tell
that the detailed dataset falls short. Real offices have a file of their own (kz_bns, ru_fcs).
"""

import csv
import io
from contextlib import closing

from assets.source.printed import PrintedFigure
from warehouse.archive import Entry
from warehouse.house import House
from warehouse.http import Client, Manners

SOURCE = "simulated_office"
ADDRESS = "/national/kaz_totals.csv"


def download(house: House) -> Entry:
    """Archive the office's table from the address of the simulated world."""
    with closing(Client(house.address, Manners(requests_per_second=None))) as client:
        answer = client.get(ADDRESS)
    return house.archive.put(
        answer.content,
        source=SOURCE,
        address=ADDRESS,
        release=answer.retrieved_at[:10],
        retrieved_at=answer.retrieved_at,
        licence="none: made up",
        citation="SIMULATED: totals of a made-up statistics office",
    )


def figures(content: bytes, release: str) -> list[PrintedFigure]:
    """One total a flow and year: all goods, with the World."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return [
        PrintedFigure(
            source=SOURCE,
            release=release,
            year=int(row["year"]),
            reporter=row["reporter"],
            partner="W00",
            flow=row["flow"],
            classification="NA",
            product="TOTAL",
            value=row["total_usd"],
            unit="USD",
            valuation="CIF" if row["flow"] == "M" else "FOB",
            partner_basis="origin" if row["flow"] == "M" else "last_known_destination",
            is_reported=True,
            file_row=line,
        )
        for line, row in enumerate(reader, start=2)
    ]
