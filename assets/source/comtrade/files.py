"""Comtrade tables that users already have, as rows of raw.trade_flow.

Here belongs telling the forms apart and reading them: CSV of Comtrade Plus, CSV
of the legacy site, tab-separated bulk files (.gz). The API's JSON stands in
parse, what the fields mean in fields.
"""

import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from assets.source.comtrade.fields import FIELDS, typed
from assets.source.comtrade.months import with_years
from warehouse.archive import Archive, Entry
from warehouse.errors import InputError

GZIP, MARK = b"\x1f\x8b", b"\xef\xbb\xbf"
HEADER_BYTES, PIECE = 65_536, 1 << 20
AGAIN = "Download the file again, from Comtrade Plus as CSV"
LEGACY = {
    "Classification": "classificationCode",
    "Year": "refYear",
    "Period": "period",
    "Aggregate Level": "aggrLevel",
    "Is Leaf Code": "isLeaf",
    "Trade Flow Code": "flowCode",
    "Trade Flow": "flowDesc",
    "Reporter Code": "reporterCode",
    "Reporter": "reporterDesc",
    "Reporter ISO": "reporterISO",
    "Partner Code": "partnerCode",
    "Partner": "partnerDesc",
    "Partner ISO": "partnerISO",
    "2nd Partner Code": "partner2Code",
    "2nd Partner": "partner2Desc",
    "2nd Partner ISO": "partner2ISO",
    "Customs Proc. Code": "customsCode",
    "Customs": "customsDesc",
    "Mode of Transport Code": "motCode",
    "Mode of Transport": "motDesc",
    "Commodity Code": "cmdCode",
    "Commodity": "cmdDesc",
    "Qty Unit Code": "qtyUnitCode",
    "Qty Unit": "qtyUnitAbbr",
    "Qty": "qty",
    "Alt Qty Unit Code": "altQtyUnitCode",
    "Alt Qty Unit": "altQtyUnitAbbr",
    "Alt Qty": "altQty",
    "Netweight (kg)": "netWgt",
    "Gross weight (kg)": "grossWgt",
    "Trade Value (US$)": "primaryValue",
    "CIF Trade Value (US$)": "cifvalue",
    "FOB Trade Value (US$)": "fobvalue",
    "Flag": "legacyEstimationFlag",
}
# The legacy site numbered flows, wrote "No Quantity" as unit 1 and gave Italy another number.
LEGACY_CODES = {
    "flowCode": {"1": "M", "2": "X", "3": "RX", "4": "RM"},
    "qtyUnitCode": {"1": "-1"},
    "reporterCode": {"381": "380"},
    "partnerCode": {"381": "380"},
}
NEEDED = {"reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue", "refYear"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is written: its columns in file order, by the API's names where they have one."""

    columns: tuple[str, ...]
    delimiter: str
    encoding: str
    compression: str
    legacy: bool

    @property
    def name(self) -> str:
        """What the table is, for people."""
        kind = "bulk table" if self.delimiter == "\t" else "CSV of Comtrade Plus"
        return "CSV of the legacy site" if self.legacy else kind


def recognise(content: bytes) -> Form | None:
    """The form of a Comtrade table, from its first line; None where it is something else."""
    zipped = content.startswith(GZIP)
    head = _unzipped_head(content) if zipped else content[:HEADER_BYTES]
    encoding = "utf-8" if head.startswith(MARK) else "latin-1"
    line = head.removeprefix(MARK).decode(encoding, "replace").splitlines()[:1]
    delimiter = "\t" if line and "\t" in line[0] else ","
    header = next(csv.reader(line, delimiter=delimiter), [])
    spelling = {name.lower(): name for name in FIELDS}  # bulk files write CIFValue
    names = tuple(LEGACY.get(name) or spelling.get(name.lower(), name) for name in header)
    legacy = "Trade Flow Code" in header
    compression = "gzip" if zipped else "none"
    return Form(names, delimiter, encoding, compression, legacy) if set(names) >= NEEDED else None


def raw_file_rows(
    connection: duckdb.DuckDBPyConnection, archive: Archive, entries: Iterable[Entry], source: str
) -> duckdb.DuckDBPyRelation:
    """The rows of raw.trade_flow in archived tables, as a lazy relation.

    `connection` must hold reference.country(code, m49). file_row counts from 1,
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
    _refuse_nul(archive, entry, form)
    table = _table(archive, entry, form)
    _refuse_unreadable(connection, table, entry)
    cells = ", ".join(f'{_cell(field, form)} AS "{field}"' for field in FIELDS)
    named = f"'{_escaped(entry.release)}' AS release, '{entry.sha256}' AS file_sha256, file_row"
    return f"(SELECT {cells}, {named} FROM ({table}))"


def _table(archive: Archive, entry: Entry, form: Form) -> str:
    # Each row of a Plus CSV ends with one comma more than its header: a column named surplus.
    columns = ", ".join(f"'{_escaped(name)}': 'VARCHAR'" for name in (*form.columns, "surplus"))
    return f"""
        SELECT *, row_number() OVER () + 1 AS file_row
        FROM read_csv(
            '{_escaped(str(archive.path(entry.sha256)))}', columns = {{{columns}}},
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


def _refuse_nul(archive: Archive, entry: Entry, form: Form) -> None:
    """A reader of CSV may end at a NUL byte, and lose in silence what stands behind it."""
    line = 1
    try:
        with (gzip.open if form.compression == "gzip" else open)(
            archive.path(entry.sha256), "rb"
        ) as file:
            while piece := file.read(PIECE):
                before, nul, _ = piece.partition(b"\x00")
                line += before.count(b"\n")
                if nul:
                    raise InputError(f"{entry.address} row {line}", "holds a NUL byte", AGAIN)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _unreadable(str(error), entry) from error


def _refuse_unreadable(connection: duckdb.DuckDBPyConnection, table: str, entry: Entry) -> None:
    """One pass over every cell, so that nothing can fail, or be shifted, later on."""
    query = f"""
        SELECT count(*), min(file_row) FILTER (surplus IS NOT NULL), bit_xor(hash(cells))
        FROM ({table}) AS cells
    """
    try:
        [[rows, shifted, _]] = connection.sql(query).fetchall()
    except duckdb.Error as error:
        raise _unreadable(str(error), entry) from error
    if shifted is not None:
        place, finding = f"{entry.address} row {shifted}", "has more cells than the header has"
        raise InputError(place, f"{finding} columns", f"A comma stands unquoted: {AGAIN}")
    if not rows:
        raise InputError(entry.address, "has no row below its header", AGAIN)


def _unreadable(said: str, entry: Entry) -> InputError:
    """What the reader of CSV says of a table, in few words."""
    line = re.search(r"CSV Error on Line: (\d+)\n(?:Original Line:.*\n)?(.*)", said)
    if line is None:
        return InputError(entry.address, "is cut short or damaged: it cannot be unpacked", AGAIN)
    place = f"{entry.address} row {line[1]}"
    return InputError(place, f"cannot be read ({line[2].strip(' .')[:200]})", AGAIN)


def _cell(field: str, form: Form) -> str:
    if field not in form.columns:
        return "NULL::VARCHAR"
    if form.legacy and field in LEGACY_CODES:
        cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in LEGACY_CODES[field].items())
        return f'CASE "{field}" {cases} ELSE "{field}" END'
    return f'"{field}"'


def _unzipped_head(content: bytes) -> bytes:
    try:  # also of a file cut short, whose rows are refused later
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content, HEADER_BYTES)
    except zlib.error:
        return b""


def _escaped(text: str) -> str:
    return text.replace("'", "''")
