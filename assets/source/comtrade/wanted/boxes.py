"""What boxes of figures have in common: the set algebra that keeps a figure from being asked twice.

Here belongs arithmetic on boxes alone. What is wanted stands in demand, what is held in holdings.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from assets.source.comtrade.wanted.demand import AXES, Demand

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


def joined(
    boxes: Iterable[Demand], fits: Callable[[Demand], bool] = lambda box: True
) -> list[Demand]:
    """The same figures in fewer boxes: two that differ in one axis become one, where that fits."""
    found: list[Demand] = []
    for box in boxes:
        while (partner := _partner(box, found, fits)) is not None:
            found.remove(partner)
            box = _together(partner, box)
        found.append(box)
    return found


def ways(boxes: Sequence[Demand]) -> Iterator[list[Demand]]:
    """The same figures in boxes cut otherwise: any of these may take the fewest calls.

    Boxes of both flows and all years ask few calls where there is little. Cut to the same flows,
    and to the same years, more reporters can stand in one box and fill its calls.
    """
    by_flow = [replace(box, flows=(flow,)) for box in boxes for flow in box.flows]
    for some in (boxes, by_flow, _by_years(boxes), _by_years(by_flow)):
        alike: dict[tuple[Any, ...], list[Demand]] = {}
        for box in some:
            alike.setdefault((box.years, box.flows), []).append(box)
        yield [one for key in sorted(alike) for one in joined(alike[key])]


def _by_years(boxes: Sequence[Demand]) -> list[Demand]:
    """The boxes cut to years that are asked for in the same boxes."""
    together: dict[tuple[int, ...], list[int]] = {}
    for year in sorted({year for box in boxes for year in box.years}):
        asking = tuple(place for place, box in enumerate(boxes) if year in box.years)
        together.setdefault(asking, []).append(year)
    return [
        replace(boxes[place], years=tuple(years))
        for asking, years in together.items()
        for place in asking
    ]


def _partner(
    box: Demand, others: Iterable[Demand], fits: Callable[[Demand], bool]
) -> Demand | None:
    return next((one for one in others if _axis(one, box) and fits(_together(one, box))), None)


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
