"""What the published file of profile headline says, against the figures of the method."""

import csv
import math
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.pipelines.printed_figures import PRINTED, Printed

Connection = duckdb.DuckDBPyConnection
CALM_YEARS = (2018, 2019, 2020, 2021)


def one(connection: Connection, query: str, *values: object) -> tuple[object, ...]:
    """The only row of a query."""
    rows = connection.execute(query, list(values)).fetchall()
    assert len(rows) == 1, rows
    return tuple(rows[0])


def reported(connection: Connection, source: str, **cell: object) -> Decimal:
    """The one validated figure of a source, in USD."""
    where = " and ".join(f"{name} = ?" for name in cell)
    query = f"select value_usd from validated.trade_flow where source = ? and {where}"
    (value,) = one(connection, query, source, *cell.values())
    assert isinstance(value, Decimal)
    return value


def russian_imports(connection: Connection, source: str, year: int) -> Decimal:
    total = {"flow": "M", "product": "TOTAL", "year": year}
    return reported(connection, source, reporter="RUS", partner="KAZ", **total)


@pytest.mark.parametrize("year", CALM_YEARS)
@pytest.mark.parametrize("source", ["imf_imts", "ru_fcs"])
def test_the_pair_total_mirrors_within_six_percent_before_2022(
    headline: Connection, source: str, year: int
) -> None:
    total = {"flow": "X", "product": "TOTAL", "year": year}
    exports = reported(headline, "kz_bns", reporter="KAZ", partner="RUS", **total)
    assert abs(math.log(russian_imports(headline, source, year) / exports)) < 0.06


@pytest.mark.parametrize("year", CALM_YEARS)
def test_the_log_ratio_is_of_reported_figures_without_a_margin(
    headline: Connection, year: int
) -> None:
    log_ratio, imports, exports = one(
        headline,
        "select mirror_log_ratio, destination_imports_usd, hub_exports_usd "
        "from transformed.mirror_statistics "
        "where hub = 'KAZ' and destination = 'RUS' and product = 'TOTAL' and year = ?",
        year,
    )
    assert log_ratio == pytest.approx(math.log(imports / exports), abs=1e-9)  # type: ignore[operator]


def union_gap(connection: Connection, year: int) -> object:
    (share,) = one(
        connection,
        "select lost_share from mart.lost_in_transit where exporter_group = 'E27' "
        "and importer = 'KAZ' and product = 'TOTAL' and year = ?",
        year,
    )
    return share


@pytest.mark.parametrize("year", CALM_YEARS)
def test_the_gap_of_the_union_to_kazakhstan_is_under_13_percent_before_2022(
    headline: Connection, year: int
) -> None:
    share = union_gap(headline, year)
    assert isinstance(share, float)
    assert 0 < share < 0.13


def test_the_gap_of_the_union_to_kazakhstan_is_30_percent_in_2022(headline: Connection) -> None:
    assert union_gap(headline, 2022) == pytest.approx(0.30, abs=0.005)


# Method, table of reference results: EU-27 exports to Kazakhstan in million EUR, dollars per euro
# of the year, and Kazakhstan's imports from the EU-27 without the United Kingdom in million USD.
UNION_TRADE = {
    2018: (5495.0, 1.18095, 6186.3),
    2019: (5917.3, 1.11947, 6221.2),
    2020: (5910.9, 1.14220, 6163.3),
    2021: (5487.1, 1.18274, 5655.0),
    2022: (10347.7, 1.05305, 7624.5),
    2023: (12110.1, 1.08127, 10314.0),
}
WIDEST_MARGIN = 1.15


def union_trade(year: int) -> tuple[float, float, float]:
    """Exports, imports as reported, and imports at the widest margin, FOB; million USD."""
    exports, rate, imports = UNION_TRADE[year]
    return exports * rate, imports, imports / WIDEST_MARGIN


@pytest.mark.parametrize("year", UNION_TRADE)
def test_what_is_lost_on_the_way_from_the_union_with_and_without_the_margin(
    headline: Connection, year: int
) -> None:
    hold_lost_against_paper(headline, year)


