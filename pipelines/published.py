"""Publishing a profile: which tables go into the file, under which comments."""

from pipelines.tables import Table, tables
from warehouse import publish as publishing
from warehouse.house import House
from warehouse.publish import Published


def publish(house: House) -> int:
    """Build the profile's DuckDB file from its Parquet; returns its size in bytes."""
    return publishing.publish(house.file, [_published(house, table) for table in tables().values()])


def _published(house: House, table: Table) -> Published:
    held = house.years_held(table.name)
    return Published(
        name=table.name,
        files=house.store.files(table.name, held if table.by_year else None),
        comment=comment(house, table),
        columns={column.name: column.comment for column in table.columns},
    )


def comment(house: House, table: Table) -> str:
    """What the table says; in a simulated profile, that it is simulated."""
    mark = "SIMULATED, no measurement of anything: " if "simulated" in house.sources else ""
    return mark + table.comment
