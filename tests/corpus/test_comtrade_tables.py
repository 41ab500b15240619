"""Damaged tables of Comtrade: Plus CSV, legacy CSV and bulk files."""

import gzip
from decimal import Decimal

import pytest

from assets.source.comtrade.tables.files import raw_file_rows
from pipelines.compute.build import build, open_inputs
from pipelines.tables import tables
from tests.corpus.stages import Outcome, Outcomes, asked, from_tables, furnished, parquet, put
from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.house import House

PLUS = "freqCode,refYear,period,reporterCode,reporterDesc,flowCode,partnerCode,partnerDesc,"
PLUS += "partner2Code,classificationCode,cmdCode,customsCode,motCode,netWgt,primaryValue"
GOOD = '"A","2022","2022","398","Kazakhstan","M","{partner}","China","0","H6","854231","C00","0",'
GOOD += '"10","{value}",'
LEGACY = "Classification,Year,Period,Trade Flow Code,Reporter Code,Reporter,Partner Code,Partner,"
LEGACY += "Commodity Code,Qty Unit Code,Netweight (kg),Trade Value (US$)"
OLD = "H6,2022,2022,1,398,Kazakhstan,156,China,854231,1,10,{value}"


def good(value: object = 700, partner: int = 156) -> str:
    return GOOD.format(value=value, partner=partner)


def other(**changes: str) -> str:
    """A row about another partner, 5 dollars, with these texts replaced."""
    row = good(5, 643)
    for old, new in changes.items():
        assert CELLS[old] in row
        row = row.replace(CELLS[old], new, 1)
    return row


CELLS = {
    "value": '"5"',
    "product": '"854231"',
    "year": '"2022","2022"',
    "period": ',"2022","398"',
    "reporter": '"398"',
    "flow": '"M"',
    "partner": '"643"',
    "partner2": '"0","H6"',
    "vintage": '"H6"',
    "procedure": '"C00"',
    "transport": '"C00","0"',
    "weight": '"10"',
}


