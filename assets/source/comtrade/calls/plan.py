"""From a demand to few requests, each within the limits of the API. Pure functions.

Here belongs how figures are packed into addresses and how a request that proved
too large is halved. Asking (client) and what an answer means (answer, parse) do
not. The plan depends on the demand, the limits and the published sizes of data
sets alone, so a later run plans the same addresses and finds them archived.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urlsplit

from assets.source.comtrade.calls.packing import Room, in_parts, pack
from assets.source.comtrade.wanted.boxes import disjoint, joined, ways
from assets.source.comtrade.wanted.demand import Demand
from assets.source.comtrade.wanted.expected import Sizes, expected_rows
from warehouse.errors import InputError

# An answer expected fuller than this is cut beforehand: a truncated one is a call lost, since its
# halves are asked for as well. How many calls a plan takes is judged by this room.
ROOM = 0.9
SPLIT_ORDER = ("products", "reporters", "partners", "flows", "years")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may ask. `rows` is the most it returns, silently cut there."""

    path: str
    rows: int
    periods: int
    url_chars: int = 4_096
    calls_a_day: int | None = None


PREVIEW = Limits("/public/v1/preview/C/A/HS", rows=500, periods=1)
BULK_PATH = "/bulk/v1/file/"
KEYED = Limits("/data/v1/get/C/A/HS", rows=100_000, periods=12, calls_a_day=500)


def plan(demands: Sequence[Demand], sizes: Sizes, limits: Limits) -> list[Demand]:
    """Requests that cover every demanded figure of the data sets there are, each once.

    `sizes` names the reporter-years that have a data set: others are not asked,
    and it says who "all reporters" are. Requests list their reporters.
    """
    wanted = [box for demand in demands for box in _existing(demand, sizes, limits)]
    plans = [_requests(boxes, sizes, limits) for boxes in ways(disjoint(wanted))]
    return min(plans, key=len)


