"""Great Expectations suites, made from the dictionary: they attest what the SQL passes let through.

Here belongs turning limits of columns into expectations, one suite a table and source, and
reading results back. Which rows are refused is decided in judge.py, from the same limits.

Great Expectations is imported inside the functions that need it: it takes seconds to import.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from checks.queries import ERROR, WARN
from warehouse import dictionary
from warehouse.dictionary import NONE, Limits

Result = dict[str, Any]
# How Great Expectations names what stops a run and what only warns.
SEVERITIES = {ERROR: "critical", WARN: "warning"}
CODES = {"flag": dictionary.flags, "reason": dictionary.reasons}
SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Suite:
    """What the rows of a table from one source satisfy: column -> (always, usually).

    `source` is empty for a table whose rows come from no single publisher.
    """

    table: str
    source: str
    limits: Mapping[str, tuple[Limits, Limits]]

    @property
    def name(self) -> str:
        return f"{self.table} from {self.source}" if self.source else self.table


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to attest together: `partition` says which, `frame` has the suite's columns, lists as
    codes parted by blanks."""

    suite: Suite
    partition: str
    frame: pd.DataFrame


def suite_of(table: str, comments: Mapping[str, str], source: str = "") -> Suite:
    """The suite of a table's rows from a source, by what its columns mean.

    Rows in quarantine break the limits of raw's columns: only what quarantine adds is attested.
    """
    judged = dictionary.record("trade_flow") if table.startswith("quarantine.") else []
    limits = {
        column: dictionary.limits(column, comment, source)
        for column, comment in comments.items()
        if column not in judged
    }
    asked = {column: both for column, both in limits.items() if both != (NONE, NONE)}
    return Suite(table, source, asked)


def attest(batch: Batch) -> list[Result]:
    """Run a batch's suite; one result an expectation, with the rows that break it.

    Raises RuntimeError when an expectation could not be evaluated: a crash is not bad data,
    and a skipped check is not a pass.
    """
    definition, suite = _batch_definition(), _expected(batch.suite)
    outcome = definition.get_batch({"dataframe": batch.frame}).validate(
        suite, result_format={"result_format": "COMPLETE"}
    )
    return [_result(batch, result) for result in outcome.results]


def offline() -> Any:
    """Great Expectations, told to phone nobody and to draw no progress bars."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations


@cache
def _batch_definition() -> Any:
    """One place for every frame: setting one up costs as much as a small suite."""
    context = offline().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("batch").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("whole")


def _expected(suite: Suite) -> Any:
    return offline().ExpectationSuite(name=suite.name, expectations=list(expectations(suite)))


def expectations(suite: Suite) -> Iterator[Any]:
    """Every expectation of a suite: what always holds stops a run, what usually does warns."""
    for column, both in suite.limits.items():
        for limits, severity in zip(both, (ERROR, WARN), strict=True):
            yield from _of_limits(column, limits, SEVERITIES[severity])


def _of_limits(column: str, limits: Limits, severity: str) -> Iterator[Any]:
    import great_expectations.expectations as gxe

    said: dict[str, Any] = {"column": column, "severity": severity}
    if limits.required:
        yield gxe.ExpectColumnValuesToNotBeNull(**said)
    if limits.one_of is not None:
        yield gxe.ExpectColumnValuesToBeInSet(**said, value_set=list(limits.one_of))
    if pattern := limits.matches or _list_of_codes(limits):
        yield gxe.ExpectColumnValuesToMatchRegex(**said, regex=pattern)
    if bounds := _bounds(limits):
        yield gxe.ExpectColumnValuesToBeBetween(**said, **bounds)


def _list_of_codes(limits: Limits) -> str | None:
    """Pattern of a list of codes parted by blanks: any of them, or some of them."""
    kind = limits.any_of or limits.some_of
    if kind is None:
        return None
    code = f"(?:{'|'.join(CODES[kind]())})"
    return f"^(?:{code}(?: {code})*){'?' if limits.any_of else ''}$"


def _bounds(limits: Limits) -> dict[str, Any]:
    if limits.more_than is not None:
        return {"min_value": limits.more_than, "strict_min": True}
    both = {"min_value": limits.at_least, "max_value": limits.at_most}
    return {name: limit for name, limit in both.items() if limit is not None}


def _result(batch: Batch, result: Any) -> Result:
    kind = result.expectation_config.type
    column = result.expectation_config.kwargs["column"]
    severity = WARN if result.expectation_config.severity == SEVERITIES[WARN] else ERROR
    if result.exception_info and _exceptions(result.exception_info):
        raise RuntimeError(
            f"{batch.suite.name} ({batch.partition}): {kind} on {column} could not be evaluated: "
            f"{_exceptions(result.exception_info)[0]}"
        )
    return {
        "suite": f"dictionary of {batch.suite.name}",
        "expectation": f"{kind}({column})" + (", usually" if severity == WARN else ""),
        "table_name": batch.suite.table,
        "partition": batch.partition,
        "success": bool(result.success),
        "observed": str(result.result.get("partial_unexpected_list") or ""),
        "unexpected_count": int(result.result.get("unexpected_count") or 0),
        "severity": severity,
        "rows": _rows(batch.frame, result.result.get("unexpected_index_list") or []),
    }


def _rows(frame: pd.DataFrame, places: list[int]) -> list[dict[str, str]]:
    """The first rows that break an expectation, as text."""
    if not places:
        return []
    found = frame.iloc[places[:SHOWN_ROWS]].astype(str)
    return [{str(name): cell for name, cell in row.items()} for row in found.to_dict("records")]


def _exceptions(info: dict[str, Any]) -> list[str]:
    """Messages of exceptions in Great Expectations' exception_info, which comes in two shapes."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [
        str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")
    ]
