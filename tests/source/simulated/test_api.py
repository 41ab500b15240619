"""The stand-in API over real HTTP: which rows, in which shape, and what it says of them."""

from typing import Any

import httpx
import pandas as pd
import pytest

from assets.source.simulated.published import Published

from .conftest import KEYED, PREVIEW, TOTALS_ONLY, Get

FIELDS = """
typeCode freqCode refPeriodId refYear refMonth period reporterCode reporterISO reporterDesc
flowCode flowDesc partnerCode partnerISO partnerDesc partner2Code partner2ISO partner2Desc
classificationCode classificationSearchCode isOriginalClassification cmdCode cmdDesc
aggrLevel isLeaf customsCode customsDesc mosCode motCode motDesc qtyUnitCode qtyUnitAbbr qty
isQtyEstimated altQtyUnitCode altQtyUnitAbbr altQty isAltQtyEstimated netWgt
isNetWgtEstimated grossWgt isGrossWgtEstimated cifvalue fobvalue primaryValue
legacyEstimationFlag isReported isAggregate
"""


def test_a_row_has_the_47_fields_in_order(get: Get) -> None:
    row = get(reporterCode="410", period="2023", flowCode="X", partnerCode="0", cmdCode="TOTAL")[0]
    assert list(row) == FIELDS.split()
    assert (row["reporterISO"], row["flowDesc"], row["partnerDesc"]) == (None, None, None)
    assert (row["refMonth"], row["period"], row["classificationCode"]) == (52, "2023", "H6")
    assert (row["partner2Code"], row["mosCode"], row["cifvalue"]) == (0, "0", None)
    assert row["primaryValue"] == row["fobvalue"] > 0


def test_descriptions_come_on_request(get: Get) -> None:
    row = get(reporterCode="398", period="2021", cmdCode="TOTAL", includeDesc="true")[0]
    assert (row["reporterISO"], row["classificationCode"]) == ("KAZ", "H5")
    assert None not in (row["reporterDesc"], row["partnerISO"], row["cmdDesc"], row["motDesc"])


def test_rows_served_are_the_rows_published(get: Get, frame: pd.DataFrame) -> None:
    rows = pd.DataFrame(get(reporterCode="398", period="2019,2023"))
    mine = frame[(frame.reporter == 398) & frame.year.isin([2019, 2023])]
    assert len(rows) == len(mine)
    cents = (rows.primaryValue.dropna() * 100).round().astype("int64").sum()
    assert cents == mine.value_cents.sum()


def test_preview_stops_at_500_rows_and_does_not_say_so(client: httpx.Client, get: Get) -> None:
    asked = {"reporterCode": "276", "period": "2023", "flowCode": "X"}
    answer = client.get(PREVIEW, params=asked).json()
    assert set(answer) == {"elapsedTime", "count", "data", "error"}
    assert answer["count"] == len(answer["data"]) == 500
    assert answer["error"] == ""
    assert get(**asked)[:500] == answer["data"]


def test_preview_takes_one_period(client: httpx.Client) -> None:
    answer = client.get(PREVIEW, params={"reporterCode": "398", "period": "2022,2023"})
    assert answer.status_code == 400
    assert answer.json()["message"] == "Maximum number of periods for preview is 1"


def test_preview_ignores_the_second_partner_and_the_keyed_path_does_not(
    client: httpx.Client, get: Get
) -> None:
    asked = {"reporterCode": "398", "period": "2023", "cmdCode": "TOTAL", "partner2Code": "156"}
    assert client.get(PREVIEW, params=asked).json()["count"] > 0
    assert get(**asked) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"reporterCode": "1"},
        {"period": "202001"},
        {"cmdCode": "999999"},
        {"flowCode": "-1"},
        {"partnerCode": "no"},
        {"motCode": "77"},
    ],
)
def test_wrong_codes_get_an_empty_200(client: httpx.Client, wrong: dict[str, str]) -> None:
    answer = client.get(PREVIEW, params={"reporterCode": "398", "period": "2023", **wrong})
    assert answer.status_code == 200
    assert answer.json() == {"elapsedTime": "0.05 secs", "count": 0, "data": [], "error": ""}


def test_parameters_select(get: Get) -> None:
    asked = {"reporterCode": "398,417", "period": "2023", "flowCode": "M"}
    rows = get(**asked, cmdCode="AG4,TOTAL", partnerCode="156,0", **TOTALS_ONLY)
    assert {r["reporterCode"] for r in rows} == {398, 417}
    assert {r["partnerCode"] for r in rows} == {0, 156}
    assert {r["aggrLevel"] for r in rows} == {0, 4}
    assert len(get(**asked, maxRecords="7")) == 7


def test_count_only_gives_the_count(client: httpx.Client, get: Get) -> None:
    asked = {"reporterCode": "398", "period": "2023", "subscription-key": "any"}
    answer = client.get(KEYED, params={**asked, "countOnly": "true"}).json()
    assert answer["data"] == []
    assert answer["count"] == len(get(reporterCode="398", period="2023"))


