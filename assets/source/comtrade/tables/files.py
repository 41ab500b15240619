"""Comtrade tables that users already have, as rows of raw.trade_flow.

Here belongs reading CSV of Comtrade Plus and of the legacy site, and tab-separated bulk files
(.gz). Telling them apart stands in forms, the API's JSON in parse, what the fields mean in fields,
bulk files that were downloaded in rows.
"""

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from assets.source.comtrade.fields import FIELDS, typed
from assets.source.comtrade.tables.forms import FLOWS, IN_WORDS, LEGACY_CODES, Form, recognise
from assets.source.comtrade.tables.months import with_years
from assets.source.hs_vintage import REVISIONS
from warehouse.archive import Archive, Entry
from warehouse.engine import quoted
from warehouse.errors import InputError

PIECE = 1 << 20
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
AGAIN = "Download the file again, from Comtrade Plus as CSV"


def raw_file_rows(
    connection: duckdb.DuckDBPyConnection, archive: Archive, entries: Iterable[Entry], source: str
) -> duckdb.DuckDBPyRelation:
    """The rows of raw.trade_flow in archived tables, as a lazy relation.

    `connection` must hold reference.country(code, m49) and, for tables that name no revision of
    the Harmonized System, reference.country_group(country_group, member). file_row counts from 1,
    the header included. Months are followed by the years they add up to. Raises
    InputError for a file of another form, one that cannot be read to its end, one
    without rows, and a row with more cells than columns.
    """
    parts = [_rows(connection, archive, entry) for entry in entries]
    if not parts:
        raise InputError("Comtrade files", "are none", "Name at least one file")
    return connection.sql(with_years(typed(" UNION ALL ".join(parts), source)))


def _rows(connection: duckdb.DuckDBPyConnection, archive: Archive, entry: Entry) -> str:
    form = recognise(archive.read(entry.sha256))
    if form is None:
        raise InputError(
            entry.address,
            "is no Comtrade table: its first line lacks the columns of one",
            "Download it from Comtrade Plus as CSV, without removing columns",
        )
    _refuse_repeated(form, entry)
    _refuse_nul(archive.path(entry.sha256), entry.address, form)
    table = table_of(archive.path(entry.sha256), form)
    _refuse_unreadable(connection, table, entry)
    named = f"{quoted(entry.release)} AS release, '{entry.sha256}' AS file_sha256, file_row"
    return f"(SELECT {cells_of(form)}, {named} FROM ({table}))"


def table_of(path: Path, form: Form) -> str:
    """SQL of the rows of a table under its form's columns, each with its file_row."""
    # Each row of a Plus CSV ends with one comma more than its header: a column named surplus.
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in (*form.columns, "surplus"))
    return f"""
        SELECT *, row_number() OVER () + 1 AS file_row
        FROM read_csv(
            {quoted(path)}, columns = {{{columns}}},
            auto_detect = false, header = false, skip = 1, delim = '{form.delimiter}',
            quote = '"', escape = '"', nullstr = '', null_padding = true, parallel = false,
            encoding = '{form.encoding}', compression = '{form.compression}'
        )
    """


def _refuse_repeated(form: Form, entry: Entry) -> None:
    repeated = [name for name, times in Counter(form.columns).items() if times > 1]
    if repeated:
        finding = f"has column {repeated[0]} twice, and nobody can tell which holds"
        raise InputError(f"{entry.address} row 1", finding, AGAIN)


def _refuse_nul(path: Path, place: str, form: Form) -> None:
    """A reader of CSV may end at a NUL byte, and lose in silence what stands behind it."""
    line = 1
    try:
        for piece in pieces(path, form):
            before, nul, _ = piece.partition(b"\x00")
            line += before.count(b"\n")
            if nul:
                raise InputError(f"{place} row {line}", "holds a NUL byte", AGAIN)
    except DAMAGED as error:
        raise _unreadable(str(error), place) from error


def pieces(path: Path, form: Form) -> Iterator[bytes]:
    """The text of a table, unpacked. Raises DAMAGED where it cannot be read to its end."""
    with (gzip.open if form.compression == "gzip" else open)(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _refuse_unreadable(connection: duckdb.DuckDBPyConnection, table: str, entry: Entry) -> None:
    """One pass over every cell, so that nothing can fail, or be shifted, later on."""
    query = f"""
        SELECT count(*), min(file_row) FILTER (surplus IS NOT NULL), bit_xor(hash(cells))
        FROM ({table}) AS cells
    """
    try:
        [[rows, shifted, _]] = connection.sql(query).fetchall()
    except duckdb.Error as error:
        raise _unreadable(str(error), entry.address) from error
    if shifted is not None:
        place, finding = f"{entry.address} row {shifted}", "has more cells than the header has"
        raise InputError(place, f"{finding} columns", f"A comma stands unquoted: {AGAIN}")
    if not rows:
        raise InputError(entry.address, "has no row below its header", AGAIN)


def _unreadable(said: str, place: str) -> InputError:
    """What the reader of CSV says of a table, in few words."""
    line = re.search(r"CSV Error on Line: (\d+)\n(?:Original Line:.*\n)?(.*)", said)
    if line is None:
        return InputError(place, "is cut short or damaged: it cannot be unpacked", AGAIN)
    return InputError(
        f"{place} row {line[1]}", f"cannot be read ({line[2].strip(' .')[:200]})", AGAIN
    )


def cells_of(form: Form) -> str:
    """SQL of FIELDS, each as text, out of the columns of a form."""
    return ", ".join(f'{_cell(field, form)} AS "{field}"' for field in FIELDS)


def _cell(field: str, form: Form) -> str:
    if field not in form.columns:
        return _in_words(field, form)
    if form.legacy and field in LEGACY_CODES:
        cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in LEGACY_CODES[field].items())
        return f'CASE "{field}" {cases} ELSE "{field}" END'
    return f'"{field}"'


def _in_words(field: str, form: Form) -> str:
    """A code that the table gives in letters or words, if at all; an unknown word is kept."""
    word = IN_WORDS.get(field)
    if field == "classificationCode" and "reporterISO" in form.columns:
        return _in_force()
    if word not in form.columns:
        return "NULL::VARCHAR"
    if field == "flowCode":
        cases = " ".join(f"WHEN '{said}' THEN '{code}'" for said, code in FLOWS.items())
        return f'CASE "{word}" {cases} ELSE "{word}" END'
    number = f'SELECT min(m49) FROM reference.country WHERE code = trim("{word}")'
    return f'coalesce(({number}), "{word}")'


def _in_force() -> str:
    """The revision in force, which members of the EU must use; NULL of others, so refused."""
    cases = " ".join(f"WHEN refYear >= '{since}' THEN '{code}'" for since, code in REVISIONS)
    members = "SELECT member FROM reference.country_group WHERE country_group = 'E27'"
    return f"CASE WHEN reporterISO IN ({members}) THEN CASE {cases} END END"
