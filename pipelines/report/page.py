"""The page as bytes: sections in their order, put into the template with style and script.

The same tables give the same bytes: no clock enters, and when a run was made stands in meta.run
alone. No request leaves the page: style, script and data stand inside it, and its own policy
lets the browser run nothing but that script.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import vl_convert
from markupsafe import Markup

from pipelines.report.charts import ROWS
from pipelines.report.parts import Chart, Section
from pipelines.report.rows import Column, Marts, exact, shown
from pipelines.report.sections import (
    answer,
    claims,
    coverage,
    flows,
    gap,
    heat,
    hubs,
    lost,
    method,
    product,
    routes,
    screening,
    stages,
    structure,
    words,
)

HERE = Path(__file__).parent
ORDER = (
    answer,
    flows,
    gap,
    lost,
    heat,
    screening,
    product,
    routes,
    hubs,
    structure,
    claims,
    coverage,
    stages,
    method,
    words,
)


def sections(marts: Marts) -> list[Section]:
    """Every section of the page, in order."""
    return [module.section(marts) for module in ORDER]


def charts_of(found: list[Section]) -> list[Chart]:
    """Every chart of the page."""
    return [part for one in found for part in one.parts if isinstance(part, Chart)]


def render(found: list[Section], marts: Marts, code_version: str) -> bytes:
    """The page. `code_version` names the code it was made by."""
    script = f"{_vega()}\n{(HERE / 'page.js').read_text(encoding='utf-8')}"
    template = _environment(product.goods_of(marts)).get_template("page.html.j2")
    text = template.render(
        sections=found,
        profile=marts.profile,
        simulated=marts.simulated,
        code_version=code_version,
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return text.encode()


def picture(chart: Chart, width: int) -> bytes:
    """A chart as PNG, `width` pixels wide."""
    spec = {**chart.spec, "width": width, "datasets": {ROWS: drawn(chart)}}
    return bytes(vl_convert.vegalite_to_png(spec))


def drawn(chart: Chart) -> list[dict[str, Any]]:
    """The rows of a chart as the script of the page reads them from the table."""
    columns = chart.rows.columns
    return [
        {column.name: _drawn(cell, column) for column, cell in zip(columns, row, strict=True)}
        for row in chart.rows.cells
    ]


def _drawn(cell: Any, column: Column) -> Any:
    if cell is None:
        return None
    return float(cell) if column.is_number else exact(cell)


@cache
def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, in the versions that draw the PNG too."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _environment(goods: dict[str, str]) -> jinja2.Environment:
    """Templates of this folder; every text that enters is escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(exact=exact, shown=shown, json=_json, kind=_kind)
    made.globals.update(goods=goods)
    return made


def _json(value: Any) -> Markup:
    return Markup(product.as_json(value))


def _kind(part: Any) -> str:
    return type(part).__name__
