"""A table of printed rows, as columns of whole numbers.

Here: the columns, their packed key, sums by key. Not here: which rows there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from assets.source.simulated.draws import Ints

NULL = -(2**62)
KINDS = (
    "clean",
    "duplicate",
    "breakdown",
    "subflow",
    "unknown_reporter",
    "unknown_partner",
    "group_partner",
    "wrong_digits",
    "not_in_vintage",
    "negative_value",
    "null_value",
    "self_trade",
)
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Columns of equal length.

    `key` packs year, flow, reporter, partner and the product code ASKED for; `code` is the
    code printed, which differs only where a reporter misprinted it. `value` and `fob` are
    cents, `weight` grams, NULL where not given. `estimation` is legacyEstimationFlag.
    """

    key: Ints
    code: Ints
    customs: Ints
    mode: Ints
    value: Ints
    fob: Ints
    weight: Ints
    estimation: Ints
    reported: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.key)

    def take(self, where: Ints | Mask | slice) -> Rows:
        return Rows(*(getattr(self, f.name)[where] for f in fields(self)))

    def marked(self, kind: str) -> Rows:
        return replace(self, kind=np.full(len(self), KINDS.index(kind), dtype=np.int64))

    @property
    def year(self) -> Ints:
        return 2000 + (self.key >> 26)

    @property
    def flow(self) -> Ints:
        return self.key >> 23 & 7

    @property
    def reporter(self) -> Ints:
        return self.key >> 16 & 127

    @property
    def partner(self) -> Ints:
        return self.key >> 9 & 127

    @property
    def asked(self) -> Ints:
        return self.key & 511


def pack(
    year: Ints | int, flow: Ints | int, reporter: Ints | int, partner: Ints | int, code: Ints | int
) -> Ints:
    packed = np.asarray(year, dtype=np.int64) - 2000 << 3 | flow
    return np.asarray(((packed << 7 | reporter) << 7 | partner) << 9 | code, dtype=np.int64)


def with_flow(key: Ints, flow: int) -> Ints:
    return key & ~np.int64(7 << 23) | flow << 23


def with_reporter(key: Ints, reporter: int) -> Ints:
    return key & ~np.int64(127 << 16) | reporter << 16


def with_partner(key: Ints, partner: Ints | int) -> Ints:
    return key & ~np.int64(127 << 9) | partner << 9


def with_code(key: Ints, code: Ints | int) -> Ints:
    return key & ~np.int64(511) | code


def concat(parts: Sequence[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Rows)))


@dataclass(frozen=True)
class Cells:
    """Sums by key before they become rows: cents CIF or FOB, cents FOB, grams."""

    key: Ints
    value: Ints
    fob: Ints
    weight: Ints

    def take(self, where: Ints | Mask) -> Cells:
        return Cells(self.key[where], self.value[where], self.fob[where], self.weight[where])


def join(parts: Sequence[Cells]) -> Cells:
    return Cells(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Cells)))


def sum_by(key: Ints, cells: Cells) -> Cells:
    """Cells summed over equal keys, in the order of the keys. Whole numbers: order is free."""
    if not len(key):
        return cells
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    value, fob, weight = (
        np.add.reduceat(column[order], starts) for column in (cells.value, cells.fob, cells.weight)
    )
    return Cells(ordered[starts], value, fob, weight)


def from_cells(cells: Cells) -> Rows:
    zero = np.zeros(len(cells.key), dtype=np.int64)
    code = cells.key & 511
    return Rows(
        cells.key, code, zero, zero, cells.value, cells.fob, cells.weight, zero, zero + 1, zero
    )
