"""The page of a profile: made anew where what it is made from changed, else left as it stands.

Here belongs where the page waits to be published, and the pictures of its charts. What stands on
it is told by page.py.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.meta import run as meta_run
from pipelines.compute.build import open_inputs
from pipelines.tables import tables
from warehouse.archive import write_atomically
from warehouse.engine import connect
from warehouse.hashes import file_sha256
from warehouse.house import House

NAME = "report.html"
# When a run was made does not stand on the page.
OF_TIME = "meta.run"
WIDTH = 640


@dataclass(frozen=True, slots=True)
class Made:
    """The page, the picture of each chart by its title, and whether both stood already."""

    page: Path
    pictures: dict[str, Path]
    unchanged: bool


def folder(house: House) -> Path:
    """Where page and pictures wait to be published."""
    return house.store.root / "report"


def make(house: House) -> Made:
    """The page of the profile's tables as they stand."""
    place = folder(house)
    made_from, known = _made_from(house), _known(place)
    if known.get("made_from") == made_from and known.get("page") == _hash(place / NAME):
        return Made(place / NAME, _pictures(place, known["charts"]), unchanged=True)
    charts = _make(house, place)
    told = {"made_from": made_from, "page": _hash(place / NAME), "charts": charts}
    write_atomically(place / "made.json", json.dumps(told, indent=1).encode())
    return Made(place / NAME, _pictures(place, charts), unchanged=False)


def as_markdown(made: Made) -> str:
    """Every picture inside a text, as Dagster shows it."""
    return "\n\n".join(
        f"![{title}](data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()})"
        for title, path in made.pictures.items()
    )


def _known(place: Path) -> dict[str, Any]:
    path = place / "made.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _hash(path: Path) -> str:
    return file_sha256(path) if path.exists() else "missing"


def _pictures(place: Path, charts: dict[str, str]) -> dict[str, Path]:
    return {title: place / f"{name}.png" for name, title in charts.items()}


def _made_from(house: House) -> str:
    """One hash over the code, the packages and every table but the one of time."""
    digest = hashlib.sha256(meta_run.code_version().encode())
    digest.update(json.dumps(meta_run.package_versions()).encode())
    for table in tables().values():
        digest.update(table.name.encode())
        if table.name != OF_TIME:
            held = house.years_held(table.name) if table.by_year else None
            for path in house.store.files(table.name, held):
                digest.update(f"{path.name} {file_sha256(path)}\n".encode())
    return digest.hexdigest()


def _make(house: House, place: Path) -> dict[str, str]:
    """Write page and pictures; returns the title of each chart by its name."""
    from pipelines.report import page  # a run that changes nothing does not wait for Altair
    from pipelines.report.rows import Marts

    with connect(house.scratch) as connection:
        open_inputs(connection, [name for name in tables() if name != OF_TIME], house)
        marts = Marts(connection, house.profile, "simulated" in house.sources)
        found = page.sections(marts)
        write_atomically(place / NAME, page.render(found, marts, meta_run.code_version()))
    for chart in page.charts_of(found):
        write_atomically(place / f"{chart.id}.png", page.picture(chart, WIDTH))
    return {chart.id: chart.title for chart in page.charts_of(found)}