def plus(*rows: str, header: str = PLUS, end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode("latin-1")


def beside(**changes: str) -> bytes:
    return plus(good(), other(**changes))


def long_row(digits: int) -> bytes:
    return plus(good(), other(value='"' + "9" * digits + '"'))


UNREADABLE = ("negative_or_null_value", "unit_not_convertible")
CUT_SHORT = (
    "classification_not_known",
    "negative_or_null_value",
    "unknown_partner",
    "wrong_digit_count",
)
HEADER_AS_ROW = (
    "breakdown_row",
    "classification_not_known",
    "flow_not_known",
    "impossible_year",
    "negative_or_null_value",
    "unit_not_convertible",
    "unknown_partner",
    "unknown_reporter",
    "valuation_not_known",
    "wrong_digit_count",
)
GARBAGE = (
    "classification_not_known",
    "flow_not_known",
    "impossible_year",
    "negative_or_null_value",
    "unknown_partner",
    "unknown_reporter",
    "valuation_not_known",
    "wrong_digit_count",
)

# Each table holds one good row of 700 dollars, and what is wrong.
QUARANTINED: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "value with a decimal comma": (beside(value='"5,25"'), UNREADABLE),
    "value with thousands separators": (beside(value='"1,234,567"'), UNREADABLE),
    "value with spaces between thousands": (beside(value='"1 234"'), UNREADABLE),
    "value with underscores": (beside(value='"1_234"'), UNREADABLE),
    "value NaN": (beside(value='"NaN"'), UNREADABLE),
    "value Infinity": (beside(value='"Infinity"'), UNREADABLE),
    "value beyond eighteen digits": (beside(value='"12345678901234567"'), UNREADABLE),
    "value of an overflowing exponent": (beside(value='"1E400"'), UNREADABLE),
    "value of a thousand digits": (long_row(1000), UNREADABLE),
    "value with a currency sign": (beside(value='"$5"'), UNREADABLE),
    "value left as a formula": (beside(value='"=SUM(A1:A9)"'), UNREADABLE),
    "value true": (beside(value='"true"'), UNREADABLE),
    "negative value": (beside(value='"-5"'), ("negative_or_null_value",)),
    "value missing": (beside(value=""), ("negative_or_null_value",)),
    "leading zero lost": (beside(product='"30222"'), ("wrong_digit_count",)),
    "code as a number with a fraction": (beside(product='"854231.0"'), ("wrong_digit_count",)),
    "code in exponents": (beside(product='"8.54231E+05"'), ("wrong_digit_count",)),
    "a date for a code": (beside(product='"2101-01-01"'), ("wrong_digit_count",)),
    "a month for a code": (beside(product='"01-Mar"'), ("wrong_digit_count",)),
    "reporter unknown": (beside(reporter='"9998"'), ("unknown_reporter",)),
    "reporter by name": (beside(reporter='"Kazakhstan"'), ("unknown_reporter",)),
    "partner of half a number": (beside(partner='"643.4"'), ("unknown_partner",)),
    "year of half a number": (beside(year='"2021.7","2022"'), ("impossible_year",)),
    "a date for a year": (beside(year='"2022-01-01","2022"'), ("impossible_year",)),
    "second partner": (beside(partner2='"156","H6"'), ("breakdown_row",)),
    "customs procedure": (beside(procedure='"C04"'), ("breakdown_row",)),
    "mode of transport": (beside(transport='"C00","2100"'), ("breakdown_row",)),
    "flow by name": (beside(flow='"Import"'), ("flow_not_known", "valuation_not_known")),
    "code of the older vintage": (
        beside(vintage='"H5"', product='"880622"'),
        ("code_not_in_vintage",),
    ),
    "weight negative": (beside(weight='"-10"'), ("weight_zero_or_negative",)),
    "row cut short": (plus(good(), other()[:40]), CUT_SHORT),
    "last row cut short inside the file's last cell but one": (
        plus(good(), other()[: other().index('"10"')]),
        ("negative_or_null_value",),
    ),
    "a footnote below": (plus(good(), "Source: UN Comtrade"), GARBAGE),
    "the same row twice": (plus(good(), good()), ("duplicate_key",)),
    "the same figure twice with two values": (plus(good(), good(701)), ("duplicate_key",)),
    "two files in one, with the second header": (plus(good(), PLUS), HEADER_AS_ROW),
    "value and code swapped": (
        beside(value='"854231"', product='"5"'),
        ("wrong_digit_count",),
    ),
    "reporter and partner swapped": (
        plus(good(), other(reporter='"0"', partner='"398"')),
        ("unknown_reporter",),
    ),
    "levels of aggregation mixed with national lines": (
        plus(good(), other(product='"8542310001"')),
        ("wrong_digit_count",),
    ),
    "a UTF-8 mark, then a bad row": (b"\xef\xbb\xbf" + beside(value='"x"'), UNREADABLE),
    "lines ended by CR LF": (plus(good(), other(value='"x"'), end="\r\n"), UNREADABLE),
    "a name with a line break": (
        plus(good(), other(value='"x"').replace("China", "Chi\nna")),
        UNREADABLE,
    ),
    "a Latin-1 name": (plus(good(), other(value='"x"').replace("China", "Türkiye")), UNREADABLE),
    "bulk file of tabs": (
        gzip.compress(beside(value='"x"').replace(b",", b"\t")),
        UNREADABLE,
    ),
    "legacy: flow by name": (
        plus(OLD.format(value=700), OLD.format(value=5).replace("2022,1,", "2022,Import,"),
             header=LEGACY),
        ("flow_not_known", "valuation_not_known"),
    ),
    "legacy: leading zero lost": (
        plus(OLD.format(value=700), OLD.format(value=5).replace("854231", "10110"), header=LEGACY),
        ("wrong_digit_count",),
    ),
    "legacy: value with a decimal comma": (
        plus(OLD.format(value=700), OLD.format(value='"5,5"'), header=LEGACY),
        UNREADABLE,
    ),
}  # fmt: skip

REFUSED: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "no Comtrade table"),
    "blanks alone": (b" \n \n", "no Comtrade table"),
    "an error page of the site": (b"<!DOCTYPE html><h1>403</h1>", "no Comtrade table"),
    "an answer of the API": (b'{"data": []}', "no Comtrade table"),
    "a workbook saved from the table": (b"PK\x03\x04 and more", "no Comtrade table"),
    "separated by semicolons": (plus(good()).replace(b",", b";"), "no Comtrade table"),
    "in UTF-16": (plus(good()).decode().encode("utf-16"), "no Comtrade table"),
    "without its header": (plus(good(), header=good()), "no Comtrade table"),
    "a column missing": (
        plus(good(), header=PLUS.replace("primaryValue", "value")),
        "no Comtrade table",
    ),
    "a column twice": (
        plus(good(), header=PLUS.replace("reporterDesc", "primaryValue")),
        "column primaryValue twice",
    ),
    "a header alone": (plus(), "no row below its header"),
    "an unquoted comma in a name": (
        plus(good(), other().replace('"China"', "Hong Kong, China")),
        "row 3: has more cells",
    ),
    "two unquoted commas in a name": (
        plus(good(), other().replace('"China"', "China, Hong Kong, SAR")),
        "row 3",
    ),
    "a quote that never ends": (
        plus(good(), other().replace('"China"', '"China'), good(9, 36)),
        "row 3",
    ),
    "ten million digits in a cell": (long_row(10_000_000), "row 3"),
    "a gzip cut short": (gzip.compress(plus(*[good()] * 9))[:-30], "cut short"),
    "a gzip with a broken body": (
        gzip.compress(plus(good()))[:20] + b"\xff" * 40,
        "no Comtrade table",
    ),
    "a long gzip cut short": (
        gzip.compress(plus(*[good(n, n) for n in range(4000)]))[:-30],
        "cut short",
    ),
    "a gzip of nothing but zeros": (gzip.compress(bytes(50_000_000)), "no Comtrade table"),
    "a gzip with zeros behind the header": (
        gzip.compress(plus(good()) + bytes(5_000_000)),
        "row 3: holds a NUL byte",
    ),
    "zeros behind the last row": (plus(good()) + bytes(5_000), "row 3: holds a NUL byte"),
    "a NUL byte in a value": (beside(value='"5\x00"'), "row 3: holds a NUL byte"),
    "a mark of UTF-8 before other bytes": (
        b"\xef\xbb\xbf" + plus(good(), other().replace("China", "Türkiye")),
        "UTF-8",
    ),
}


