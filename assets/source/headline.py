"""Figures that official publishers and the OCCRP investigation printed, shipped with the project.

Here belongs taking headline.csv into the archive and reading it as printed figures. Units are
converted where raw.trade_flow is built.
"""

import csv
import hashlib
import io
import tomllib
from pathlib import Path

from assets.source.printed import PrintedFigure
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError

SOURCE = "headline"
# The same file, of which a profile takes nothing but what reporters print of all their trade: the
# totals that another publisher's whole dataset has to reach.
TOTALS = "headline_totals"
SOURCES = (SOURCE, TOTALS)


def download(archive: Archive, source: str = SOURCE) -> list[Entry]:
    """Archive the shipped file, checked against its pin."""
    folder = Path(__file__).parent
    pin = tomllib.loads((folder / "pins.toml").read_text(encoding="utf-8"))[SOURCE]
    content = (folder / pin["file"]).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != pin["sha256"]:
        raise InputError(
            f"assets/source/{pin['file']}",
            f"has sha256 {found}, its pin says {pin['sha256']}",
            "Restore the file, or move the pin in assets/source/pins.toml on purpose",
        )
    entry = archive.put(
        content,
        source=source,
        address=f"assets/source/{pin['file']}",
        **{key: pin[key] for key in ("release", "retrieved_at", "licence", "citation")},
    )
    return [entry]


def figures(content: bytes) -> list[PrintedFigure]:
    """The printed figures, one a row; `file_row` is the line in the file."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return [_figure(row, line) for line, row in enumerate(reader, start=2)]


def totals(content: bytes) -> list[PrintedFigure]:
    """The printed figures of all goods with the World."""
    return [f for f in figures(content) if f.partner == "W00" and f.product == "TOTAL"]


def _figure(row: dict[str, str], line: int) -> PrintedFigure:
    return PrintedFigure(
        source=row["source"],
        release=row["release"],
        year=int(row["year"]),
        reporter=row["reporter"],
        partner=row["partner"],
        flow=row["flow"],
        classification=row["classification"],
        product=row["product"],
        value=row["value"],
        unit=row["unit"],
        valuation=row["valuation"],
        partner_basis=_basis(row),
        is_reported=None,
        file_row=line,
    )


def _basis(row: dict[str, str]) -> str:
    """What `partner` means: not known inside the EAEU, where the survey does not ask for origin."""
    union = {"RUS", "BLR", "KAZ", "KGZ", "ARM"}
    if row["reporter"] in union and row["partner"] in union:
        return "unknown"
    return "origin" if row["flow"] == "M" else "last_known_destination"
