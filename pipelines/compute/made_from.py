"""What a run is made from: code, packages, configuration and inputs, by their hashes.

Here belongs gathering it, for meta.run and for the builds kept. Keeping stands in keeping.py.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from assets.meta import run as meta_run
from pipelines.compute.build import open_inputs
from warehouse.engine import connect
from warehouse.house import House

FILE = "raw.source_file"


def inputs_of(house: House) -> list[dict[str, Any]]:
    """Rows of raw.source_file: every file the run rests on."""
    with connect() as connection:
        open_inputs(connection, [FILE], house)
        found = connection.execute(f"from {FILE} order by source, url, release")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def fingerprint(house: House, inputs: list[dict[str, Any]]) -> str:
    """One hash over everything that can change a figure."""
    said = {
        "code": meta_run.code_version(),
        "packages": meta_run.package_versions(),
        "years": house.years_held("raw.trade_flow"),
        "inputs": [[one["source"], one["url"], one["release"], one["sha256"]] for one in inputs],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def code_files() -> Iterator[tuple[str, bytes]]:
    """Path in the project and content of every file that computes."""
    for path in meta_run.code_paths():
        yield path.relative_to(meta_run.PROJECT).as_posix(), path.read_bytes()


def code_hashes() -> dict[str, str]:
    """sha256 of every file that computes, by its path in the project."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in code_files()}


def code_zip() -> bytes:
    """The code as a zip, the same bytes for the same code."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in code_files():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()
