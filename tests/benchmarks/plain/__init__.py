"""The marts that carry the load, by plain pandas: what a script would cost, and a second opinion.

Here belongs pandas as an analyst who knows it well would write it, from the method and not from
the SQL. `differences` holds every column of every row against the SQL's.

The same: the Parquet read, and checked for its hash; every column with its ranges, drivers,
statuses, reasons and flags; rows in the order of the key; Parquet written with zstd; a process a
mart. Not the same: money is float64, not DECIMAL; a table stands in memory whole and in one file,
where the SQL may go year by year and spill to disk; most steps use one thread. Read as they are
stored: the reference, mart.product_family, transformed.dataset, transformed.mirror_statistics.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests.benchmarks.plain.absorption import absorption
from tests.benchmarks.plain.concentration import concentration
from tests.benchmarks.plain.extensive_margin import extensive_margin
from tests.benchmarks.plain.hub_inflow import hub_inflow
from tests.benchmarks.plain.hub_onward import hub_onward
from tests.benchmarks.plain.import_origin import import_origin
from tests.benchmarks.plain.listed_corridor import listed_corridor
from tests.benchmarks.plain.lost_in_transit import lost_in_transit
from tests.benchmarks.plain.lost_in_transit_parts import lost_in_transit_parts
from tests.benchmarks.plain.mirror_gap import mirror_gap
from tests.benchmarks.plain.origin_attribution import origin_attribution
from tests.benchmarks.plain.pass_through import pass_through
from tests.benchmarks.plain.past_gap import past_gap
from tests.benchmarks.plain.reconciled_flow import reconciled_flow
from tests.benchmarks.plain.reporter_reliability import reporter_reliability
from tests.benchmarks.plain.screening import screening
from tests.benchmarks.plain.steps import Read, reader, write
from tests.benchmarks.plain.substitution import substitution
from tests.benchmarks.plain.unit_value_ratio import unit_value_ratio
from warehouse.house import House

MARTS: dict[str, Callable[[Read], pd.DataFrame]] = {
    "mart.mirror_gap": mirror_gap,
    "mart.reporter_reliability": reporter_reliability,
    "mart.past_gap": past_gap,
    "mart.reconciled_flow": reconciled_flow,
    "mart.concentration": concentration,
    "mart.import_origin": import_origin,
    "mart.lost_in_transit": lost_in_transit,
    "mart.absorption": absorption,
    "mart.unit_value_ratio": unit_value_ratio,
    "mart.pass_through": pass_through,
    "mart.substitution": substitution,
    "mart.extensive_margin": extensive_margin,
    "mart.lost_in_transit_parts": lost_in_transit_parts,
    "mart.origin_attribution": origin_attribution,
    "mart.listed_corridor": listed_corridor,
    "mart.hub_onward": hub_onward,
    "mart.hub_inflow": hub_inflow,
    "mart.screening": screening,
}


def compute(house: House, own: Path, name: str) -> None:
    """One mart from the house's store, and from what pandas put under `own` before it."""
    write(own, name, MARTS[name](reader(house, own)))
