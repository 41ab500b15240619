"""From a simulated world to its marts, without Dagster, HTTP or validation.

Here: what reporters print of a world as validated figures, and the marts computed from them by
the SQL of assets/. The planted defects are left out: each is a row of its own, which validation
refuses (tests/pipelines/test_demo.py), so what is left are the figures it lets through.
"""

from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd

from assets.source.simulated.aggregates import Printed, printed
from assets.source.simulated.codes import AREA_CODES, AREAS, CODES, LEVELS
from assets.source.simulated.countries import EURASIAN_UNION, PLACE
from assets.source.simulated.draws import Ints
from assets.source.simulated.recorded import recorded
from assets.source.simulated.rows import Cells
from assets.source.simulated.world import World
from pipelines.tables import tables
from tests.world import compute, stand
from warehouse.engine import connect

VALIDATED = "validated.trade_flow"
COMPLETE = 0.9
_AREA = np.array([area.iso3 for area in AREAS], dtype=object)
_CODE = np.array(CODES, dtype=object)


def marts(world: World, has_office: bool, *wanted: str) -> duckdb.DuckDBPyConnection:
    """A connection that holds the wanted tables, computed from what the world's reporters print."""
    connection = connect()
    for schema in sorted({name.split(".")[0] for name in tables()}):
        connection.execute(f"create schema if not exists {schema}")
    stand(connection, tables()[VALIDATED], [])
    connection.register("given", validated(printed(world, recorded(world)), has_office))
    connection.execute(f"insert into {VALIDATED} by name select * from given")
    for name in wanted:
        compute(connection, tables()[name])
    return connection


def validated(shown: Printed, has_office: bool) -> pd.DataFrame:
    """Six-digit codes, listed headings and totals as rows of validated.trade_flow."""
    cells = _wanted(shown.cells)
    key = cells.key
    year, flow, reporter, partner, code = _parts(key)
    imports = flow == 0
    frame = pd.DataFrame(
        {
            "source": "simulated",
            "release": "2025",
            "year": year.astype(np.int16),
            "reporter": _AREA[reporter],
            "partner": _AREA[partner],
            "flow": np.where(imports, "M", "X"),
            "classification": np.where(year < 2022, "H5", "H6"),
            "product": _CODE[code],
            "value_usd": cells.value / 100,
            "valuation": np.where(imports, "CIF", "FOB"),
            "partner_basis": np.where(imports, "origin", "last_known_destination"),
            "is_reported": True,
            "file_sha256": "simulated",
            "file_row": np.arange(1, len(key) + 1),
        }
    )
    frame.loc[LEVELS[code] == 0, "classification"] = "NA"
    frame["flags"] = _flags(cells, _short(shown) if has_office else set())
    return frame


def _parts(key: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    return 2000 + (key >> 26), key >> 23 & 7, key >> 16 & 127, key >> 9 & 127, key & 511


def _wanted(cells: Cells) -> Cells:
    level, code = LEVELS[cells.key & 511], _CODE[cells.key & 511]
    return cells.take((level == 6) | (level == 0) | np.isin(code, ("8542", "8806")))


def _short(shown: Printed) -> set[tuple[int, int]]:
    """Kazakhstan's (flow, year) that fall short of the total its statistical office prints."""
    office = {(year, "MX".index(flow)): total for _, flow, year, total in shown.office}
    year, flow, reporter, partner, code = _parts(shown.cells.key)
    world = (reporter == PLACE["KAZ"]) & (AREA_CODES[partner] == 0) & (LEVELS[code] == 0)
    printed_totals = zip(flow[world], year[world], shown.cells.value[world], strict=True)
    return {(int(f), int(y)) for f, y, v in printed_totals if v < COMPLETE * office[int(y), int(f)]}


def _flags(cells: Cells, short: set[tuple[int, int]]) -> Sequence[list[str]]:
    year, flow, reporter, partner, _ = _parts(cells.key)
    own = reporter == PLACE["KAZ"]
    incomplete = own & np.array([(f, y) in short for f, y in zip(flow, year, strict=True)])
    survey = own & np.isin(partner, EURASIAN_UNION)
    kinds = [[], ["SURVEY_SOURCE"], ["INCOMPLETE"], ["INCOMPLETE", "SURVEY_SOURCE"]]
    return [kinds[kind] for kind in (incomplete * 2 + survey).tolist()]