def test_most_reporters_honour_the_filter_for_totals_and_leaky_ones_do_not(get: Get) -> None:
    def totals(reporter: str) -> set[tuple[str, int]]:
        years = ",".join(map(str, range(2017, 2025)))
        rows = get(reporterCode=reporter, period=years, cmdCode="TOTAL", **TOTALS_ONLY)
        return {(row["customsCode"], row["motCode"]) for row in rows}

    assert totals("36") == {("C00", 0)}
    assert len(totals("268")) > 2


def test_bad_rows_reach_a_reader_who_asks_for_good_codes(get: Get, published: Published) -> None:
    years = ",".join(map(str, range(2017, 2025)))
    rows = get(period=years, partnerCode="398,643", flowCode="X", cmdCode="AG6", **TOTALS_ONLY)
    rows += get(period=years, reporterCode="398", flowCode="M", cmdCode="AG6", **TOTALS_ONLY)
    seen = {key_of(row) for row in rows}
    for kind in ("unknown_reporter", "unknown_partner", "wrong_digits", "not_in_vintage",
                 "negative_value", "null_value", "self_trade"):  # fmt: skip
        assert set(published.defects[kind]) <= seen, kind


def key_of(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("reporterCode", "partnerCode", "flowCode", "cmdCode", "refYear", "customsCode")
    return (*(row[name] for name in names), row["motCode"])


def test_silence_has_no_dataset(client: httpx.Client, frame: pd.DataFrame) -> None:
    for room, key in (("public", {}), ("data", {"subscription-key": "any"})):
        answer = client.get(f"/{room}/v1/getDa/C/A/HS", params={"reporterCode": "643", **key})
        records = answer.json()["data"]
        assert [r["period"] for r in records] == [2017, 2018, 2019, 2020, 2021]
    mine = frame[(frame.reporter == 643) & (frame.year == 2017)]
    assert records[0]["totalRecords"] == len(mine)
    assert {"datasetChecksum", "firstReleased", "lastReleased"} <= set(records[0])


def test_checksums_tell_datasets_apart(client: httpx.Client) -> None:
    records = client.get("/public/v1/getDa/C/A/HS").json()["data"]
    assert len({r["datasetChecksum"] for r in records}) == len(records) > 440


def test_metadata_state_valuation_and_meaning_of_partner(client: httpx.Client) -> None:
    asked = {"reporterCode": "398", "period": "2021"}
    note = client.get("/public/v1/getMetadata/C/A/HS", params=asked).json()["data"][0]["notes"][0]
    assert (note["importValuation"], note["exportValuation"]) == ("CIF", "FOB")
    assert note["exportPartnerCountry"] == "Country of last known destination"


@pytest.mark.parametrize(
    "name", ["ListofReferences", "Reporters", "partnerAreas", "HS", "H5", "H6"]
)
def test_reference_lists_need_no_key(client: httpx.Client, name: str) -> None:
    assert client.get(f"/files/v1/app/reference/{name}.json").json()["results"]


def test_office_file_has_both_flows_of_all_years(client: httpx.Client) -> None:
    lines = client.get("/national/kaz_totals.csv").text.splitlines()
    assert lines[0] == "reporter,flow,year,total_usd"
    assert len(lines) == 1 + 16


def test_bounds_of_unit_values_lie_about_what_rows_print(
    client: httpx.Client, frame: pd.DataFrame
) -> None:
    asked = {"period": "2022,2023", "cmdCode": "854231,8542", "flowCode": "X", "qtyUnitCode": "8"}
    path = "/data/v1/getSUV/C/A/HS"
    assert client.get(path, params=asked).status_code == 401
    rows = client.get(path, params={**asked, "subscription-key": "any"}).json()["data"]
    assert [(r["period"], r["cmdCode"], r["classificationCode"]) for r in rows] == [
        ("2022", "854231", "H6"),
        ("2023", "854231", "H6"),
    ]
    for row in rows:
        mine = frame[(frame.year == int(row["period"])) & (frame["product"] == "854231")]
        mine = mine[(mine.flow == "X") & (mine.kind == "clean") & (mine.value_cents > 0)]
        mine = mine[(mine.weight_grams > 0) & ~mine.partner.isin([0, 899, 97, -1])]
        average = 10 * mine.value_cents.sum() / mine.weight_grams.sum()
        assert row["uvMin"] < row["suv"] < row["uvMax"]
        assert row["suv"] == pytest.approx(average, abs=1e-4)
    elsewhere = client.get(path, params={**asked, "qtyUnitCode": "5", "subscription-key": "any"})
    assert elsewhere.json() == {"elapsedTime": "0.05 secs", "count": 0, "data": [], "error": ""}
