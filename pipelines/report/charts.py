"""Charts, drawn the same way on the page, in Dagster and in the README.

Here belongs how a kind of chart looks. Colours are told apart by colour-blind readers (Okabe and
Ito), and a shape, a dash or a number says the same once more. Each chart draws named columns of
the rows beside it, in dollars and shares as they stand there.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from pipelines.report.rows import Rows

ROWS = "rows"
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SKY, YELLOW, GREY, BLACK = "#56B4E9", "#E69F00", "#8A8A8A", "#222222"
VIOLET, AMBER = "#8E7CC3", "#E08A2E"
PALETTE = [BLUE, ORANGE, GREEN, YELLOW, PINK, SKY, GREY, BLACK]
FONT = "system-ui, sans-serif"
STYLE: dict[str, Any] = {
    "font": FONT,
    "aria": False,  # the page names the chart, and the table below tells every value
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "gridColor": "#E5E5E5", "labelColor": BLACK},
    "legend": {"labelFontSize": 12, "orient": "top", "labelLimit": 260, "columns": 2},
    "title": {"fontSize": 14, "anchor": "start", "fontWeight": 600, "offset": 10},
}
BILLION = 1e9
ROOM = "bandwidth('x') < 24 ? 0 : 1"  # digits are left out where they would run together


def finished(chart: Any, title: str, simulated: bool, height: int | None = 280) -> dict[str, Any]:
    """The chart as Vega-Lite, as wide as its place; a simulated one says so in its own title."""
    said = f"SIMULATED: {title}" if simulated else title
    size = {} if height is None else {"height": height}
    return dict(
        chart.properties(title=said, width="container", **size)
        .configure(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"), **STYLE)
        .to_dict(validate=False)  # what is wrong in it is seen when it is drawn
    )


def base() -> Any:
    """A chart of the rows that are given when it is drawn."""
    return alt.Chart(alt.NamedData(name=ROWS))


def years(rows: Rows | None = None) -> Any:
    """The axis of years; with rows, each of theirs has its place, whether it is drawn or not."""
    held = sorted({str(record["year"]) for record in rows.records}) if rows else None
    scale = alt.Scale(domain=held) if held else alt.Undefined
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    return alt.X("year:O", title=None, axis=axis, scale=scale)


def tips(labels: Mapping[str, str], forms: Mapping[str, str]) -> list[Any]:
    """What a pointer shows: fields by label, numbers in the given form."""
    return [
        alt.Tooltip(f"{name}:Q", title=label, format=forms[name])
        if name in forms
        else alt.Tooltip(f"{name}:N", title=label)
        for name, label in labels.items()
    ]


def lines(series: Mapping[str, str], unit: str = "billion USD", of: float = BILLION) -> Any:
    """A line a column of money, by year; `series` gives each its name."""
    names = list(series.values())
    legend = alt.Legend(title=None)
    scale = alt.Scale(domain=names, range=PALETTE[: len(names)])
    return (
        base()
        .transform_fold(list(series), as_=["column", "usd"])
        .transform_filter("isValid(datum.usd)")
        .transform_calculate(who=_named("column", series), amount=f"datum.usd / {of:.0f}")
        .mark_line(point=alt.OverlayMarkDef(size=60), strokeWidth=2.5)
        .encode(
            x=years(),
            y=alt.Y("amount:Q", title=unit),
            color=alt.Color("who:N", scale=scale, legend=legend),
            shape=alt.Shape("who:N", scale=alt.Scale(domain=names), legend=legend),
            strokeDash=alt.StrokeDash("who:N", scale=alt.Scale(domain=names), legend=legend),
            tooltip=tips({"year": "year", "who": "figure", "amount": unit}, {"amount": ",.2f"}),
        )
    )


def stacked(rows: Rows, group: str, names: Mapping[str, str], value: str = "value_usd") -> Any:
    """Bars by year, stacked by group; `names` gives each code its name, place and colour."""
    held = {record[group] for record in rows.records}
    colours = {name: PALETTE[n] for n, (code, name) in enumerate(names.items()) if code in held}
    return (
        base()
        .transform_calculate(
            who=_named(group, names),
            place=_named(group, {code: place for place, code in enumerate(names)}),
            amount=f"datum.{value} / {BILLION:.0f}",
        )
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=years(),
            y=alt.Y("amount:Q", title="billion USD"),
            color=alt.Color(
                "who:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(title=None),
            ),
            order=alt.Order("place:Q"),
            tooltip=tips(
                {"year": "year", "who": "origin", "amount": "billion USD", "share": "share"},
                {"amount": ",.2f", "share": ".1%"},
            ),
        )
    )


def ranges(
    rows: Rows,
    value: tuple[str, str, str],
    title: str,
    form: str,
    names: Mapping[str, str] | None = None,
    group: str = "",
    of: float = 1,
    beside: bool = True,
) -> Any:
    """The central value as a mark and its range as a bar behind it, by year and group.

    Groups stand side by side unless a year has one of them only.
    """
    low, central, high = value
    start = base().transform_filter(f"isValid(datum.{central})")
    start = start.transform_calculate(
        low=f"datum.{low} / {of:.0f}",
        central=f"datum.{central} / {of:.0f}",
        high=f"datum.{high} / {of:.0f}",
        who=_named(group, names) if names else json.dumps(title),
    )
    order = list(names.values()) if names else [title]
    legend = alt.Legend(title=None) if names else None
    scale = alt.Scale(domain=order, range=PALETTE[: len(order)])
    shown: dict[str, Any] = {
        "x": years(rows),
        "color": alt.Color("who:N", scale=scale, legend=legend),
        "tooltip": tips(
            {"year": "year", "who": "of", "central": title, "low": "low end", "high": "high end"},
            dict.fromkeys(("low", "central", "high"), form),
        ),
    }
    if len(order) > 1 and beside:
        shown["xOffset"] = alt.XOffset("who:N", scale=alt.Scale(domain=order))
    axis = alt.Axis(format=form)
    bar = start.mark_rule(strokeWidth=8, opacity=0.35).encode(
        y=alt.Y("low:Q", title=title, axis=axis), y2="high:Q", **shown
    )
    point = start.mark_point(filled=True, size=75, opacity=1).encode(
        y=alt.Y("central:Q"),
        shape=alt.Shape("who:N", scale=alt.Scale(domain=order), legend=legend),
        **shown,
    )
    return bar + point


def _named(field: str, names: Mapping[str, Any]) -> str:
    """The Vega expression that gives each code of a field its name."""
    return f"({json.dumps(dict(names))})[datum.{field}]"


def heat(
    row: str,
    value: str,
    title: str,
    form: str,
    order: Sequence[str],
    reach: float | None = None,
    told: bool = True,
    of: float = 1,
) -> Any:
    """A field of cells, a row each and a year each; a cell without a value is grey with a mark.

    `reach` is the largest distance from zero, where values lie on both sides of it; `told` writes
    the value in each cell. Colours stay light enough for black digits.
    """
    scale = (
        alt.Scale(range=[VIOLET, "white", AMBER], domain=[-reach, 0, reach], interpolate="rgb")
        if reach
        else alt.Scale(range=["#EFF5FA", "#5AA5D6"])
    )
    shown: dict[str, Any] = {
        "x": years(),
        "y": alt.Y(f"{row}:N", title=None, sort=list(order), axis=alt.Axis(labelLimit=170)),
        "tooltip": tips({row: row, "year": "year", "amount": title}, {"amount": form}),
    }
    known = (
        base()
        .transform_filter(f"isValid(datum.{value})")
        .transform_calculate(amount=f"datum.{value} / {of:.0f}")
    )
    unknown = base().transform_filter(f"!isValid(datum.{value})")
    legend = alt.Legend(title=title, format=form, titleLimit=400, gradientLength=160)
    field = (
        unknown.mark_rect(color="#E0E0E0", stroke="white").encode(**shown)
        + unknown.mark_text(text="?", color="#555555", fontSize=11).encode(**shown)
        + known.mark_rect(stroke="white").encode(
            color=alt.Color("amount:Q", scale=scale, legend=legend), **shown
        )
    )
    if not told:
        return field
    text = alt.Text("amount:Q", format=form)
    return field + known.mark_text(fontSize=11, color=BLACK, opacity=alt.ExprRef(ROOM)).encode(
        text=text, **shown
    )


def tall(held: Sequence[str], each: int = 26) -> int:
    """Height of a field with a row for each of what it holds."""
    return 60 + each * len(held)


def reach(rows: Rows, name: str) -> float:
    """The largest distance of a column from zero."""
    return max((abs(float(r[name])) for r in rows.records if r[name] is not None), default=1.0)


def kinds(row: str, kind: str, colours: Mapping[str, str], order: Sequence[str], mark: str) -> Any:
    """A field of cells coloured by kind; `mark` is the Vega expression of the letter in each."""
    shown: dict[str, Any] = {
        "x": years(),
        "y": alt.Y(f"{row}:N", title=None, sort=list(order)),
        "tooltip": tips({row: row, "year": "year", "kind": "published"}, {}),
    }
    start = base().transform_calculate(kind=kind, letter=mark)
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None))
    return start.mark_rect(stroke="white").encode(color=colour, **shown) + start.mark_text(
        fontSize=11, color="white"
    ).encode(text="letter:N", **shown)
