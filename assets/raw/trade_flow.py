"""raw.trade_flow: one row a published figure, as it stands in the archived files, judged by nobody.

Here belongs bringing every source's rows to one record: units and currencies to dollars, and
each row to the year it is kept under. What a publisher's file looks like stands in assets/source.
"""

from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import duckdb
import pandas as pd

from assets.source import baci, baci_rows, headline, national_total, publications
from assets.source.baci_rows import Held
from assets.source.comtrade import parse as comtrade
from assets.source.comtrade.bulk.rows import bulk_rows
from assets.source.comtrade.calls.plan import asked_at, is_bulk
from assets.source.comtrade.releases import holdings
from assets.source.comtrade.tables.files import raw_file_rows
from assets.source.printed import PrintedFigure
from warehouse import dictionary
from warehouse.archive import Archive, Entry
from warehouse.house import House

COLUMNS = [*dictionary.record("trade_flow"), "breakdown", "original"]
# A printed row may hold several figures: both flows, two years, a year a column.
KEY = (
    "file_sha256",
    "file_row",
    "source",
    "reporter",
    "partner",
    "flow",
    "year",
    "product",
    "breakdown",
)
PARTITION = "year"
METHOD = "1.1, 1.2"
READS = (
    "raw.source_file",
    "reference.country",
    "reference.country_group",
    "reference.eur_usd_annual",
    "reference.hub",
)

PRINTED = (*headline.SOURCES, national_total.SOURCE, *publications.PUBLISHERS)


def load(connection: duckdb.DuckDBPyConnection, house: House, entries: list[Entry]) -> None:
    """Create the temporary table `downloaded` with every row of the archived files.

    Needs reference.country, .country_group and .eur_usd_annual in the connection.
    """
    columns = f"{dictionary.ddl(COLUMNS)}"
    connection.execute(f"create or replace temp table downloaded ({columns})")
    for source in sorted({entry.source for entry in entries}):
        own = [entry for entry in entries if entry.source == source]
        if source in PRINTED:
            _load_printed(connection, house.archive, own)
        else:
            _load_comtrade(connection, house.archive, own, source)


def _load_comtrade(
    connection: duckdb.DuckDBPyConnection, archive: Archive, entries: list[Entry], source: str
) -> None:
    """Answers of the API, parts of its bulk files, and tables that somebody downloaded."""
    asked = [entry for entry in entries if asked_at(entry.address)]
    parts = [entry for entry in asked if is_bulk(entry.address)]
    answers = [entry for entry in asked if entry not in parts]
    tables = [entry for entry in entries if entry not in asked]
    releases = holdings.releases(archive, source, asked)
    rows = [comtrade.raw_rows(connection, archive, answers, source, releases)] if answers else []
    rows += bulk_rows(connection, archive, parts, source, releases)
    rows += [raw_file_rows(connection, archive, tables, source)] if tables else []
    for place, some in enumerate(rows):
        some.create_view(f"received_{place}")
        connection.execute(f"insert into downloaded by name select * from received_{place}")


def year_rows(house: House, year: int) -> str:
    """The rows kept under a year; one with an impossible year is kept under the nearest."""
    first, last = min(house.years), max(house.years)
    kept_under = f"least(greatest(coalesce(year, {last}), {first}), {last})"
    return f"select * from downloaded where {kept_under} = {year}"


def write_reconciled(
    connection: duckdb.DuckDBPyConnection,
    house: House,
    zips: Sequence[Held],
    year: int,
    target: Path,
) -> int:
    """Write a year's rows of BACI as Parquet; returns how many.

    The whole world where a profile runs on nothing else; else what can stand beside a report of
    the corridor: the pairs that touch a hub or a destination.
    """
    holding = [held for held in zips if year in held.zip.years]
    numbers = "select m49, code from reference.country where m49 is not null and kind <> 'world'"
    corridor = "select hub from reference.hub union select destination from reference.hub"
    codes = dict(connection.execute(numbers).fetchall())
    sides = frozenset(code for (code,) in connection.execute(corridor).fetchall())
    touching = None if house.sources == (baci.SOURCE,) else sides
    return baci_rows.write(target, COLUMNS, holding, year, codes, touching)


def _load_printed(
    connection: duckdb.DuckDBPyConnection, archive: Archive, entries: list[Entry]
) -> None:
    for entry in entries:
        printed = frame(_figures(archive.read(entry.sha256), entry))
        connection.register("printed", printed)
        connection.execute(f"insert into downloaded by name {in_dollars(entry.sha256)}")
        connection.unregister("printed")


def _figures(content: bytes, entry: Entry) -> list[PrintedFigure]:
    if entry.source == headline.SOURCE:
        return headline.figures(content)
    if entry.source == headline.TOTALS:
        return headline.totals(content)
    if entry.source == national_total.SOURCE:
        return national_total.figures(content, entry.release)
    return publications.figures(entry.source, content, entry.address, entry.retrieved_at)


def frame(figures: list[PrintedFigure]) -> pd.DataFrame:
    """Printed figures as a frame, every cell an object so that nothing is guessed."""
    names = [field.name for field in fields(PrintedFigure)]
    table = pd.DataFrame([astuple(figure) for figure in figures], columns=names, dtype=object)
    table["flags"] = [list(flags) for flags in table["flags"]]
    return table


def in_dollars(file_sha256: str) -> str:
    """Select that turns `printed` into rows of raw.trade_flow; what cannot be converted is NULL."""
    return f"""
        with unit(unit, factor, currency) as (
            values
                ('USD', 1, 'USD'), ('thousand USD', 1000, 'USD'), ('million USD', 1000000, 'USD'),
                ('billion USD', 1000000000, 'USD'),
                ('EUR', 1, 'EUR'), ('thousand EUR', 1000, 'EUR'), ('million EUR', 1000000, 'EUR')
        ),
        read as (
            select printed.*, factor, currency,
                try_cast(value as decimal(24, 10)) as amount, -- in euros, trade has 13 digits
                case currency when 'USD' then 1::decimal(8, 5) when 'EUR' then usd_per_eur end
                    as rate
            from printed
            left join unit using (unit)
            left join reference.eur_usd_annual as eur
                on eur.year = try_cast(printed.year as smallint) and currency = 'EUR'
        )
        select source, release, try_cast(year as smallint) as year, reporter, partner, flow,
            classification, product,
            try_cast(
                cast(amount * factor::decimal(10, 0) as decimal(24, 6)) * rate as decimal(18, 2)
            ) as value_usd,
            valuation, null as net_weight_kg, null as quantity, null as quantity_unit,
            partner_basis, is_reported::boolean as is_reported,
            case when currency <> 'USD' then rate end as exchange_rate,
            list_sort(list_concat(
                flags::varchar[], case when currency = 'EUR' then ['FX'] else [] end
            )) as flags,
            '{file_sha256}' as file_sha256, file_row, null as breakdown,
            coalesce(original::varchar, case when amount is null or rate is null or factor is null
                then to_json(struct_pack(value := value, unit := unit, year := year))::varchar
            end) as original
        from read
    """
