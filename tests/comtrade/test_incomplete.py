"""A Comtrade dataset that falls short of what the national office prints, through a whole run."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.comtrade.test_folder import BULK, run

# In thousand USD, Kazakhstan's imports from the World as its Bureau of National Statistics prints
# them, which the project ships: 41,415.4 million in 2021 and 50,934.4 million in 2022.
SHARES = {2021: 0.67, 2022: 0.98}
PRINTED = {2021: 41_415_400_000, 2022: 50_934_400_000}


def line(year: int, reporter: int, flow: str, partner: int, value: float) -> str:
    vintage = "H5" if year < 2022 else "H6"
    cells = (year, year, reporter, flow, partner, vintage, "TOTAL", 0, 0, f"{value:.2f}")
    return "\t".join(map(str, cells)) + "\n"


def table() -> str:
    """Kazakhstan's imports from the World and Germany, and Germany's exports to it."""
    lines = [
        text
        for year, share in SHARES.items()
        for text in (
            line(year, 398, "M", 0, share * PRINTED[year]),
            line(year, 398, "M", 276, 700_000_000),
            line(year, 276, "X", 398, 900_000_000),
            line(year, 276, "X", 0, 1_600_000_000_000),
        )
    ]
    return "\t".join(BULK) + "\n" + "".join(lines)


@pytest.mark.slow
def test_a_year_short_of_the_printed_total_is_kept_out_with_its_mirror_beside_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "bulk.tsv").write_text(table())
    run(tmp_path / "root", tmp_path / "given", "2021-2022")
    with duckdb.connect(str(tmp_path / "root" / "comtrade.duckdb"), read_only=True) as connection:

        def asked(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        complete = asked("""
            select year, round(share, 2), is_complete, independent_source
            from validated.completeness where source = 'comtrade' and reporter = 'KAZ'
            order by year
        """)
        rows = asked("""
            select year, list_contains(flags, 'INCOMPLETE'), count(*) from validated.trade_flow
            where source = 'comtrade' and reporter = 'KAZ' group by all order by all
        """)
        gap = asked("""
            select year, exports_usd, imports_cif_usd, gap_usd is null, imports_status,
                list_contains(flags, 'INCOMPLETE')
            from mart.mirror_gap
            where exporter = 'DEU' and importer = 'KAZ' and product = 'TOTAL' order by year
        """)
    assert complete == [(2021, 0.67, False, "kz_bns"), (2022, 0.98, True, "kz_bns")]
    assert rows == [(2021, True, 2), (2022, False, 2)]
    sent, received = Decimal("900000000.00"), Decimal("700000000.00")
    assert gap == [
        (2021, sent, None, True, "incomplete", True),
        (2022, sent, received, False, "value", False),
    ]
    assert (
        "validated.completeness does not hold datasets_reach_their_totals (1 rows)" in caplog.text
    )
