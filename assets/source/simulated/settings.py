"""The dials of the simulated world.

Here: what a caller may choose. Not here: what follows from the choice (gravity, scheme, recorded).
"""

from dataclasses import dataclass
from typing import Literal

SchemeName = Literal["standard", "none", "mostly_unrecorded", "half"]


@dataclass(frozen=True)
class WorldSettings:
    """One world. The same settings give the same bytes on every machine.

    `scheme` names the planted scheme: `standard`; `none`; `mostly_unrecorded` (most of what
    goes to Russia never enters the hub's records); `half` (the standard one at half its size).
    `kz_completeness` is roughly the share of Kazakhstan's imports present in the incomplete
    years (less than half of it for China, more for others). `noise_after_2021` multiplies every
    reporter's noise from 2022 on. `silent` lists reporters with the first year they publish
    nothing of.
    """

    seed: int
    years: range = range(2017, 2025)
    scheme: SchemeName = "standard"
    kz_incomplete_years: tuple[int, ...] = (2020, 2021, 2022)
    kz_completeness: float = 0.67
    noise_after_2021: float = 1.0
    silent: tuple[tuple[str, int], ...] = (("RUS", 2022),)
