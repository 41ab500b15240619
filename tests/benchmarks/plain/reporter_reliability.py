"""mart.reporter_reliability by plain pandas: how far a reporter usually stands off its partners.

A gap counts as the square of gap_ratio. What the partner shows with everybody else is taken off,
half of the usual square is put back; shrunk from chapter to reporter to all reporters. Each row
once with every partner (*), and once without each, for weighing that very pair. What is summed is
rounded to nine decimals, as the SQL does so that sums do not depend on their order.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.plain.steps import Read, chapter, first_that, flagged, thresholds

LEVEL = ["side", "reporter", "partner", "level"]
SUMS = ["cells", "gaps", "squares", "fourths"]


def reporter_reliability(read: Read) -> pd.DataFrame:
    """One row a side, reporter, chapter and partner left out; reporter * is what is usual."""
    own = both_sides(cells(read))
    pair = own.groupby(LEVEL, as_index=False)[SUMS].sum()
    usual = pair.groupby(["side", "level"], as_index=False)[SUMS].sum()
    counted = with_and_without(own, beside_usual(pair, usual), usual)
    return bounded(shrunk(counted, usual, thresholds(read)), thresholds(read))


def cells(read: Read) -> pd.DataFrame:
    """Sums over the products and years that both reports give, by pair and chapter."""
    gap = read("mart.mirror_gap", ["product", "exporter", "importer", "gap_ratio", "log_ratio"])
    of_length = gap["product"].cat.categories.str.len().isin([5, 6])  # TOTAL and six digits
    gap = gap[gap["log_ratio"].notna() & of_length[gap["product"].cat.codes]]
    ratio = gap["gap_ratio"]
    each = gap[["exporter", "importer"]].assign(
        chapter=chapter(gap["product"]).astype(str),
        cells=1,
        gaps=ratio.round(9),
        squares=(ratio**2).round(9),
        fourths=(ratio**4).round(9),
    )
    each = each.astype({"exporter": str, "importer": str})
    return each.groupby(["exporter", "importer", "chapter"], as_index=False)[SUMS].sum()


def both_sides(cell: pd.DataFrame) -> pd.DataFrame:
    """Each pair from both its sides; its gap is the own report less the other's."""
    cell["level"] = cell["chapter"].where(cell["chapter"] == "TOTAL", "*")
    sent = cell.rename(columns={"exporter": "reporter", "importer": "partner"})
    received = cell.rename(columns={"importer": "reporter", "exporter": "partner"})
    sent = sent.assign(side="X", gaps=-sent["gaps"])
    return pd.concat([sent, received.assign(side="M")], ignore_index=True)


def beside_usual(pair: pd.DataFrame, usual: pd.DataFrame) -> pd.DataFrame:
    """What the partner shows with everybody else, and what is usual without this pair.

    `square` is that of the partner, of everybody where it has no one else.
    """
    known = pair.groupby(["side", "reporter", "level"], as_index=False)[SUMS].sum()
    known = known.rename(columns={"reporter": "partner"})
    known["side"] = known["side"].map({"X": "M", "M": "X"})
    pair = pair.merge(known, on=["side", "partner", "level"], suffixes=("", "_partner"))
    pair = pair.merge(usual, on=["side", "level"], suffixes=("", "_usual"))
    others = pair["cells_usual"] - pair["cells"]
    left = pair["squares_usual"] - pair["squares"]
    usual_without = left / others.where(others > 0)
    of_partner = pair["cells_partner"] - pair["cells"]
    square = (pair["squares_partner"] - pair["squares"]) / of_partner.where(of_partner > 0)
    fourth = (pair["fourths_usual"] - pair["fourths"]) / others.where(others > 1)
    return pair[[*LEVEL, *SUMS]].assign(
        square=square.fillna(usual_without).round(9),
        prior=usual_without / 2,
        scatter=fourth - usual_without**2,
    )


