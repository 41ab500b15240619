"""Bad input taken through stage 1 and 2 by the pipeline's own functions.

Here belongs the way from bytes or rows to what became of them, and that nothing vanished on it.
The bad inputs themselves stand in the tests.
"""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from assets.raw import trade_flow as raw_trade_flow
from assets.source.comtrade.tables.files import raw_file_rows
from pipelines.compute.build import build, build_judged, open_inputs, write_rows
from pipelines.tables import tables
from tests.world import Row, numbered, stand
from warehouse.archive import Entry
from warehouse.engine import connect, quoted
from warehouse.house import House

PROFILE = "corpus"
YEARS = (2021, 2022, 2023)
JUDGED = ("validated.trade_flow", "quarantine.trade_flow")


@dataclass(frozen=True)
class Outcome:
    """What became of a file: values let through, and rows refused for which reasons together."""

    kept: tuple[Decimal, ...]
    refused: dict[tuple[str, ...], int]


Outcomes = dict[str | None, Outcome]  # by sha256 of the file


def reference_house(root: Path) -> House:
    """A house in which every table that judging reads, and no download decides, is built."""
    house = House(PROFILE, root, (), YEARS)
    for name, table in tables().items():
        if name in _read_by(*JUDGED, "raw.trade_flow") and not _of_rows(name):
            build(table, house, YEARS)
    return house


def _of_rows(name: str) -> bool:
    table = tables()[name]
    return name == "raw.source_file" or table.by_year or "raw.trade_flow" in table.inputs


def _read_by(*names: str) -> set[str]:
    """The tables that these rest on, near and far."""
    near = {given for name in names for given in tables()[name].inputs}
    return near | _read_by(*near) if near else near


def furnished(
    reference: House, root: Path, inputs: Path | None = None, years: Sequence[int] = YEARS
) -> House:
    """A house of its own with the same reference tables; `inputs` is a folder of files."""
    shutil.copytree(reference.root / PROFILE, root / PROFILE)
    sources = ("official",) if inputs else ()
    return House(PROFILE, root, sources, tuple(years), inputs=str(inputs or ""))


def from_folder(house: House) -> Outcomes:
    """The folder of publishers' files, as profile official takes it."""
    build(tables()["raw.source_file"], house, house.years)
    build(tables()["raw.trade_flow"], house, house.years)
    return judged(house)


def from_answers(house: House, entries: Sequence[Entry]) -> Outcomes:
    """Archived API answers, listed as downloads are."""
    listed = pd.DataFrame([asdict(e) for e in entries]).rename(columns={"address": "url"})
    write_rows(tables()["raw.source_file"], house, listed)
    build(tables()["raw.trade_flow"], house, house.years)
    return judged(house)


def from_tables(house: House, contents: dict[str, bytes]) -> Outcomes:
    """Tables that a user downloaded from Comtrade, by name."""
    entries = [put(house, content, name) for name, content in contents.items()]
    with connect(house.scratch) as connection:
        open_inputs(connection, ["reference.country", "reference.country_group"], house)
        rows = raw_file_rows(connection, house.archive, entries, "comtrade")
        rows.create_view("received")
        _keep(connection, house, "select * from received")
    return judged(house)


def from_rows(house: House, rows: Iterable[Row]) -> Outcomes:
    """Rows of raw.trade_flow written by hand; a year that cannot be is filed as it would be."""
    with connect(house.scratch) as connection:
        connection.execute("create schema raw")
        stand(connection, tables()["raw.trade_flow"], numbered(rows))
        _keep(connection, house, "select * from raw.trade_flow")
    return judged(house)


def put(house: House, content: bytes, name: str) -> Entry:
    """Bytes as a file of Comtrade in the archive of the house."""
    return house.archive.put(
        content,
        source="comtrade",
        address=name,
        release=name,
        retrieved_at="2024-01-01T00:00:00+00:00",
        licence="",
        citation="",
    )


def _keep(connection: duckdb.DuckDBPyConnection, house: House, rows: str) -> None:
    """Write rows as raw.trade_flow, each under its year."""
    table = tables()["raw.trade_flow"]
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    connection.execute(f"create temp table downloaded ({columns})")
    connection.execute(f"insert into downloaded by name {rows}")
    for year in house.years:
        select = raw_trade_flow.year_rows(house, year)
        house.store.write(connection, table.name, select, table.key, year)


def judged(house: House) -> Outcomes:
    """Stage 2 over all years of the house, with the proof that nothing vanished."""
    for name, table in tables().items():
        if name in _read_by(*JUDGED) and "raw.trade_flow" in table.inputs:
            build(table, house, house.years)
    build_judged(house, house.years)
    raw, kept, refused = (_sums(house, name) for name in ("raw.trade_flow", *JUDGED))
    assert set(kept) | set(refused) == set(raw)
    for file in raw:
        parts = (kept.get(file, (0, 0)), refused.get(file, (0, 0)))
        assert raw[file] == tuple(map(sum, zip(*parts, strict=True))), file
    return {file: Outcome(_values(house, file), _reasons(house, file)) for file in raw}


def _sums(house: House, name: str) -> dict[str | None, tuple[int, Decimal]]:
    """Rows and value of a table, by file."""
    query = f"select file_sha256, count(*), coalesce(sum(value_usd), 0) from {parquet(house, name)}"
    return {file: (count, value) for file, count, value in asked(f"{query} group by all")}


def _values(house: House, file: str | None) -> tuple[Decimal, ...]:
    query = f"select value_usd from {parquet(house, JUDGED[0])} where file_sha256 is not distinct "
    return tuple(row[0] for row in asked(query + "from ? order by 1", file))


def _reasons(house: House, file: str | None) -> dict[tuple[str, ...], int]:
    query = f"select reasons, count(*) from {parquet(house, JUDGED[1])} where file_sha256 is not "
    found = asked(query + "distinct from ? group by 1", file)
    return {tuple(reasons): count for reasons, count in found}


def parquet(house: House, name: str) -> str:
    """All years of a table, to select from."""
    files = ", ".join(quoted(file) for file in house.store.files(name, house.years))
    return f"read_parquet([{files}])"


def asked(query: str, *values: object) -> list[tuple]:
    """The rows of a query over Parquet."""
    with connect() as connection:
        return connection.execute(query, list(values)).fetchall()
