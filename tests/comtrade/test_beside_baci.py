"""Zips of BACI in the folder of profiles official and comtrade, each through a whole run."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines import cli
from tests.comtrade.test_folder import BULK
from tests.source.baci.zips import baci

# Thousand USD; 8542.31 of Kazakhstan to Russia, and of China to Kazakhstan.
ROWS = {2021: ("2021,156,398,854231,1000.000,2.500", "2021,398,643,854231,6500000.000,")}
IMF = "imf_imts/RU_trade.csv"


def line(reporter: int, flow: str, partner: int, value: str) -> str:
    cells = (2021, 2021, reporter, flow, partner, "H5", "854231", 0, 0, value)
    return "\t".join(map(str, cells)) + "\n"


def gap(folder: Path, profile: str, root: Path, pair: str) -> tuple[list[tuple], list[tuple]]:
    """Both reports and the third opinion of a pair in 2021, and the sources of validated rows."""
    words = ["run", "--profile", profile, "--inputs", folder, "--years", "2021", "--root", root]
    done = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    assert "a third opinion" in done.output
    with duckdb.connect(str(root / f"{profile}.duckdb"), read_only=True) as connection:
        reports = connection.execute(f"""
            select product, exports_usd, imports_cif_usd, third_opinion_usd, third_opinion_release
            from mart.mirror_gap where exporter || ' ' || importer = '{pair}' and year = 2021
                and (exports_usd is not null or imports_cif_usd is not null) order by product
        """).fetchall()
        sources = connection.execute(
            "select distinct source from validated.trade_flow order by source"
        ).fetchall()
    return reports, sources


@pytest.mark.slow
def test_baci_stands_beside_both_reports_of_comtrade(tmp_path: Path) -> None:
    given = tmp_path / "given"
    baci(given, "HS17", years=ROWS)
    both = line(156, "X", 398, "900.50") + line(398, "M", 156, "950.25")
    (given / "bulk.tsv").write_text("\t".join(BULK) + "\n" + both)
    reports, sources = gap(given, "comtrade", tmp_path / "root", "CHN KAZ")
    sent, received, third = Decimal("900.50"), Decimal("950.25"), Decimal(1_000_000)
    assert reports == [("854231", sent, received, third, "V202601")]
    assert ("baci",) in sources
    assert ("comtrade",) in sources


@pytest.mark.slow
def test_baci_stands_beside_the_reports_of_offices(real_files: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    baci(given, "HS17", years=ROWS)
    (given / "table.csv").write_bytes((real_files / IMF).read_bytes())
    reports, sources = gap(given, "official", tmp_path / "root", "KAZ RUS")
    [(product, sent, received, third, release)] = reports
    assert (product, sent, third, release) == ("TOTAL", None, Decimal(6_500_000_000), "V202601")
    assert abs(received - 7_130_600_000) < 100_000  # the IMF's copy of what Russia reported
    assert sources == [("baci",), ("imf_imts",)]
