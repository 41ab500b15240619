"""The same seed gives the same bytes, whatever the machine; another seed gives others."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import httpx

from assets.source.simulated.api import Served, serve
from assets.source.simulated.published import publish
from assets.source.simulated.world import WorldSettings, build_world

from .conftest import PREVIEW

ROOT = Path(__file__).parents[3]
URLS = (
    f"{PREVIEW}?reporterCode=398&period=2023&flowCode=M&cmdCode=AG6",
    f"{PREVIEW}?period=2022&partnerCode=398&flowCode=X&cmdCode=TOTAL,854231&includeDesc=true",
    "/public/v1/getDa/C/A/HS",
    "/public/v1/getMetadata/C/A/HS?reporterCode=398",
    "/files/v1/app/reference/H5.json",
    "/national/kaz_totals.csv",
)
# The bytes of world 7. A change here is a change of every simulated result: say so.
WORLD_7 = "939fadb0596d7d6fb31aa95748baa2f346a2ff8f7946e863239c7f3f622a7b05"


def digest(base: str) -> str:
    found = hashlib.sha256()
    with httpx.Client(base_url=base) as http:
        for url in URLS:
            answer = http.get(url)
            assert answer.status_code == 200
            found.update(answer.headers["date"].encode() + answer.content)
    return found.hexdigest()


def test_the_same_seed_gives_the_same_bytes_on_every_machine(base: Served) -> None:
    assert digest(base) == WORLD_7


def test_the_same_seed_gives_the_same_bytes_in_another_process(base: Served) -> None:
    code = (
        "from tests.source.simulated.test_bytes import *\n"
        "with serve(publish(build_world(WorldSettings(7)))) as base: print(digest(base))"
    )
    other = {"PYTHONHASHSEED": "5", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Almaty"}
    other |= {"OMP_NUM_THREADS": "1", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT, env={**os.environ, **other}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == digest(base)


def test_another_seed_gives_other_bytes(base: Served) -> None:
    with serve(publish(build_world(WorldSettings(8)))) as other:
        assert digest(other) != digest(base)


def test_command_line_shows_an_example() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "assets.source.simulated.api", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "curl 'http://127.0.0.1:8765/public/v1/preview/C/A/HS?" in ran.stdout
