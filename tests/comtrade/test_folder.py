"""Comtrade tables that people already have, through profile comtrade without a network."""

import gzip
import re
from decimal import ROUND_HALF_UP, Decimal
from math import log
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from assets.source.comtrade.fields import FIELDS
from assets.source.comtrade.tables import folder, forms
from pipelines import cli
from warehouse.errors import InputError

REFERENCE = Path(__file__).parents[2] / "assets" / "reference"
THAI = "comtrade_formats/TradeData_THA_8542_M_2014_2024.csv"
LEGACY = "comtrade_formats/comtrade_legacy_2021-08-16_semi_equipment.csv"
FISH = "comtrade_fish/comtrade_fish_hs6_monthly_kz_ru.parquet"
WOOD = "comtrade_wood/eu27_imports_hs44_hs4_annual_2018_2022.csv.gz"
BULK = ["refYear", "period", "reporterCode", "flowCode", "partnerCode", "classificationCode"]
BULK += ["cmdCode", "CIFValue", "FOBValue", "primaryValue"]
LINE = "2022\t2022\t398\tX\t643\tH6\t8542\t0\t100\t100\n"


def bulk(lines: str) -> bytes:
    return ("\t".join(BULK) + "\n" + lines).encode()


def run(root: Path, inputs: Path, years: str) -> str:
    words = ["run", "--profile", "comtrade", "--inputs", inputs, "--years", years, "--root", root]
    done = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def test_each_form_is_recognised_and_the_rest_is_told(tmp_path: Path) -> None:
    (tmp_path / "bulk.gz").write_bytes(gzip.compress(bulk(LINE), mtime=0))
    (tmp_path / "same.gz").write_bytes(gzip.compress(bulk(LINE), mtime=0))
    (tmp_path / "notes.txt").write_text("hello")
    told = list(folder.told(tmp_path))
    assert told[0].split() == ["comtrade", "bulk.gz:", "bulk", "table,", *told[0].split()[4:]]
    assert "notes.txt: its first line is not that of a Comtrade table" in told[1]
    assert "same.gz: the same bytes as bulk.gz" in told[2]
    assert told[3].strip() == "1 tables recognised by their first line"


