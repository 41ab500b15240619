"""An answer of the API and the refusals it knows.

Here: status, body and headers as the real gateway words them. Not here: when to refuse (access).
"""

import json
from dataclasses import dataclass

# Constant, so that equal requests give equal bytes.
ELAPSED = "0.05 secs"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json; charset=utf-8"


def envelope(rows: list[str], count: int | None = None) -> Answer:
    """The usual 200: rows are JSON texts; `count` where it is not their number."""
    number = len(rows) if count is None else count
    text = f'{{"elapsedTime":"{ELAPSED}","count":{number},"data":[{",".join(rows)}],"error":""}}'
    return Answer(200, text.encode())


def document(value: object) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode())


def refusal(status: int, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    body = json.dumps({"statusCode": status, "message": message}, separators=(",", ":"))
    return Answer(status, body.encode(), headers)


NO_KEY = refusal(
    401,
    "Access denied due to missing subscription key. Make sure to include subscription key "
    "when making requests to an API.",
)
BAD_KEY = refusal(
    401,
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an "
    "active subscription.",
)
OUT_OF_QUOTA = refusal(403, "Out of call volume quota. Quota will be replenished in 03:14:17.")
NOT_FOUND = refusal(404, "Resource not found")
TOO_LONG = refusal(414, "Request URL Too Long")
TOO_FAST = refusal(429, "Rate limit is exceeded. Try again in 1 seconds.", (("Retry-After", "1"),))
ONE_PERIOD = refusal(400, "Maximum number of periods for preview is 1")
