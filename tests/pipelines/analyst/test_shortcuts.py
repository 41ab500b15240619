"""Views and macros of the published file: each explained, each answers, each figure traced."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.analyst.shortcuts import ASSETS, shortcuts

Connection = duckdb.DuckDBPyConnection
ROOTS = {"headline": "headline_root", "demo": "demo_root"}
FILES = sorted(path.stem for path in (ASSETS / "main").glob("*.sql"))
YEAR, LISTED, TOTAL = 2022, "854231", "TOTAL"


@pytest.fixture(params=sorted(ROOTS))
def published(request: pytest.FixtureRequest) -> Connection:
    connection: Connection = request.getfixturevalue(request.param)
    return connection


def test_there_are_the_macros_that_were_asked_for() -> None:
    assert {"corridor", "screening", "sources_of"} <= set(FILES)
    assert sorted(shortcuts()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_shortcut_says_what_it_is_and_its_columns_have_units(name: str) -> None:
    one = shortcuts()[name]
    assert one.text.endswith(".")
    assert name in one.example
    assert all("; " in column.comment and column.type for column in one.columns)


@pytest.mark.parametrize("name", FILES)
def test_no_parameter_stands_in_the_place_of_a_column(name: str) -> None:
    given = [part.split(":=")[0].strip() for part in shortcuts()[name].parameters or ()]
    assert [parameter for parameter in given if not parameter.startswith("of_")] == []


@pytest.mark.parametrize("name", FILES)
def test_the_example_of_a_shortcut_answers_with_its_columns(
    published: Connection, name: str
) -> None:
    one = shortcuts()[name]
    described = published.execute(f"describe {one.example}").fetchall()
    assert [(row[0], row[1]) for row in described] == [(c.name, c.type) for c in one.columns]
    published.execute(one.example).fetchall()


def test_every_shortcut_stands_in_the_file_with_a_comment(published: Connection) -> None:
    found = dict(
        published.execute(
            "select function_name, comment from duckdb_functions() where function_type = "
            "'table_macro' and not internal union all "
            "select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    )
    assert sorted(found) == FILES
    (simulated,) = published.execute("select profile = 'demo' from meta.run").fetchone() or (None,)
    for name, comment in found.items():
        one = shortcuts()[name]
        assert one.comment in comment
        assert comment.startswith("SIMULATED") == simulated
        assert one.parameters is None or all(c.comment in comment for c in one.columns)


def test_macros_answer_in_a_file_that_was_attached(headline_root: Path) -> None:
    with duckdb.connect() as connection:
        path = headline_root / "headline.duckdb"
        connection.execute(f"attach '{path}' as trade (read_only)")
        assert connection.execute("select count(*) from trade.claim_checked").fetchone() != (0,)
        connection.execute("use trade")
        assert len(connection.execute("from corridor()").fetchall()) == 14


def test_a_code_may_be_given_as_a_number(headline: Connection) -> None:
    as_text = headline.execute("from corridor('8542')").fetchall()
    assert headline.execute("from corridor(8542)").fetchall() == as_text != []


def test_the_sources_are_every_row_of_the_year_and_product_and_each_once(
    published: Connection,
) -> None:
    own = published.cursor()  # its temporary table is gone with it
    for year, product in ((YEAR, TOTAL), (YEAR, LISTED), (2021, "8542")):
        cell = f"year = {year} and product = '{product}'"
        own.execute(
            f"create or replace temp table traced as from sources_of({year}, '{product}') "
            f"where period = 'year' and {cell}"
        )
        for roles, table in (
            ("'used', 'kept out'", "transformed"),
            ("'used', 'kept out', 'range'", "validated"),
            ("'refused'", "quarantine"),
        ):
            columns = "file_sha256, file_row, reporter, partner, flow"
            there = own.execute(
                f"select {columns} from traced where role in ({roles}) order by all"
            ).fetchall()
            held = own.execute(
                f"select {columns} from {table}.trade_flow where {cell} order by all"
            ).fetchall()
            assert there == held


GAPS = """
    select count(*), count(exports_usd), count(imports_cif_usd),
        count(*) filter (exports_usd is not null and sent.used_usd is null
            or imports_cif_usd is not null and received.used_usd is null)
    from mart.mirror_gap as gap
    left join traced as sent on sent.reporter = exporter and sent.partner = importer
        and sent.flow = 'X' and sent.used_usd = exports_usd
    left join traced as received on received.reporter = importer and received.partner = exporter
        and received.flow = 'M' and received.used_usd = imports_cif_usd
    where gap.year = $year and gap.product = $product
