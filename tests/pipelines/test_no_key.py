"""A key in the environment stands in no file, log or database that a run leaves."""

import base64
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from assets.source.simulated.api import serve
from assets.source.simulated.faults import Fault
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from pipelines import cli
from warehouse.engine import quoted

# Told apart by every search: with a quote, a slash and a letter that JSON escapes.
KEY = 's3cr3t/é"0123456789abcdef'
PLAIN_KEY = "0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c"
KEYS = {"COMTRADE_API_KEY": KEY, "STAND_IN_API_KEY": PLAIN_KEY}
PROJECT = Path(cli.__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


def rehearsed(root: Path, address: str) -> "subprocess.CompletedProcess[bytes]":
    """A run of profile comtrade with keys, whose Dagster keeps its runs and logs."""
    home = root.parent / "dagster"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "tests.comtrade.rehearse", "run", str(root), address],
        cwd=PROJECT,
        env={**os.environ, **KEYS, "DAGSTER_HOME": str(home)},
        capture_output=True,
        timeout=600,
        check=False,
    )


def forms(key: str) -> set[bytes]:
    """A key as it is, as JSON and addresses escape it, and as headers encode it."""
    plain = key.encode()
    escaped = key.replace('"', '\\"')
    return {
        plain,
        escaped.encode(),
        escaped.encode("unicode_escape").replace(b"\\\\", b"\\"),
        quote(key).encode(),
        quote(key, safe="").encode(),
        base64.b64encode(plain),
    }


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder: its bytes, and what is packed inside as plain text."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
            yield path, unpacked(path)


def unpacked(path: Path) -> bytes:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return b"\n".join(packed.read(name) for name in packed.namelist())
    if path.suffix == ".parquet":
        return rows(f"from read_parquet({quoted(path)})")
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
            ).fetchall()
            return b"\n".join(rows(f"from {name}", connection) for (name,) in names)
    return b""


def rows(query: str, connection: duckdb.DuckDBPyConnection | None = None) -> bytes:
    cursor = connection.cursor() if connection else duckdb.connect()
    with cursor:
        return "\n".join(map(str, cursor.execute(query).fetchall())).encode()


def found(folder: Path, *said: bytes) -> list[str]:
    """Files, or outputs, in which a key stands in whatever form."""
    wanted = {form for key in KEYS.values() for form in forms(key)}
    places = [*contents(folder), *((Path("output"), one) for one in said)]
    return [str(path) for path, content in places if any(form in content for form in wanted)]


def test_the_search_finds_a_key_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"key={PLAIN_KEY}", encoding="utf-8")
    (tmp_path / "b.log").write_bytes(KEY.encode())
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inside", f"{PLAIN_KEY * 2}")
    with duckdb.connect(str(tmp_path / "d.duckdb")) as connection:
        connection.execute("create schema s")
        connection.execute(f"create table s.t as select '{PLAIN_KEY}' as k from range(9)")
        copied = quoted(tmp_path / "e.parquet")
        connection.execute(f"copy s.t to {copied} (format parquet, compression zstd)")
    names = {Path(one).name for one in found(tmp_path)}
    assert names == {"a.log", "b.log", "c.zip", "d.duckdb", "e.parquet"}


def test_a_run_with_a_key_leaves_it_nowhere(world: Published, tmp_path: Path) -> None:
    root = tmp_path / "all" / "root"
    root.mkdir(parents=True)
    with serve(world, key=PLAIN_KEY) as address:
        done = rehearsed(root, address)
        asked = [url for url in address.requests if url.startswith("/data/")]
    assert done.returncode == 0, done.stderr[-2000:]
    assert asked, "the key opened nothing: the run did not use it"
    assert (root / "comtrade.duckdb").exists()
    assert list((tmp_path / "all" / "dagster").rglob("*.db"))
    assert found(tmp_path / "all", done.stdout, done.stderr) == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", 401, f'{{"message": "invalid subscription key {PLAIN_KEY}"}}'.encode()),
        Fault("status", 200, f'{{"data": [], "key": "{PLAIN_KEY}"}}'.encode()),
    ],
    ids=["refusal", "answer"],
)
def test_a_server_that_repeats_the_key_does_not_bring_it_into_a_log(
    world: Published, tmp_path: Path, fault: Fault
) -> None:
    root = tmp_path / "all" / "root"
    root.mkdir(parents=True)
    with serve(world, faults=lambda number, url: fault if "/data/v1/get/" in url else None) as base:
        done = rehearsed(root, base)
    assert done.returncode == 1
    assert found(tmp_path / "all", done.stdout, done.stderr) == []
