"""Great Expectations suites, made from the dictionary: they attest what the SQL pass let through.

Here belongs turning constraints of words into expectations and reading results back. Which
rows are refused is decided in judge.py, from the same constraints.

Great Expectations is imported inside the functions that need it: it takes seconds to import.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from checks import judge
from checks.queries import ERROR, WARN
from warehouse import dictionary
from warehouse.dictionary import Word

Result = dict[str, Any]
RESULT_FORMAT = {"result_format": "COMPLETE"}
SHOWN_ROWS = 20


def attest(table: str, columns: Sequence[str], partition: str, batch: pd.DataFrame) -> list[Result]:
    """Run the table's suite on one batch; one result an expectation.

    Raises RuntimeError when an expectation could not be evaluated: a crash is not bad data,
    and a skipped check is not a pass.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_pandas("batch")
    asset = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("whole")
    suite = gx.ExpectationSuite(name=table, expectations=list(expectations(columns)))
    outcome = asset.get_batch({"dataframe": batch}).validate(suite, result_format=RESULT_FORMAT)
    return [_result(table, partition, result, batch) for result in outcome.results]


def constrained(columns: Iterable[str]) -> list[str]:
    """The columns whose words have a constraint."""
    words = dictionary.words()
    return [name for name in columns if name in words and judge.broken(words[name]) != "false"]


def expectations(columns: Sequence[str]) -> Iterator[Any]:
    """Expectations for the words among `columns`, each from one constraint."""
    import great_expectations.expectations as gxe

    for word in (dictionary.words()[name] for name in columns):
        if word.required:
            yield gxe.ExpectColumnValuesToNotBeNull(column=word.name)
        if word.one_of is not None:
            yield gxe.ExpectColumnValuesToBeInSet(column=word.name, value_set=list(word.one_of))
        if word.matches is not None:
            yield gxe.ExpectColumnValuesToMatchRegex(column=word.name, regex=word.matches)
        if _bounds(word):
            yield gxe.ExpectColumnValuesToBeBetween(column=word.name, **_bounds(word))


def _bounds(word: Word) -> dict[str, Any]:
    if word.more_than is not None:
        return {"min_value": word.more_than, "strict_min": True}
    limits = {"min_value": word.at_least, "max_value": word.at_most}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _result(table: str, partition: str, result: Any, batch: pd.DataFrame) -> Result:
    kind = result.expectation_config.type
    column = result.expectation_config.kwargs.get("column")
    if result.exception_info and _exceptions(result.exception_info):
        raise RuntimeError(
            f"{table} ({partition}): {kind} on {column} could not be evaluated: "
            f"{_exceptions(result.exception_info)[0]}"
        )
    return {
        "suite": f"dictionary of {table}",
        "expectation": f"{kind}({column})" if column else kind,
        "table_name": table,
        "partition": partition,
        "success": bool(result.success),
        "observed": str(
            result.result.get("partial_unexpected_list")
            or result.result.get("observed_value")
            or ""
        ),
        "unexpected_count": int(result.result.get("unexpected_count") or 0),
        "severity": ERROR if result.expectation_config.severity == "critical" else WARN,
        "rows": _rows(batch, result.result.get("unexpected_index_list") or []),
    }


def _rows(batch: pd.DataFrame, places: list[int]) -> list[dict[str, str]]:
    """The first rows that break an expectation, as text."""
    found = batch.iloc[places[:SHOWN_ROWS]].astype(str)
    return [{str(name): cell for name, cell in row.items()} for row in found.to_dict("records")]


def _exceptions(info: dict[str, Any]) -> list[str]:
    """Messages of exceptions in Great Expectations' exception_info, which comes in two shapes."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [
        str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")
    ]
