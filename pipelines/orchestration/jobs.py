"""The jobs: a profile whole, and the download of a profile whose publishers bring out releases.

Here belongs what a job consists of. What starts one by itself stands in automation.py.
"""

from functools import cache
from typing import Any

import dagster as dg

from pipelines.orchestration.resource import HouseResource
from pipelines.orchestration.specs import LOOK, YEARS, key_of
from pipelines.profiles import PROFILES, Profile

# On every run, so that a queue never has two of one profile under way (dagster.yaml).
PROFILE = "mirror_trade/profile"


def all_jobs() -> list[Any]:
    """Every job there is."""
    return [*(whole(profile) for profile in PROFILES.values()), *map(releases, with_releases())]


def with_releases() -> list[Profile]:
    """Profiles that new releases can be looked for."""
    return [profile for profile in PROFILES.values() if profile.has_releases]


@cache
def whole(profile: Profile) -> Any:
    """Every asset of a profile."""
    return dg.define_asset_job(
        profile.name,
        selection=dg.AssetSelection.all(),
        description=f"Every asset of profile {profile.name}: {profile.text}.",
        config=_config(profile),
        partitions_def=YEARS,
        executor_def=dg.in_process_executor,
        tags={PROFILE: profile.name},
    )


@cache
def releases(profile: Profile) -> Any:
    """The download alone: asks the publishers, and keeps what the archive does not have."""
    return dg.define_asset_job(
        f"releases_of_{profile.name}",
        selection=dg.AssetSelection.assets(key_of("raw.source_file")),
        description=f"New releases of profile {profile.name}: downloaded, and nothing computed.",
        config=_config(profile),
        executor_def=dg.in_process_executor,
        tags={PROFILE: profile.name, LOOK: "for releases"},
    )


def _config(profile: Profile) -> dg.RunConfig:
    return dg.RunConfig(resources={"house": HouseResource(profile=profile.name)})
