"""Profile demo says everywhere that it is simulated, refuses what was planted and nothing else."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest

from assets.source.simulated.codes import AREA_CODES
from assets.source.simulated.published import Key, Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from pipelines.profiles import DEMO_SEED
from pipelines.tables import tables

Connection = duckdb.DuckDBPyConnection
Cell = tuple[object, ...]
FITTING = {
    "duplicate": "duplicate_key",
    "breakdown": "breakdown_row",
    "subflow": "part_flow",
    "unknown_reporter": "unknown_reporter",
    "unknown_partner": "unknown_partner",
    "group_partner": "group_row",
    "wrong_digits": "wrong_digit_count",
    "not_in_vintage": "code_not_in_vintage",
    "negative_value": "negative_or_null_value",
    "null_value": "negative_or_null_value",
    "self_trade": "trade_with_oneself",
}
# The stand-in is asked for imports and exports of reporters it names: these never travel.
NOT_ASKED_FOR = {"subflow", "unknown_reporter"}
CELL = "reporter, partner, flow, product, year, coalesce(breakdown, '')"


@pytest.fixture(scope="session")
def ledger() -> Published:
    """What the reporters of the demo's world print, with the ledger of its defects."""
    return publish(build_world(WorldSettings(seed=DEMO_SEED)))


@pytest.fixture(scope="session")
def names(demo: Connection) -> dict[int, str]:
    query = "select cast(m49 as integer), min(code) from reference.country where m49 is not null"
    return dict(demo.execute(f"{query} group by all").fetchall())


def cell_of(key: Key, names: dict[int, str]) -> Cell:
    """Reporter, partner, flow, product, year and breakdown as raw.trade_flow spells them."""
    reporter, partner, flow, product, year, customs, mode = key
    parts = [f"customs={customs}" if customs != "C00" else "", f"mot={mode}" if mode else ""]
    spelled = [names.get(code, str(code)) for code in (reporter, partner)]
    return (*spelled, flow, product, year, " ".join(part for part in parts if part))


def counted(connection: Connection, table: str) -> Counter[Cell]:
    answers = f"{table} where source = 'simulated'"  # not the totals of the statistics office
    found = connection.execute(f"select {CELL}, count(*) from {answers} group by all").fetchall()
    return Counter({tuple(row[:-1]): row[-1] for row in found})


@pytest.fixture(scope="session")
def planted(ledger: Published, names: dict[int, str]) -> dict[str, Counter[Cell]]:
    return {
        kind: Counter(cell_of(key, names) for key in keys) for kind, keys in ledger.defects.items()
    }


@pytest.fixture(scope="session")
def printed(ledger: Published, names: dict[int, str]) -> Counter[Cell]:
    return Counter(cell_of(key, names) for key in ledger.keys(ledger.rows))


def test_every_table_of_the_demo_says_simulated(demo: Connection) -> None:
    found = demo.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables()"
    ).fetchall()
    assert {name for name, _ in found} == set(tables())
    assert [name for name, comment in found if "SIMULATED" not in (comment or "")] == []


def test_no_table_of_the_real_figures_says_simulated(headline: Connection) -> None:
    marked = "select schema_name, table_name from duckdb_tables() where comment like '%SIMULATED%'"
    # How often the ranges are right can be told of made-up worlds alone, and says so.
    assert headline.execute(marked).fetchall() == [("meta", "accuracy")]


def sources(connection: Connection) -> tuple[set[object], set[object]]:
    """Publishers and files of the figures of a file."""
    found = connection.execute("select distinct source, file_sha256 from raw.trade_flow").fetchall()
    return {row[0] for row in found}, {row[1] for row in found}


def test_simulated_and_real_figures_never_share_a_file(
    demo: Connection, headline: Connection
) -> None:
    (made_up, their_files), (real, real_files) = sources(demo), sources(headline)
    assert made_up == {"simulated", "simulated_office"}
    assert not made_up & real
    assert not their_files & real_files


