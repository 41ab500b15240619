"""CSV downloads of Eurostat and the IMF: the real ones, and made-up ones."""

import pytest

from assets.source import eurostat, imf_imts
from warehouse.errors import InputError

from .files import pick, real

HEADER = "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR"
MONTHS = "Jan. Feb. Mar. Apr. May. Jun. Jul. Aug. Sep. Oct. Nov. Dec.".split()  # noqa: SIM905


def extract(*lines: str, header: str = HEADER) -> list[eurostat.PrintedFigure]:
    content = "\n".join([header, *lines]).encode()
    assert eurostat.recognise("x", content)
    assert imf_imts.recognise("x", content) is None
    return eurostat.figures(content, "Relational_View_2024-11-16T06_38_12.719Z.csv")


def months(count: int) -> list[str]:
    return [f"Germany,Kazakhstan,Total,EXPORT,Total,{m} 2023,10" for m in MONTHS[:count]]


def test_twelve_months_are_a_year_and_eleven_are_flagged() -> None:
    year = pick(extract(*months(12)))
    assert (year.value, year.flags, year.release) == ("120", (), "2024-11-16 download")
    assert (year.reporter, year.partner, year.year, year.file_row) == ("DEU", "KAZ", 2023, 13)
    part = pick(extract(*months(11)))
    assert (part.value, part.flags) == ("110", ("PARTIAL_YEAR",))


def test_a_printed_year_is_not_added_to_its_months() -> None:
    printed = "Germany,Kazakhstan,Total,EXPORT,Total,202352-Jan.-Dec. 2023,121"
    assert pick(extract(*months(12), printed)).value == "121"


def test_a_month_given_twice_counts_once_and_two_values_stop() -> None:
    assert pick(extract(*months(12), *months(2))).value == "120"
    with pytest.raises(InputError, match="row 14: 11 for a month that row 2 gives as 10"):
        extract(*months(12), "Germany,Kazakhstan,Total,EXPORT,Total,Jan. 2023,11")


LABELS = {
    "coded": "Germany,Kazakhstan,TOTAL-Total,2-EXPORT,T-Total,202352-Jan.-Dec. 2023,5",
    "French": "Allemagne (incl. République démocratique allemande 'DD' depuis 1991),Kazakhstan,"
    "Total,EXPORTATION,Total,janv.-déc. 2023,5",
    "explained": "Germany (incl. German Democratic Republic 'DD' from 1991),Kazakhstan,Total,"
    "EXPORT,Total,Jan.-Dec. 2023,5",
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_vary_by_language_and_download(kind: str) -> None:
    found = pick(extract(LABELS[kind].replace(", ", " ")))
    assert (found.reporter, found.partner, found.flow, found.value) == ("DEU", "KAZ", "X", "5")
    assert (found.unit, found.valuation) == ("EUR", "FOB")


def test_the_answer_of_the_api_in_codes() -> None:
    header = "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
    found = extract(
        "X,A,EL,KZ,TOTAL,2,VALUE_IN_EUROS,2022,7",
        "X,A,EL,KZ,TOTAL,2,QUANTITY_IN_100KG,2022,9",
        "X,A,EU27_2020,KZ,854231,1,VALUE_IN_EUROS,2021,8",
        header=header,
    )
    assert pick(found, reporter="GRC").value == "7"
    chips = pick(found, reporter="E27")
    assert (chips.product, chips.classification, chips.valuation) == ("854231", "H5", "CIF")


def test_guinea_in_a_french_extract_is_guinea_bissau() -> None:
    found = extract(
        "Suède,Guinea,Total,EXPORTATION,Total,Jan.-Dec. 2016,1",
        "Suède,Guinée,Total,EXPORTATION,Total,Jan.-Dec. 2016,2",
    )
    assert {f.partner: f.value for f in found} == {"GNB": "1", "GIN": "2"}


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("Narnia,Kazakhstan,Total,EXPORT,Total,Jan. 2023,1", "REPORTER"),
        ("Germany,Narnia,Total,EXPORT,Total,Jan. 2023,1", "PARTNER"),
        ("Germany,Kazakhstan,Total,TRANSIT,Total,Jan. 2023,1", "FLOW"),
        ("Germany,Kazakhstan,Total,EXPORT,Total,Brumaire 2023,1", "PERIOD"),
        ("Germany,Kazakhstan,85423190,EXPORT,Total,Jan. 2023,1", "PRODUCT"),
    ],
)
def test_an_unknown_label_stops_with_row_and_column(line: str, column: str) -> None:
    with pytest.raises(InputError, match=f"row 2, column {column}"):
        extract(line)


def test_the_real_extract_has_one_yearly_figure_a_key() -> None:
    found = eurostat.figures(real("eurostat/eurostat_all_raw_rows.csv.gz"), "rows.csv.gz")
    keys = [(f.reporter, f.partner, f.year, f.flow) for f in found]
    assert len(keys) == len(set(keys))
    assert all("PARTIAL_YEAR" in f.flags for f in found if f.year == 2024)
    assert {"E27", "XEV", "XZV", "XZA", "GBR", "DEU"} <= {f.reporter for f in found}


IMF = (
    "\ufeffDATASET,COUNTRY.ID,INDICATOR.ID,COUNTERPART_COUNTRY.ID,FREQUENCY.ID,SCALE.ID,2021,2022\n"
)


def imts(row: str) -> list[imf_imts.PrintedFigure]:
    return imf_imts.figures((IMF + row).encode(), "imts.csv")


def test_more_than_six_decimals_give_an_estimate_away() -> None:
    found = imts("IMTS(1),KGZ,XG_FOB_USD,KAZ,A,6,1.123456,1.1234567\n")
    assert [(f.is_reported, f.flags) for f in found] == [(True, ()), (False, ("NOT_REPORTED",))]


def test_russia_reported_nothing_after_2021_however_round_the_figure() -> None:
    found = imts("IMTS(1),RUS,MG_CIF_USD,CHN,A,6,1.5,1.5\n")
    assert [f.is_reported for f in found] == [True, False]
    assert (found[0].unit, found[0].valuation, found[0].partner_basis) == (
        "million USD", "CIF", "origin",
    )  # fmt: skip


def test_groups_have_codes_no_country_has_and_unknown_ones_stop() -> None:
    assert pick(imts("IMTS(1),RUS,MG_CIF_USD,G001,A,6,1.5,\n")).partner == "W00"
    assert pick(imts("IMTS(1),RUS,MG_CIF_USD,G998,A,6,1.5,\n")).partner == "XEU"
    with pytest.raises(InputError, match=r"row 2, column COUNTERPART_COUNTRY.ID"):
        imts("IMTS(1),RUS,MG_CIF_USD,G999,A,6,1.5,\n")
    with pytest.raises(InputError, match=r"row 2, column SCALE.ID"):
        imts("IMTS(1),RUS,MG_CIF_USD,KAZ,A,5,1.5,\n")


def test_the_real_imts_download_is_read_whole() -> None:
    found = imf_imts.figures(real("imf_imts/RU_trade.csv"), "RU_trade.csv")
    assert len(found) == 3704
    assert len({(f.partner, f.flow, f.year) for f in found}) == 3704
