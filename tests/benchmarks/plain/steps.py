"""What the marts of plain pandas have in common: reading, looking up, choosing, flags, writing.

Money is float64, rounded to cents wherever sums are compared, since a float's last digits are no
finding. Text is categorical, in the order of its words, so that merging and sorting go by numbers.
Flags are bits of one whole number a row: `|` unites them, and only the file holds lists.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipelines.tables import tables
from warehouse import dictionary
from warehouse.house import House

# Table, its columns (none = all), and which rows.
Read = Callable[..., pd.DataFrame]
FIGURES = "transformed.trade_flow"
BIT = {code: 1 << place for place, code in enumerate(sorted(dictionary.flags()))}


def reader(house: House, own: Path) -> Read:
    """Reads a table by name: what pandas put under `own` where it did, else what is stored."""

    def read(
        name: str, columns: Sequence[str] | None = None, keep: pc.Expression | None = None
    ) -> pd.DataFrame:
        path = own / f"{name}.parquet"
        years = house.years_held(name) if tables()[name].by_year else None
        paths = [path] if path.exists() else house.store.files(name, years)
        held = ds.dataset([str(path) for path in paths])
        return _frame(held.to_table(columns=columns and list(columns), filter=keep))

    return read


def _frame(table: pa.Table) -> pd.DataFrame:
    for place, (name, kind) in enumerate(zip(table.column_names, table.schema.types, strict=True)):
        column = table.column(place)
        if pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
        elif pa.types.is_list(kind):
            column = pc.binary_join(column, " ").dictionary_encode()
        elif pa.types.is_string(kind):
            column = column.dictionary_encode()
        table = table.set_column(place, name, column)
    lists = [field.name for field in table.schema if field.name.endswith("flags")]
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    for name in frame.select_dtypes("category"):
        frame[name] = _bits(frame[name]) if name in lists else _in_order(frame[name])
    return frame


def _in_order(text: pd.Series) -> pd.Series:
    return text.cat.set_categories(sorted(text.cat.categories))


def _bits(text: pd.Series) -> np.ndarray:
    """Flags as bits, 0 for none of them and where there is no row."""
    held = [sum(BIT[code] for code in codes.split()) for codes in text.cat.categories]
    return np.array([*held, 0])[text.cat.codes]


def share_words(frames: Sequence[pd.DataFrame], *names: str) -> None:
    """Give columns that name the same things the same categories, in place."""
    held = [frame[name] for frame in frames for name in names if name in frame]
    words = sorted(set().union(*(column.cat.categories for column in held)))
    for frame in frames:
        for name in names:
            if name in frame:
                frame[name] = frame[name].cat.set_categories(words)


def beside(frame: pd.DataFrame, table: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """`frame` with the columns of the one row of `table` that has the same key, or none.

    Raises MergeError where a key of `table` is not unique: no row may double.
    """
    spoken = table.astype({name: frame[name].dtype for name in on}).dropna(subset=list(on))
    return frame.merge(spoken, how="left", on=list(on), validate="many_to_one")


def with_groups(
    frame: pd.DataFrame, groups: pd.DataFrame | pd.Series, on: Sequence[str]
) -> pd.DataFrame:
    """`frame` with what was computed by group, or none; the rows are numbered anew."""
    return frame.merge(groups.reset_index(), how="left", on=list(on))


def is_in(frame: pd.DataFrame, table: pd.DataFrame, on: Sequence[str]) -> pd.Series:
    """Whether `table` has a row of the same key."""
    marked = table[list(on)].drop_duplicates().assign(is_there=True)
    return beside(frame[list(on)], marked, on)["is_there"].notna().set_axis(frame.index)


def holds(column: pd.Series) -> pd.Series:
    """A yes that was looked up; where nothing was found it is a no."""
    return column.eq(True)


def first_that(*cases: tuple[pd.Series, str], otherwise: str | None = None) -> pd.Categorical:
    """The word of the first case that holds in a row."""
    words = sorted({word for _, word in cases} | ({otherwise} if otherwise else set()))
    code = {word: np.int8(place) for place, word in enumerate(words)} | {None: np.int8(-1)}
    held, chosen = [case for case, _ in cases], [code[word] for _, word in cases]
    chosen = np.select(held, chosen, code[otherwise])
    return pd.Categorical.from_codes(chosen, words)


def joined(*cases: tuple[pd.Series, str | pd.Series]) -> pd.Series:
    """The words of all cases that hold in a row, parted by semicolons; nothing for none."""
    index = cases[0][0].index
    said = pd.Series("", index)
    for case, words in cases:
        said += (pd.Series(words, index) + "; ").where(case, "")
    return said.str.removesuffix("; ").where(said != "")


def flagged(*cases: tuple[pd.Series, str]) -> pd.Series:
    """Bits of the codes whose case holds."""
    bits = sum(case.to_numpy().astype(np.int64) * BIT[code] for case, code in cases)
    return pd.Series(bits, index=cases[0][0].index)


def flags_of(frame: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Every flag that a row of a group has, by group; groups without a flag are left out."""
    some = frame.loc[frame["flags"] != 0, [*by, "flags"]].sort_values(list(by))
    if some.empty:
        return some.set_index(list(by))["flags"]
    first = ~some.duplicated(list(by))
    united = np.bitwise_or.reduceat(some["flags"].to_numpy(), np.flatnonzero(first))
    return some.loc[first, list(by)].assign(flags=united).set_index(list(by))["flags"]