def address(request: Demand, limits: Limits) -> str:
    """Path and query of a request, without host and key; equal requests have equal addresses."""
    # Without these the answer holds a row per second partner, procedure and transport mode.
    query = _codes(request) | {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
    return f"{limits.path}?{urlencode(query | {'maxRecords': limits.rows}, safe=',')}"


def part_of(place: str, request: Demand) -> str:
    """The address of what is read of a bulk file: its path and, behind `#`, never sent, codes."""
    return f"{place}#{urlencode(_codes(request), safe=',')}"


def _codes(request: Demand) -> dict[str, str]:
    codes = {
        "reporterCode": request.reporters,
        "period": request.years,
        "cmdCode": request.products,
        "flowCode": request.flows,
        "partnerCode": request.partners,
    }
    return {name: ",".join(map(str, some)) for name, some in codes.items() if some is not None}


def asked_at(place: str) -> tuple[Demand, int | None] | None:
    """What `address` or `part_of` made an address of, and the most rows it allows, None = all.

    None for other addresses.
    """
    parts = urlsplit(place)
    if is_bulk(place):
        return _request(parse_qs(parts.fragment)), None
    if parts.path not in (PREVIEW.path, KEYED.path):
        return None
    query = parse_qs(parts.query)
    return _request(query), int(query["maxRecords"][0])


def is_bulk(place: str) -> bool:
    """Whether an address is that of a bulk file."""
    return place.startswith(BULK_PATH)


def _request(query: dict[str, list[str]]) -> Demand:
    some = {name: tuple(text[0].split(",")) for name, text in query.items()}
    partners = some.get("partnerCode")
    return Demand(
        tuple(map(int, some["reporterCode"])),
        None if partners is None else tuple(map(int, partners)),
        some["flowCode"],
        some["cmdCode"],
        tuple(map(int, some["period"])),
    )


def split(request: Demand) -> tuple[Demand, Demand]:
    """Two halves of a request. Raises InputError for one that asks for a single cell."""
    axis = _divisible(request)
    if axis is None:
        raise InputError(
            f"request {request}",
            "returns as many rows as one call may, and cannot be asked for in smaller parts",
            "Use a key, which allows more rows per call",
        )
    return _halves(request, axis)


def _divisible(request: Demand) -> str | None:
    return next((axis for axis in SPLIT_ORDER if len(getattr(request, axis) or ()) > 1), None)


def _halves(request: Demand, axis: str) -> tuple[Demand, Demand]:
    codes = getattr(request, axis)
    middle = len(codes) // 2
    return (
        replace(request, **{axis: codes[:middle]}),
        replace(request, **{axis: codes[middle:]}),
    )


def _existing(demand: Demand, sizes: Sizes, limits: Limits) -> Iterator[Demand]:
    """The demand as boxes of as many years as a call takes, of reporters with some data set then.

    A reporter that lacks one of these years may stand beside one that has it: what does not
    exist is no row of an answer, and no call.
    """
    for start in range(0, len(demand.years), limits.periods):
        box = replace(demand, years=demand.years[start : start + limits.periods])
        reporters = tuple(_reporters(box, sizes))
        if reporters:
            yield replace(box, reporters=reporters)


def _reporters(box: Demand, sizes: Sizes) -> Iterable[int]:
    """Who of the asked reporters has a data set of one of the years."""
    known = {reporter for reporter, year in sizes if year in box.years}
    return sorted(known if box.reporters is None else known.intersection(box.reporters))


def _requests(boxes: Iterable[Demand], sizes: Sizes, limits: Limits) -> list[Demand]:
    packed = [small for box in boxes for small in _packed(box, sizes, limits)]
    fitting = [request for small in packed for request in _fitting(small, sizes, limits)]
    light = [request for request in fitting if 2 * _filled(request, sizes, limits) <= 1]
    return [one for one in fitting if one not in light] + joined(
        light, lambda box: _fits(box, sizes, limits)
    )


def _filled(request: Demand, sizes: Sizes, limits: Limits) -> float:
    """The rows expected of a request, over those it is planned to have room for."""
    rows = sum(expected_rows(request, reporter, sizes) for reporter in request.reporters or ())
    return rows * len(request.products) / (limits.rows * ROOM)


def _fits(request: Demand, sizes: Sizes, limits: Limits) -> bool:
    return (
        len(request.years) <= limits.periods
        and _filled(request, sizes, limits) <= 1
        and len(address(request, limits)) <= limits.url_chars
    )


def _packed(box: Demand, sizes: Sizes, limits: Limits) -> Iterator[Demand]:
    """Requests of the box, each with the years that some reporter of it has."""
    rows = {reporter: expected_rows(box, reporter, sizes) for reporter in _reporters(box, sizes)}
    if not rows:
        return
    bare = replace(box, reporters=(), products=())
    room = Room(limits.rows * ROOM, limits.url_chars - len(address(bare, limits)))
    for group in pack(rows, box.products, room):
        years = tuple(
            year for year in box.years if any((one, year) in sizes for one in group.reporters)
        )
        for some in in_parts(box.products, group.parts):
            yield replace(box, reporters=group.reporters, years=years, products=some)


def _fitting(request: Demand, sizes: Sizes, limits: Limits) -> list[Demand]:
    """The request, halved until its address is short enough and its answer likely is."""
    if not _reporters(request, sizes):
        return []
    axis = _divisible(request) if _filled(request, sizes, limits) > 1 else None
    if len(address(request, limits)) > limits.url_chars:
        axis = max(SPLIT_ORDER, key=lambda axis: len(str(getattr(request, axis))))
        if len(getattr(request, axis)) < 2:
            raise InputError("address", "is longer than the API takes", "Shorten the base address")
    if axis is None:
        return [request]
    return [part for half in _halves(request, axis) for part in _fitting(half, sizes, limits)]
