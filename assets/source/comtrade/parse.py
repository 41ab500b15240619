"""Archived API answers as rows of raw.trade_flow.

Here belongs reading the JSON the API sends, every cell as the text that was
sent. What the fields mean stands in fields; user-supplied CSV in files.
"""

import glob
import json
from collections.abc import Iterable, Sequence

import duckdb

from assets.source.comtrade.fields import FIELDS, typed
from assets.source.comtrade.releases.holdings import Released
from warehouse.archive import Archive, Entry
from warehouse.engine import quoted

# DuckDB reads JSON numbers through DOUBLE, which cannot hold 16 digits: each is quoted first.
# A quote that no backslash precedes, a colon and a number occur together outside strings only.
# So are NaN and Infinity, which Python's readers and writers of JSON take for numbers, and a
# byte order mark is taken off: either would make the whole answer unreadable.
QUOTED = r"""regexp_replace(
    ltrim(content, chr(65279)),
    '([^\\]"\s*:\s*)(-?[0-9][0-9.eE+-]*|NaN|-?Infinity)(\s*[,}])', '\1"\2"\3', 'g')"""
LONG_ANSWER = 4_000_000  # bytes, a few times DuckDB's vector of 2,048 rows


def raw_rows(
    connection: duckdb.DuckDBPyConnection,
    archive: Archive,
    entries: Iterable[Entry],
    source: str,
    releases: Sequence[Released] = (),
) -> duckdb.DuckDBPyRelation:
    """The rows of raw.trade_flow in archived answers of figures, as a lazy relation.

    `connection` must hold reference.country(code, m49). Nothing is judged:
    file_row is the position of a row in its answer, from 1. `releases` names the release of
    each reporter's year in each file; rows of one that it does not name are of no release.
    Without it a row's release is its file's.
    """
    rows = _rows(archive, entries)
    return connection.sql(typed(released(rows, releases) if releases else rows, source))


def released(rows: str, releases: Sequence[Released]) -> str:
    """SQL of rows with the release of their reporter's year, and of no others."""
    named = ", ".join(
        f"({quoted(one.file_sha256)}, '{one.year}', {quoted(one.release)}, "
        f"'{','.join(map(str, one.reporters))}')"
        for one in releases
    )
    return f"""
        WITH released AS (
            SELECT * EXCLUDE (reporters), unnest(string_split(reporters, ',')) AS reporterCode
            FROM (VALUES {named}) AS said (file_sha256, period, release, reporters)
        )
        SELECT given.* EXCLUDE (release), released.release AS release
        FROM ({rows}) AS given JOIN released USING (file_sha256, period, reporterCode)
    """


def _rows(archive: Archive, entries: Iterable[Entry]) -> str:
    """SQL of the rows of answers: FIELDS as text, release, file_sha256, file_row."""
    # Empty answers may share their bytes; a file is read once.
    releases = {entry.sha256: entry.release for entry in entries}
    if not releases:
        cells = ", ".join(f'NULL::VARCHAR AS "{name}"' for name in [*FIELDS, "release"])
        return f"SELECT {cells}, '' AS file_sha256, 0 AS file_row WHERE false"
    paths = [archive.path(sha256) for sha256 in releases]
    files = ", ".join(quoted(glob.escape(str(path))) for path in paths)
    named = ", ".join(f"({quoted(key)}, {quoted(value)})" for key, value in releases.items())
    shape = json.dumps({"data": [dict.fromkeys(FIELDS, "VARCHAR")]})
    # Unnesting a long list evaluates it again for every 2,048 rows, unless it is kept.
    keep = any(path.stat().st_size > LONG_ANSWER for path in paths)
    return f"""
        WITH answer AS {"" if keep else "NOT"} MATERIALIZED (
            SELECT parse_filename(filename) AS file_sha256, from_json({QUOTED}, '{shape}') AS body
            FROM read_text([{files}])
        )
        SELECT unnest(cells), release, file_sha256, file_row
        FROM (
            SELECT
                file_sha256,
                unnest(body.data) AS cells,
                generate_subscripts(body.data, 1) AS file_row
            FROM answer
        )
        JOIN (VALUES {named}) AS held (file_sha256, release) USING (file_sha256)
    """
