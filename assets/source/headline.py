"""Figures that official publishers and the OCCRP investigation printed, shipped with the project.

Here belongs taking headline.csv into the archive and reading it as printed figures. Units are
converted where raw.trade_flow is built.
"""

import csv
import io
import tomllib
from pathlib import Path

from assets.source.printed import PrintedFigure
from warehouse.archive import Archive, Entry, write_atomically
from warehouse.errors import InputError

SOURCE = "headline"
# The same file, of which a profile takes nothing but what reporters print of all their trade: the
# totals that another publisher's whole dataset has to reach.
TOTALS = "headline_totals"
SOURCES = (SOURCE, TOTALS)
FOLDER, PINS = Path(__file__).parent, "pins.toml"
PINNED = ("file", "sha256", "release", "retrieved_at", "licence", "citation")


def download(archive: Archive, source: str = SOURCE) -> list[Entry]:
    """Archive the shipped file under what its pin says of it; pinning.py holds its hash."""
    said = {key: pin()[key] for key in ("release", "retrieved_at", "licence", "citation")}
    content = (FOLDER / pin()["file"]).read_bytes()
    return [archive.put(content, source=source, address=address(), **said)]


def address() -> str:
    """Where the file stands in the project."""
    return f"assets/source/{pin()['file']}"


def pin() -> dict[str, str]:
    """What the lock in git says of the file. Raises InputError where it cannot be read."""
    try:
        found = tomllib.loads((FOLDER / PINS).read_text(encoding="utf-8"))[SOURCE]
        return {key: str(found[key]) for key in PINNED}
    except (ValueError, KeyError, TypeError) as error:
        finding = f"cannot be read ({error})"
        raise InputError(f"assets/source/{PINS}", finding, "Restore it from git") from None


def move_pin(sha256: str) -> None:
    """Write another hash into the lock in git: the next commit accepts the file's new bytes."""
    text = (FOLDER / PINS).read_text(encoding="utf-8")
    write_atomically(FOLDER / PINS, text.replace(pin()["sha256"], sha256).encode())


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
