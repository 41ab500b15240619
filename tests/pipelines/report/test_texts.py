"""Texts of the data stay texts on the page: a claim, a citation or a name that carries a script."""

import shutil
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from pipelines.report import made, page
from pipelines.report.rows import Marts

HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'>\"'&"


@pytest.fixture
def hostile(headline_root: Path, tmp_path: Path) -> Path:
    """The page of a profile whose every claim, citation and reason carries a script."""
    copy = tmp_path / "hostile.duckdb"
    shutil.copy(headline_root / "headline.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        for table, column in (
            ("mart.claim", "statement"),
            ("mart.claim", "citation"),
            ("reference.source", "citation"),
            ("reference.reporter_silence", "reason"),
            ("meta.source_file", "citation"),
            ("meta.stage_difference", "explanation"),
            ("mart.pass_through", "reason"),
        ):
            connection.execute(f"update {table} set {column} = ?", [HOSTILE])
        connection.execute("update mart.product_group set goods = ?", [HOSTILE])
        marts = Marts(connection, "headline", False)
        written = tmp_path / made.NAME
        written.write_bytes(page.render(page.sections(marts), marts, "test"))
    return written


def test_a_text_of_the_data_is_text_on_the_page(hostile: Path) -> None:
    text = hostile.read_text(encoding="utf-8")
    assert "<img src=x" not in text
    assert "<script>window.broken" not in text
    assert text.count("&lt;img src=x") > 100


def test_a_text_of_the_data_runs_nothing(hostile: Path, browser: Browser) -> None:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(hostile.as_uri())
    opened.locator("#product-choice").select_option("8542")
    assert opened.evaluate("window.broken") is None
    assert HOSTILE in (opened.locator("#product-name").text_content() or "")
    assert said == []
    opened.close()
