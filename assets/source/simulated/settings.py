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

    `shared_noise` is the share of a reporter's yearly variance that all its products have in
    common; `noisier_office` multiplies the noise of one of a reporter's two offices, imports or
    exports; `code_breaks` is the share of products that half of the reporters file under a
    neighbouring code from 2022 on, as no correlation table says.
    """

    seed: int
    years: range = range(2017, 2025)
    scheme: SchemeName = "standard"
    kz_incomplete_years: tuple[int, ...] = (2020, 2021, 2022)
    kz_completeness: float = 0.67
    noise_after_2021: float = 1.0
    silent: tuple[tuple[str, int], ...] = (("RUS", 2022),)
    shared_noise: float = 0.0
    noisier_office: float = 1.0
    code_breaks: float = 0.0
