"""The regression layer (method S14): did listed goods rise more through a hub than all else?

Here belongs the panel, the model and its placebos. It is optional (extra `regression`: package
pyfixest), reads a published file and writes nothing into it: a coefficient of one treated country
is no measurement of a flow, and no table or page shows it.

Exports X of a group to partner p of product k in year t, Poisson pseudo-maximum likelihood:

    X = exp(kp + kt + pt + Listed(k) * After(t) * (b * Hub(p) + c * Destination(p)))

100 * (exp(b) - 1) is by how much listed goods rose beyond civilian goods in the hub and beyond
themselves elsewhere. Effects of product and partner, product and year, partner and year take out
what is common. Method: Chupilkin, Javorcik and Plekhanov, on months; here on years.

With one hub the usual standard errors say too little, however they are clustered. So b is ranked
among the same coefficient for every other partner taken as if it were the hub, and b for civilian
goods taken as if half of them were listed should be near 0. Profiles that hold few partners but the
hubs tell less: the others may carry the same goods, so b is a rise against theirs.
"""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from warehouse.errors import InputError

AFTER = 2021
FEWEST_PARTNERS = 10
FEWEST_CODES = 5
MODEL = "value ~ hub + destination | product^partner + product^year + partner^year"
PANEL = """
with listed as (
    select series, bool_or(product_list = $list) as listed
    from mart.listed_series where comparable and (product_list = $list or is_placebo)
    group by series
),
sender as (
    select code as reporter from reference.country where code = $group
    union
    select coalesce(reported_by, member) from reference.country_group where country_group = $group
),
steady as ( -- reporters with a whole dataset in every year: a newcomer is no growth
    select reporter from transformed.dataset semi join sender using (reporter)
    where flow = 'X' and absence_is_zero and year >= $first group by reporter
    having count(*) = (select count(distinct year) from transformed.dataset where year >= $first)
)
select family as product, partner, year, sum(value_usd)::double as value,
    any_value(listed) as listed
from transformed.trade_flow
join listed on series = family
join reference.country on code = partner and kind = 'country'
semi join steady using (reporter)
where flow = 'X' and length(product) = 6 and status <> 'incomplete' and year >= $first
group by family, partner, year
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient: `percent` = 100 * (exp(b) - 1), 95% range by partner clusters."""

    what: str
    coefficient: float
    low: float
    high: float

    @property
    def percent(self) -> tuple[float, float, float]:
        low, middle, high = np.expm1([self.low, self.coefficient, self.high]) * 100
        return float(low), float(middle), float(high)


@dataclass(frozen=True, slots=True)
class Result:
    """What the model says of a hub. `rank` of `others` + 1: 1 = no partner has a larger one."""

    hub: Estimate
    destination: Estimate
    placebo_goods: Estimate
    rank: int
    others: int
    observations: int


