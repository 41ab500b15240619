"""What is wanted of UN Comtrade, as boxes of reporters, partners, flows, products and years.

Here belongs what the corridor needs. What boxes have in common stands in boxes, how they become
requests in plan.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from warehouse.errors import InputError

RUSSIA_LAST_REPORTED = 2021  # method.md S3: publication was suspended on 21 April 2022
KAZAKHSTAN, RUSSIA = 398, 643
# Compared with Kazakhstan: KGZ, ARM, UZB, GEO, TUR, ARE, CHN, HKG, as in reference.hub.
HUBS = (417, 51, 860, 268, 792, 784, 156, 344)
AXES = ("reporters", "flows", "products", "years", "partners")


@dataclass(frozen=True, slots=True)
class Demand:
    """Every figure of a box; `None` for reporters or partners means all of them.

    Codes are Comtrade's: reporters and partners as numbers, flows M or X,
    products TOTAL or 2 to 6 digits. Wildcards are refused: they cannot be split.
    """

    reporters: tuple[int, ...] | None
    partners: tuple[int, ...] | None
    flows: tuple[str, ...]
    products: tuple[str, ...]
    years: tuple[int, ...]

    def __post_init__(self) -> None:
        for axis in AXES:
            codes = getattr(self, axis)
            if codes is not None:  # one order, so that one box has one address
                object.__setattr__(self, axis, tuple(sorted(set(codes))))
        for product in self.products:
            refuse_no_code(product)


def refuse_no_code(product: str) -> None:
    """Raises InputError for what is neither TOTAL nor 2, 4 or 6 digits."""
    if not re.fullmatch(r"TOTAL|\d{2}|\d{4}|\d{6}", product):
        remedy = "Write TOTAL or 2, 4 or 6 digits"
        raise InputError(f"product {product!r}", "is no HS code", remedy)


def corridor_demand(years: Iterable[int], products: Iterable[str]) -> list[Demand]:
    """What the Kazakhstan-Russia corridor and its comparison hubs need, for given products."""
    years, products = tuple(years), tuple(products)
    spoken = tuple(year for year in years if year <= RUSSIA_LAST_REPORTED)
    return [
        Demand((KAZAKHSTAN,), None, ("M", "X"), products, years),
        Demand((RUSSIA,), None, ("M", "X"), products, spoken),
        Demand(HUBS, None, ("M",), products, years),
        Demand(None, (KAZAKHSTAN, RUSSIA, *HUBS), ("X",), products, years),
    ]