def with_and_without(own: pd.DataFrame, pair: pd.DataFrame, usual: pd.DataFrame) -> pd.DataFrame:
    """Squares beyond the partners', by chapter and all of them: with every partner, less each."""
    known = ["square", "prior", "scatter"]
    by_chapter = own[own["chapter"] != "TOTAL"].merge(pair[[*LEVEL, *known]], on=LEVEL)
    beyond = pd.concat([by_chapter, pair.assign(chapter=pair["level"])], ignore_index=True)
    beyond = beyond[beyond["square"].notna()]
    beyond["excess"] = beyond["squares"] - beyond["cells"] * beyond["square"]
    group, counts = ["side", "reporter", "level", "chapter"], ["cells", "gaps", "excess"]
    whole = beyond.groupby(group, as_index=False)[counts].sum()
    without = beyond.merge(whole, on=group, suffixes=("", "_whole"))
    for name in counts:
        without[name] = without.pop(f"{name}_whole") - without[name]
    known = of_everyone(usual)[["side", "level", "prior", "scatter"]]
    everyone = whole.assign(partner="*").merge(known, on=["side", "level"])
    return pd.concat([everyone, without], ignore_index=True)


def of_everyone(usual: pd.DataFrame) -> pd.DataFrame:
    """What is usual of all reporters: half of a pair's square each, and how squares scatter."""
    square = usual["squares"] / usual["cells"]
    fourth = usual["fourths"] / usual["cells"].where(usual["cells"] > 1)
    return usual.assign(prior=square / 2, scatter=fourth - square**2)


def shrunk(counted: pd.DataFrame, usual: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """The variance of a chapter drawn to the reporter's, and that to what is usual."""
    weight = threshold["shrink_cells"]
    whole = counted[counted["chapter"] == counted["level"]]
    whole = whole.assign(variance=whole["prior"] + whole["excess"] / (whole["cells"] + weight))
    part = counted[counted["chapter"] != counted["level"]]
    part = part.merge(whole[[*LEVEL, "variance"]], on=LEVEL)
    known = part["excess"] + part["cells"] * part["prior"] + weight * part["variance"]
    part = part.assign(variance=known / (part["cells"] + weight))
    table = pd.concat([whole, part], ignore_index=True)
    table["counts_as"] = table["cells"] + weight
    everyone = of_everyone(usual).rename(columns={"level": "chapter"})
    everyone = everyone.assign(
        reporter="*", partner="*", variance=everyone["prior"], counts_as=4 * everyone["cells"]
    )
    return pd.concat([table, everyone.drop(columns="gaps")], ignore_index=True)


def bounded(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Bias, spread and weight with what n cells leave open, and the words that explain them."""
    prior, variance, cells = table["prior"], table["variance"], table["cells"]
    least, z90 = threshold["reliability_floor"] * prior, threshold["z90"]
    kept = np.fmax(variance, least).where(variance.notna())
    off = z90 * np.sqrt(table["scatter"].fillna(4).clip(lower=0) / table["counts_as"])
    low, high = np.fmax(variance - off, least), np.fmax(variance + off, kept)
    mean = table["gaps"] / cells.where(cells > 0)
    mean_off = z90 * np.sqrt((kept + prior) / cells.where(cells > 0))
    few, is_everyone = cells < threshold["shrink_cells"], table["reporter"] == "*"
    return table.assign(
        bias_low=np.fmax(-2, mean - mean_off).where(mean.notna()),
        bias=mean,
        bias_high=np.fmin(2, mean + mean_off).where(mean.notna()),
        spread_low=np.sqrt(low),
        spread=np.sqrt(kept),
        spread_high=np.sqrt(high),
        weight_of_own_low=prior / (high + prior),
        weight_of_own=prior / (kept + prior),
        weight_of_own_high=prior / (low + prior),
        driver=first_that((kept.notna() & few, "few_cells"), (kept.notna(), "reporter_spread")),
        status=first_that((kept.notna(), "value"), otherwise="not_measurable"),
        reason=first_that(
            (kept.isna(), "no other pair gives both reports"),
            (is_everyone, "what is usual of all reporters"),
            (few, "fewer cells than what is usual counts as: mostly the prior"),
            otherwise="its own cells, beyond what their partners show with everybody else",
        ),
        flags=flagged((few & ~is_everyone, "FEW_CELLS")),
    )
