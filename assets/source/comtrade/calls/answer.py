"""What an API answer must be before its rows are believed.

Here belongs the judgement of one answer as a whole: well-formed, without error,
and about what was asked. What the rows mean (parse) does not.
"""

import json
from collections.abc import Callable
from typing import Any

from assets.source.comtrade.wanted.demand import Demand
from warehouse.errors import InputError, RefusedError

WAIT = "What was fetched is kept: run again then and the download goes on from here"
REMEDIES = {
    400: "The request is not valid and was not repeated: check products, years and limits",
    401: "The API key is missing or not valid: set a valid one, or unset it for the preview API",
    403: f"The daily quota of calls is spent, or the key does not cover this. {WAIT}",
    404: "No such data set or path: check the base address",
    429: f"Too many requests a second, also after waiting: lower the rate. {WAIT}",
}


def body(content: bytes, number: Callable[[str], object] = float) -> dict[str, Any]:
    """An answer as it was sent; `number` reads a number with a point.

    Raises ValueError where the bytes are damaged (to be asked for again) and
    RefusedError where the API says in words that it failed, whatever the status.
    """
    sent = json.loads(content, parse_float=number)
    if not isinstance(sent, dict):
        raise ValueError("JSON, but no answer of this API")
    if sent.get("error"):
        finding = f"answered with an error: {sent['error']}"
        raise RefusedError("UN Comtrade", finding, REMEDIES[400])
    return sent


def rows(content: bytes, number: Callable[[str], object] = float) -> list[dict[str, Any]]:
    """The rows of an answer. Raises as `body` does."""
    data = body(content, number).get("data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ValueError("JSON without the rows of an answer")
    return data


def check_asked(content: bytes, request: Demand) -> int:
    """The number of rows, each of an asked reporter, year and flow (else InputError).

    A row with an odd partner or product is one bad row, for validation to refuse.
    """
    asked = {
        "reporterCode": request.reporters,
        "period": request.years,
        "flowCode": request.flows,
    }
    found = rows(content)
    for name, codes in asked.items():
        if codes is not None:
            _refuse_unasked(name, {str(row.get(name)) for row in found} - set(map(str, codes)))
    return len(found)


def count_checked(content: bytes) -> int:
    """The number of rows of an answer that `check_asked` let pass: each names its reporter once.

    Counts a word in place of parsing: a run that finds all in the archive is several times faster.
    """
    return content.count(b'"reporterCode"')


def _refuse_unasked(name: str, strangers: set[str]) -> None:
    if strangers:
        raise InputError(
            f"UN Comtrade {name}",
            f"holds {', '.join(sorted(strangers)[:5])}, which was not asked for",
            "The API has changed or ignores a parameter: nothing of the answer is used",
        )


def refusal_words(content: bytes) -> str:
    """What a refusal says: gateway and API put it under different names, or leave it out."""
    text = content.decode("utf-8", "replace")
    try:
        said = json.loads(text)
    except ValueError:
        return text
    if not isinstance(said, dict):
        return text
    inner = said.get("errorObject")
    told = inner.get("errorMessage") if isinstance(inner, dict) else inner
    places = (said.get("error"), said.get("message"), told)
    return next((str(words) for words in places if words), text)