def hold_lost_against_paper(connection: Connection, year: int) -> None:
    """Level and share of EU-27 exports that Kazakhstan's imports do not show, over the margin."""
    exports, imports, free = union_trade(year)
    found = one(
        connection,
        "select lost_low_usd, lost_usd, lost_high_usd, lost_share, lost_share_high "
        "from mart.lost_in_transit where exporter_group = 'E27' and importer = 'KAZ' "
        "and product = 'TOTAL' and year = ?",
        year,
    )
    low, lost, high, share, share_high = (float(cell) for cell in found)  # type: ignore[arg-type]
    assert (low / 1e6, lost / 1e6) == pytest.approx((exports - imports,) * 2, abs=5)
    assert high / 1e6 == pytest.approx(exports - free, abs=5)
    assert share == pytest.approx(1 - imports / exports, abs=1e-3)
    assert share_high == pytest.approx(1 - free / exports, abs=1e-3)


@pytest.mark.parametrize("year", [2022, 2023])
def test_what_part_of_the_exports_added_since_2021_never_arrived(
    headline: Connection, year: int
) -> None:
    hold_added_loss_against_paper(headline, year)


def hold_added_loss_against_paper(connection: Connection, year: int) -> None:
    """Share of the EU-27 exports added since 2021 that Kazakhstan's imports do not show."""
    exports, imports, free = union_trade(year)
    before, received, freed = union_trade(2021)
    added = exports - before
    found = one(
        connection,
        "select marginal_lost_share_low, marginal_lost_share, marginal_lost_share_high "
        "from mart.lost_in_transit where exporter_group = 'E27' and importer = 'KAZ' "
        "and product = 'TOTAL' and year = ?",
        year,
    )
    without, widest = 1 - (imports - received) / added, 1 - (free - freed) / added
    assert found == pytest.approx((without, without, widest), abs=2e-3)


def test_microchips_show_pass_through_ceiling_and_growth_as_printed(headline: Connection) -> None:
    found = one(
        headline,
        "select marginal_pass_through, ceiling_usd, growth, growth_low, growth_high "
        "from mart.pass_through where hub = 'KAZ' and product = '8542' and year = 2022",
    )
    margin, ceiling, *growth = (float(cell) for cell in found)  # type: ignore[arg-type]
    assert f"{margin:.2f}" == "0.44"
    assert f"{ceiling / 1e6:.1f}" == "17.8"
    assert [f"{factor:.1f}" for factor in growth] == ["73.5", "71.3", "75.7"]


def test_drones_of_2021_have_no_code_and_no_figure(headline: Connection) -> None:
    status, exports, imports, growth, flags = one(
        headline,
        "select status, exports_usd, imports_usd, growth, flags from mart.pass_through "
        "where hub = 'KAZ' and product = '8806' and year = 2021",
    )
    assert (status, exports, imports, growth) == ("no_code", None, None, None)
    assert "NOMEN_BREAK" in flags  # type: ignore[operator]


@pytest.mark.parametrize("schema", ["raw", "validated", "transformed"])
def test_no_row_of_drones_stands_before_their_code(headline: Connection, schema: str) -> None:
    query = f"select count(*) from {schema}.trade_flow where product like '8806%' and year < 2022"
    assert one(headline, query) == (0,)


@pytest.mark.parametrize("printed", PRINTED, ids=str)
def test_a_printed_figure_stands_in_the_file(headline: Connection, printed: Printed) -> None:
    value = reported(headline, printed.source, **printed.cell)
    assert float(value) == pytest.approx(printed.value_usd, rel=printed.tolerance)


def test_every_shipped_figure_is_let_through_and_converted(
    headline: Connection, shipped: list[dict[str, str]]
) -> None:
    assert one(headline, "select count(*) from validated.trade_flow") == (len(shipped),)
    assert one(headline, "select count(*) from quarantine.trade_flow") == (0,)
    assert one(headline, "select count(*) from raw.trade_flow where value_usd is null") == (0,)


