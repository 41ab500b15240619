"""mart.past_gap by plain pandas: what is known of a pair and chapter before a flow is valued.

How far each reporter stands off the true value, this pair left out, and what ln(imports / exports)
of the pair showed in the base years; shrunk from pair and chapter to pair to both spreads.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.steps import Read, chapter, thresholds, with_groups

PAIR = ["exporter", "importer", "chapter"]
SUMS = ["cells", "logs", "squares"]


def past_gap(read: Read) -> pd.DataFrame:
    """One row an exporter, importer and chapter that ever traded."""
    gap = read("mart.mirror_gap", ["year", "product", "exporter", "importer", "log_ratio"])
    gap["chapter"] = chapter(gap["product"])
    pair = gap[PAIR].drop_duplicates().astype(str)
    pair["level"] = pair["chapter"].where(pair["chapter"] == "TOTAL", "*")
    past = of_base_years(gap, thresholds(read))
    return learned(with_spreads(read, pair), past, thresholds(read))


def with_spreads(read: Read, pair: pd.DataFrame) -> pd.DataFrame:
    """Both sides' spreads: the most particular there is, this pair's cells left out."""
    columns = ["side", "reporter", "chapter", "partner", "spread"]
    spread = read("mart.reporter_reliability", columns).astype(dict.fromkeys(columns[:4], str))
    spread = spread.dropna(subset="spread").set_index(columns[:4])["spread"]
    exporter, importer, level = pair["exporter"], pair["importer"], pair["level"]
    everyone = {}
    for side, own, other in (("X", exporter, importer), ("M", importer, exporter)):
        choices = [
            spread_of(spread, pair.index, side, reporter, of_chapter, partner)
            for reporter, of_chapter, partner in (
                (own, pair["chapter"], other),
                (own, level, other),
                (own, pair["chapter"], "*"),
                (own, level, "*"),
                ("*", level, "*"),
            )
        ]
        everyone[side] = choices[-1]
        for choice in choices[1:]:
            choices[0] = choices[0].fillna(choice)
        pair["exporter_spread" if side == "X" else "importer_spread"] = choices[0]
    return pair.assign(of_everyone=everyone["X"] ** 2 + everyone["M"] ** 2)


def spread_of(spread: pd.Series, rows: pd.Index, side: str, *asked: pd.Series | str) -> pd.Series:
    """The spread of a side, reporter, chapter and partner left out; NaN where there is none."""
    names = ["reporter", "chapter", "partner"]
    key = pd.DataFrame({"side": side} | dict(zip(names, asked, strict=True)), index=rows)
    return with_groups(key, spread, ["side", *names])["spread"].set_axis(rows)


def of_base_years(gap: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Sums of the log ratio over the base years, by pair and chapter."""
    base = gap["year"].between(threshold["baseline_from"], threshold["baseline_to"])
    of_length = gap["product"].cat.categories.str.len().isin([5, 6])  # TOTAL and six digits
    gap = gap[base & gap["log_ratio"].notna() & of_length[gap["product"].cat.codes]]
    each = (
        gap[PAIR]
        .astype(str)
        .assign(cells=1, logs=gap["log_ratio"].round(9), squares=(gap["log_ratio"] ** 2).round(9))
    )
    return each.groupby(PAIR, as_index=False)[SUMS].sum()


def learned(pair: pd.DataFrame, past: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """The pair's own past, drawn to the pair's, and that to what both reporters' spreads say."""
    weight = threshold["shrink_cells"]
    past["level"] = past["chapter"].where(past["chapter"] == "TOTAL", "*")
    by_pair = past.groupby(["exporter", "importer", "level"])[SUMS].sum().add_prefix("pair_")
    table = pair.merge(past.drop(columns="level"), on=PAIR, how="left")
    table = with_groups(table, by_pair, ["exporter", "importer", "level"])
    sums = [*SUMS, *by_pair.columns]
    table[sums] = table[sums].fillna(0)
    prior = table["exporter_spread"] ** 2 + table["importer_spread"] ** 2
    cautious = np.fmax(prior, table["of_everyone"])  # no pair is better than usual unshown
    counts_as = table["pair_cells"] + weight
    pair_mean = table["pair_logs"] / counts_as
    pair_square = (table["pair_squares"] + weight * cautious) / counts_as
    mean = (table["logs"] + weight * pair_mean) / (table["cells"] + weight)
    square = (table["squares"] + weight * pair_square) / (table["cells"] + weight)
    variance = np.fmax(square - mean**2, threshold["reliability_floor"] * prior)
    return table.assign(
        past_mean=mean,
        past_spread=np.sqrt(variance),
        past_cells=table["pair_cells"].astype(int),
    )
