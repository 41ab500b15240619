"""Asking the published file of profile official for one figure."""

from decimal import Decimal

import duckdb

Connection = duckdb.DuckDBPyConnection
UNION = "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL "
UNION += "PRT ROU SVK SVN SWE"
MEMBERS = tuple(UNION.split())


def one(connection: Connection, query: str, *values: object) -> tuple[object, ...]:
    """The only row of a query."""
    rows = connection.execute(query, list(values)).fetchall()
    assert len(rows) == 1, rows
    return tuple(rows[0])


def value(connection: Connection, table: str, **cell: object) -> Decimal:
    """The one figure of a table, in USD; of totals, unless another product is asked for."""
    cell = {"product": "TOTAL", **cell}
    where = " and ".join(f"{name} = ?" for name in cell)
    (found,) = one(connection, f"select value_usd from {table} where {where}", *cell.values())
    assert isinstance(found, Decimal)
    return found


def chosen(connection: Connection, **cell: object) -> Decimal:
    """The figure chosen for analysis, in USD."""
    return value(connection, "transformed.trade_flow", **cell)


def rate(connection: Connection, year: int) -> Decimal:
    """Dollars per euro of a year."""
    query = "select usd_per_eur from reference.eur_usd_annual where year = ?"
    (found,) = one(connection, query, year)
    assert isinstance(found, Decimal)
    return found
