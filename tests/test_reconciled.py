"""Reconciled values enter no statistic: with rows of BACI added, golden cases come out the same.

Here belongs the proof for every table there is a golden case of. Beside each given figure stands
a reconciled one a hundred times as large, and beside each pair one for the World.
"""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from pipelines.tables import tables
from tests.test_golden import GOLDEN
from tests.world import Row, answer, flow, read_rows, world

STAGES = ("raw.trade_flow", "validated.trade_flow", "quarantine.trade_flow")
THIRD_OPINION = ("third_opinion_usd", "third_opinion_release", "third_opinion_flags")


def cases() -> list[Path]:
    """Cases in which rows of a stage are given, none of them BACI's."""
    found = []
    for case in sorted(GOLDEN.glob("*/*/*.yaml")):
        given = yaml.load(case.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["given"]
        staged = [given[stage] for stage in STAGES if stage in given]
        if staged and not any("baci" in rows for rows in staged):
            found.append(case)
    return found


def with_baci(rows: list[dict[str, object]], stage: str) -> list[Row]:
    """The rows, each with a reconciled one beside it: the same figure a hundred times as large."""
    said = [flow(**{"file_row": place, **row}) for place, row in enumerate(rows, start=1)]
    return [*said, *(_reconciled(row, stage, place) for place, row in enumerate(said, start=1))]


def _reconciled(row: dict[str, object], stage: str, place: int) -> Row:
    value = row.get("value_usd")
    return {
        **row,
        "source": "baci",
        "release": "V209901",
        "value_usd": None if value is None else Decimal(str(value)) * 100,
        "file_sha256": "baci",
        "file_row": place,
        "breakdown": None,
        **({"reasons": ["unknown_partner"]} if stage == "quarantine.trade_flow" else {}),
    }


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case.relative_to(GOLDEN)))
def test_a_golden_case_comes_out_the_same_with_rows_of_baci_added(case: Path) -> None:
    name = f"{case.parent.parent.name}.{case.parent.name}"
    said = yaml.load(case.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    plain = {table: read_rows(text) for table, text in said["given"].items()}
    added = {
        table: with_baci(rows, table) if table in STAGES else rows for table, rows in plain.items()
    }
    assert reported(added, name) == reported(plain, name)


def reported(given: dict[str, list[Row]], name: str) -> list[dict[str, object]]:
    """The rows of the table without those of BACI itself, and without its third opinion."""
    own = "source <> 'baci'" if "source" in {c.name for c in tables()[name].columns} else "true"
    rows = answer(world(given, name), name, own)
    return [{key: row[key] for key in row if key not in THIRD_OPINION} for row in rows]
