"""Goods that can be followed over the years, and the lists and controls they are in."""

from collections.abc import Iterable

import pandas as pd

from tests.benchmarks.plain.steps import Read, families, holds


def series_of(read: Read, *digits: int) -> pd.DataFrame:
    """The series of each code: its family where that is comparable, else itself.

    Only codes of so many digits, where any number is given.
    Columns: classification, product, family (none where it is not comparable), comparable, series.
    """
    table = families(read).astype({"classification": str, "product": str, "family": str})
    if digits:
        table = table[table["product"].str.len().isin(digits)]
    comparable = holds(table["comparable"])
    return table.assign(
        comparable=comparable,
        family=table["family"].where(comparable),
        series=table["family"].where(comparable, table["product"]),
    )


def listed(read: Read, series: Iterable[str]) -> pd.DataFrame:
    """Every series by itself, and the lists that hold it, each as one product *."""
    own = pd.DataFrame({"series": list(series)}).assign(product_group="*")
    lists = read("mart.listed_series", ["product_list", "series"]).astype(str)
    lists = lists.rename(columns={"product_list": "product_group"}).assign(product="*")
    return pd.concat([own.assign(product=own["series"]), lists], ignore_index=True)


def placebos(read: Read) -> list[str]:
    """Civilian goods, outside every list of priority goods: what would have happened anyway."""
    table = read("mart.listed_series", ["series", "is_placebo"])
    return table.loc[table["is_placebo"], "series"].astype(str).tolist()
