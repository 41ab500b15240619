"""meta.run: the run that built this file: when, with which code and which packages.

The one table whose content is a matter of time; every other follows from inputs and code.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pandas as pd

from warehouse.house import House

KEY = ("profile",)
COLUMNS = {
    "profile": ("VARCHAR", "code; profile that was run"),
    "started": ("VARCHAR", "UTC; when the run began"),
    "finished": ("VARCHAR", "UTC; when this file was built"),
    "code_version": ("VARCHAR", "hex; hash of the project's Python, SQL, tables and templates"),
    "package_versions": ("VARCHAR", "JSON; versions of the packages that compute"),
    "configuration": (
        "VARCHAR",
        "JSON; sources, years, and what a person asked for",
    ),
    "input_hashes": ("VARCHAR", "JSON; sha256 of every input by source, address and release"),
    "build": ("VARCHAR", "name; the build under which this file is kept"),
}
PACKAGES = (
    "altair",
    "babel",
    "dagster",
    "duckdb",
    "great-expectations",
    "jinja2",
    "numpy",
    "pandas",
    "pyarrow",
    "pycountry",
    "python-calamine",
    "sqlglot",
    "vl-convert-python",
)
CODE = {".py", ".sql", ".toml", ".csv", ".j2", ".js", ".css"}
PROJECT = Path(__file__).parent.parent.parent


def rows(
    house: House, started: str, finished: str, inputs: Sequence[Mapping[str, str]], build: str
) -> pd.DataFrame:
    """One row: this run. Times are ISO 8601 in UTC; `inputs` are rows of raw.source_file."""
    hashes = {f"{one['source']} {one['url']} {one['release']}": one["sha256"] for one in inputs}
    values = (
        house.profile,
        started,
        finished,
        code_version(),
        json.dumps(package_versions()),
        json.dumps(configuration(house)),
        json.dumps(hashes, ensure_ascii=False),
        build,
    )
    return pd.DataFrame([values], columns=list(COLUMNS))


def configuration(house: House) -> dict[str, object]:
    """What the run was told: sources, years, the folder it runs on, and what it asks for."""
    said = {"sources": house.sources, "years": house.years, "inputs": house.inputs}
    return {**said, "products": house.products, "pinned": house.pinned}


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that compute."""
    return {"python": python_version(), **{name: version(name) for name in PACKAGES}}


def code_paths() -> list[Path]:
    """Every file that computes, in the order of their paths."""
    return [
        path
        for room in ("assets", "checks", "pipelines", "warehouse")
        for path in sorted((PROJECT / room).rglob("*"))
        if path.suffix in CODE and _is_code(path)
    ]


def _is_code(path: Path) -> bool:
    """Folders of warehouse/ are built output, its files are code."""
    return path.is_file() and (
        path.is_relative_to(PROJECT / "warehouse") <= (path.parent.name == "warehouse")
    )


def code_version() -> str:
    """sha256 over path and content of every file that computes."""
    return version_of(code_paths())


def version_of(paths: Iterable[Path]) -> str:
    """sha256 over path and content of files of the project, its first 16 digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(PROJECT).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