"""


@pytest.mark.parametrize(("profile", "product"), [("headline", TOTAL), ("demo", LISTED)])
def test_both_reports_of_every_gap_are_traced(
    request: pytest.FixtureRequest, profile: str, product: str
) -> None:
    connection = request.getfixturevalue(profile).cursor()
    connection.execute(
        "create or replace temp table traced as from sources_of($year, $product) "
        "where role = 'used' and period = 'year'",
        {"year": YEAR, "product": product},
    )
    found = connection.execute(GAPS, {"year": YEAR, "product": product}).fetchone()
    assert found is not None
    pairs, exports, imports, untraced = found
    assert min(pairs, exports, imports) > 0
    assert untraced == 0


def test_what_is_lost_and_its_baseline_come_out_of_the_traced_rows_alone(
    headline: Connection,
) -> None:
    by_year = headline.execute(
        "select period, year, sum(used_usd) filter (flow = 'X' and reporter = 'E27' "
        "and partner = 'KAZ') as sent, sum(used_usd) filter (flow = 'M' and reporter = 'KAZ' "
        "and partner = 'E27') as received from sources_of(2022) where role = 'used' "
        "group by all having sent is not null and received is not null order by year"
    ).fetchall()
    shares = {year: (sent - received) / sent for _, year, sent, received in by_year}
    base = sorted(shares[year] for period, year, *_ in by_year if period == "base")
    lost, baseline = headline.execute(
        "select lost_share, baseline_share from lost() where year = 2022"
    ).fetchone() or (None, None)
    assert len(base) == 4
    assert float(shares[2022]) == pytest.approx(lost, abs=1e-12)
    assert float((base[1] + base[2]) / 2) == pytest.approx(baseline, abs=1e-12)


def test_the_codes_of_a_family_are_traced_with_each_other(demo: Connection) -> None:
    found = demo.execute(
        "select distinct other.product from mart.product_family as own "
        "join mart.product_family as other using (family) "
        "where own.product = '854800' order by all"
    ).fetchall()
    traced = demo.execute(
        "select distinct product from sources_of(2022, '854800') order by all"
    ).fetchall()
    assert len(found) > 1
    assert traced == found


def test_a_list_and_a_beginning_stand_for_their_codes(demo: Connection) -> None:
    listed = demo.execute(
        "select count(distinct product) from sources_of(2022, 'CHPL') where period = 'year' "
        "and product in (select product from mart.product_group where product_group = 'CHPL')"
    ).fetchone()
    assert (listed or (0,))[0] > 40
    begun = demo.execute("select distinct product[:2] from sources_of(2022, '84*')").fetchall()
    assert begun == [("84",)]


def test_every_year_is_traced_where_none_is_named(headline: Connection) -> None:
    found = headline.execute("select count(*) from sources_of(null)").fetchone()
    held = headline.execute(
        "select count(*) from validated.trade_flow where product = 'TOTAL'"
    ).fetchone()
    assert found == held != (0,)


def test_a_traced_row_of_the_shipped_figures_stands_in_that_line_of_the_archived_file(
    headline: Connection, headline_root: Path
) -> None:
    rows = headline.execute(
        "select archived_at, file_row, reporter, partner, flow, product, year, exchange_rate, "
        "printed_usd from sources_of(2022)"
    ).fetchall()
    assert len(rows) > 200
    text = (headline_root / rows[0][0]).read_text(encoding="utf-8")
    lines = list(csv.reader(io.StringIO(text)))
    for path, number, *cell, rate, usd in rows:
        assert path == rows[0][0]
        line = dict(zip(lines[0], lines[number - 1], strict=True))
        assert cell == [
            *(line[name] for name in ("reporter", "partner", "flow", "product")),
            int(line["year"]),
        ]
        scale = {"million": 10**6, "thousand": 10**3}.get(line["unit"].split()[0], 1)
        dollars = Decimal(line["value"]) * scale * (rate or 1)
        assert abs(dollars - usd) <= Decimal("0.005")


def test_a_traced_row_of_the_simulated_world_stands_in_that_row_of_its_answer(
    demo: Connection, demo_root: Path
) -> None:
    rows = demo.execute(
        "select archived_at, file_row, printed_usd, product from sources_of(2022, '854231') "
        "where source = 'simulated' and role in ('used', 'refused') and printed_usd is not null "
        "limit 300"
    ).fetchall()
    assert len(rows) == 300
    for path, number, usd, product in rows:
        row = json.loads((demo_root / path).read_bytes())["data"][number - 1]
        assert (row["cmdCode"], Decimal(str(row["primaryValue"]))) == (product, usd)
