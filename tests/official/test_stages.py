"""What is refused, kept and compared between the files of profile official."""

from pathlib import Path

import pytest

from assets.source import input_folder, publications
from assets.source.publications import Known
from tests.official.figures import Connection, one

REASONS = {
    "group_row", "negative_or_null_value", "not_reported", "partial_year",
    "unit_not_convertible", "wrong_digit_count",
}  # fmt: skip


def test_raw_is_what_was_kept_and_what_was_refused(official: Connection) -> None:
    query = """
        select count(*), count(distinct file_sha256), sum(value_usd) from (
            select file_sha256, value_usd from {0}
        )
    """
    raw = one(official, query.format("raw.trade_flow"))
    both = "(select file_sha256, value_usd from validated.trade_flow union all "
    both += "select file_sha256, value_usd from quarantine.trade_flow)"
    assert raw == one(official, query.format(both))
    assert raw[1] == 24  # every recognised file gave figures


def test_every_figure_a_parser_read_is_in_raw(official: Connection, real_files: Path) -> None:
    files = publications.sorted_out(input_folder.files(real_files))
    read = {f.file.address: len(f.figures) for f in files if isinstance(f, Known)}
    query = "select url, rows from meta.source_file where source <> 'reference'"
    assert dict(official.execute(query).fetchall()) == read


def test_rows_are_refused_for_reasons_the_tables_explain(official: Connection) -> None:
    query = "select distinct unnest(reasons) from quarantine.trade_flow"
    assert {row[0] for row in official.execute(query).fetchall()} == REASONS


def test_a_part_of_a_year_never_gives_a_year(official: Connection) -> None:
    query = "select count(*) from {0} where list_contains(flags, 'PARTIAL_YEAR')"
    assert one(official, query.format("validated.trade_flow")) == (0,)
    assert int(str(one(official, query.format("quarantine.trade_flow"))[0])) > 400
    # January to September 2017 and 2024 are in the folder, under names that say nothing.
    query = "select count(*) from validated.trade_flow where release in "
    query += "('2017-09 edition of general totals', '2024-09 edition, by continent')"
    assert one(official, query) == (0,)


def test_euros_without_a_rate_stay_without_dollars(official: Connection) -> None:
    query = "select count(value_usd), min(year), max(year) from quarantine.trade_flow "
    query += "where list_contains(reasons, 'unit_not_convertible')"
    assert one(official, query) == (0, 2010, 2016)
    query = "select min(year), bool_and(list_contains(flags, 'FX')) from validated.trade_flow "
    assert one(official, query + "where source = 'eurostat'") == (2017, True)


def test_large_amounts_in_euros_are_converted(official: Connection) -> None:
    """Ten digits and more: the first are those of 2022, to Kazakhstan."""
    query = "select count(*) from quarantine.trade_flow where source = 'eurostat' and year > 2016 "
    assert one(official, query + "and value_usd is null") == (0,)


@pytest.mark.parametrize(
    ("source", "reporter", "partner", "year", "releases"),
    [
        ("kz_bns", "KAZ", "RUS", 2022, ["2022-12 edition", "2024-07-25"]),
        ("kz_bns", "KAZ", "RUS", 2019, ["2019-12 edition", "2020-12 edition"]),
        (
            "ru_fcs", "RUS", "KAZ", 2018,
            ["2021 edition, main countries by month", "2021-12 edition, series by year"],
        ),
        (
            "ru_fcs", "RUS", "W00", 2021,
            [
                "2021-12 edition of general totals", "2021-12 edition, by month",
                "2021-12 edition, series by year", "2022-12 edition, by chapter",
            ],
        ),
    ],
)  # fmt: skip
def test_every_edition_is_a_release_and_the_newest_is_used(
    official: Connection, source: str, reporter: str, partner: str, year: int, releases: list[str]
) -> None:
    where = "where reporter = ? and partner = ? and year = ? and flow = 'M' and product = 'TOTAL'"
    cell = (reporter, partner, year)
    query = f"select release from validated.trade_flow {where} and source = ? order by release"
    assert [row[0] for row in official.execute(query, [*cell, source]).fetchall()] == releases
    query = f"select source, release from transformed.trade_flow {where}"
    assert one(official, query, *cell) == (source, releases[-1])


def test_figures_that_differ_between_editions_by_more_than_a_hundredth_are_flagged(
    official: Connection,
) -> None:
    query = """
        with spread as (
            select reporter, partner, flow, year, product,
                max(value_usd) > 1.01 * min(value_usd) as differs
            from validated.trade_flow group by all
        )
        select count(*) filter (differs), bool_and(list_contains(flags, 'LATE_REVISION') = differs)
        from transformed.trade_flow join spread using (reporter, partner, flow, year, product)
    """
    differing, flagged = one(official, query)
    assert int(str(differing)) > 100
    assert flagged is True


def test_every_code_a_parser_can_give_is_in_the_reference(official: Connection) -> None:
    query = "select count(*) from quarantine.trade_flow where list_has_any(reasons, "
    assert one(official, query + "['unknown_partner', 'unknown_reporter'])") == (0,)


def test_kazakhstans_row_of_the_union_holds_the_kingdom_until_the_sheet_of_2023(
    official: Connection,
) -> None:
    query = """
        select holds, list(distinct year order by year) from validated.printed_union
        where source = 'kz_bns' and partner = 'XEU' group by holds
    """
    assert dict(official.execute(query).fetchall()) == {
        "members": [2023],
        "members and GBR": [2018, 2019, 2020, 2021, 2022],
    }
