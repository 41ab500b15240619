"""meta.run: the run that built this file: when, with which code and which packages.

The one table whose content is a matter of time; every other follows from inputs and code.
"""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from warehouse.house import House

KEY = ("profile",)
COLUMNS = {
    "profile": ("VARCHAR", "code; profile that was run"),
    "started": ("VARCHAR", "UTC; when the run began"),
    "finished": ("VARCHAR", "UTC; when this file was built"),
    "code_version": ("VARCHAR", "hex; hash of the project's Python, SQL, TOML and CSV"),
    "package_versions": ("VARCHAR", "JSON; versions of the packages that compute"),
    "configuration": ("VARCHAR", "JSON; sources and years of the profile"),
}
PACKAGES = ("dagster", "duckdb", "great-expectations", "numpy", "pandas", "pyarrow")
PROJECT = Path(__file__).parent.parent.parent


def rows(house: House, started: str, finished: str) -> pd.DataFrame:
    """One row: this run. Times are ISO 8601 in UTC."""
    configuration = {"sources": house.sources, "years": house.years, "inputs": house.inputs}
    packages = {name: version(name) for name in PACKAGES}
    values = (
        house.profile,
        started,
        finished,
        code_version(),
        json.dumps(packages),
        json.dumps(configuration),
    )
    return pd.DataFrame([values], columns=list(COLUMNS))


def code_version() -> str:
    """sha256 over path and content of every file that computes, in the order of their paths."""
    digest = hashlib.sha256()
    for room in ("assets", "checks", "pipelines", "warehouse"):
        for path in sorted((PROJECT / room).rglob("*")):
            if path.suffix in {".py", ".sql", ".toml", ".csv"} and path.is_file():
                digest.update(f"{path.relative_to(PROJECT).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
