"""Rows of delimited text files, with the line each stands in.

Here belongs decoding and splitting. What the columns mean stands with the publisher.
"""

import csv
import gzip
import io

_GZIP = b"\x1f\x8b"


def records(content: bytes) -> list[dict[str, str]]:
    """The rows below the header, by column; none where the bytes are no text table.

    UTF-8 with or without byte order mark, else Windows-1252; comma, semicolon or tab;
    gzip is opened. Record n (from 0) stands in row n + 2 of the file.
    """
    rows = _rows(_text(content))
    if not rows:
        return []
    header = [cell.strip() for cell in rows[0]]
    return [dict(zip(header, row, strict=False)) for row in rows[1:]]


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
    try:
        plain = gzip.decompress(content) if content.startswith(_GZIP) else content
    except (OSError, EOFError):
        return ""
    if b"\x00" in plain[:1000]:
        return ""
    try:
        return plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        return plain.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)
