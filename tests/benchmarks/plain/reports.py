"""Both reports of every pair of a product and year in one row, as mart.mirror_gap begins.

Only figures of datasets that are not incomplete, of partners who could have reported themselves;
where a reporter files a year in two revisions, the newer figure.
"""

import pandas as pd

from tests.benchmarks.plain.steps import FIGURES, Read, is_in, named, share_words

PAIR = ["year", "product", "exporter", "importer"]
SENT = {
    "reporter": "exporter",
    "partner": "importer",
    "value_usd": "exports_usd",
    "value_fob_low_usd": "exports_low_usd",
    "value_fob_high_usd": "exports_high_usd",
    "classification": "x_revision",
    "flags": "x_flags",
}
RECEIVED = {
    "partner": "exporter",
    "reporter": "importer",
    "value_usd": "imports_cif_usd",
    "value_low_usd": "imports_cif_low_usd",
    "value_high_usd": "imports_cif_high_usd",
    "value_fob_low_usd": "imports_fob_low_usd",
    "value_fob_usd": "imports_fob_usd",
    "value_fob_high_usd": "imports_fob_high_usd",
    "classification": "m_revision",
    "flags": "m_flags",
}
FIGURE = ["flow", "year", "product", "reporter", "partner"]
COLUMNS = [*dict.fromkeys([*FIGURE, *SENT, *RECEIVED]), "status"]


def both_reports(read: Read) -> pd.DataFrame:
    """What the exporter sent and what the importer received, in one row."""
    figures = newest_revision(read, usable(read))
    is_sent = figures["flow"] == "X"
    sent = figures.loc[is_sent, ["year", "product", *SENT]].rename(columns=SENT)
    received = figures.loc[~is_sent, ["year", "product", *RECEIVED]].rename(columns=RECEIVED)
    del figures
    return sent.merge(received, on=PAIR, how="outer").astype({"year": "int16"})


def usable(read: Read) -> pd.DataFrame:
    """Figures of datasets that are not incomplete, of partners who could report themselves."""
    figures = read(FIGURES, COLUMNS)
    share_words([figures], "reporter", "partner")
    can_report = figures["partner"].isin(named(read, "country", "bloc"))
    return figures[can_report & (figures["status"] != "incomplete")].drop(columns="status")


def newest_revision(read: Read, figures: pd.DataFrame) -> pd.DataFrame:
    """Where a reporter files a year in two revisions, the newer figure counts."""
    dataset = read("transformed.dataset", ["reporter", "year", "flow", "vintages"])
    several = is_in(figures, dataset[dataset["vintages"] > 1], ["reporter", "year", "flow"])
    older = figures[several].sort_values("classification").duplicated(FIGURE, keep="last")
    return figures.drop(index=older.index[older])
