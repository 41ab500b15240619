"""What boxes of figures have in common: the set algebra that keeps a figure from being asked twice.

Here belongs arithmetic on boxes alone. What is wanted stands in demand, what is held in holdings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from assets.source.comtrade.demand import AXES, Demand

Code = TypeVar("Code", int, str)


def disjoint(boxes: Sequence[Demand]) -> list[Demand]:
    """Boxes that cover the same figures, each figure once.

    Boxes of all partners go first: a list of partners can be taken out of
    nothing but a list. Reporters must be listed.
    """
    apart: list[Demand] = []
    for box in sorted(boxes, key=lambda box: box.partners is not None):
        pieces = [box]
        for taken in tuple(apart):
            pieces = [rest for piece in pieces for rest in without(piece, taken)]
        apart += [piece for piece in pieces if not _empty(piece)]
    return apart


def overlap(box: Demand, other: Demand) -> bool:
    """Whether some figure is in both; `None` has every code."""
    return all(common != () for common, _ in _parts(box, other).values())


def without(box: Demand, taken: Demand) -> list[Demand]:
    """The box less what another covers; whole where that cannot be told from all partners."""
    if box.partners is None and taken.partners is not None:
        return [box]
    parts = _parts(box, taken)
    if any(common == () for common, _ in parts.values()):
        return [box]
    pieces = []
    common: Any
    for axis, (common, outside) in parts.items():
        if outside:
            pieces.append(replace(box, **{axis: outside}))
        box = replace(box, **{axis: common})
    return pieces


def joined(boxes: Iterable[Demand]) -> list[Demand]:
    """The same figures in fewer boxes: two that differ in one axis become one."""
    found: list[Demand] = []
    for box in boxes:
        while (fitting := next((one for one in found if _axis(one, box)), None)) is not None:
            found.remove(fitting)
            box = _together(fitting, box)
        found.append(box)
    return found


def _axis(box: Demand, other: Demand) -> str | None:
    """The one axis in which two boxes differ, both with listed codes."""
    apart = [axis for axis in AXES if getattr(box, axis) != getattr(other, axis)]
    if len(apart) != 1 or None in (getattr(box, apart[0]), getattr(other, apart[0])):
        return None
    return apart[0]


def _together(box: Demand, other: Demand) -> Demand:
    axis = _axis(box, other)
    assert axis
    return replace(box, **{axis: (*getattr(box, axis), *getattr(other, axis))})


def _empty(box: Demand) -> bool:
    return any(getattr(box, axis) == () for axis in AXES)


def _parts(box: Demand, taken: Demand) -> dict[str, tuple[Any, Any]]:
    return {axis: _part(getattr(box, axis), getattr(taken, axis)) for axis in AXES}


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
