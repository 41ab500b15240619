"""The picture of the README, made from the published file of profile headline.

Here belongs that one picture. `make picture` draws it anew.
"""

from pathlib import Path
from typing import Any

import altair as alt
import duckdb
import pandas as pd

PICTURE = Path(__file__).parent.parent / ".github" / "corridor.svg"
SAID_BY_KAZAKHSTAN, SAID_BY_RUSSIA = "Kazakhstan says it exports", "Russia says it receives"
BLUE, ORANGE = "#0072B2", "#D55E00"  # told apart by colour-blind readers too

CORRIDOR = f"""
    select year, '{SAID_BY_KAZAKHSTAN}' as who, hub_exports_usd / 1e9 as billions
    from transformed.mirror_statistics
    where hub = 'KAZ' and product = 'TOTAL' and hub_exports_usd is not null
    union all
    select year, '{SAID_BY_RUSSIA}', destination_imports_usd / 1e9
    from transformed.mirror_statistics
    where hub = 'KAZ' and product = 'TOTAL' and destination_imports_usd is not null and year >= 2018
"""
UNION = """
    select year, lost_share, lost_share_low, lost_share_high
    from mart.lost_in_transit
    where exporter_group = 'E27' and importer = 'KAZ' and product = 'TOTAL'
"""


def draw(root: Path, path: Path = PICTURE) -> Path:
    """Write the picture as SVG; returns where."""
    with duckdb.connect(str(root / "headline.duckdb"), read_only=True) as connection:
        corridor = connection.execute(CORRIDOR).df()
        union = connection.execute(UNION).df()
    path.parent.mkdir(exist_ok=True)
    chart = alt.hconcat(_corridor(corridor), _union(union), spacing=50)
    chart.configure_view(stroke=None).configure_axis(grid=False).save(str(path))
    return path


def _corridor(rows: pd.DataFrame) -> Any:
    """Both reports of the corridor by year; Russia's line ends where Russia falls silent."""
    colour = alt.Color(
        "who:N",
        scale=alt.Scale(domain=[SAID_BY_KAZAKHSTAN, SAID_BY_RUSSIA], range=[BLUE, ORANGE]),
        legend=alt.Legend(title=None, orient="top-left"),
    )
    lines = (
        alt.Chart(rows)
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("billions:Q", title="billion USD"),
            color=colour,
        )
    )
    note = pd.DataFrame({"year": [2022], "billions": [5.2], "text": ["Russia: not reported"]})
    told = (
        alt.Chart(note)
        .mark_text(color=ORANGE, align="left")
        .encode(x="year:O", y="billions:Q", text="text:N")
    )
    return (lines + told).properties(
        title="All goods from Kazakhstan to Russia", width=340, height=240
    )


def _union(rows: pd.DataFrame) -> Any:
    """The share of EU exports that Kazakhstan's imports do not show, with its range."""
    base = alt.Chart(rows).encode(x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)))
    percent = alt.Axis(format="%")
    band = base.mark_rule(strokeWidth=9, opacity=0.3, color=BLUE).encode(
        y=alt.Y("lost_share_low:Q", title="share of EU exports", axis=percent),
        y2="lost_share_high:Q",
    )
    points = base.mark_point(filled=True, size=70, color=BLUE, opacity=1).encode(y="lost_share:Q")
    return (band + points).properties(
        title="EU-27 to Kazakhstan: exported, not recorded as imported",
        width=340,
        height=240,
    )
