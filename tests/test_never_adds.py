"""Rows that must never add to a figure: fed one kind at a time, they move nothing after raw.

Summing the breakdown rows of a live query multiplied a country by eight (method 1.2). Each kind
of row that a reporter files beside the whole flow is fed here to a clean world; the figures of the
validated and the transformed statistic and of every mart stay what they were, and what moved in
raw is explained to the cent.
"""

from collections.abc import Callable
from functools import cache

import duckdb
import pytest

from checks.queries import checks_of
from pipelines.tables import tables
from tests.world import Row, answer, read_rows, world

CLEAN = read_rows("""
    reporter | partner | flow | year | product | value_usd
    KAZ      | W00     | M    | 2021 | 854231  | 10000000
    KAZ      | CHN     | M    | 2021 | 854231  | 5000000
    KAZ      | DEU     | M    | 2021 | 854231  | 3000000
    KAZ      | RUS     | M    | 2021 | 854231  | 2000000
    KAZ      | RUS     | X    | 2021 | 854231  | 400000
    RUS      | W00     | M    | 2021 | 854231  | 90000000
    RUS      | KAZ     | M    | 2021 | 854231  | 420000
    RUS      | CHN     | M    | 2021 | 854231  | 60000000
    RUS      | DEU     | M    | 2021 | 854231  | 29580000
    CHN      | KAZ     | X    | 2021 | 854231  | 5100000
    DEU      | KAZ     | X    | 2021 | 854231  | 3100000
    KAZ      | CHN     | M    | 2022 | 854231  | 9000000
    KAZ      | DEU     | M    | 2022 | 854231  | 4000000
    KAZ      | RUS     | M    | 2022 | 854231  | 1000000
    KAZ      | RUS     | X    | 2022 | 854231  | 6000000
    CHN      | KAZ     | X    | 2022 | 854231  | 9900000
    DEU      | KAZ     | X    | 2022 | 854231  | 7000000
    CHN      | RUS     | X    | 2022 | 854231  | 70000000
    DEU      | RUS     | X    | 2022 | 854231  | 2000000
""")
UNMOVED = (
    "validated.mirror_statistics",
    "transformed.mirror_statistics",
    "mart.import_origin",
    "mart.lost_in_transit",
    "mart.mirror_gap",
    "mart.pass_through",
)


def breakdowns() -> list[Row]:
    """Every flow again in parts, by two modes of transport."""
    return [
        {**row, "value_usd": value, "breakdown": mode}
        for row in CLEAN
        for mode, value in (("rail", "1000000.01"), ("air", "77.77"))
    ]


def aggregates() -> list[Row]:
    """Every flow again in its chapter, its heading and the total."""
    return [{**row, "product": code} for row in CLEAN for code in ("85", "8542", "TOTAL")]


def duplicates() -> list[Row]:
    """Every row once more, from a later line of the file."""
    return list(CLEAN)


def groups() -> list[Row]:
    """The printed European Union beside its members, as partner and as reporter."""
    german = [row for row in CLEAN if "DEU" in (row["reporter"], row["partner"])]
    return [
        {name: "XEU" if cell == "DEU" else cell for name, cell in row.items()} for row in german
    ]


def parts_of_flows() -> list[Row]:
    """Re-exports and re-imports, which exports and imports hold already."""
    return [{**row, "flow": f"R{row['flow']}"} for row in CLEAN]


KINDS = [breakdowns, aggregates, duplicates, groups, parts_of_flows]
SEEN_BY_RAW = [breakdowns, duplicates]


@cache
def world_with(kind: Callable[[], list[Row]] | None) -> duckdb.DuckDBPyConnection:
    rows = [*CLEAN, *(kind() if kind else [])]
    return world({"raw.trade_flow": rows}, *UNMOVED, "meta.stage_difference")


def figures(kind: Callable[[], list[Row]] | None, name: str) -> list[dict[str, object]]:
    return answer(world_with(kind), name, "product = '854231'")


@pytest.mark.parametrize("name", UNMOVED)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_rows_beside_the_whole_flow_move_no_figure_after_raw(
    kind: Callable[[], list[Row]], name: str
) -> None:
    clean = figures(None, name)
    assert clean
    assert figures(kind, name) == clean


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", ["meta.stage_difference", "quarantine.trade_flow"])
def test_the_projects_own_checks_find_nothing_to_object_to(
    kind: Callable[[], list[Row]], name: str
) -> None:
    columns = [column.name for column in tables()[name].columns]
    for check in checks_of(name, tables()[name].key, columns):
        assert world_with(kind).execute(check.query).fetchall() == [], check.says


@pytest.mark.parametrize("kind", SEEN_BY_RAW, ids=lambda kind: kind.__name__)
def test_what_raw_counted_too_much_is_explained_to_the_cent(
    kind: Callable[[], list[Row]],
) -> None:
    moved = [
        row for row in figures(kind, "meta.stage_difference") if row["raw"] != row["validated"]
    ]
    sums = [row for row in moved if row["refused_usd"] is not None]
    assert {row["statistic"] for row in sums} == {
        "hub_imports_usd",
        "hub_exports_usd",
        "destination_imports_usd",
        "destination_received_world_usd",
    }
    assert all(row["raw"] - row["validated"] == row["refused_usd"] for row in sums)  # type: ignore[operator]
    assert all("validation: " in str(row["explanation"]) for row in moved)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in SEEN_BY_RAW], ids=lambda kind: kind.__name__
)
def test_codes_groups_and_parts_of_flows_do_not_even_move_raw(
    kind: Callable[[], list[Row]],
) -> None:
    """They are other products, other partners and other flows than the statistic asks for."""
    moved = [
        row for row in figures(kind, "meta.stage_difference") if row["raw"] != row["validated"]
    ]
    assert moved == []


def test_raw_shows_what_the_duplicates_would_have_done() -> None:
    """The guard is not idle: before validation every figure counted twice."""
    clean, doubled = (
        [
            row["hub_exports_usd"]
            for row in figures(kind, "raw.mirror_statistics")
            if row["hub_exports_usd"] is not None  # China, a hub too, sent nothing in 2021
        ]
        for kind in (None, duplicates)
    )
    assert clean
    assert doubled == [2 * value for value in clean]  # type: ignore[operator]


def test_a_refused_newest_release_is_explained_to_the_cent() -> None:
    """Raw takes the newest release, here two months of a year; validation falls back on the whole
    year before it. What was refused (50) and what took its place (100) explain 50 - 100."""
    rows = read_rows("""
        source | release    | reporter | partner | flow | year | value_usd | flags
        kz_bns | 2023-07-25 | KAZ      | RUS     | X    | 2022 | 100       |
        kz_bns | 2024-02-15 | KAZ      | RUS     | X    | 2022 | 50        | [PARTIAL_YEAR]
    """)
    name = "meta.stage_difference"
    connection = world({"raw.trade_flow": rows}, name)
    (row,) = answer(connection, name, "statistic = 'hub_exports_usd'")
    assert (row["raw"], row["validated"]) == (50, 100)
    columns = [column.name for column in tables()[name].columns]
    for check in checks_of(name, tables()[name].key, columns):
        assert connection.execute(check.query).fetchall() == [], check.says
