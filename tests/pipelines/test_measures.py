"""Every measure of schema mart says how sure it is: status, flags, reason, range and its driver.

Read from the columns of all marts, so that a new one is held to it without a line here.
"""

import duckdb
import pytest

from pipelines.tables import Table, tables

NO_MEASURE = {
    "mart.listed_code": "a list of codes",
    "mart.listed_series": "a list of products",
    "mart.product_family": "which codes hold the same goods",
    "mart.product_group": "the lists of products themselves",
    "mart.past_gap": "what the ranges of mart.reconciled_flow are made of",
    "mart.exporter_set": "whose exports make up a set",
    "mart.product_series": "under which name a product is followed",
    "mart.silent_exporter": "who says nothing of a year",
    "mart.exporter_coverage": "what mart.receipt tells as coverage, with its range",
    "mart.family_bound": "an upper bound and no estimate: it has no central value",
}
# Numbers without a range of their own, by word.
NO_RESULT = {
    "figures as reported, which the results are made of": (
        "exports_usd imports_usd imports_cif_usd imports_fob_usd reported_usd mirror_usd "
        "shipped_usd arrived_usd absent_usd onward_usd third_opinion_usd exports_without_past_usd "
        "partners_usd market_usd exports_usd_per_kg imports_usd_per_kg"
    ),
    "what a result is held against; its choice is in the range of the result": (
        "baseline_hhi baseline_share baseline_exports_usd baseline_exports_mean_usd usual_usd "
        "baseline_imports_usd baseline_imports_mean_usd control_growth control_shift "
        "control_absent_share"
    ),
    "widths and weights that make the range": (
        "exporter_spread importer_spread past_mean past_spread weight_of_exports effective_cells"
    ),
    "tests that decide whether a result is published": (
        "coverage weighed_share signal score score_inward claimed deviation tolerance"
    ),
    "one end of something, and called so": "unseen_most_usd scenario_usd",
}
BARE = {word for words in NO_RESULT.values() for word in words.split()}
MARTS = {name: table for name, table in tables().items() if name.startswith("mart.")}
MEASURES = {name: table for name, table in MARTS.items() if name not in NO_MEASURE}


def names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def ranges(table: Table) -> dict[str, tuple[str, str]]:
    """The ends of each central value that has both."""
    known = names(table)
    ends = {name: _ends(name) for name in known}
    return {name: pair for name, pair in ends.items() if known.issuperset(pair)}


def _ends(name: str) -> tuple[str, str]:
    unit = "_usd" if name.endswith("_usd") else ""
    stem = name.removesuffix(unit)
    return f"{stem}_low{unit}", f"{stem}_high{unit}"


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_status_flags_reason_and_what_drives_its_range(name: str) -> None:
    found = names(MARTS[name])
    assert {"status", "flags", "driver"} <= found
    assert {"reason", "reasons"} & found


@pytest.mark.parametrize("name", MEASURES)
def test_every_number_of_a_measure_has_a_range_or_is_no_result(name: str) -> None:
    table = MARTS[name]
    found = ranges(table)
    assert found
    in_range = {*found, *(end for pair in found.values() for end in pair)}
    numbers = {c.name for c in table.columns if c.type.startswith(("DECIMAL", "DOUBLE"))}
    assert numbers - in_range - BARE == set()


def test_what_is_let_off_stands_in_some_mart_and_is_needed() -> None:
    assert set(NO_MEASURE) <= set(MARTS)
    bare = set().union(*(names(table) - set(ranges(table)) for table in MEASURES.values()))
    assert bare >= BARE


def unsure(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, tuple[object, ...]]:
    """Central values of a mart: how many stand without both ends, beyond them, or without a driver
    where the row has a result."""
    counts = {}
    for middle, (low, high) in ranges(MARTS[name]).items():
        query = f"""
            select count(*) filter ({low} is null or {high} is null),
                count(*) filter (not {middle} between {low} and {high}),
                count(*) filter (status = 'value' and driver is null)
            from {name} where {middle} is not null"""
        counts[middle] = connection.execute(query).fetchall()[0]
    return {middle: found for middle, found in counts.items() if any(found)}


@pytest.mark.parametrize("name", MEASURES)
def test_no_value_of_headline_stands_without_its_range_and_driver(
    headline: duckdb.DuckDBPyConnection, name: str
) -> None:
    assert unsure(headline, name) == {}


@pytest.mark.parametrize("name", MEASURES)
def test_no_value_of_demo_stands_without_its_range_and_driver(
    demo: duckdb.DuckDBPyConnection, name: str
) -> None:
    assert unsure(demo, name) == {}
