"""The picture of the README: two charts of the page side by side, from the file of headline.

Here belongs putting them together. `make picture` draws it anew.
"""

import textwrap
from pathlib import Path
from typing import Any

import duckdb
import vl_convert

from pipelines.report.charts import STYLE
from pipelines.report.page import drawn
from pipelines.report.parts import Chart
from pipelines.report.rows import Marts
from pipelines.report.sections import flows, lost

PICTURE = Path(__file__).parents[2] / ".github" / "corridor.svg"
SIZE = {"width": 340, "height": 240}
LINE = 40
APART = dict.fromkeys(("color", "shape", "strokeDash"), "independent")


def draw(root: Path, path: Path = PICTURE) -> Path:
    """Write the picture as SVG; returns where."""
    with duckdb.connect(str(root / "headline.duckdb"), read_only=True) as connection:
        marts = Marts(connection, "headline", simulated=False)
        parts = [flows.corridor(marts), lost.share(marts)]
    charts = [part for part in parts if isinstance(part, Chart)]
    spec = {
        "hconcat": [_beside(chart) for chart in charts],
        "spacing": 40,
        "resolve": {"scale": APART},
        "config": STYLE,
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
    return path


def _beside(chart: Chart) -> dict[str, Any]:
    """A chart with its rows inside and a size of its own."""
    inner = {name: part for name, part in chart.spec.items() if name not in ("config", "$schema")}
    title = textwrap.wrap(chart.title, LINE)
    return {**inner, **SIZE, "title": title, "data": {"values": drawn(chart)}}
