"""Damaged answers of the UN Comtrade API, downloaded from a stand-in on loopback."""

import json
from collections.abc import Iterator
from decimal import Decimal
from threading import Thread

import pytest

from assets.source.comtrade.calls.client import download
from assets.source.comtrade.calls.plan import PREVIEW, address
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from tests.corpus.stages import Outcome, Outcomes, from_answers, furnished, put
from tests.source.comtrade.conftest import StandIn, api_row
from warehouse.archive import Entry
from warehouse.errors import InputError
from warehouse.house import House, silent

ASKED = Demand((398,), (156, 643), ("M",), ("854231",), (2022,))


def row(**cells: object) -> dict:
    more = {"primaryValue": 700.0, **cells}
    return api_row(398, 156, "M", "854231", 2022, **more)


def other(**cells: object) -> dict:
    """A row about another partner, with these cells."""
    return row(**{"partnerCode": 643, "primaryValue": 5.0, **cells})


def answer(*rows: dict, **envelope: object) -> bytes:
    body = {"elapsedTime": "0.1 secs", "count": len(rows), "data": list(rows), "error": ""}
    return json.dumps(body | envelope).encode()


def beside(**cells: object) -> bytes:
    return answer(row(), other(**cells))


def without(name: str) -> bytes:
    return answer(row(), {key: cell for key, cell in other().items() if key != name})


def printed(value: str) -> bytes:
    """The value as these characters, which Python would write in another way."""
    return beside(primaryValue=123456789).replace(b"123456789", value.encode())


WHOLE = answer(row(), other())
REFUSED: dict[str, tuple[bytes, str]] = {
    "cut short": (WHOLE[:-40], "cannot be used"),
    "cut short inside a number": (WHOLE[: WHOLE.index(b"700.0") + 2], "cannot be used"),
    "an error page with status 200": (b"<html><h1>Service unavailable</h1></html>", "cannot be"),
    "nothing at all": (b"", "cannot be used"),
    "the word null": (b"null", "no answer of this API"),
    "an empty object": (b"{}", "without the rows"),
    "a list in place of the envelope": (b"[]", "no answer of this API"),
    "an error in an answer of status 200": (
        answer(error="Maximum number of periods for preview is 1"),
        "answered with an error: Maximum number",
    ),
    "an error beside rows": (answer(row(), error="timed out"), "answered with an error"),
    "data that is an object": (answer(data={"0": row()}), "without the rows"),
    "data that is null": (answer(data=None), "without the rows"),
    "data of texts": (answer(data=["row"]), "without the rows"),
    "a reporter nobody asked for": (
        answer(row(), other(reporterCode=643)),
        "reporterCode holds 643, which was not asked for",
    ),
    "a year nobody asked for": (answer(row(), other(period="2021")), "period holds 2021"),
    "a flow nobody asked for": (answer(row(), other(flowCode="RX")), "flowCode holds RX"),
    "a row without reporter": (without("reporterCode"), "reporterCode holds None"),
    "bytes of another encoding": (WHOLE.replace(b"854231", b"\xff\xfe"), "cannot be used"),
    "two answers in one": (WHOLE + WHOLE, "cannot be used"),
    "a number of ten million digits": (printed("9" * 10_000_000), "cannot be used"),
    "as many rows as a call may hold, for a single cell": (
        answer(*[row(partnerCode=n) for n in range(500)]),
        "cannot be asked for in smaller parts",
    ),
}

