"""What is wanted of UN Comtrade, as boxes of reporters, partners, flows, products and years.

Here belongs what the corridor needs and the set algebra that keeps a figure from
being asked for twice. How boxes become requests (plan) does not.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from warehouse.errors import InputError

RUSSIA_LAST_REPORTED = 2021  # method.md S3: publication was suspended on 21 April 2022
KAZAKHSTAN, RUSSIA = 398, 643
# Compared with Kazakhstan: KGZ, ARM, UZB, GEO, TUR, ARE, CHN, HKG, as in reference.hub.
HUBS = (417, 51, 860, 268, 792, 784, 156, 344)
Code = TypeVar("Code", int, str)
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
        Demand((RUSSIA,), None, ("M",), products, spoken),
        Demand(HUBS, None, ("M",), products, years),
        Demand(None, (KAZAKHSTAN, RUSSIA, *HUBS), ("X",), products, years),
    ]


def disjoint(boxes: Sequence[Demand]) -> list[Demand]:
    """Boxes that cover the same figures, each figure once.

    Boxes of all partners go first: a list of partners can be taken out of
    nothing but a list. Reporters must be listed.
    """
    apart: list[Demand] = []
    for box in sorted(boxes, key=lambda box: box.partners is not None):
        pieces = [box]
        for taken in tuple(apart):
            pieces = [rest for piece in pieces for rest in _without(piece, taken)]
        apart += [piece for piece in pieces if not _empty(piece)]
    return apart


def _empty(box: Demand) -> bool:
    return any(getattr(box, axis) == () for axis in AXES)


def _without(box: Demand, taken: Demand) -> list[Demand]:
    parts = {axis: _part(getattr(box, axis), getattr(taken, axis)) for axis in AXES}
    if any(common == () for common, _ in parts.values()):
        return [box]
    pieces = []
    common: Any
    for axis, (common, outside) in parts.items():
        if outside:
            pieces.append(replace(box, **{axis: outside}))
        box = replace(box, **{axis: common})
    return pieces


def _part(
    codes: tuple[Code, ...] | None, taken: tuple[Code, ...] | None
) -> tuple[tuple[Code, ...] | None, tuple[Code, ...]]:
    """The codes both have, and those only the first has."""
    if taken is None or codes is None:
        return codes, ()
    return (
        tuple(code for code in codes if code in taken),
        tuple(code for code in codes if code not in taken),
    )
