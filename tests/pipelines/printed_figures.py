"""The reference results of the method that the shipped figures hold, row by row of its table.

Values as the method prints them, with the tolerance it gives; USD unless a rate is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass

EUR = {2018: 1.1810, 2019: 1.1195, 2020: 1.1422, 2021: 1.1827, 2022: 1.0530, 2023: 1.0813}
M = 1_000_000


@dataclass(frozen=True)
class Printed:
    """One figure: the row of the method's table, the cell, what it says and how exactly."""

    row: str
    source: str
    reporter: str
    flow: str
    partner: str
    product: str
    year: int
    value_usd: float
    tolerance: float

    @property
    def cell(self) -> dict[str, object]:
        return {
            "reporter": self.reporter,
            "flow": self.flow,
            "partner": self.partner,
            "product": self.product,
            "year": self.year,
        }

    def __str__(self) -> str:
        return f"{self.row}-{self.reporter}-{self.flow}-{self.partner}-{self.product}-{self.year}"


def series(
    row: str, source: str, cell: str, first: int, values: str, tolerance: float, unit: float = M
) -> Iterator[Printed]:
    """A row of the table: `cell` is reporter, flow, partner and product, values one a year."""
    reporter, flow, partner, product = cell.split()
    for year, value in enumerate(values.replace(",", "").split(" / "), start=first):
        rate = EUR[year] if source == "eurostat" else 1
        money = float(value) * unit * rate
        yield Printed(row, source, reporter, flow, partner, product, year, money, tolerance)


TABLE = [
    ("1", "occrp", "KAZ M W00 8806", 2022, "5", 0.10),
    ("2", "occrp", "KAZ X RUS 8806", 2022, "1.23", 0.02),
    ("3-4", "occrp", "KAZ M W00 8542", 2021, "35 / 75", 0.03),
    ("5", "occrp", "KAZ X RUS 8542", 2021, "0.245", 0.02),
    ("6", "occrp", "KAZ X RUS 8542", 2022, "18", 0.04),
    ("7", "kz_bns", "KAZ X RUS TOTAL", 2018, "5,279.9 / 5,670.9 / 5,007.1", 0.01),
    ("8", "kz_bns", "KAZ X RUS TOTAL", 2021, "7,018.7 / 9,091.4 / 10,207.4", 0.01),
    (
        "9",
        "kz_bns",
        "KAZ M RUS TOTAL",
        2018,
        "13,237.5 / 14,312.1 / 13,768.2 / 17,605.5 / 17,880.6 / 16,847.0",
        0.01,
    ),
    (
        "10",
        "kz_bns",
        "KAZ M CHN TOTAL",
        2018,
        "5,384.2 / 6,788.6 / 6,378.0 / 8,228.5 / 11,143.7 / 15,389.2",
        0.01,
    ),
    (
        "11",
        "kz_bns",
        "KAZ M E27 TOTAL",
        2018,
        "6,186.3 / 6,221.2 / 6,163.3 / 5,655.0 / 7,624.5 / 10,314.0",
        0.01,
    ),
    (
        "11b",
        "kz_bns",
        "KAZ M GBR TOTAL",
        2018,
        "459.1 / 472.2 / 358.9 / 308.9 / 384.3 / 478.9",
        0.01,
    ),
    ("12", "kz_bns", "KAZ M DEU TOTAL", 2021, "1,814.8 / 2,232.7 / 3,033.3", 0.01),
    ("13", "kz_bns", "KAZ M HKG TOTAL", 2021, "15.4 / 16.2 / 27.4", 0.02),
    ("14", "kz_bns", "KAZ M S19 TOTAL", 2021, "61.8 / 141.4 / 160.7", 0.02),
    ("15", "kz_bns", "KAZ M W00 TOTAL", 2021, "41,415.4 / 50,934.4 / 60,412.3", 0.01),
    ("16", "kz_bns", "KAZ X W00 TOTAL", 2021, "60,321.0 / 84,593.1 / 79,138.8", 0.01),
    ("17", "kz_bns", "KAZ X KGZ TOTAL", 2022, "793.0", 0.01),
    ("17", "kz_bns", "KAZ X ARM TOTAL", 2022, "28.0", 0.01),
    (
        "18",
        "imf_imts",
        "RUS M KAZ TOTAL",
        2016,
        "3,627.2 / 4,854.7 / 5,224.1 / 5,346.4 / 5,034.1 / 7,130.6",
        0.005,
    ),
    (
        "19",
        "imf_imts",
        "RUS X KAZ TOTAL",
        2018,
        "12,738.3 / 13,682.5 / 14,052.6 / 18,474.1",
        0.005,
    ),
    ("20", "imf_imts", "RUS M CHN TOTAL", 2021, "72,685.7", 0.005),
    ("20", "imf_imts", "RUS M DEU TOTAL", 2021, "27,339.5", 0.005),
    ("20", "imf_imts", "RUS M KOR TOTAL", 2021, "12,982.7", 0.005),
    ("20", "imf_imts", "RUS M HKG TOTAL", 2021, "551.9", 0.005),
    ("21", "imf_imts", "RUS M W00 TOTAL", 2019, "242,627.7 / 231,429.5 / 293,656.0", 0.005),
    (
        "22",
        "eurostat",
        "E27 X KAZ TOTAL",
        2018,
        "5,495.0 / 5,917.3 / 5,910.9 / 5,487.1 / 10,347.7 / 12,110.1",
        0.01,
    ),
    ("23", "eurostat", "E27 X KGZ TOTAL", 2021, "263.2 / 1,170.9 / 2,733.8", 0.01),
    ("24", "eurostat", "E27 X ARM TOTAL", 2021, "757.4 / 1,885.6 / 2,161.7", 0.01),
    ("25", "eurostat", "E27 X RUS TOTAL", 2021, "89,169 / 55,008 / 38,182", 0.01),
    ("28", "gacc", "CHN X KAZ TOTAL", 2021, "13,970 / 16,360", 0.02),
]
PRINTED = [printed for row in TABLE for printed in series(*row)]
