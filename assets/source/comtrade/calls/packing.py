"""How a box of figures is shared out over few requests: which reporters, how many products.

Here belongs the arithmetic of filling. What a reporter is expected to have, and how requests are
written, stands in plan.

A request asks every product of every reporter it names, so a group of reporters with `rows` a
product can be asked at most `room / rows` products at a time. Groups that leave little of the
room unused are looked for: the largest reporter that is left, and the next ones that still fit,
for each number of products that makes a difference; of these the fullest group is taken.

Over worlds of random density the requests are within a tenth of what the limits leave possible.
Not for every shape: a request is a box, so where few reporters are large beside the room, rows
that would fit cannot be put together, and up to a fifth more were seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Room:
    """What one request has room for: expected rows, and characters of reporters and products."""

    rows: float
    chars: int


@dataclass(frozen=True, slots=True)
class Group:
    """Reporters to be asked together, and in how many parts of the products."""

    reporters: tuple[int, ...]
    parts: int
    filled: float  # the share of the room of all its parts that is expected to be used


def pack(rows: Mapping[int, float], products: Sequence[str], room: Room) -> list[Group]:
    """Each reporter in one group, in as few requests as are found.

    `rows` are those expected of a reporter for one product. The same input gives the same groups.
    """
    fewest = ceil(sum(rows.values()) * len(products) / room.rows)
    best: list[Group] = []
    for sizes in _sizes(len(products)):
        groups = _shared_out(rows, products, room, sizes)
        best = min(best or groups, groups, key=_requests)
        if _requests(best) <= fewest:  # no other way takes fewer
            break
    return best


def _requests(groups: Sequence[Group]) -> int:
    return sum(group.parts for group in groups)


def _sizes(count: int) -> Iterator[list[int]]:
    """Numbers of products a request may hold that differ in the requests they take."""
    every = sorted({ceil(count / parts) for parts in range(1, count + 1)})
    yield every
    yield from ([size] for size in every)


def _shared_out(
    rows: Mapping[int, float], products: Sequence[str], room: Room, sizes: Sequence[int]
) -> list[Group]:
    left = sorted(rows, key=lambda reporter: (-rows[reporter], reporter))
    groups = []
    while left:
        some = [_group(left, rows, products, room, size) for size in sizes]
        fullest = max(some, key=lambda group: group.filled)
        groups.append(fullest)
        left = [reporter for reporter in left if reporter not in fullest.reporters]
    return groups


def _group(
    left: Sequence[int], rows: Mapping[int, float], products: Sequence[str], room: Room, size: int
) -> Group:
    """The first reporter, and those after it that fit when `size` products are asked."""
    taken, used = [left[0]], rows[left[0]]
    chars = len(str(left[0])) + 1
    widest = max(len(product) for product in products) + 1
    for reporter in left[1:]:
        more = len(str(reporter)) + 1
        if (used + rows[reporter]) * size <= room.rows and chars + more + widest <= room.chars:
            taken.append(reporter)
            used, chars = used + rows[reporter], chars + more
    parts = _parts(used, room.chars - chars, products, room.rows)
    return Group(tuple(taken), parts, used * len(products) / room.rows / parts)


def _parts(used: float, chars: int, products: Sequence[str], rows: float) -> int:
    """The fewest equal parts of the products of which each fits, one product a part at most."""
    count = len(products)
    parts = ceil(count / max(1, floor(rows / used))) if used else 1
    while parts < count and _longest(products, parts) > chars:
        parts += 1
    return parts


def _longest(products: Sequence[str], parts: int) -> int:
    return max(sum(len(product) + 1 for product in some) for some in in_parts(products, parts))


def in_parts(products: Sequence[str], parts: int) -> list[tuple[str, ...]]:
    """The products in about equal parts, of which there are no more than products."""
    edges = [len(products) * part // parts for part in range(parts + 1)]
    return [tuple(products[start:end]) for start, end in pairwise(edges)]