@pytest.fixture(scope="session")
def shipped() -> list[dict[str, str]]:
    """The rows of the file that ships."""
    path = Path(__file__).parents[2] / "assets" / "source" / "headline.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_figure_is_found_by_file_and_line(
    headline: Connection, shipped: list[dict[str, str]]
) -> None:
    factor = {"USD": 1, "thousand USD": 1_000, "million USD": 1_000_000}
    found = dict(headline.execute("select file_row, value_usd from raw.trade_flow").fetchall())
    expected = {
        line: round(Decimal(row["value"]) * factor[row["unit"]], 2)
        for line, row in enumerate(shipped, start=2)
        if row["unit"] in factor
    }
    assert {line: found[line] for line in expected} == expected


@pytest.mark.parametrize("year", range(2010, 2022))
def test_two_russian_sources_are_never_averaged(headline: Connection, year: int) -> None:
    query = (
        "select source, value_usd from validated.trade_flow where reporter = 'RUS' "
        "and partner = 'KAZ' and flow = 'M' and product = 'TOTAL' and year = ?"
    )
    sources = dict(headline.execute(query, [year]).fetchall())
    used, source, low, high, flags = one(
        headline,
        "select value_usd, source, value_fob_low_usd, value_fob_high_usd, flags "
        "from transformed.trade_flow where reporter = 'RUS' and partner = 'KAZ' "
        "and flow = 'M' and product = 'TOTAL' and year = ?",
        year,
    )
    late = max(sources.values()) > Decimal("1.01") * min(sources.values())
    assert (source, used) == ("ru_fcs", sources["ru_fcs"])
    assert low < min(sources.values()) <= max(sources.values()) <= high  # type: ignore[operator]
    assert ("LATE_REVISION" in flags) == late  # type: ignore[operator]


@pytest.mark.parametrize("stage", ["raw", "validated", "transformed"])
def test_each_stage_uses_the_figure_of_the_customs_service(
    headline: Connection, stage: str
) -> None:
    found = headline.execute(
        f"select year, destination_imports_usd from {stage}.mirror_statistics "
        "where hub = 'KAZ' and destination = 'RUS' and product = 'TOTAL' and year between ? and ?",
        [2018, 2021],
    ).fetchall()
    assert dict(found) == {year: russian_imports(headline, "ru_fcs", year) for year in CALM_YEARS}


def test_russia_is_not_reported_after_2021(headline: Connection) -> None:
    found = headline.execute(
        "select distinct destination_report_status, destination_imports_usd "
        "from transformed.mirror_statistics where destination = 'RUS' and year > 2021"
    ).fetchall()
    assert found == [("not_reported", None)]


def test_euros_carry_their_flag_and_the_rate_of_the_year(
    headline: Connection, shipped: list[dict[str, str]]
) -> None:
    rates = dict(
        headline.execute("select year, usd_per_eur from reference.eur_usd_annual").fetchall()
    )
    expected = {
        line: round(Decimal(row["value"]) * 1_000_000 * rates[int(row["year"])], 2)
        for line, row in enumerate(shipped, start=2)
        if row["unit"] == "million EUR"
    }
    flagged = (
        "select file_row, value_usd from validated.trade_flow where list_contains(flags, 'FX')"
    )
    assert dict(headline.execute(flagged).fetchall()) == expected
    assert len(expected) == 15


def test_rates_are_those_of_the_method(headline: Connection) -> None:
    found = headline.execute("select year, usd_per_eur from reference.eur_usd_annual").fetchall()
    stated = {2018: 1.1810, 2019: 1.1195, 2020: 1.1422, 2021: 1.1827, 2022: 1.0530, 2023: 1.0813}
    assert {year: float(rate) for year, rate in found if year in stated} == stated


def test_what_russia_receives_has_no_range_that_tells_nothing(headline: Connection) -> None:
    """Few senders report here: their sum is shown, and no reading of the whole is made of it."""
    query = "select year, status, mirror_usd > 50e9, received_high_usd from mart.receipt "
    query += "where product = 'TOTAL' and exporter_group = 'W00' and year > 2021 order by year"
    silent = [(year, "not_measurable", True, None) for year in (2022, 2023)]
    assert headline.execute(query).fetchall() == silent
    query = "select count(*), max(received_high_usd / received_low_usd) from mart.receipt "
    (published, widest) = one(headline, query + "where received_usd is not null")
    assert isinstance(published, int)
    assert published > 20
    assert isinstance(widest, float)
    assert widest < 3
