"""What all tests share: no phoning home, real files that must not be missing in CI, slow tests."""

import os
from pathlib import Path

import pytest

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"

REAL_FILES = Path(__file__).resolve().parents[2] / "shared" / "data"
MISSING = "needs the publishers' files in ../shared/data beside the checkout"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-real-files",
        action="store_true",
        help="fail where ../shared/data is missing instead of skipping the tests that need it",
    )
    parser.addoption(
        "--slow", action="store_true", help="also run the tests that take long, as CI does"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves slow tests to CI, so that the tests people wait for stay under five minutes."""
    if config.getoption("--slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow, as CI does"))


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--require-real-files") and not REAL_FILES.is_dir():
        raise pytest.UsageError(f"--require-real-files: {REAL_FILES} is missing")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """With --require-real-files a skip for want of real files is a failure."""
    report = yield
    if item.config.getoption("--require-real-files") and report.skipped:
        reason = str(report.longrepr)
        if "shared" in reason:
            report.outcome = "failed"
            report.longrepr = f"skipped in a run that requires the real files: {reason}"
    return report


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of the publishers' own files; the test is skipped where it is missing."""
    if not REAL_FILES.is_dir():
        pytest.skip(MISSING)
    return REAL_FILES