@pytest.fixture(scope="module")
def outcomes(reference: House, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """All tables at once, each a file of its own release."""
    house = furnished(reference, tmp_path_factory.mktemp("tables"), years=(2022,))
    found = from_tables(house, {name: content for name, (content, _) in QUARANTINED.items()})
    return {entry.address: found[entry.sha256] for entry in house.archive.entries()}


@pytest.mark.parametrize("name", QUARANTINED)
def test_a_bad_row_is_quarantined_beside_the_good_one(outcomes: Outcomes, name: str) -> None:
    reasons = QUARANTINED[name][1]
    assert outcomes[name] == Outcome((Decimal(700),), {tuple(sorted(reasons)): 1})


def test_a_month_is_a_part_of_a_year_that_lacks_the_others(house: House) -> None:
    found = from_tables(house, {"month": beside(period=',"202203","398"')})
    [outcome] = found.values()
    reasons = {("breakdown_row",): 1, ("partial_year",): 1}
    assert outcome == Outcome((Decimal(700),), reasons)


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_cannot_be_read_is_refused_with_its_name(house: House, name: str) -> None:
    content, finding = REFUSED[name]
    entry = put(house, content, f"{name}.csv")
    with connect(house.scratch) as connection:
        open_inputs(connection, ["reference.country", "reference.country_group"], house)
        with pytest.raises(InputError, match=finding) as caught:
            raw_file_rows(connection, house.archive, [entry], "comtrade").fetchall()
    assert caught.value.place.startswith(f"{name}.csv")
    assert caught.value.remedy


def test_countries_and_flows_in_words_are_read_and_what_they_leave_open_is_refused(
    house: House,
) -> None:
    """Members of the EU use the revision in force; which one others used, no word here tells."""
    header = "reporter_iso,flow_desc,partner_iso,cmd_code,primary_value,ref_year"
    rows = ["AUT,Import,KAZ,854231,700,2022", "AUT,Export,X1 ,854231,60,2021"]
    rows += ["KAZ,Import,CHN,854231,5,2022", "AUT,Transit,KAZ,854231,5,2022"]
    rows += ["AUT,Import,QQQ,854231,5,2022", "ZZZ,Import,KAZ,854231,5,2022"]
    [outcome] = from_tables(house, {"words.csv": "\n".join([header, *rows]).encode()}).values()
    assert outcome == Outcome(
        (Decimal(60), Decimal(700)),
        {
            ("classification_not_known",): 1,
            ("flow_not_known", "valuation_not_known"): 1,
            ("unknown_partner",): 1,
            ("classification_not_known", "unknown_reporter"): 1,
        },
    )
    found = asked(f"""
        select year, reporter, partner, flow, classification
        from {parquet(house, "validated.trade_flow")} order by year
    """)
    assert found == [(2021, "AUT", "X1", "X", "H5"), (2022, "AUT", "KAZ", "M", "H6")]


def test_two_vintages_in_one_file_are_two_figures_and_never_one(house: House) -> None:
    content = plus(good(700), good(5).replace('"H6"', '"H5"'))
    [outcome] = from_tables(house, {"two vintages.csv": content}).values()
    assert outcome == Outcome((Decimal(5), Decimal(700)), {})
    needed = [name for name in tables() if name.startswith("reference.")]
    for name in (*needed, "validated.mirror_figure", "validated.mirror_statistics"):
        build(tables()[name], house, house.years)
    found = asked(f"""
        select classification, hub_imports_usd from {parquet(house, "validated.mirror_statistics")}
        where hub = 'KAZ' and product = '854231' and year = 2022 order by all
    """)
    assert found == [("H5", 5), ("H6", 700)]
