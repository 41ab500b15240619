"""Every flag of the dictionary is raised where its rule holds, and not just beside it.

A case is `flags/<FLAG>.yaml`: a comment that says where the line runs, the `table` that carries
the flag, tables `given` as in test_golden.py (a column `copies` repeats a row), and which rows of
the table must carry it (`raised`) and which must not (`spared`), as SQL. In place of a table,
`comtrade` gives fields of Comtrade rows, `printed` figures as printed and `eurostat` an extract.
A new flag needs its file here, and nothing else.
"""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

from assets.raw import trade_flow as raw_trade_flow
from assets.source import eurostat
from assets.source.comtrade.fields import FIELDS, typed
from assets.source.comtrade.tables.months import with_years
from assets.source.printed import PrintedFigure
from pipelines.tables import tables
from tests.world import Row, answer, compute, read_rows, stand, world
from warehouse import dictionary

RAW = tables()["raw.trade_flow"]
CASES = sorted((Path(__file__).parent / "flags").glob("*.yaml"))
PRINTED = {
    "source": "kz_bns",
    "release": "r1",
    "classification": "NA",
    "product": "TOTAL",
    "valuation": "FOB",
    "partner_basis": "unknown",
    "is_reported": None,
    "file_row": 1,
}


def test_every_flag_of_the_dictionary_has_its_case() -> None:
    assert {case.stem for case in CASES} == set(dictionary.flags())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_flag_is_raised_where_its_rule_holds_and_not_just_beside_it(case: Path) -> None:
    said = yaml.load(case.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    connection = held(said["given"], said["table"])
    for side, is_raised in (("raised", True), ("spared", False)):
        rows = answer(connection, said["table"], said[side])
        assert rows, f"no row where {said[side]}"
        assert {case.stem in row["flags"] for row in rows} == {is_raised}, rows  # type: ignore[operator]


def held(given: dict[str, str], wanted: str) -> duckdb.DuckDBPyConnection:
    """The table and what it rests on; raw rows from their publisher's form where one is given."""
    forms = {"comtrade": from_comtrade, "printed": from_printed, "eurostat": from_eurostat}
    written = {name: copied(text) for name, text in given.items() if name not in forms}
    connection = world(written)
    for name in forms.keys() & given:
        stand(connection, RAW, [])
        for reference in ("reference.country", "reference.eur_usd_annual"):
            compute(connection, tables()[reference])
        select = forms[name](connection, given[name])
        connection.execute(f"insert into {RAW.name} by name {select}")
    compute(connection, tables()[wanted])
    return connection


def copied(text: str) -> list[Row]:
    """Rows, each as often as its `copies` say."""
    rows = [dict(row) for row in read_rows(text)]
    return [row for row in rows for _ in range(int(str(row.pop("copies", 1))))]


def from_comtrade(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    plain = {"customsCode": "C00", "motCode": "0", "partner2Code": "0"}
    rows = [dict.fromkeys(FIELDS) | plain | row for row in read_rows(text)]
    named = [
        row | {"release": "r1", "file_sha256": "f", "file_row": n} for n, row in enumerate(rows)
    ]
    connection.register("sent", pd.DataFrame(named, dtype=object))
    return with_years(typed("select * from sent", "comtrade"))


def from_printed(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    figures = [PrintedFigure(**{**PRINTED, **row}) for row in read_rows(text)]  # type: ignore[arg-type]
    return in_dollars(connection, figures)


def from_eurostat(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    return in_dollars(connection, eurostat.figures(text.encode(), "an extract"))


def in_dollars(connection: duckdb.DuckDBPyConnection, figures: list[PrintedFigure]) -> str:
    connection.register("printed", raw_trade_flow.frame(figures))
    return raw_trade_flow.in_dollars("f")
