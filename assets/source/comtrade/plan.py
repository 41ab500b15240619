"""From a demand to few requests, each within the limits of the API. Pure functions.

Here belongs how figures are packed into addresses and how a request that proved
too large is halved. Asking (client) and what an answer means (answer, parse) do
not. The plan depends on the demand, the limits and the published sizes of data
sets alone, so a later run plans the same addresses and finds them archived.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from urllib.parse import parse_qs, urlencode, urlsplit

from assets.source.comtrade.boxes import disjoint
from assets.source.comtrade.demand import Demand
from warehouse.errors import InputError

Sizes = Mapping[tuple[int, int], int]  # (reporter, year) -> records in its data set

# An answer expected fuller than this is cut beforehand: a truncated one is a call lost.
ROOM = 0.9
ALL_PARTNERS = 240
# A data set's records, all products and both flows, per partner of a usual product and flow.
RECORDS_PER_PARTNER = 6_000
# Where a data set is small: rather too few than too many, since a request that proves too
# large costs one call more, and one that proves half empty costs one call more as well.
FEWEST_PARTNERS = 8
LISTED_SHARE = 0.1
PRODUCT_CHARS = 2_400  # of an address, so that reporters find room beside the products
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
KEYED = Limits("/data/v1/get/C/A/HS", rows=100_000, periods=12, calls_a_day=500)


def plan(demands: Sequence[Demand], sizes: Sizes, limits: Limits) -> list[Demand]:
    """Requests that cover every demanded figure of the data sets there are, each once.

    `sizes` names the reporter-years that have a data set: others are not asked,
    and it says who "all reporters" are. Requests list their reporters.
    """
    wanted = [box for demand in demands for box in _existing(demand, sizes, limits)]
    packed = [small for box in disjoint(wanted) for small in _pack(box, sizes, limits)]
    return [request for small in packed for request in _fitting(small, limits)]


def address(request: Demand, limits: Limits) -> str:
    """Path and query of a request, without host and key; equal requests have equal addresses."""
    codes = {
        "reporterCode": request.reporters,
        "period": request.years,
        "cmdCode": request.products,
        "flowCode": request.flows,
        "partnerCode": request.partners,
    }
    query = {name: ",".join(map(str, some)) for name, some in codes.items() if some is not None}
    # Without these the answer holds a row per second partner, procedure and transport mode.
    query |= {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
    return f"{limits.path}?{urlencode(query | {'maxRecords': limits.rows}, safe=',')}"


def asked_at(place: str) -> tuple[Demand, int] | None:
    """What `address` made an address of, and the most rows it allows; None for other addresses."""
    parts = urlsplit(place)
    if parts.path not in (PREVIEW.path, KEYED.path):
        return None
    query = {name: tuple(text[0].split(",")) for name, text in parse_qs(parts.query).items()}
    partners = query.get("partnerCode")
    request = Demand(
        tuple(map(int, query["reporterCode"])),
        None if partners is None else tuple(map(int, partners)),
        query["flowCode"],
        query["cmdCode"],
        tuple(map(int, query["period"])),
    )
    return request, int(query["maxRecords"][0])


def split(request: Demand) -> tuple[Demand, Demand]:
    """Two halves of a request. Raises InputError for one that asks for a single cell."""
    for axis in SPLIT_ORDER:
        codes = getattr(request, axis)
        if codes and len(codes) > 1:
            middle = len(codes) // 2
            return (
                replace(request, **{axis: codes[:middle]}),
                replace(request, **{axis: codes[middle:]}),
            )
    raise InputError(
        f"request {request}",
        "returns as many rows as one call may, and cannot be asked for in smaller parts",
        "Use a key, which allows more rows per call",
    )


def _existing(demand: Demand, sizes: Sizes, limits: Limits) -> Iterator[Demand]:
    """The demand as boxes of reporters that have data sets for the same years."""
    for start in range(0, len(demand.years), limits.periods):
        span = demand.years[start : start + limits.periods]
        together: dict[tuple[int, ...], list[int]] = {}
        for reporter in _reporters(demand, sizes):
            years = tuple(year for year in span if (reporter, year) in sizes)
            together.setdefault(years, []).append(reporter)
        for years in sorted(together):
            if years:
                yield replace(demand, reporters=tuple(together[years]), years=years)


def _reporters(demand: Demand, sizes: Sizes) -> Iterable[int]:
    if demand.reporters is None:
        return sorted({reporter for reporter, _ in sizes})
    return demand.reporters


def _pack(box: Demand, sizes: Sizes, limits: Limits) -> Iterator[Demand]:
    """Fill requests with reporters; a reporter too large for one is cut by products."""
    room = limits.rows * ROOM
    for some in _by_length(box):
        for group in _groups(some, sizes, limits):
            rows = sum(
                _rows_a_product(group, reporter, sizes) for reporter in group.reporters or ()
            )
            yield from _cut(group, ceil(rows * len(group.products) / room))


def _by_length(box: Demand) -> list[Demand]:
    return _cut(box, ceil(sum(len(product) + 1 for product in box.products) / PRODUCT_CHARS))


def _groups(box: Demand, sizes: Sizes, limits: Limits) -> Iterator[Demand]:
    room = limits.rows * ROOM / len(box.products)
    held: tuple[int, ...] = ()
    rows = 0.0
    for reporter in box.reporters or ():
        more = _rows_a_product(box, reporter, sizes)
        longer = replace(box, reporters=(*held, reporter))
        if held and (rows + more > room or len(address(longer, limits)) > limits.url_chars):
            yield replace(box, reporters=held)
            held, rows = (), 0.0
        held, rows = (*held, reporter), rows + more
    if held:
        yield replace(box, reporters=held)


def _rows_a_product(box: Demand, reporter: int, sizes: Sizes) -> float:
    """Rows expected of one reporter for one product, over the flows and years of the box."""
    partners = 0.0
    for year in box.years:
        # To the power of two below: a small revision must not move every later address.
        records = 1 << max(0, sizes[reporter, year].bit_length() - 1)
        usual = min(ALL_PARTNERS, max(FEWEST_PARTNERS, records / RECORDS_PER_PARTNER))
        # The partners someone lists are likelier ones than the average partner: twice.
        listed = min(1.0, max(LISTED_SHARE, 2 * usual / ALL_PARTNERS))
        partners += usual if box.partners is None else listed * len(box.partners)
    return partners * len(box.flows)


def _cut(box: Demand, parts: int) -> list[Demand]:
    """The box in about equal parts by products, as many as asked for at most."""
    count = len(box.products)
    parts = min(max(parts, 1), count)
    edges = [count * part // parts for part in range(parts + 1)]
    return [replace(box, products=box.products[start:end]) for start, end in pairwise(edges)]


def _fitting(request: Demand, limits: Limits) -> list[Demand]:
    """The request, halved until its address is short enough."""
    if len(address(request, limits)) <= limits.url_chars:
        return [request]
    longest = max(SPLIT_ORDER, key=lambda axis: len(str(getattr(request, axis))))
    codes = getattr(request, longest)
    if len(codes) < 2:
        raise InputError("address", "is longer than the API takes", "Shorten the base address")
    halves = codes[: len(codes) // 2], codes[len(codes) // 2 :]
    return [
        part for half in halves for part in _fitting(replace(request, **{longest: half}), limits)
    ]