def estimate(file: Path, hub: str, destination: str, group: str, products: str) -> Result:
    """The model on a published file. Raises InputError where the data does not carry it."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return fit(panel(connection, group, products), hub, destination)


def panel(connection: duckdb.DuckDBPyConnection, group: str, products: str) -> pd.DataFrame:
    """product, partner, year, value (USD, zeros filled in), listed; pairs that ever traded.

    Raises InputError where too few codes or partners are left.
    """
    asked = {"list": products, "group": group, "first": 2017}
    found = connection.execute(PANEL, asked).df()
    codes = found.groupby("listed")["product"].nunique() if len(found) else pd.Series(dtype=int)
    if len(codes) < 2 or codes.min() < FEWEST_CODES or found["partner"].nunique() < FEWEST_PARTNERS:
        raise InputError(
            f"list {products}, exporters {group}",
            f"leave under {FEWEST_CODES} listed or civilian codes, or {FEWEST_PARTNERS} partners",
            "Run it on a profile with six-digit codes of many reporters, or name another --list",
        )
    listed = found.groupby("product")["listed"].first()
    years = sorted(found["year"].unique())
    whole = found.set_index(["product", "partner", "year"])["value"].unstack("year")
    table = whole.reindex(columns=years).fillna(0).stack().reset_index()
    table.columns = pd.Index(["product", "partner", "year", "value"])
    return table.assign(listed=table["product"].map(listed).astype(bool))


def fit(table: pd.DataFrame, hub: str, destination: str) -> Result:
    """Estimates and their placebos for one hub and destination."""
    present = set(table["partner"])
    if not {hub, destination} <= present:
        missing = ", ".join(sorted({hub, destination} - present))
        raise InputError(f"partner {missing}", "receives none of these goods", "Name another hub")
    model = _poisson(table, hub, destination)
    own = _estimate(model, "hub", hub)
    tried = (_coefficient(table, one, destination) for one in sorted(present - {hub, destination}))
    others = [value for value in tried if value is not None]
    return Result(
        own,
        _estimate(model, "destination", destination),
        _estimate(
            _poisson(_pretended(table), hub, destination), "hub", "civilian goods as if listed"
        ),
        1 + sum(value >= own.coefficient for value in others),
        len(others),
        len(table),
    )


def _pretended(table: pd.DataFrame) -> pd.DataFrame:
    """Civilian goods alone, every other code as if it were listed."""
    civilian = table[~table["listed"]]
    half = set(sorted(civilian["product"].unique())[::2])
    return civilian.assign(listed=civilian["product"].isin(half))


def _poisson(table: pd.DataFrame, hub: str, destination: str) -> Any:
    pyfixest = _library()
    after = table["listed"] & (table["year"] > AFTER)
    marked = table.assign(
        hub=(after & (table["partner"] == hub)).astype(float),
        destination=(after & (table["partner"] == destination)).astype(float),
    )
    return pyfixest.fepois(MODEL, data=marked, vcov={"CRV1": "partner"})


def _library() -> Any:
    try:
        return importlib.import_module("pyfixest")
    except ImportError:
        raise InputError(
            "package pyfixest",
            "is not installed",
            "Install the extra: pip install -e '.[regression]'",
        ) from None


def _estimate(model: Any, name: str, what: str) -> Estimate:
    low, high = model.confint().loc[name]
    return Estimate(what, float(model.coef()[name]), float(low), float(high))


def _coefficient(table: pd.DataFrame, partner: str, destination: str) -> float | None:
    """The coefficient with another partner in the hub's place; None where it has no trade."""
    own = table[(table["partner"] == partner) & table["listed"] & (table["year"] > AFTER)]
    if not (own["value"] > 0).any():
        return None
    return float(_poisson(table, partner, destination).coef()["hub"])


def told(result: Result) -> Iterator[str]:
    """The result in words, with what it cannot carry."""
    for name, one in (("hub", result.hub), ("destination", result.destination)):
        low, middle, high = one.percent
        span = f"{middle:+.0f}% ({low:+.0f}% to {high:+.0f}%)"
        yield f"{one.what} ({name}): listed goods against the rest {span}"
    low, middle, high = result.placebo_goods.percent
    span = f"{middle:+.0f}% ({low:+.0f}% to {high:+.0f}%)"
    yield f"Placebo, {result.placebo_goods.what}: {span}; should hold 0"
    yield (
        f"Placebo, every other partner as if it were the hub: {result.rank} of {result.others + 1} "
        f"from the top (share {result.rank / (result.others + 1):.2f})"
    )
    yield (
        "Where the others are hubs too, they may carry the same goods: the rise is against theirs, "
        "and the rank is one among hubs."
    )
    yield f"{result.observations:,} cells of product, partner and year"
    yield (
        "One treated country: the ranges are too narrow, the rank among placebos is what counts. "
        "Reforms and other shocks of these years are in it. No finding of any flow or conduct."
    )
