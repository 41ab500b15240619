"""The data package: what stands in the files, for people and programs that do not read SQL.

Here belongs the description by the Data Package standard (version 2), made from the dictionary:
types, units, keys, constraints, licences. What is in the data decides only what holds of it:
a key that is NULL somewhere is unique, not primary, and a foreign key is named where every value
has its row.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines import profiles
from pipelines.analyst.formulas import formulas, source_of
from pipelines.loader.table import Column, Table
from warehouse import dictionary

STANDARD = "https://datapackage.org/profiles/2.0"
TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DOUBLE": "number", "DATE": "date"}
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
COUNTRY = ("reference.country", "code")
REFERS = {
    **dict.fromkeys(("reporter", "partner", "exporter", "importer", "hub", "destination"), COUNTRY),
    "source": ("reference.source", "source"),
}
# Names of the Open Definition's register; a publisher's own terms stand in the title.
LICENCES = {
    "MIT": "MIT",
    "Etalab 2.0": "other-at",
    "reuse with source (Decision 2011/833/EU)": "other-at",
    "reuse with attribution": "other-at",
    "not stated": "notspecified",
}
OTHER = "other-closed"
# Tables whose every row satisfies the constraints of the dictionary.
CLEAN = ("validated.trade_flow", "transformed.trade_flow")
SIMULATED = Column("simulated", "VARCHAR", "text; SIMULATED: a made-up world, no measurement")
FILES = {
    "csv": {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
    "parquet": {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
    "xlsx": {
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    },
}


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of tables as files: csv, parquet or xlsx, the files of each relative to the folder,
    and whether every row is marked as simulated."""

    shape: str
    paths: Callable[[Table], Sequence[str]]
    marked: bool = False


def described(
    connection: duckdb.DuckDBPyConnection, profile: str, chosen: Sequence[Table], folder: Folder
) -> dict[str, Any]:
    """The descriptor of a folder of tables; the connection has the profile's file open."""
    known = profiles.profile(profile)
    names = {table.name for table in chosen}
    mark = "SIMULATED, no measurement of anything: " if known.simulated else ""
    return {
        "$schema": f"{STANDARD}/datapackage.json",
        "name": f"mirror-trade-{profile}",
        "title": f"Trade mirror statistics, profile {known.title}",
        "description": f"{known.text}. Text that a spreadsheet could take for a formula opens "
        "with an apostrophe in CSV.",
        "sources": [_source(*row) for row in cited(connection)],
        "resources": [_resource(connection, table, names, folder, mark) for table in chosen],
    }


def cited(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str, str]]:
    """Publishers whose figures are held: (source, publisher, citation, licence, releases)."""
    return connection.execute(
        "select source, publisher, citation, licence, "
        "string_agg(distinct release, ', ' order by release) "
        "from (select distinct source, release from raw.trade_flow) "
        "join reference.source using (source) group by all order by source"
    ).fetchall()


def _source(source: str, publisher: str, citation: str, licence: str, releases: str) -> Any:
    title = f"{publisher}: {citation}. Releases: {releases}. Terms: {licence}"
    return {"title": title, "version": releases}


def _licence(terms: str) -> dict[str, str]:
    return {"name": LICENCES.get(terms, OTHER), "title": terms}


def _resource(
    connection: duckdb.DuckDBPyConnection, table: Table, names: set[str], folder: Folder, mark: str
) -> dict[str, Any]:
    paths = list(folder.paths(table))
    sheet = {"dialect": {"$schema": f"{STANDARD}/tabledialect.json", "sheetName": table.name}}
    return {
        "name": table.name,
        "path": paths[0] if len(paths) == 1 else paths,
        "type": "table",
        **FILES[folder.shape],
        **(sheet if folder.shape == "xlsx" else {}),
        "title": table.name,
        "description": mark + table.comment,
        "licenses": [_licence(terms) for terms in _terms(connection, table)],
        "sources": [{"title": source_of(table.name)}],
        "schema": _schema(connection, table, names, folder.marked),
    }


def _terms(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """Terms of what a table rests on: of the publishers it names, or of all where it sums them."""
    if table.schema in ("reference", "meta"):
        return ["MIT"]
    held = sorted({row[3] for row in cited(connection)})
    if not {"source", "release"} <= {column.name for column in table.columns}:
        return held or ["MIT"]
    own = connection.execute(
        f"select distinct publisher.licence from {table.name} "
        "join reference.source as publisher using (source) order by 1"
    ).fetchall()
    return [terms for (terms,) in own] or held or ["MIT"]


def _schema(
    connection: duckdb.DuckDBPyConnection, table: Table, names: set[str], marked: bool
) -> dict[str, Any]:
    columns = [SIMULATED, *table.columns] if marked else table.columns
    told = formulas(table.name)
    fields = [_field(table, column, told) for column in columns]
    return {
        "$schema": f"{STANDARD}/tableschema.json",
        "fields": fields,
        "missingValues": [""],
        **_keys(connection, table),
        **_foreign_keys(connection, table, names),
    }


def _field(table: Table, column: Column, told: Mapping[str, str]) -> dict[str, Any]:
    unit, _, meaning = column.comment.partition("; ")
    field = {"name": column.name, **_type(column.type), "unit": unit, "description": meaning}
    if formula := told.get(column.name):
        field["formula"] = formula
    if table.name in CLEAN and (constraints := _constraints(column.name)):
        field["constraints"] = constraints
    return field


def _type(kind: str) -> dict[str, Any]:
    """A DuckDB type by the standard; lists are JSON arrays."""
    if kind.endswith("[]"):
        return {"type": "array"}
    if kind in INTEGERS:
        return {"type": "integer"}
    if kind.startswith("DECIMAL"):
        return {"type": "number"}
    return {"type": TYPES[kind]}


def _constraints(name: str) -> dict[str, Any]:
    """What the dictionary says of a word, by the standard's names."""
    word = dictionary.words().get(name)
    if word is None:
        return {}
    limits = word.limits
    said = {
        "required": limits.required or None,
        "enum": list(limits.one_of) if limits.one_of else None,
        "pattern": limits.matches,
        "minimum": limits.at_least,
        "maximum": limits.at_most,
    }
    return {key: value for key, value in said.items() if value is not None}


def _keys(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Any]:
    """The key: primary where no part of it is ever NULL, else unique."""
    empty = " or ".join(f'"{name}" is null' for name in table.key)
    found = connection.execute(f"select count(*) from {table.name} where {empty}").fetchone()
    key = list(table.key)
    return {"primaryKey": key} if found == (0,) else {"uniqueKeys": [key]}


def _foreign_keys(
    connection: duckdb.DuckDBPyConnection, table: Table, names: Iterable[str]
) -> dict[str, Any]:
    listed = [
        {"fields": [column.name], "reference": {"resource": target, "fields": [field]}}
        for column in table.columns
        if column.name in REFERS
        for target, field in [REFERS[column.name]]
        if target in names
        and target != table.name
        and _holds(connection, table.name, column.name, target, field)
    ]
    return {"foreignKeys": listed} if listed else {}


def _holds(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, target: str, field: str
) -> bool:
    """Whether every value that is not NULL has its row."""
    astray = (
        f'select count(*) from {table} where "{column}" is not null '
        f'and "{column}" not in (select "{field}" from {target})'
    )
    return connection.execute(astray).fetchone() == (0,)


def as_json(descriptor: Mapping[str, Any]) -> bytes:
    """The descriptor as a file."""
    return (json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n").encode()
