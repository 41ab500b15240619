"""Bulk files that were downloaded, as rows of raw.trade_flow: what is read of each, and no more.

Here belongs holding a file against what it was listed as, and picking its rows. Which parts are
read of which file stands in listing, what the fields mean in fields.

A file has some million rows, of every product, partner, procedure and mode of transport. It is
read as a stream, and only rows that a call would return leave it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from assets.source.comtrade.bulk.listing import BulkFile
from assets.source.comtrade.calls.plan import asked_at
from assets.source.comtrade.fields import typed
from assets.source.comtrade.parse import released
from assets.source.comtrade.releases.holdings import Released
from assets.source.comtrade.tables import forms
from assets.source.comtrade.tables.files import DAMAGED, cells_of, pieces, table_of
from assets.source.comtrade.tables.forms import Form
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry
from warehouse.engine import connect, quoted
from warehouse.errors import InputError

TOTALS = "coalesce(partner2Code, '0') = '0' AND customsCode = 'C00' AND motCode = '0'"


def refuse_unusable(path: Path, file: BulkFile) -> None:
    """Raises ValueError for a file that came damaged, to be asked for again.

    Raises InputError for one that holds rows of another reporter or year than it was listed for.
    """
    form = _form(path)
    if form is None or form.compression != "gzip":
        raise ValueError("it is no packed table of Comtrade")
    try:
        if any(b"\x00" in piece for piece in pieces(path, form)):
            raise ValueError("it holds a NUL byte")
        with connect(path.parent) as connection:
            found = connection.sql(_told(path, form)).fetchall()
    except (*DAMAGED, duckdb.Error) as error:
        raise ValueError(f"it cannot be read to its end: {str(error)[:200]}") from None
    if not found:
        raise ValueError("it has no row below its header")
    told = {" ".join(map(str, row[:3])) for row in found}
    strangers = told - {f"{file.reporter} {file.year} 0"}
    if strangers:
        finding = f"holds rows of {', '.join(sorted(strangers)[:5])} (reporter, year, cells more)"
        remedy = "The publisher has changed its files: nothing of it is used"
        raise InputError(f"bulk file of {file.reporter}, {file.year}", finding, remedy)


def _told(path: Path, form: Form) -> str:
    """Every reporter and period of a file, and whether a row has more cells than the header.

    Each cell is read, so that nothing can fail, or be shifted, later on.
    """
    return f"""
        SELECT reporterCode, period, CAST(surplus IS NOT NULL AS INTEGER) AS more,
            bit_xor(hash(cells))
        FROM ({table_of(path, form)}) AS cells
        GROUP BY reporterCode, period, more
    """


def _form(path: Path) -> Form | None:
    with path.open("rb") as file:
        return forms.recognise(file.read(forms.HEADER_BYTES))


def bulk_rows(
    connection: duckdb.DuckDBPyConnection,
    archive: Archive,
    entries: Sequence[Entry],
    source: str,
    releases: Sequence[Released],
) -> Iterator[duckdb.DuckDBPyRelation]:
    """The rows of raw.trade_flow in archived parts of bulk files, a lazy relation a file.

    `connection` must hold reference.country(code, m49). Each file is read once, whatever parts
    are read of it; file_row counts from 1, the header included. Rows of a release that `releases`
    does not name are left out, as they are of answers. There may be a file for each of some
    thousand reporter's years, too many for one query.
    """
    boxes: dict[str, list[Demand]] = {}
    for entry in entries:
        asked = asked_at(entry.address)
        assert asked, entry.address
        boxes.setdefault(entry.sha256, []).append(asked[0])
    for sha256, some in sorted(boxes.items()):
        if own := [one for one in releases if one.file_sha256 == sha256]:
            rows = _rows(archive.path(sha256), some)
            yield connection.sql(typed(released(rows, own), source))


def _rows(path: Path, boxes: Sequence[Demand]) -> str:
    wanted = " OR ".join(f"({_within(box)})" for box in boxes)
    return f"""
        SELECT *, '' AS release, '{path.name}' AS file_sha256
        FROM ({_archived(path)}) WHERE {TOTALS} AND ({wanted})
    """


def _archived(path: Path) -> str:
    """SQL of every row of a file that was let into the archive: FIELDS as text, and file_row."""
    form = _form(path)
    if form is None:
        raise InputError(f"archive file {path.name[:12]}", "is no table of Comtrade", "Report it")
    return f"SELECT {cells_of(form)}, file_row FROM ({table_of(path, form)})"


def _within(box: Demand) -> str:
    """SQL of a row that is in a box; reporter and year are the file's."""
    lists = {"flowCode": box.flows, "cmdCode": box.products, "partnerCode": box.partners}
    return " AND ".join(
        f"{field} IN ({', '.join(quoted(str(code)) for code in codes)})"
        for field, codes in lists.items()
        if codes is not None
    )


class Sums(NamedTuple):
    """A flow of a file with the World: the total as printed, and what its chapters add up to."""

    flow: str
    total_usd: Decimal | None
    chapters: int
    chapters_usd: Decimal | None


def sums(connection: duckdb.DuckDBPyConnection, path: Path) -> list[Sums]:
    """Both flows of an archived file, of copies of a row the first."""
    return [Sums(*row) for row in connection.execute(sums_of(_archived(path))).fetchall()]


def sums_of(rows: str) -> str:
    """SQL of the record Sums over `rows`: SQL with FIELDS as text, and file_row."""
    return f"""
        WITH printed AS (
            SELECT flowCode, cmdCode,
                arg_min(TRY_CAST(primaryValue AS DECIMAL(18, 2)), file_row) AS value_usd
            FROM ({rows})
            WHERE {TOTALS} AND partnerCode = '0' AND flowCode IN ('M', 'X')
                AND (cmdCode = 'TOTAL' OR length(cmdCode) = 2)
            GROUP BY flowCode, cmdCode
        )
        SELECT flowCode, max(value_usd) FILTER (cmdCode = 'TOTAL'),
            count(*) FILTER (cmdCode <> 'TOTAL'), sum(value_usd) FILTER (cmdCode <> 'TOTAL')
        FROM printed GROUP BY flowCode ORDER BY flowCode
    """
