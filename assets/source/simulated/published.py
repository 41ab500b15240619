"""What the reporters of the simulated world print of its truth.

Here: the finished table of rows, the ledger of its defects, the office's independent totals.
Not here: the truth itself (world), or how rows travel (api).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from assets.source.simulated.aggregates import OfficeTotals, printed
from assets.source.simulated.breakdown import breakdown
from assets.source.simulated.codes import AREA_CODES, CODES, CUSTOMS, FLOWS, MODES
from assets.source.simulated.defects import defects
from assets.source.simulated.draws import Ints
from assets.source.simulated.recorded import recorded
from assets.source.simulated.rows import KINDS, NULL, Rows, concat, from_cells
from assets.source.simulated.settings import WorldSettings
from assets.source.simulated.weights import with_flags
from assets.source.simulated.world import World

Key = tuple[int, int, str, str, int, str, int]
"""reporterCode, partnerCode, flowCode, cmdCode, year, customsCode, motCode."""


@dataclass(frozen=True)
class Published:
    """Rows in the order in which the API answers, with what was done to them.

    `absent` holds the packed keys of HS6 cells that exist but are not printed: `suppressed`
    (in their parents and World) and `incomplete` (nowhere in the dataset). `office_totals`
    is (reporter, flow, year, cents), complete also where the dataset is not.
    """

    settings: WorldSettings
    rows: Rows
    absent: Mapping[str, Ints]
    office_totals: OfficeTotals

    @cached_property
    def defects(self) -> dict[str, list[Key]]:
        """Kind of defect -> key of each such row; a copy counts once per copy."""
        kinds = self.rows.kind
        return {
            kind: self.keys(self.rows.take(kinds == number))
            for number, kind in enumerate(KINDS)
            if number and (kinds == number).any()
        }

    @cached_property
    def withheld(self) -> dict[str, list[Key]]:
        """The keys of `absent`, spelled out."""
        zero = np.zeros(0, dtype=np.int64)
        return {
            name: self.keys(Rows(keys, keys & 511, keys * 0, keys * 0, *[zero] * 6))
            for name, keys in self.absent.items()
        }

    @staticmethod
    def keys(rows: Rows) -> list[Key]:
        columns: Sequence[Sequence[object]] = (
            AREA_CODES[rows.reporter].tolist(),
            AREA_CODES[rows.partner].tolist(),
            [FLOWS[f] for f in rows.flow.tolist()],
            [CODES[c] for c in rows.code.tolist()],
            rows.year.tolist(),
            [CUSTOMS[c] for c in rows.customs.tolist()],
            [MODES[m] for m in rows.mode.tolist()],
        )
        return list(zip(*columns, strict=True))  # type: ignore[arg-type]

    def frame(self) -> pd.DataFrame:
        """All rows as a table for scoring and tests: codes spelled out, money in cents."""
        rows = self.rows
        return pd.DataFrame(
            {
                "year": rows.year,
                "flow": _named(rows.flow, FLOWS),
                "reporter": AREA_CODES[rows.reporter],
                "partner": AREA_CODES[rows.partner],
                "product": _named(rows.code, CODES),
                "customs": _named(rows.customs, CUSTOMS),
                "mode": np.array(MODES)[rows.mode],
                "value_cents": _nullable(rows.value),
                "weight_grams": _nullable(rows.weight),
                "reported": rows.reported == 1,
                "kind": _named(rows.kind, KINDS),
            }
        )


def _named(column: Ints, names: Sequence[str]) -> object:
    return pd.Categorical.from_codes(column, categories=pd.Index(names))


def _nullable(column: Ints) -> pd.Series:
    return pd.Series(column, dtype="Int64").mask(column == NULL)


def _in_order(rows: Rows) -> Rows:
    """By year, flow, partner, reporter, product; then breakdown, then copies."""
    head = rows.key >> 23 << 14 | rows.partner << 7 | rows.reporter
    tail = ((rows.asked << 3 | rows.customs) << 3 | rows.mode) << 4 | rows.kind
    return rows.take(np.argsort(head << 20 | tail, kind="stable"))


def publish(world: World) -> Published:
    """Everything the reporters of a world print, clean rows and defects."""
    seed = world.settings.seed
    shown = printed(world, recorded(world))
    clean = with_flags(world.settings, from_cells(shown.cells))
    rows = concat([clean, breakdown(seed, clean), defects(seed, clean)])
    absent = {"suppressed": shown.suppressed, "incomplete": shown.incomplete}
    return Published(world.settings, _in_order(rows), absent, shown.office)
