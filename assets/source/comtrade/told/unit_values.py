"""Bounds of unit values (getSUV): which to ask UN Comtrade for, and how they are fetched.

Here belongs asking, which needs a key. What a row of an answer bounds stands in bounds.

A year of which no answer so far holds a bound is asked for again: the API answers what it does
not have with an empty list, and the newest year may get its bounds later. All else is asked once.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from assets.source.comtrade.calls.answer import rows
from assets.source.comtrade.calls.packing import in_parts
from assets.source.comtrade.calls.plan import Limits
from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.boxes import joined, overlap, without
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive, Entry
from warehouse.errors import RefusedError

LOG = logging.getLogger("mirror_trade")
PATH = "/data/v1/getSUV/C/A/HS"
KILOGRAM = "8"  # in the API's list of units, QuantityUnits
RELEASE = "as set"
DIGITS = 6  # a unit value of several goods together is no price of any


def source_of(source: str) -> str:
    """The name under which bounds are archived, apart from figures."""
    return f"{source}_bounds"


def download(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive
) -> list[Entry]:
    """Archive the bounds that are missing, where there is a key; return answers with demanded ones.

    An empty answer bears on nothing, and the next run asks the same of another address.

    A refusal costs no run: the same key has been answered elsewhere, so it does not cover these,
    or the API has them no more. It is told. What time alone mends, a spent quota or a server that
    gives no answer, stops the run as it does everywhere: which flags a build has is no accident.
    """
    try:
        _fetch(settings, missing(settings, demands, archive), archive)
    except RefusedError as refusal:
        if "quota" in refusal.finding.lower():
            raise
        told = "bounds of unit values are missing, UV_OUTLIER rests on the other rule alone: %s %s"
        LOG.warning(told, refusal.place, refusal.finding)
    box = _wanted(demands)
    found = archive.entries(source_of(settings.source))
    useful = (entry for entry in found if overlap(box, asked_at(entry.address)))
    return [entry for entry in useful if rows(archive.read(entry.sha256))]


def missing(
    settings: ComtradeSettings, demands: Sequence[Demand], archive: Archive
) -> list[Demand]:
    """The calls for demanded bounds that the archive does not hold; none without a key."""
    if not settings.key:
        return []
    parts = [_wanted(demands)]
    for held in _held(archive, settings.source):
        parts = [rest for part in parts for rest in without(part, held)]
    return [call for part in joined(parts) for call in _calls(part, settings.limits)]


def _fetch(settings: ComtradeSettings, calls: Sequence[Demand], archive: Archive) -> None:
    source = source_of(settings.source)
    with closing(settings.client()) as client:
        for call in calls:
            answer = client.get(address(call), check=rows)
            settings.keep(archive, source, address(call), RELEASE, answer)


def _wanted(demands: Sequence[Demand]) -> Demand:
    """The products of six digits and the years of a demand, in both flows."""
    products = {code for demand in demands for code in demand.products if _is_one_good(code)}
    years = {year for demand in demands for year in demand.years}
    return Demand(None, None, ("M", "X"), tuple(products), tuple(years))


def _is_one_good(code: str) -> bool:
    return len(code) == DIGITS


def _held(archive: Archive, source: str) -> Iterator[Demand]:
    """What archived answers were asked, without years that had no bound at the time."""
    bounded: set[str] = set()
    received = archive.in_order(source_of(source))
    for entry in sorted(received, key=lambda entry: entry.retrieved_at):
        asked = asked_at(entry.address)
        bounded |= {str(row.get("period")) for row in rows(archive.read(entry.sha256))}
        yield replace(asked, years=tuple(year for year in asked.years if str(year) in bounded))


def _calls(box: Demand, limits: Limits) -> Iterator[Demand]:
    """A box in as few calls as the limits on periods and on the address allow."""
    for start in range(0, len(box.years), limits.periods):
        some = replace(box, years=box.years[start : start + limits.periods])
        yield from _short(some, limits.url_chars)


def _short(box: Demand, chars: int) -> list[Demand]:
    """The box in the fewest equal parts of its products whose addresses are short enough."""
    parts: list[Demand] = []
    for count in range(1, len(box.products) + 1):
        parts = [replace(box, products=some) for some in in_parts(box.products, count)]
        if all(len(address(part)) <= chars for part in parts):
            break
    return parts


def address(call: Demand) -> str:
    """Path and query of a call, without host and key."""
    query = {
        "period": ",".join(map(str, call.years)),
        "cmdCode": ",".join(call.products),
        "flowCode": ",".join(call.flows),
        "qtyUnitCode": KILOGRAM,
    }
    return f"{PATH}?{urlencode(query, safe=',')}"


def asked_at(place: str) -> Demand:
    """What `address` made an address of."""
    query = {name: text[0].split(",") for name, text in parse_qs(urlsplit(place).query).items()}
    years = tuple(map(int, query["period"]))
    return Demand(None, None, tuple(query["flowCode"]), tuple(query["cmdCode"]), years)
