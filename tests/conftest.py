"""What all tests share: no phoning home, what must not be missing in CI, slow tests."""

import os
import shutil
from pathlib import Path

import pytest

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"

REAL_FILES = Path(__file__).resolve().parents[2] / "shared" / "data"
MISSING = "needs the publishers' files in ../shared/data beside the checkout"
NO_BROWSER = "needs a browser: install chromium (Debian: apt-get install chromium)"
LONGEST = "test_crashes.py"
# Option that forbids a skip, and the word by which its reason is known.
REQUIRED = {"--require-real-files": "shared", "--require-browser": "needs a browser"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-real-files",
        action="store_true",
        help="fail where ../shared/data is missing instead of skipping the tests that need it",
    )
    parser.addoption(
        "--require-browser",
        action="store_true",
        help="fail where no browser is installed instead of skipping the tests that need it",
    )
    parser.addoption(
        "--slow",
        action="store_true",
        help="also run the tests that take long: crashes, kills, faults at every request",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves slow tests to --slow, so that the tests people wait for stay quick."""
    if config.getoption("--slow"):  # the longest first, or one worker ends with minutes of them
        items.sort(key=lambda item: item.path.name != LONGEST)
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--require-real-files") and not REAL_FILES.is_dir():
        raise pytest.UsageError(f"--require-real-files: {REAL_FILES} is missing")
    if config.getoption("--require-browser") and not browser_path():
        raise pytest.UsageError(f"--require-browser: {NO_BROWSER}")


def browser_path() -> str | None:
    """The browser of the machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """A skip for want of what the run requires is a failure."""
    report = yield
    for option, word in REQUIRED.items():
        if item.config.getoption(option) and report.skipped and word in str(report.longrepr):
            report.outcome = "failed"
            report.longrepr = f"skipped in a run with {option}: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of the publishers' own files; the test is skipped where it is missing."""
    if not REAL_FILES.is_dir():
        pytest.skip(MISSING)
    return REAL_FILES


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of the machine; the test is skipped where there is none."""
    found = browser_path()
    if found is None:
        pytest.skip(NO_BROWSER)
    return found
