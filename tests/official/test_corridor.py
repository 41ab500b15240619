"""What profile official computes from the publishers' own files."""

import pytest

from tests.official.figures import MEMBERS, Connection, chosen, one
from tests.pipelines import test_headline as paper

HUBS_OUTSIDE = ("KGZ", "ARM", "UZB", "GEO")


def statistic(connection: Connection, year: int, columns: str) -> tuple[object, ...]:
    query = f"select {columns} from transformed.mirror_statistics where hub = 'KAZ' "
    return one(connection, query + "and product = 'TOTAL' and year = ?", year)


@pytest.mark.parametrize("year", range(1994, 2022))
def test_russias_side_of_the_corridor_from_1994_to_2021(official: Connection, year: int) -> None:
    columns = "destination_report_status, destination_received_basis, destination_imports_usd"
    status, basis, imports = statistic(official, year, columns)
    assert (status, basis) == ("value", "reported")
    assert imports == chosen(official, reporter="RUS", partner="KAZ", flow="M", year=year)


@pytest.mark.parametrize("year", range(2018, 2024))
def test_kazakhstans_side_from_2018_to_2023(official: Connection, year: int) -> None:
    columns = "hub_exports_usd, hub_imports_usd, destination_received_basis"
    exports, imports, basis = statistic(official, year, columns)
    assert exports == chosen(official, reporter="KAZ", partner="RUS", flow="X", year=year)
    assert imports == chosen(official, reporter="KAZ", partner="W00", flow="M", year=year)
    assert basis == ("reported" if year < 2022 else "mirror")


@pytest.mark.parametrize("year", range(2018, 2022))
def test_both_sides_agree_before_the_war(official: Connection, year: int) -> None:
    (log_ratio,) = statistic(official, year, "abs(mirror_log_ratio)")
    assert isinstance(log_ratio, float)
    assert log_ratio < 0.06


@pytest.mark.parametrize(("year", "billions"), [(2022, 255.305), (2023, 285.057)])
def test_what_russia_still_prints_is_what_it_receives_from_everyone(
    official: Connection, year: int, billions: float
) -> None:
    columns = "destination_received_world_usd, destination_received_world_basis, "
    columns += "destination_imports_usd, destination_report_status"
    world, basis, imports, status = statistic(official, year, columns)
    assert (float(str(world)), basis) == (billions * 1e9, "reported")
    assert (imports, status) == (None, "not_reported")


def test_the_first_figure_of_2022_widens_the_range_of_the_restated_one(
    official: Connection,
) -> None:
    query = "select release, value_fob_high_usd, flags from transformed.trade_flow "
    query += "where reporter = 'RUS' and partner = 'W00' and flow = 'M' and product = 'TOTAL' "
    release, highest, flags = one(official, query + "and year = 2022")
    assert str(release).startswith("2023-12 edition")
    assert float(str(highest)) == 259_083.0e6
    assert "LATE_REVISION" in (flags if isinstance(flags, list) else [])


def test_no_estimate_of_the_imf_passes_for_a_report_of_russia(official: Connection) -> None:
    query = "select count(*) from validated.trade_flow where source = 'imf_imts' and year > 2021"
    assert one(official, query) == (0,)
    query = "select count(*) from transformed.mirror_statistics where year = 2024 "
    assert one(official, query + "and destination_received_world_basis = 'reported'") == (0,)


def test_chapters_russia_prints_stand_beside_its_total(official: Connection) -> None:
    query = "select classification, count(*) > 50, sum(value_usd) < 293.6e9 "
    query += "from validated.trade_flow where reporter = 'RUS' and partner = 'W00' and flow = 'M' "
    query += "and length(product) = 2 group by classification order by classification"
    assert official.execute(query).fetchall() == [("H5", True, True), ("H6", True, True)]


@pytest.mark.parametrize("year", range(2019, 2024))
def test_exports_of_the_union_by_member_state(official: Connection, year: int) -> None:
    query = "select importer, count(exports_usd) from mart.mirror_gap where year = ? "
    query += f"and exporter in {MEMBERS} group by importer"
    found = dict(official.execute(query, [year]).fetchall())
    assert {"KAZ", "RUS", *HUBS_OUTSIDE} <= set(found)
    for importer in ("KAZ", "RUS", "GEO"):  # Malta and Cyprus have months without trade
        assert found[importer] >= 25


@pytest.mark.parametrize("year", paper.UNION_TRADE)
def test_lost_in_transit_from_the_union_with_and_without_the_margin(
    official: Connection, year: int
) -> None:
    paper.hold_lost_against_paper(official, year)


@pytest.mark.parametrize("year", [2022, 2023])
def test_what_part_of_the_exports_added_since_2021_never_arrived(
    official: Connection, year: int
) -> None:
    paper.hold_added_loss_against_paper(official, year)


@pytest.mark.parametrize("member", ["DEU", "LTU", "POL"])
@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_lost_in_transit_to_kazakhstan_by_member_state(
    official: Connection, member: str, year: int
) -> None:
    query = "select status, exports_usd, imports_usd, lost_share from mart.lost_in_transit "
    query += "where importer = 'KAZ' and exporter_group = ? and year = ?"
    status, exports, imports, share = one(official, query, member, year)
    assert status == "value"
    assert exports == chosen(official, reporter=member, partner="KAZ", flow="X", year=year)
    assert imports == chosen(official, reporter="KAZ", partner=member, flow="M", year=year)
    assert float(str(share)) == pytest.approx(1 - float(str(imports)) / float(str(exports)))


@pytest.mark.parametrize("importer", HUBS_OUTSIDE)
def test_a_hub_whose_own_tables_are_not_there_is_a_mirror_missing(
    official: Connection, importer: str
) -> None:
    query = "select status, exports_usd > 0, imports_usd from mart.lost_in_transit "
    query += "where importer = ? and exporter_group = 'DEU' and year = 2022"
    assert one(official, query, importer) == ("mirror_missing", True, None)


def test_lithuania_lost_most_of_its_exports_long_before_the_war(official: Connection) -> None:
    """A share that is high in every year is a baseline, and no finding."""
    query = "select min(lost_share) from mart.lost_in_transit where importer = 'KAZ' "
    (least,) = one(official, query + "and exporter_group = 'LTU' and year between 2019 and 2021")
    assert isinstance(least, float)
    assert least > 0.7


def test_what_russia_prints_of_each_member_is_what_it_receives_from_the_union(
    official: Connection,
) -> None:
    """Its own sum over 27 members, and the union's one figure for all of them: both are whole."""
    query = "select basis, coverage, reported_usd, mirror_usd from mart.receipt "
    query += "where exporter_group = 'E27' and product = 'TOTAL' and year = 2021"
    basis, coverage, reported, mirror = one(official, query)
    assert (basis, coverage) == ("reported", 1)
    of_members = [
        chosen(official, reporter="RUS", partner=member, flow="M", year=2021) for member in MEMBERS
    ]
    assert reported == sum(of_members)
    assert mirror == chosen(official, reporter="E27", partner="RUS", flow="X", year=2021)


@pytest.mark.parametrize("year", [2022, 2023])
def test_few_senders_do_not_stretch_what_russia_still_prints(
    official: Connection, year: int
) -> None:
    query = "select received_low_usd / received_usd, received_high_usd / received_usd "
    query += "from mart.receipt where exporter_group = 'W00' and product = 'TOTAL' and year = ?"
    low, high = one(official, query, year)
    assert 0.9 < float(str(low)) < 1 < float(str(high)) < 1.15
