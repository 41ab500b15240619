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
from assets.source.simulated.countries import (
    COUNTRIES,
    EURASIAN_UNION,
    HUBS,
    PLACE,
    places,
)
from assets.source.simulated.draws import Ints
from assets.source.simulated.recorded import recorded
from assets.source.simulated.rows import Cells
from assets.source.simulated.world import World
from pipelines.tables import tables
from tests.world import compute, stand
from warehouse.engine import connect

VALIDATED = "validated.trade_flow"
COMPLETE = 0.9
_AREA = [area.iso3 if area.iso3.isalnum() else str(area.code) for area in AREAS]
_NEAR = places("RUS", "CHN", *HUBS)  # CHN: China with Hong Kong and Macao
# No mart that is scored reads a pair whose importer is neither a hub nor Russia; how reliable its
# reporters are has been learned from it by then.
_FAR = """
    delete from mart.mirror_gap
    where importer not in (select unnest([hub, destination]) from reference.hub)
"""


def marts(world: World, has_office: bool, *wanted: str) -> duckdb.DuckDBPyConnection:
    """A connection that holds the wanted tables, computed from what the world's reporters print."""
    connection = connect()
    for schema in sorted({name.split(".")[0] for name in tables()}):
        connection.execute(f"create schema if not exists {schema}")
    stand(connection, tables()[VALIDATED], [])
    connection.register("given", validated(printed(world, recorded(world)), has_office))
    connection.execute(
        f"insert into {VALIDATED} by name select * exclude (marks), "
        "list_filter(string_split(marks, ','), lambda code: code <> '') as flags from given"
    )
    for name in ("mart.reporter_reliability", "reference.hub"):
        compute(connection, tables()[name])
    connection.execute(_FAR)
    for name in wanted:
        compute(connection, tables()[name])
    return connection


def validated(shown: Printed, has_office: bool) -> pd.DataFrame:
    """What is scored of the cells in print, as rows of validated.trade_flow."""
    cells = _wanted(shown.cells)
    key = cells.key
    year, flow, reporter, partner, code = _parts(key)
    vintage = np.where(LEVELS[code] == 0, 0, np.where(year < 2022, 1, 2))
    return pd.DataFrame(
        {
            "source": "simulated",
            "release": "2025",
            "year": year.astype(np.int16),
            "reporter": _named(reporter, _AREA),
            "partner": _named(partner, _AREA),
            "flow": _named(flow, ["M", "X"]),
            "classification": _named(vintage, ["NA", "H5", "H6"]),
            "product": _named(code, CODES),
            "value_usd": cells.value / 100,
            "valuation": _named(flow, ["CIF", "FOB"]),
            "partner_basis": _named(flow, ["origin", "last_known_destination"]),
            "is_reported": True,
            "file_sha256": "simulated",
            "file_row": np.arange(1, len(key) + 1),
            "marks": _marks(cells, _short(shown) if has_office else set()),
        }
    )


def _named(codes: Ints, names: Sequence[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(names))


def _parts(key: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    return 2000 + (key >> 26), key >> 23 & 7, key >> 16 & 127, key >> 9 & 127, key & 511


def _wanted(cells: Cells) -> Cells:
    """Six-digit codes of pairs with Russia or a hub on one side; World rows and totals of Russia.

    The other half of the rows would only tell more of how reliable reporters are.
    """
    _, _, reporter, partner, code = _parts(cells.key)
    of_russia = (reporter == PLACE["RUS"]) | (partner == PLACE["RUS"])
    near = np.isin(reporter, _NEAR) | np.isin(partner, _NEAR)
    level, in_pairs = LEVELS[code], partner < len(COUNTRIES)
    return cells.take(((level == 6) & in_pairs & near) | (of_russia & np.isin(level, (0, 6))))


def _short(shown: Printed) -> set[tuple[int, int]]:
    """Kazakhstan's (flow, year) that fall short of the total its statistical office prints."""
    office = {(year, "MX".index(flow)): total for _, flow, year, total in shown.office}
    year, flow, reporter, partner, code = _parts(shown.cells.key)
    world = (reporter == PLACE["KAZ"]) & (AREA_CODES[partner] == 0) & (LEVELS[code] == 0)
    printed_totals = zip(flow[world], year[world], shown.cells.value[world], strict=True)
    return {(int(f), int(y)) for f, y, v in printed_totals if v < COMPLETE * office[int(y), int(f)]}


def _marks(cells: Cells, short: set[tuple[int, int]]) -> pd.Categorical:
    """The flags that validation would raise, parted by commas."""
    year, flow, reporter, partner, _ = _parts(cells.key)
    own = reporter == PLACE["KAZ"]
    incomplete = own & np.isin(flow * 10_000 + year, [f * 10_000 + y for f, y in short])
    survey = own & np.isin(partner, EURASIAN_UNION)
    kinds = ["", "SURVEY_SOURCE", "INCOMPLETE", "INCOMPLETE,SURVEY_SOURCE"]
    return _named(incomplete * 2 + survey, kinds)
