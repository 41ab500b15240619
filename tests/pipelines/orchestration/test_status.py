"""`mirror-trade status`: how the last run ended, what is stale and why, and what takes room."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import profiles
from pipelines.orchestration import journal, status
from pipelines.orchestration.journal import LOG
from warehouse import builds

NOW = datetime.now(UTC)


def test_the_last_run_is_told_with_its_build(headline_root: Path) -> None:
    (build,) = builds.ids(headline_root, "headline")
    assert status.last_run("headline", headline_root).endswith(f"published build {build}")


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["begins", "failed", "ends"], "failed in raw.trade_flow: no room"),
        (["begins", "ends"], "ended without a file"),
        (["begins", "step"], "did not end"),
        (["begins", "published", "ends", "begins"], "did not end"),
    ],
    ids=" ".join,
)
def test_a_run_without_a_file_is_told_as_it_ended(
    tmp_path: Path, kinds: list[str], told: str
) -> None:
    with journal.kept(tmp_path, profile="demo"):
        for kind in kinds:
            LOG.info("no room", extra={"kind": kind, "step": "raw.trade_flow", "build": "b"})
    assert status.last_run("demo", tmp_path).endswith(told)
    assert status.last_run("headline", tmp_path) == "none in the journal"


def test_what_was_just_published_is_not_stale(headline_root: Path) -> None:
    assert list(status.stale("headline", headline_root, NOW)) == []


def test_an_altered_file_is_told(own_root: Path) -> None:
    with (own_root / "headline.duckdb").open("ab") as file:
        file.write(b"x")
    (reason,) = status.stale("headline", own_root, NOW)
    assert "not the one that was published" in reason


def test_changed_code_is_told_with_its_file(
    headline_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = status.made_from.code_hashes()
    changed = real | {"assets/mirror_statistics.sql": "0" * 64}
    monkeypatch.setattr(status.made_from, "code_hashes", lambda: changed)
    monkeypatch.setattr(status.meta_run, "code_version", lambda: "another")
    (reason,) = status.stale("headline", headline_root, NOW)
    assert "1 files, assets/mirror_statistics.sql first" in reason


def test_other_packages_are_told(headline_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status.meta_run, "package_versions", lambda: {"duckdb": "0"})
    (reason,) = status.stale("headline", headline_root, NOW)
    assert "versions of packages" in reason


def test_publishers_not_asked_for_long_are_told_only_where_there_are_any(
    headline_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + status.LOOK_EVERY + timedelta(days=1)
    assert list(status.stale("headline", headline_root, later)) == []
    official = profiles.PROFILES["official"]
    monkeypatch.setitem(profiles.PROFILES, "headline", official)
    (reason,) = status.stale("headline", headline_root, later)
    assert "publishers were last asked on" in reason


def test_room_counts_a_file_with_two_names_once(tmp_path: Path) -> None:
    for folder in ("builds", "headline", "archive"):
        (tmp_path / folder).mkdir()
    (tmp_path / "builds" / "a").write_bytes(bytes(1000))
    (tmp_path / "headline" / "a").hardlink_to(tmp_path / "builds" / "a")
    (tmp_path / "archive" / "b").write_bytes(bytes(10))
    (tmp_path / "http.py").write_text("code is no room taken", encoding="utf-8")
    assert status.room(tmp_path) == [("builds", 1000), ("archive", 10)]


def test_a_file_alone_is_told_too(headline_root: Path, tmp_path: Path) -> None:
    shutil.copy(headline_root / "headline.duckdb", tmp_path)
    assert list(status.stale("headline", tmp_path, NOW)) == []
    assert status.show(["headline"], tmp_path)
