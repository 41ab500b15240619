"""The pages of both profiles, as files, taken apart, and open in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.pipelines.report.parsed import Page

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def headline_page(headline_root: Path) -> Path:
    return headline_root / "headline" / "report.html"


@pytest.fixture(scope="session")
def demo_page(demo_root: Path) -> Path:
    return demo_root / "demo" / "report.html"


@pytest.fixture(scope="session")
def headline_parsed(headline_page: Path) -> Page:
    return Page(headline_page.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def demo_parsed(demo_page: Path) -> Page:
    return Page(demo_page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser(chromium_path: str, headline_root: Path, demo_root: Path) -> Iterator[Browser]:
    """A browser for a file of tests. It brings an event loop, beside which no run can be made:
    so runs are made before it opens, and it closes before tests of other files begin."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path, args=list(QUIET), timeout=180_000
        )
        yield started
        started.close()