def test_the_files_listed_are_those_of_the_profile_alone(
    demo: Connection, headline: Connection
) -> None:
    listed = "select distinct source from meta.source_file order by source"
    kinds = ("", "_codes", "_notes", "_office", "_releases")
    made_up = [(f"simulated{kind}",) for kind in kinds]
    assert demo.execute(listed).fetchall() == [("reference",), *made_up]
    assert headline.execute(listed).fetchall() == [("headline",), ("reference",)]


def test_every_kind_of_defect_that_was_asked_for_was_downloaded(
    demo: Connection, planted: dict[str, Counter[Cell]]
) -> None:
    downloaded = counted(demo, "raw.trade_flow")
    met = {kind for kind, cells in planted.items() if any(cell in downloaded for cell in cells)}
    assert met == set(FITTING) - NOT_ASKED_FOR


def test_each_cell_downloaded_holds_every_row_printed_of_it(
    demo: Connection, printed: Counter[Cell]
) -> None:
    downloaded = counted(demo, "raw.trade_flow")
    assert {cell: rows for cell, rows in downloaded.items() if rows != printed[cell]} == {}


def test_quarantine_holds_every_planted_defect_and_no_clean_row(
    demo: Connection, planted: dict[str, Counter[Cell]]
) -> None:
    refused, downloaded = counted(demo, "quarantine.trade_flow"), counted(demo, "raw.trade_flow")
    all_planted: Counter[Cell] = sum(planted.values(), Counter())
    demanded = Counter({cell: n for cell, n in all_planted.items() if cell in downloaded})
    assert demanded.total() > 20_000
    assert demanded - refused == Counter()  # recall 1
    assert refused - demanded == Counter()  # none wrongly refused


def test_each_planted_defect_is_refused_for_a_fitting_reason(
    demo: Connection, planted: dict[str, Counter[Cell]]
) -> None:
    told: dict[Cell, set[str]] = defaultdict(set)
    for *cell, reasons in demo.execute(
        f"select {CELL}, reasons from quarantine.trade_flow"
    ).fetchall():
        told[tuple(cell)] |= set(reasons)
    wrong = {
        (kind, cell): told[cell]
        for kind, cells in planted.items()
        for cell in cells
        if cell in told and FITTING[kind] not in told[cell]
    }
    assert wrong == {}


def test_of_two_copies_the_value_kept_is_the_printed_one(demo: Connection) -> None:
    apart = demo.execute(
        f"select {CELL} from raw.trade_flow where (source, reporter, partner, flow, product, year) "
        "in (select (source, reporter, partner, flow, product, year) from quarantine.trade_flow "
        "where reasons = ['duplicate_key']) and breakdown is null "
        "group by all having count(distinct value_usd) > 1"
    ).fetchall()
    assert apart == []


def test_raw_is_validated_and_quarantine_in_rows_and_value(demo: Connection) -> None:
    raw, validated, quarantine = (
        demo.execute(f"select count(*), sum(value_usd) from {schema}.trade_flow").fetchone()
        for schema in ("raw", "validated", "quarantine")
    )
    assert raw == tuple(map(sum, zip(validated, quarantine, strict=True)))


def test_no_table_reads_or_names_the_truth() -> None:
    named = [
        table.name
        for table in tables().values()
        if re.search(r"\btruth\b|simulated\.", f"{table.select} {table.inputs} {table.module}")
    ]
    assert named == []


def test_the_truth_stands_apart_from_all_that_a_table_can_read(
    demo_root: Path, demo: Connection
) -> None:
    apart = [path.relative_to(demo_root).parts[0] for path in demo_root.rglob("*truth*")]
    assert set(apart) <= {"truth"}
    assert demo.execute("from duckdb_tables() where table_name like '%truth%'").fetchall() == []


def test_every_area_of_the_world_has_a_number_of_its_own() -> None:
    known = [code for code in AREA_CODES.tolist() if code >= 0]
    assert len(set(known)) == len(known)
