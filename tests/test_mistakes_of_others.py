"""The mistakes that other pipelines make (method 1.7), each on a matrix small enough to do by hand.

Others are shown elsewhere: filters that are computed and not used (test_never_adds.py), one year's
rate for every year (test_headline.py), a failure that passes for a success (pipelines/).
"""

import pytest

from tests.world import Row, answer, read_rows, world


def rows_of(text: str, name: str, where: str = "true") -> list[dict[str, object]]:
    given: list[Row] = list(read_rows(text))
    return answer(world({"validated.trade_flow": given}, name), name, where)


def test_a_margin_is_divided_out_not_subtracted() -> None:
    """1,150,000 at 15% is 1,000,000; times (1 - 0.15) it would be 977,500."""
    text = """
        reporter | partner | flow | year | product | value_usd
        KAZ      | CHN     | M    | 2021 | 847150  | 1150000
    """
    (row,) = rows_of(text, "transformed.trade_flow")
    assert float(str(row["value_fob_low_usd"])) == 1_000_000


def test_exporter_and_importer_do_not_change_places() -> None:
    """Each of four cells of a matrix that is not symmetric stands where it belongs."""
    text = """
        reporter | partner | flow | year | product | value_usd
        CHN      | KAZ     | X    | 2021 | 854231  | 110000
        KAZ      | CHN     | M    | 2021 | 854231  | 120000
        KAZ      | CHN     | X    | 2021 | 854231  | 210000
        CHN      | KAZ     | M    | 2021 | 854231  | 220000
    """
    found = {
        (row["exporter"], row["importer"]): (row["exports_usd"], row["imports_cif_usd"])
        for row in rows_of(text, "mart.mirror_gap")
    }
    assert found == {("CHN", "KAZ"): (110000, 120000), ("KAZ", "CHN"): (210000, 220000)}


def test_the_world_is_read_before_areas_not_specified_are_held_against_it() -> None:
    """With the World row gone the rule would never fire: 3 of 100 have no partner, over 2%."""
    text = """
        reporter | partner | flow | year | product | value_usd
        KAZ      | W00     | M    | 2021 | 854231  | 100
        KAZ      | CHN     | M    | 2021 | 854231  | 97
        KAZ      | _X      | M    | 2021 | 854231  | 3
    """
    rows = rows_of(text, "mart.import_origin")
    assert all("AREAS_NES" in row["flags"] for row in rows)  # type: ignore[operator]
    assert {row["origin_group"]: row["share"] for row in rows} == pytest.approx(
        {"CHINA": 0.97, "AREAS_NES": 0.03, "RESIDUAL": 0.0}
    )


def test_a_neighbouring_year_is_neither_lost_nor_taken_for_this_one() -> None:
    """Base years count by name: the median of 1, 2 and 9 million is 2, not 1.5 and not 9."""
    text = """
        reporter | partner | flow | year | product | value_usd
        KAZ      | RUS     | X    | 2018 | 854231  | 1000000
        KAZ      | RUS     | X    | 2019 | 854231  | 2000000
        KAZ      | RUS     | X    | 2021 | 854231  | 9000000
        KAZ      | RUS     | X    | 2022 | 854231  | 5000000
    """
    (row,) = rows_of(text, "mart.pass_through", "hub = 'KAZ' and year = 2022")
    assert (row["baseline_exports_usd"], row["baseline_years"]) == (2_000_000, 3)


def test_what_was_meant_to_be_left_out_is_left_out_on_both_conditions() -> None:
    """`~a | b` keeps what is b: members leave a group that its bloc prints, and others do not."""
    text = """
        source   | reporter | partner | flow | year | product | value_usd
        eurostat | E27      | KAZ     | X    | 2021 | TOTAL   | 100
        eurostat | DEU      | KAZ     | X    | 2021 | TOTAL   | 60
        kz_bns   | KAZ      | E27     | M    | 2021 | TOTAL   | 90
        kz_bns   | KAZ      | DEU     | M    | 2021 | TOTAL   | 50
    """
    found = rows_of(text, "mart.lost_in_transit", "exporter_group in ('E27', 'DEU')")
    assert {row["exporter_group"]: row["lost_usd"] for row in found} == {"E27": 10, "DEU": 10}
    origin = rows_of(text, "mart.import_origin")
    assert {row["origin_group"]: row["value_usd"] for row in origin} == {"COALITION": 90}
