"""The marts that carry the load, by plain pandas: what a script would cost, and a second opinion.

Here belongs pandas as an analyst who knows it well would write it. `differences` holds every column
of every row against the SQL's. It was written with the SQL at hand: it finds slips of execution (a
join that doubles, a NULL that passes, an order that leaks), not faults of the method.

The same: the Parquet read, and checked for its hash; every column with its ranges, drivers,
statuses, reasons and flags; rows in the order of the key; Parquet written with zstd; a process a
mart. Not the same: money is float64, not DECIMAL; a table stands in memory whole and in one file,
where the SQL may go year by year and spill to disk; most steps use one thread. Read as they are
stored: the reference, LEFT_OUT, transformed.dataset, transformed.mirror_statistics.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests.benchmarks.plain.absorption import absorption
from tests.benchmarks.plain.concentration import concentration
from tests.benchmarks.plain.exporter_coverage import exporter_coverage
from tests.benchmarks.plain.extensive_margin import extensive_margin
from tests.benchmarks.plain.family_bound import family_bound
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
from tests.benchmarks.plain.product_series import product_series
from tests.benchmarks.plain.receipt import receipt
from tests.benchmarks.plain.reconciled_flow import reconciled_flow
from tests.benchmarks.plain.reporter_reliability import reporter_reliability
from tests.benchmarks.plain.route import route
from tests.benchmarks.plain.screening import screening
from tests.benchmarks.plain.silent_exporter import silent_exporter
from tests.benchmarks.plain.steps import Read, reader, write
from tests.benchmarks.plain.substitution import substitution
from tests.benchmarks.plain.unit_value_ratio import unit_value_ratio
from warehouse.house import House

# Marts that pandas does not compute, and why.
LEFT_OUT = {
    "mart.claim": "holds what others state against other marts: it weighs a few figures, not rows",
    "mart.exporter_set": "lists of the reference, no figures",
    "mart.listed_code": "lists of the reference, no figures",
    "mart.listed_series": "lists of the reference, no figures",
    "mart.product_family": "lists of the reference, no figures",
    "mart.product_group": "lists of the reference, no figures",
}
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
    "mart.family_bound": family_bound,
    "mart.listed_corridor": listed_corridor,
    "mart.hub_onward": hub_onward,
    "mart.hub_inflow": hub_inflow,
    "mart.screening": screening,
    "mart.product_series": product_series,
    "mart.silent_exporter": silent_exporter,
    "mart.exporter_coverage": exporter_coverage,
    "mart.receipt": receipt,
    "mart.route": route,
}


def compute(house: House, own: Path, name: str) -> None:
    """One mart from the house's store, and from what pandas put under `own` before it."""
    write(own, name, MARTS[name](reader(house, own)))
