"""The stand-in API over real HTTP: keys, limits, refusals, faults."""

import httpx
import pytest

from assets.source.simulated.api import Fault, serve
from assets.source.simulated.published import Published

from .conftest import KEYED, PREVIEW


def test_keyed_path_wants_the_right_key(published: Published) -> None:
    with serve(published, key="right") as base, httpx.Client(base_url=base) as http:
        asked = {"reporterCode": "398", "period": "2023", "cmdCode": "TOTAL"}
        missing = http.get(KEYED, params=asked)
        wrong = http.get(KEYED, params={**asked, "subscription-key": "wrong"})
        header = http.get(KEYED, params=asked, headers={"Ocp-Apim-Subscription-Key": "right"})
    assert missing.status_code == wrong.status_code == 401
    assert missing.json()["message"].startswith("Access denied due to missing subscription key. ")
    assert wrong.json()["message"].startswith("Access denied due to invalid subscription key. ")
    assert header.json()["count"] > 0


def test_quota_ends_in_403(published: Published) -> None:
    with serve(published, quota=1) as base, httpx.Client(base_url=base) as http:
        url = f"{KEYED}?reporterCode=398&period=2023&cmdCode=TOTAL&subscription-key=any"
        answers = [http.get(url) for _ in range(2)]
        assert http.get(f"{PREVIEW}?period=1").status_code == 200
    assert [a.status_code for a in answers] == [200, 403]
    assert answers[1].json() == {
        "statusCode": 403,
        "message": "Out of call volume quota. Quota will be replenished in 03:14:17.",
    }


def test_haste_ends_in_429(published: Published) -> None:
    with serve(published, rate=0.01) as base, httpx.Client(base_url=base) as http:
        answers = [http.get(f"{PREVIEW}?period=1") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[3].headers["retry-after"] == "1"
    assert answers[3].json() == {
        "statusCode": 429,
        "message": "Rate limit is exceeded. Try again in 1 seconds.",
    }


def test_unknown_paths_and_long_ones_are_refused(client: httpx.Client) -> None:
    answer = client.get("/public/v1/preview/S/A/EB")
    assert (answer.status_code, answer.json()["message"]) == (404, "Resource not found")
    assert client.get(PREVIEW, params={"cmdCode": "1" * 5000}).status_code == 414


def test_requests_are_counted(published: Published) -> None:
    with serve(published) as base, httpx.Client(base_url=base) as http:
        http.get(f"{PREVIEW}?period=1")
        http.get("/nowhere")
        assert base.requests == [f"{PREVIEW}?period=1", "/nowhere"]


def test_faults_strike_where_told(published: Published) -> None:
    kinds = {
        1: Fault("status", 503, b"busy"),
        2: Fault("html", 200),
        3: Fault("cut_json"),
        4: Fault("short_body"),
        5: Fault("reset"),
        6: Fault("drip", seconds=0.05),
    }
    url = f"{PREVIEW}?reporterCode=398&period=2023&cmdCode=TOTAL"
    with serve(published, faults=lambda n, _: kinds.get(n)) as base, httpx.Client() as http:
        busy, page, cut = (http.get(base + url) for _ in range(3))
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(base + url)
        with pytest.raises(httpx.ReadError):
            http.get(base + url)
        slow, good = (http.get(base + url) for _ in range(2))
    assert (busy.status_code, busy.text) == (503, "busy")
    assert page.text.startswith("<html>")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        cut.json()
    assert slow.json() == good.json()