def thresholds(read: Read) -> dict[str, float]:
    """The named constants of the method."""
    table = read("reference.threshold", ["name", "value"])
    return dict(zip(table["name"].astype(str), table["value"].astype(float), strict=True))


def members(read: Read, *groups: str) -> pd.DataFrame:
    """Rows of reference.country_group for groups of countries, its text as plain text."""
    table = read("reference.country_group").astype({"country_group": str, "member": str})
    return table[table["country_group"].isin(groups)]


def hubs(read: Read) -> list[str]:
    return sorted(read("reference.hub", ["hub"])["hub"].unique())


def named(read: Read, *kinds: str) -> list[str]:
    """Codes of reference.country of these kinds."""
    country = read("reference.country", ["code", "kind"])
    return country.loc[country["kind"].isin(kinds), "code"].tolist()


def silent(read: Read, years: Iterable[int]) -> pd.DataFrame:
    """Reporters and years of which nothing was published, whatever a source shows."""
    silence = read("reference.reporter_silence", ["reporter", "from_year", "to_year"])
    each = silence.merge(pd.DataFrame({"year": sorted(years)}), how="cross")
    last = each["to_year"].fillna(each["year"])
    return each.loc[each["year"].between(each["from_year"], last), ["reporter", "year"]]


def families(read: Read) -> pd.DataFrame:
    """Which codes hold the same goods in two revisions: classification, product, family."""
    return read("mart.product_family", ["classification", "product", "family", "comparable"])


def write(own: Path, name: str, frame: pd.DataFrame) -> None:
    """Put a mart into its own file under `own`: every column of it, in the order of its key."""
    table = tables()[name]
    own.mkdir(exist_ok=True)
    ordered = frame[[column.name for column in table.columns]]
    ordered = ordered.sort_values(list(table.key), ignore_index=True)
    pq.write_table(_arrow(ordered), own / f"{name}.parquet", compression="zstd")


def _arrow(frame: pd.DataFrame) -> pa.Table:
    arrays = {
        name: pa.array(lists_of(column, list(BIT)) if name.endswith("flags") else column)
        for name, column in frame.items()
    }
    return pa.table(arrays)


def lists_of(bits: pd.Series, words: Sequence[str]) -> pd.Series:
    """The list of words whose bits are set in a row; the first word has the lowest bit."""
    codes, held = pd.factorize(bits)
    named = [[word for place, word in enumerate(words) if bit >> place & 1] for bit in held]
    lists = pa.array(named, pa.list_(pa.string())).take(pa.array(codes))
    return pd.Series(lists, bits.index, dtype=pd.ArrowDtype(lists.type))


def chapter(product: pd.Series) -> pd.Series:
    """Chapter of each code; a total is its own."""
    chapters = ["TOTAL" if code == "TOTAL" else code[:2] for code in product.cat.categories]
    words = sorted(set(chapters))
    place = np.array([words.index(word) for word in chapters] + [-1])
    return pd.Series(pd.Categorical.from_codes(place[product.cat.codes], words), product.index)
