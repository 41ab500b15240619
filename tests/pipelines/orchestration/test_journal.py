"""The journal: a line an event, no secret in it, and no run stopped for its sake."""

import json
import logging
from pathlib import Path

import pytest

from pipelines.orchestration import journal
from pipelines.orchestration.journal import LOG
from pipelines.orchestration.progress import watch

KEY = 'k-"17"-secret'


def test_an_event_becomes_a_line_with_its_fields(tmp_path: Path) -> None:
    with journal.kept(tmp_path, profile="demo"), watch.step("raw.trade_flow") as told:
        told.rows = 3
    (line,) = journal.lines(tmp_path)
    expected = {"kind": "step", "step": "raw.trade_flow", "rows": 3, "profile": "demo"}
    assert expected.items() <= line.items()
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_a_step_that_fails_is_told_with_its_reason(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="seven"),
        journal.kept(tmp_path, profile="demo"),
        watch.step("mart.claim"),
    ):
        raise ValueError("seven")
    (line,) = journal.lines(tmp_path)
    assert (line["kind"], line["step"], line["level"]) == ("failed", "mart.claim", "error")
    assert "seven" in line["event"]


def test_no_line_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    with journal.kept(tmp_path):
        LOG.warning("asked with %s", KEY, extra={"address": f"?key={KEY}"})
    text = journal.path_of(tmp_path).read_text(encoding="utf-8")
    assert "asked with ***" in text
    assert KEY not in text
    assert json.dumps(KEY)[1:-1] not in text


def test_a_line_that_a_killed_run_left_half_written_is_passed(tmp_path: Path) -> None:
    with journal.kept(tmp_path):
        LOG.info("whole")
    with journal.path_of(tmp_path).open("a", encoding="utf-8") as file:
        file.write('{"event": "ha')
    assert [line["event"] for line in journal.lines(tmp_path)] == ["whole"]


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", encoding="utf-8")
    with journal.kept(tmp_path):
        LOG.info("lost")


def test_the_logger_is_left_as_it_was(tmp_path: Path) -> None:
    before = LOG.level, list(LOG.handlers)
    with journal.kept(tmp_path):
        assert LOG.isEnabledFor(logging.INFO)
    assert (LOG.level, list(LOG.handlers)) == before


def test_a_run_tells_its_beginning_its_steps_and_what_it_published(headline_root: Path) -> None:
    lines = journal.lines(headline_root)
    kinds = [line.get("kind") for line in lines]
    assert kinds[0] == "begins"
    assert kinds[-1] == "ends"
    assert kinds.count("published") == 1
    assert {line["profile"] for line in lines} == {"headline"}
    assert {"raw.trade_flow", "mart.mirror_gap"} <= {line.get("step") for line in lines}
