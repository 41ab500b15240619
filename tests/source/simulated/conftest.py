"""One simulated world for all tests of this room, served once."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pandas as pd
import pytest

from assets.source.simulated.api import Served, serve
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import World, WorldSettings, build_world

PREVIEW = "/public/v1/preview/C/A/HS"
KEYED = "/data/v1/get/C/A/HS"
TOTALS_ONLY = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
Get = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(WorldSettings(seed=7))


@pytest.fixture(scope="session")
def published(world: World) -> Published:
    return publish(world)


@pytest.fixture(scope="session")
def frame(published: Published) -> pd.DataFrame:
    return published.frame()


@pytest.fixture(scope="session")
def base(published: Published) -> Iterator[Served]:
    with serve(published) as served:
        yield served


@pytest.fixture(scope="session")
def client(base: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, timeout=30) as http:
        yield http


@pytest.fixture(scope="session")
def get(client: httpx.Client) -> Get:
    """Rows of the keyed path; keyword arguments are parameters."""

    def rows(**parameters: str) -> list[dict[str, Any]]:
        answer = client.get(KEYED, params={"subscription-key": "any", **parameters})
        answer.raise_for_status()
        data: list[dict[str, Any]] = answer.json()["data"]
        return data

    return rows
