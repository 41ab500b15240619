"""Rows of delimited text files, with the line each stands in.

Here belongs decoding and splitting. What the columns mean stands with the publisher.
"""

import csv
import io
import zlib

from warehouse.errors import InputError

_GZIP = b"\x1f\x8b"
# The largest of these extracts has a few MB; what unpacks to more is no table to read at once.
_LARGEST = 200_000_000
_AGAIN = "Download the file again, as the publisher writes it"


def records(content: bytes, name: str) -> list[dict[str, str]]:
    """The rows below the header, by column; none where the bytes are no text table.

    UTF-8 with or without byte order mark, else Windows-1252; comma, semicolon or tab;
    gzip is opened. Record n (from 0) stands in row n + 2 of the file; a blank row is an
    empty record. Raises InputError naming file and row for one that does not fit the header.
    """
    text = _text(content)
    rows = _rows(text)
    if not rows and text.strip():
        raise InputError(name, "has a cell longer than any table has", _AGAIN)
    header = [cell.strip() for cell in rows[0]] if rows else []
    if len(set(filter(None, header))) < len(list(filter(None, header))):
        raise InputError(f"{name}, row 1", "names a column twice", _AGAIN)
    width = max(len(header), next((len(row) for row in rows[1:] if row), 0))
    return [
        _record(header, row, width, f"{name}, row {position}")
        for position, row in enumerate(rows[1:], 2)
    ]


def _record(header: list[str], row: list[str], width: int, place: str) -> dict[str, str]:
    """The cells by column; where every row ends with a comma too many, it is left out."""
    if not any(cell.strip() for cell in row):
        return {}
    if len(row) != width or any(cell.strip() for cell in row[len(header) :]):
        finding = f"has {len(row)} cells where the header has {len(header)}: {','.join(row)[:200]}"
        raise InputError(place, finding, _AGAIN)
    return dict(zip(header, row, strict=False))


def header(content: bytes) -> list[str]:
    """The column names, empty where the bytes are no text table."""
    rows = _rows(_text(content).partition("\n")[0].strip())
    return [cell.strip() for cell in rows[0]] if rows else []


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except csv.Error:  # a cell longer than any table has
        return []


def _text(content: bytes) -> str:
    plain = _unzipped(content) if content.startswith(_GZIP) else content
    if b"\x00" in plain[:1000]:
        return ""
    try:
        return plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        return plain.decode("cp1252", errors="replace")


def _unzipped(content: bytes) -> bytes:
    """The bytes, in memory of a known bound; none where the file is cut short or too large."""
    parts, size = [], 0
    while content:  # a gzip file may have several members
        packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            parts.append(packed.decompress(content, _LARGEST - size + 1))
        except zlib.error:
            return b""
        size += len(parts[-1])
        if not packed.eof or size > _LARGEST:
            return b""
        content = packed.unused_data.lstrip(b"\x00")
    return b"".join(parts)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)
