"""The worlds that are scored, and the seeds they are drawn from.

SCORED_SEEDS were written down here before any estimator was run on them, and no constant was
chosen with them. DEVELOPMENT_SEEDS are for building and trying. Seeds 1001-1030 were scored by an
earlier attempt and are used for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assets.source.simulated.settings import WorldSettings

SCORED_SEEDS = tuple(range(2001, 2031))
DEVELOPMENT_SEEDS = tuple(range(1, 21))


@dataclass(frozen=True)
class Kind:
    """A kind of world. `has_office`: an independent total tells where Kazakhstan is incomplete."""

    name: str
    text: str
    dials: Mapping[str, object]
    has_office: bool = True

    def settings(self, seed: int) -> WorldSettings:
        return WorldSettings(seed, **self.dials)  # type: ignore[arg-type]


_LARGE_AND_SILENT = (("RUS", 2022), ("CHN", 2022), ("DEU", 2022), ("USA", 2022))

KINDS = {
    kind.name: kind
    for kind in (
        Kind("standard", "the standard world", {}),
        Kind("no_scheme", "no scheme at all", {"scheme": "none"}),
        Kind(
            "mostly_unrecorded",
            "most of the scheme never enters the hub's records",
            {"scheme": "mostly_unrecorded"},
        ),
        Kind("half", "the scheme at half its size", {"scheme": "half"}),
        Kind(
            "kz_incomplete",
            "Kazakhstan's imports 60% complete after 2019, and no independent total that tells",
            {"kz_incomplete_years": tuple(range(2020, 2025)), "kz_completeness": 0.6},
            has_office=False,
        ),
        Kind("noisier", "noise 1.3 times larger after 2021", {"noise_after_2021": 1.3}),
        Kind(
            "shared_noise",
            "half of the yearly noise common to all products of a reporter",
            {"shared_noise": 0.5},
        ),
        Kind(
            "unequal_offices",
            "one of each reporter's two offices twice as noisy",
            {"noisier_office": 2.0},
        ),
        Kind(
            "silent", "China, Germany and the USA silent after 2021", {"silent": _LARGE_AND_SILENT}
        ),
        Kind(
            "code_breaks",
            "15% of codes filed under a neighbour by half of the reporters after 2021",
            {"code_breaks": 0.15},
        ),
    )
}