UNREADABLE = ("negative_or_null_value", "unit_not_convertible")
QUARANTINED: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "text where the value belongs": (beside(primaryValue="n/a"), UNREADABLE),
    "value with thousands separators": (beside(primaryValue="1,234"), UNREADABLE),
    "value true": (beside(primaryValue=True), UNREADABLE),
    "value as a list": (beside(primaryValue=[5]), UNREADABLE),
    "value as an object": (beside(primaryValue={"usd": 5}), UNREADABLE),
    "value NaN": (beside(primaryValue=float("nan")), UNREADABLE),
    "value Infinity": (beside(primaryValue=float("inf")), UNREADABLE),
    "value minus Infinity": (beside(primaryValue=float("-inf")), UNREADABLE),
    "value beyond eighteen digits": (printed("12345678901234567.5"), UNREADABLE),
    "value of an overflowing exponent": (printed("1e999"), UNREADABLE),
    "value of a thousand digits": (printed("9" * 1000), UNREADABLE),
    "value negative": (beside(primaryValue=-5), ("negative_or_null_value",)),
    "value null": (beside(primaryValue=None), ("negative_or_null_value",)),
    "value missing": (without("primaryValue"), ("negative_or_null_value",)),
    "partner missing": (without("partnerCode"), ("unknown_partner",)),
    "partner unknown": (beside(partnerCode=9998), ("unknown_partner",)),
    "partner itself": (beside(partnerCode=398), ("trade_with_oneself",)),
    "code as a number that lost its zero": (beside(cmdCode=30222), ("wrong_digit_count",)),
    "code null": (beside(cmdCode=None), ("wrong_digit_count",)),
    "code of a national line": (beside(cmdCode="85423110"), ("wrong_digit_count",)),
    "vintage of another nomenclature": (
        beside(classificationCode="S3"),
        ("classification_not_known",),
    ),
    "second partner": (beside(partner2Code=643), ("breakdown_row",)),
    "customs procedure": (beside(customsCode="C04"), ("breakdown_row",)),
    "mode of transport": (beside(motCode=2100), ("breakdown_row",)),
    "year without period": (beside(refYear=None), ("impossible_year",)),
    "weight negative": (beside(netWgt=-1), ("weight_zero_or_negative",)),
    "the same row twice": (answer(row(), row()), ("duplicate_key",)),
    "a mark of UTF-8 in front": (b"\xef\xbb\xbf" + beside(primaryValue=-5), UNREADABLE[:1]),
}


@pytest.fixture
def api() -> Iterator[StandIn]:
    with StandIn() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        server.rows = [row(), other()]
        yield server
        server.shutdown()


@pytest.mark.parametrize("name", REFUSED)
def test_an_answer_that_cannot_be_used_ends_the_download_with_its_address(
    api: StandIn, house: House, name: str
) -> None:
    content, finding = REFUSED[name]
    settings = ComtradeSettings(
        api.address, requests_per_second=None, source="simulated", attempts=2, first_wait=0.0
    )
    api.every = lambda path: None if "/getDa/" in path else (200, {}, content)
    with pytest.raises(InputError, match=finding) as caught:
        download(settings, [ASKED], house.archive, silent)
    assert caught.value.place.startswith((api.address, "request"))
    assert caught.value.remedy
    assert not [e for e in house.archive.entries() if "getDa" not in e.address and e.bytes < 9000]


@pytest.fixture(scope="module")
def outcomes(reference: House, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """All answers at once, each of its own release."""
    house = furnished(reference, tmp_path_factory.mktemp("answers"), years=(2022,))
    entries = {name: said(house, content, name) for name, (content, _) in QUARANTINED.items()}
    found = from_answers(house, list(entries.values()))
    return {name: found[entry.sha256] for name, entry in entries.items()}


def said(house: House, content: bytes, name: str) -> Entry:
    """Bytes as an answer to what was asked; the name tells one from another."""
    return put(house, content, f"{address(ASKED, PREVIEW)}#{name}")


@pytest.mark.parametrize("name", QUARANTINED)
def test_a_bad_row_is_quarantined_beside_the_good_one(outcomes: Outcomes, name: str) -> None:
    reasons = QUARANTINED[name][1]
    assert outcomes[name] == Outcome((Decimal(700),), {reasons: 1})


def test_an_exponent_is_the_number_it_says(house: House) -> None:
    entry = said(house, printed("1.5E+3"), "exponent")
    assert from_answers(house, [entry])[entry.sha256].kept == (700, 1500)


def test_text_that_looks_like_a_cell_stays_text(house: House) -> None:
    entry = said(house, beside(cmdDesc='a "primaryValue": 9, b', primaryValue=-1), "tricky")
    found = from_answers(house, [entry])[entry.sha256]
    assert found == Outcome((Decimal(700),), {("negative_or_null_value",): 1})
