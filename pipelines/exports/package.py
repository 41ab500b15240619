"""The data package of a profile: its Parquet folder described for programs, and how to cite it.

Here belongs writing both into the folder at the end of a run. What they say stands in
datapackage.py and citation.py.
"""

from pathlib import Path

from pipelines.analyst.questions import opened
from pipelines.exports.citation import citation
from pipelines.exports.datapackage import Folder, as_json, described
from pipelines.loader.table import Table
from pipelines.tables import tables
from warehouse.archive import write_atomically
from warehouse.house import House


def write(house: House) -> list[Path]:
    """Write datapackage.json and CITATION.cff into the profile's folder; returns where."""
    folder = house.store.root

    def paths(table: Table) -> list[str]:
        years = house.years_held(table.name) if table.by_year else None
        files = house.store.files(table.name, years)
        return [path.relative_to(folder).as_posix() for path in files]

    with opened(house.profile, house.root) as connection:
        descriptor = described(
            connection, house.profile, list(tables().values()), Folder("parquet", paths)
        )
        written = {
            "datapackage.json": as_json(descriptor),
            "CITATION.cff": citation(connection, house.profile),
        }
    for name, content in written.items():
        write_atomically(folder / name, content)
    return [folder / name for name in written]
