"""Chance and logarithms in whole numbers.

Here: draws that depend only on the seed, a name and a cell, and exact log tables.
Not here: what is drawn.

Every log is a whole number of ten-thousandths. Vectorized exp and log differ in the
last bit between processors, and one flipped cent would change the bytes of a file; a table
computed once with exact arithmetic does not. A draw is a hash of its cell, not a step of
a stream, so switching the scheme off leaves every other draw of the world untouched.
"""

import hashlib
import math
from decimal import Decimal
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

LOG = 10_000
_LOW, _HIGH = -12, 36
_GRID = 8192


@cache
def _exponentials() -> npt.NDArray[np.float64]:
    """exp(x) on the grid of ten-thousandths from _LOW to _HIGH: exact products only."""
    mantissa = np.array([round(math.exp(step / LOG) * 10**9) for step in range(LOG)], dtype=float)
    powers = np.array([float(Decimal(n).exp()) for n in range(_LOW, _HIGH)])
    table: npt.NDArray[np.float64] = (powers[:, None] * mantissa[None, :] / 1e9).ravel()
    return table


@cache
def _quantiles() -> Ints:
    normal = NormalDist()
    return np.array(
        [round(normal.inv_cdf((i + 0.5) / _GRID) * LOG) for i in range(_GRID)], dtype=np.int64
    )


def exponential(logs: Ints) -> npt.NDArray[np.float64]:
    return _exponentials()[np.clip(logs, _LOW * LOG, _HIGH * LOG - 1) - _LOW * LOG]


def from_log(logs: Ints) -> Ints:
    """Whole cents of a log of cents."""
    return np.rint(exponential(logs)).astype(np.int64)


def scaled(values: Ints, logs: Ints) -> Ints:
    """Values times exp(logs), in whole units."""
    return np.rint(values * exponential(logs)).astype(np.int64)


def log_of(value: float) -> int:
    return round(math.log(value) * LOG)


def share_of(values: Ints, shares: Ints | int) -> Ints:
    """The part of each value that a share in ten-thousandths makes, in whole units.

    Divided before multiplied where that would overflow: values reach 1e15 cents.
    """
    whole, rest = values // LOG, values % LOG
    return whole * shares + rest * shares // LOG


def _bits(seed: int, name: str, cells: Ints) -> npt.NDArray[np.uint64]:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    start = np.uint64(int.from_bytes(digest[:8], "little"))
    x = cells.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def normal(seed: int, name: str, cells: Ints, spread: Ints | int) -> Ints:
    """Normal draws with standard deviation `spread`, both in ten-thousandths."""
    z = _quantiles()[(_bits(seed, name, cells) >> np.uint64(51)).astype(np.int64)]
    return z * spread // LOG


def uniform(seed: int, name: str, cells: Ints, low: int = 0, high: int = LOG) -> Ints:
    """Whole numbers from `low` up to, not including, `high`; each equally likely."""
    wide = (_bits(seed, name, cells) >> np.uint64(33)).astype(np.int64)
    return low + (wide * (high - low) >> 31)
