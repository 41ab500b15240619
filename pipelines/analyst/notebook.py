"""A notebook on the headline profile: the corridor, what is lost, and the rows behind a figure.

`make notebook` opens it in a browser of this machine; `python pipelines/analyst/notebook.py` runs
it through. It reads the published file and asks nothing of any network.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Trade mirror statistics")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    return Path, alt, duckdb, mo, os


@app.cell
def _(Path, duckdb, os):
    root = os.environ.get("MIRROR_TRADE_ROOT") or Path(__file__).parents[2] / "warehouse"
    trade = duckdb.connect(str(Path(root) / "headline.duckdb"), read_only=True)
    return (trade,)


@app.cell
def _(mo):
    mo.md("""
    # What Kazakhstan says it sends to Russia, and what Russia says it receives

    Both reports agreed within 6% until Russia fell silent in 2022. From then on there is one report
    and no gap: a silence is not a zero. A gap or an excess is a reason for a closer look, no more.
    """)
    return


@app.cell
def _(trade):
    reports = trade.sql("""
        select year, 'Kazakhstan says it exports' as who, hub_exports_usd / 1e9 as billions
        from corridor() where hub_exports_usd is not null
        union all
        select year, 'Russia says it receives', destination_imports_usd / 1e9
        from corridor() where destination_imports_usd is not null and year >= 2018
        order by who, year
    """).df()
    return (reports,)


@app.cell
def _(alt, mo, reports):
    mo.ui.altair_chart(
        alt.Chart(reports)
        .mark_line(point=True)
        .encode(
            x=alt.X("year:O", title=None),
            y=alt.Y("billions:Q", title="billion USD"),
            color=alt.Color("who:N", title=None, scale=alt.Scale(range=["#0072B2", "#D55E00"])),
            tooltip=["year", "who", alt.Tooltip("billions", format=".2f")],
        )
        .properties(width=560, height=280)
    )
    return


@app.cell
def _(mo):
    group = mo.ui.dropdown(["E27", "CHINA"], value="E27", label="Exports of")
    group
    return (group,)


@app.cell
def _(group, trade):
    lost = trade.execute(
        "select year, exports_usd, imports_usd, lost_share_low, lost_share, lost_share_high, "
        "baseline_share, status, reason from lost(?)",
        [group.value],
    ).df()
    return (lost,)


@app.cell
def _(lost, mo):
    mo.vstack(
        [
            mo.md("## Sent to Kazakhstan, not recorded there, with the range freight leaves open"),
            mo.ui.table(lost, selection=None),
        ]
    )
    return


@app.cell
def _(trade):
    sources = trade.sql("""
        select role, period, year, flow, reporter, partner, printed_usd, source, release,
            archived_at, file_row
        from sources_of(2022, '8542')
    """).df()
    return (sources,)


@app.cell
def _(mo, sources):
    mo.vstack(
        [
            mo.md("## The rows behind the figures on microchips in 2022"),
            mo.ui.table(sources, selection=None),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
