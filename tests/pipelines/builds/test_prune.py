"""Pruning takes away what nothing rests on, and nothing else; a dry run takes nothing."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines import cli
from pipelines.builds import pruning, verification
from warehouse import builds, pins
from warehouse.archive import Archive, Entry
from warehouse.builds import Build
from warehouse.lock import held


def put(root: Path, content: bytes, address: str, source: str = "comtrade") -> Entry:
    said = {"release": address, "retrieved_at": "", "licence": "", "citation": ""}
    return Archive(root / "archive").put(content, source=source, address=address, **said)


def keep(root: Path, number: int, inputs: list[Entry]) -> str:
    """A build without tables that rests on archived files."""
    build_id = f"comtrade-{number:06d}-0a0b0c0d"
    rows = [{**asdict(one), "url": one.address} for one in inputs]
    made = Build(build_id, "comtrade", number, "", "", {}, {}, "", {}, rows, [], {}, {})
    with builds.staged(root, build_id) as part:
        builds.write(part, made)
    return build_id


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three builds, each on a newer answer, an answer pinned, and one of a download under way."""
    root = tmp_path / "root"
    for number in (1, 2, 3):
        put(root, b"data sets %d" % number, f"/getDa?{number}")
        keep(root, number, [put(root, b"answer %d" % number, "/get")])
    put(root, b"half a download", "/get?half")
    return root


def left(root: Path) -> set[bytes]:
    return {path.read_bytes() for path in (root / "archive").glob("??/*")}


def prune(root: Path, *words: str) -> Result:
    return CliRunner().invoke(cli.main, ["prune", *words, "--root", str(root)])


def test_a_dry_run_names_all_and_takes_nothing(root: Path) -> None:
    before = left(root)
    done = prune(root, "--keep", "1", "--dry-run")
    assert done.exit_code == 0
    assert "build comtrade-000001-" in done.output
    assert hashlib.sha256(b"answer 1").hexdigest() in done.output
    assert "2 builds and 5 archive files would be taken away" in done.output
    assert left(root) == before
    assert len(builds.ids(root)) == 3


def test_what_is_named_goes_and_the_newest_build_keeps_its_inputs(root: Path) -> None:
    assert "taken away" in prune(root, "--keep", "1").output
    assert [one.rsplit("-", 1)[0] for one in builds.ids(root)] == ["comtrade-000003"]
    assert left(root) == {b"answer 3", b"half a download"}
    assert [one.address for one in Archive(root / "archive").received()] == ["/get", "/get?half"]


def test_a_build_that_stays_keeps_its_inputs(root: Path) -> None:
    prune(root, "--keep", "2")
    assert {b"answer 2", b"answer 3"} <= left(root)
    assert b"answer 1" not in left(root)


def test_pins_and_offers_keep_their_inputs(root: Path) -> None:
    one = next(e for e in Archive(root / "archive").received() if e.address == "/getDa?1")
    for path in (pins.pinned(root, "comtrade"), pins.offered(root, "official")):
        pins.write(path, [{**asdict(one), "url": one.address}], "")
        prune(root, "--keep", "1")
        assert b"data sets 1" in left(root)
        pins.forget(path)
    prune(root, "--keep", "1")
    assert b"data sets 1" not in left(root)


def test_bytes_that_no_line_names_go(root: Path) -> None:
    stray = root / "archive" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"a crash left it")
    prune(root)
    assert not stray.exists()
    assert len(left(root)) == 4


def test_twice_is_once(root: Path) -> None:
    prune(root, "--keep", "1")
    before = left(root)
    assert "0 builds and 0 archive files taken away" in prune(root, "--keep", "1").output
    assert left(root) == before


def test_nothing_goes_while_a_profile_runs(root: Path) -> None:
    import subprocess
    import sys

    holder = (
        "import sys, time; from pathlib import Path; from warehouse.lock import held\n"
        "with held(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    lock = root / "scratch" / "demo.lock"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(lock)], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "held\n"
        done = prune(root, "--keep", "1")
        running.kill()
    assert done.exit_code == 3
    assert "is being run by another process" in done.output
    assert len(builds.ids(root)) == 3


def test_an_altered_build_stops_it(root: Path) -> None:
    path = root / "builds" / builds.ids(root)[-1] / "build.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "inputs": []}), encoding="utf-8")
    before = left(root)
    assert prune(root, "--keep", "1").exit_code == 3
    assert left(root) == before


@pytest.fixture
def killed_between(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The power goes when the lines are gone and the bytes are not."""

    def gone(self: Path, missing_ok: bool = False) -> None:
        if len(self.name) == 64:
            raise KeyboardInterrupt
        if self.exists():
            self.rename(self.with_name("gone"))

    monkeypatch.setattr(Path, "unlink", gone)
    yield
    monkeypatch.undo()


@pytest.mark.usefixtures("killed_between")
def test_a_prune_that_dies_leaves_no_line_that_points_at_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        pruning.prune(root, 1)
    monkeypatch.undo()
    assert [e for e in Archive(root / "archive").received() if e.address == "/getDa?1"] == []
    prune(root, "--keep", "1")
    assert left(root) == {b"answer 3", b"half a download"}


def test_a_pruned_warehouse_is_whole(own_root: Path) -> None:
    kept = builds.found(own_root, "headline")
    copy = replace(kept, id="headline-000000-0a0b0c0d", number=0)
    with builds.staged(own_root, copy.id) as part:
        builds.write(part, copy)
    prune(own_root, "--keep", "1")
    assert builds.ids(own_root, "headline") == [kept.id]
    assert [str(wrong) for wrong in verification.verified(own_root).wrong] == []


def test_held_is_given_back(root: Path) -> None:
    prune(root)
    with held(root / "scratch" / "demo.lock"):
        pass