@pytest.mark.parametrize("name", ["headline", "demo"])
def test_files_are_for_the_profiles_that_run_on_files(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(cli.main, ["run", "--profile", name, "--inputs", str(tmp_path)])
    assert done.exit_code == 3
    assert "--profile official or comtrade" in done.output


def test_a_folder_without_a_table_says_what_to_put_in(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    house = type("H", (), {"inputs": str(tmp_path)})
    with pytest.raises(InputError, match="Put in CSV of Comtrade Plus"):
        folder.download(house)  # type: ignore[arg-type]


def snake(name: str) -> str:
    """A column as the R package comtradr names it."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def test_columns_as_the_r_package_names_them_are_known() -> None:
    given = forms.recognise((",".join(map(snake, FIELDS)) + "\n").encode())
    assert given is not None
    assert given.columns == tuple(FIELDS)


@pytest.mark.parametrize("name", sorted(forms.NEEDED))
def test_a_table_without_a_column_that_tells_which_figure_it_is_is_refused(
    tmp_path: Path, name: str
) -> None:
    rest = [column for column in BULK if column != name]
    (tmp_path / "rest.csv").write_text(",".join(rest) + "\n")
    (tmp_path / "whole.csv").write_text(",".join(BULK) + "\n")
    house = type("H", (), {"inputs": str(tmp_path)})
    if name in forms.TELLING:  # nothing says that it is meant to be a table of Comtrade
        assert forms.lacking((tmp_path / "rest.csv").read_bytes()) == []
        return
    with pytest.raises(InputError, match=f"rest.csv: is a Comtrade table without {name}, so"):
        folder.download(house)  # type: ignore[arg-type]


def test_a_table_that_names_neither_country_nor_flow_is_refused(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("cmd_code,primary_value,ref_year\n4412,100,2021\n")
    words = ["run", "--profile", "comtrade", "--inputs", tmp_path, "--root", tmp_path / "root"]
    done = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert done.exit_code == 3
    said = " ".join(done.output.split())
    lacks = "reporterCode, flowCode, partnerCode, classificationCode, so no row says which figure"
    assert f"few.csv is a Comtrade table without {lacks}" in said
    assert "Download it again with all columns" in said
    assert not (tmp_path / "root" / "comtrade.duckdb").exists()


def cents(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.slow
def test_mirror_statistics_of_real_files_are_those_of_plain_pandas(
    real_files: Path, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for name in (THAI, LEGACY):
        (given / Path(name).name).write_bytes((real_files / name).read_bytes())
    fish = pd.read_parquet(real_files / FISH)
    (given / "fish.csv").write_bytes(
        fish.to_csv(index=False, lineterminator="\n").encode("latin-1", "replace")
    )
    output = run(tmp_path / "root", given, "2018-2021")
    assert "3 tables recognised" in output
    with duckdb.connect(str(tmp_path / "root" / "comtrade.duckdb"), read_only=True) as connection:
        found = connection.execute("""
            select year, product, hub_exports_usd, destination_imports_usd, mirror_log_ratio
            from transformed.mirror_statistics
            where hub = 'KAZ' and destination = 'RUS' and product like '030%'
                and coalesce(hub_exports_usd, destination_imports_usd) is not null
        """).fetchall()
        kazakh = connection.execute("""
            select year, hub_imports_usd from transformed.mirror_statistics
            where hub = 'KAZ' and destination = 'RUS' and product = '848620' order by year
        """).fetchall()
        thai = connection.execute("""
            select year, sum(value_usd) from validated.trade_flow
            where reporter = 'THA' and product = '8542' and partner <> 'W00'
            group by year order by year
        """).fetchall()
    assert {row[:4] for row in found} == pairs(fish)
    assert len(found) > 60
    assert sum(row[4] is not None for row in found) > 10
    assert all(ratio == pytest.approx(expected(*row)) for *row, ratio in found)
    legacy = pd.read_csv(real_files / LEGACY, encoding="latin-1")
    worlds = legacy.query(
        "`Reporter ISO` == 'KAZ' and `Trade Flow` == 'Import' and `Commodity Code` == 848620"
    ).set_index("Year")["Trade Value (US$)"]
    printed = {year: int(value) for year, value in worlds.items() if 2018 <= year <= 2021}
    assert dict(kazakh) == printed
    assert dict(kazakh)[2018] == 479_207
    frame = pd.read_csv(real_files / THAI, encoding="latin-1", index_col=False)
    kept = frame[~frame["partnerCode"].isin([0, 764]) & frame["refYear"].between(2018, 2021)]
    sums = kept.groupby("refYear")["primaryValue"].sum().round(2)
    assert {year: float(value) for year, value in thai} == pytest.approx(sums.to_dict())


@pytest.mark.slow
def test_mirror_statistics_of_the_wood_extract_are_those_of_plain_pandas(
    real_files: Path, tmp_path: Path
) -> None:
    """Imports of the EU alone: one report of each pair, and no statistic of the corridor."""
    given = tmp_path / "given"
    given.mkdir()
    (given / "wood.csv.gz").write_bytes((real_files / WOOD).read_bytes())
    assert "1 tables recognised" in run(tmp_path / "root", given, "2018-2022")
    with duckdb.connect(str(tmp_path / "root" / "comtrade.duckdb"), read_only=True) as connection:
        mirror = connection.execute("""
            select year, product, exporter, importer, imports_cif_usd, exports_usd, gap_usd,
                status, imports_status, exports_status
            from mart.mirror_gap where imports_cif_usd is not null
        """).fetchall()
        statistics = connection.execute("""
            select count(*), count(hub_exports_usd), count(hub_imports_usd), count(mirror_gap_usd)
            from transformed.mirror_statistics where product like '44%'
        """).fetchone()
        kinds = connection.execute("select code, kind from reference.country").fetchall()
    frame = pd.read_csv(real_files / WOOD, dtype=str, keep_default_na=False)
    frame["partner_iso"] = frame["partner_iso"].str.strip()
    countries = {code for code, kind in kinds if kind in ("country", "bloc")}
    kept = frame[
        frame["partner_iso"].isin(countries) & (frame["partner_iso"] != frame["reporter_iso"])
    ]
    value = kept["primary_value"].astype(float).map(cents)
    names = ["ref_year", "cmd_code", "partner_iso", "reporter_iso"]
    worked_out = dict(zip(kept[names].itertuples(index=False, name=None), value, strict=True))
    assert {(str(row[0]), *row[1:4]): row[4] for row in mirror} == worked_out
    assert len(mirror) == len(worked_out) > 100_000
    assert {row[5:] for row in mirror} == {(None, None, "mirror_missing", "value", "not_reported")}
    plywood = sum(row[4] for row in mirror if row[:3] == (2021, "4412", "RUS"))
    assert round(plywood / 1_000_000, 1) == Decimal("778.2")
    assert statistics == (0, 0, 0, 0)


def pairs(fish: pd.DataFrame) -> set[tuple]:
    """Year, product, what Kazakhstan says it sent to Russia and Russia says it received."""
    years = fish[fish["refYear"].between(2018, 2021)].assign(value=fish["primaryValue"].map(cents))
    sent = years.query("reporterCode == 398 and partnerCode == 643 and flowCode == 'X'")
    received = years.query("reporterCode == 643 and partnerCode == 398 and flowCode == 'M'")
    key = ["refYear", "cmdCode", "classificationCode"]
    both = pd.DataFrame(
        {"sent": sent.groupby(key)["value"].sum(), "received": received.groupby(key)["value"].sum()}
    ).astype(object)
    both = both.where(both.notna(), None)
    return {
        (year, code, row.sent, row.received)
        for (year, code, _), row in both.iterrows()
        if code.startswith("030")
    }


def expected(
    year: int, product: str, sent: Decimal | None, received: Decimal | None
) -> float | None:
    """ln(M / (1 + margin) / X) where both reach 50,000 USD."""
    margins = pd.read_csv(REFERENCE / "cif_margin.csv").sort_values("priority")
    fits = margins[
        margins["exporter"].isin(["KAZ", "*"])
        & margins["importer"].isin(["RUS", "*"])
        & margins["chapter"].isin([product[:2], "*"])
    ]
    if sent is None or received is None:
        return None
    fob = float(received) / (1 + fits["central"].iloc[0])
    return log(fob / float(sent)) if min(fob, float(sent)) >= 50_000 else None
