"""Real Comtrade files of every form through stage 1 and 2, against plain pandas."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from tests.corpus.stages import Outcome, asked, from_tables, furnished, parquet
from warehouse.house import House

THAI = "comtrade_formats/TradeData_THA_8542_M_2014_2024.csv"
LEGACY = "comtrade_formats/comtrade_legacy_2021-08-16_semi_equipment.csv"
FISH = "comtrade_fish/comtrade_fish_hs6_monthly_kz_ru.parquet"
WOOD = "comtrade_wood/eu27_imports_hs44_hs4_annual_2018_2022.csv.gz"
PARTS = {"RM", "RX", "FM", "DX", "MIP"}


def cents(values: pd.Series) -> Decimal:
    return sum(
        (Decimal(str(v)).quantize(Decimal("0.01"), ROUND_HALF_UP) for v in values), Decimal()
    )


def taken(reference: House, root: Path, content: bytes, years: pd.Series) -> tuple[House, Outcome]:
    house = furnished(reference, root, years=sorted({int(year) for year in years}))
    [outcome] = from_tables(house, {"real.csv": content}).values()
    return house, outcome


def by_reason(outcome: Outcome) -> dict[str, int]:
    """Rows refused for a reason, whatever else is wrong with them."""
    names = {name for reasons in outcome.refused for name in reasons}
    found = outcome.refused.items()
    return {name: sum(n for reasons, n in found if name in reasons) for name in names}


def test_the_thai_table_passes_but_for_what_is_no_country(
    reference: House, real_files: Path, tmp_path: Path
) -> None:
    frame = pd.read_csv(real_files / THAI, encoding="latin-1", index_col=False, dtype=str)
    content = (real_files / THAI).read_bytes()
    house, outcome = taken(reference, tmp_path, content, frame["refYear"])
    itself = frame[frame["partnerCode"] == "764"]
    assert len(frame) == 1178
    assert outcome.refused == {("trade_with_oneself",): len(itself)}
    assert len(outcome.kept) == len(frame) - len(itself)
    assert sum(outcome.kept) == cents(frame["primaryValue"]) - cents(itself["primaryValue"])
    worlds = asked(f"""
        select year, sum(value_usd) filter (partner = 'W00'),
            sum(value_usd) filter (partner <> 'W00')
        from {parquet(house, "raw.trade_flow")} group by year
    """)
    assert len(worlds) == 11
    apart = {year: abs(world - partners) for year, world, partners in worlds}
    assert apart.pop(2014) == 3  # dollars, in the publisher's file; the rest is cents of rounding
    assert max(apart.values()) < Decimal("0.2")


def test_the_legacy_table_keeps_imports_and_exports(
    reference: House, real_files: Path, tmp_path: Path
) -> None:
    frame = pd.read_csv(real_files / LEGACY, encoding="latin-1", dtype=str)
    content = (real_files / LEGACY).read_bytes()
    _, outcome = taken(reference, tmp_path, content, frame["Year"])
    again = frame[frame["Trade Flow"].str.startswith("Re-")]
    assert len(frame) == 2863
    assert by_reason(outcome) == {"part_flow": len(again)}
    rest = frame.drop(again.index)
    assert sum(outcome.kept) == cents(rest["Trade Value (US$)"])
    assert len(outcome.kept) == len(rest)


def test_no_month_of_the_fish_extract_passes_for_a_year(
    reference: House, real_files: Path, tmp_path: Path
) -> None:
    """Months are refused as parts of their year; years of twelve months are their sums."""
    frame = pd.read_parquet(real_files / FISH)
    content = frame.to_csv(index=False, lineterminator="\n").encode("latin-1", "replace")
    house, outcome = taken(reference, tmp_path, content, frame["refYear"])
    assert (len(frame), len(frame.columns)) == (91_559, 47)
    assert by_reason(outcome)["breakdown_row"] == len(frame)
    filed = frame.groupby(["reporterCode", "flowCode", "refYear"])["period"]
    whole = frame[filed.transform("nunique") == 12]
    silent = (whole["reporterCode"] == 643) & (whole["refYear"] > 2021)
    itself = whole["reporterCode"] == whole["partnerCode"]
    known = whole[~silent & ~itself & whole["flowCode"].isin(["M", "X"])]
    cell = ["reporterCode", "partnerCode", "flowCode", "refYear", "classificationCode", "cmdCode"]
    strange = by_reason(outcome).get("unknown_partner", 0)
    assert 0 <= len(known.groupby(cell)) - len(outcome.kept) <= strange
    query = f"select sum(value_usd) from {parquet(house, 'raw.trade_flow')} where breakdown "
    [[months]] = asked(query + "is not null")
    [[years]] = asked(query + "is null")
    assert months == years == cents(frame["primaryValue"])


def test_months_summed_to_years_pass_but_for_the_parts(
    reference: House, real_files: Path, tmp_path: Path
) -> None:
    """The fish of 2018 to 2021 as an annual file would print it."""
    months = pd.read_parquet(real_files / FISH).query("2018 <= refYear <= 2021")
    key = ["refYear", "reporterCode", "partnerCode", "flowCode", "classificationCode", "cmdCode"]
    years = months.groupby(key, as_index=False)["primaryValue"].sum().round(2)
    content = years.assign(period=years["refYear"]).to_csv(index=False).encode()
    _, outcome = taken(reference, tmp_path, content, years["refYear"])
    parts = years["flowCode"].isin(PARTS)
    itself = years["reporterCode"] == years["partnerCode"]
    assert by_reason(outcome)["part_flow"] == parts.sum()
    assert by_reason(outcome).get("trade_with_oneself", 0) == itself.sum()
    assert set(by_reason(outcome)) <= {"part_flow", "trade_with_oneself", "unknown_partner"}
    assert len(outcome.kept) + sum(outcome.refused.values()) == len(years)


def test_mixed_levels_of_the_wood_extract_stay_apart(
    reference: House, real_files: Path, tmp_path: Path
) -> None:
    """As the R package leaves it where columns are selected: countries and flows in words."""
    content = (real_files / WOOD).read_bytes()
    frame = pd.read_csv(real_files / WOOD, dtype=str, keep_default_na=False)
    house, outcome = taken(reference, tmp_path, content, frame["ref_year"])
    assert len(frame) == 173_358
    assert len(outcome.kept) + sum(outcome.refused.values()) == len(frame)
    itself = frame["reporter_iso"] == frame["partner_iso"]
    assert by_reason(outcome) == {"trade_with_oneself": itself.sum()}
    kept = asked(f"""
        select length(product), count(*) from {parquet(house, "validated.trade_flow")}
        group by all order by all
    """)
    lengths = frame.loc[~itself, "cmd_code"].str.len().value_counts()
    assert dict(kept) == lengths.to_dict()
    revisions = asked(f"""
        select distinct classification, year from {parquet(house, "validated.trade_flow")}
        order by year
    """)
    years = range(2018, 2023)
    assert revisions == [("H6" if year >= 2022 else "H5", year) for year in years]


@pytest.fixture(autouse=True)
def _bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRROR_TRADE_THREADS", "2")
