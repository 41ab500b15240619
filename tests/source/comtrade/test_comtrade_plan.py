"""Planned requests cover a demand exactly, each figure once, within every limit."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.source.comtrade.calls.plan import (
    KEYED,
    PREVIEW,
    ROOM,
    Limits,
    address,
    asked_at,
    plan,
    split,
)
from assets.source.comtrade.wanted.boxes import disjoint, joined, overlap, without
from assets.source.comtrade.wanted.demand import Demand, corridor_demand
from assets.source.comtrade.wanted.expected import expected_rows
from warehouse.errors import InputError

REPORTERS, PARTNERS = range(1, 7), range(0, 5)
EVERYONE = (0, 1, 2, 3, 4, 99)  # whom "all partners" stands for here
PRODUCTS = ("TOTAL", "85", "8542", "854231", "880610")
YEARS = (2019, 2020, 2021)
Cell = tuple[int, int, str, str, int]


def some(codes: Iterable, at_least: int = 1) -> st.SearchStrategy[tuple]:
    return st.lists(st.sampled_from(list(codes)), min_size=at_least, unique=True).map(tuple)


demands = st.lists(
    st.builds(
        Demand,
        reporters=st.none() | some(REPORTERS),
        partners=st.none() | some(PARTNERS),
        flows=some(("M", "X")),
        products=some(PRODUCTS),
        years=some(YEARS),
    ),
    min_size=1,
    max_size=4,
)
sizes = st.dictionaries(
    st.tuples(st.sampled_from(REPORTERS), st.sampled_from(YEARS)), st.integers(0, 3_000_000)
)
limits = st.builds(
    Limits,
    path=st.just("/p"),
    rows=st.sampled_from([2, 50, 500, 100_000]),
    periods=st.sampled_from([1, 2, 12]),
    url_chars=st.sampled_from([170, 250, 4_096]),
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cells(box: Demand) -> Iterator[Cell]:
    partners = EVERYONE if box.partners is None else box.partners
    return product(box.reporters or (), partners, box.flows, box.products, box.years)


def wanted(asked: list[Demand]) -> set[Cell]:
    listed = [Demand(one.reporters or tuple(REPORTERS), *_rest(one)) for one in asked]
    return {cell for box in listed for cell in cells(box)}


def published(some: Iterable[Cell], known: dict[tuple[int, int], int]) -> set[Cell]:
    """The figures that a data set could hold; of other reporter-years none exists."""
    return {cell for cell in some if (cell[0], cell[4]) in known}


def _rest(box: Demand) -> tuple:
    return box.partners, box.flows, box.products, box.years


@quick
@given(demands, sizes, limits)
def test_the_plan_covers_the_demand_once_and_within_limits(
    asked: list[Demand], known: dict, limit: Limits
) -> None:
    requests = plan(asked, known, limit)
    count = Counter(cell for request in requests for cell in cells(request))
    assert published(count, known) == published(wanted(asked), known)
    assert set(count) <= wanted(asked)
    assert set(count.values()) <= {1}
    assert all(published(cells(request), known) for request in requests)
    assert all(len(request.years) <= limit.periods for request in requests)
    assert all(len(address(request, limit)) <= limit.url_chars for request in requests)
    assert all(may_be_whole(request, known, limit) for request in requests)


def may_be_whole(request: Demand, known: dict[tuple[int, int], int], limit: Limits) -> bool:
    """Not expected to come back cut off, but where nothing smaller can be asked."""
    rows = sum(expected_rows(request, reporter, known) for reporter in request.reporters or ())
    small = all(len(codes or (0,)) == 1 for codes in (request.reporters, *_rest(request)))
    return small or rows * len(request.products) <= limit.rows * ROOM + 1e-6


@quick
@given(demands, sizes, limits)
def test_the_plan_does_not_depend_on_the_order_of_codes(
    asked: list[Demand], known: dict, limit: Limits
) -> None:
    backwards = [
        Demand(*(codes and tuple(reversed(codes)) for codes in (one.reporters, *_rest(one))))
        for one in asked
    ]
    assert plan(backwards, known, limit) == plan(asked, known, limit)


boxes = st.builds(
    Demand,
    some(REPORTERS),
    st.none() | some(PARTNERS),
    some(("M", "X")),
    some(PRODUCTS),
    some(YEARS),
)


@quick
@given(boxes)
def test_halves_are_the_whole_and_do_not_overlap(request: Demand) -> None:
    whole = set(cells(request))
    if len(whole) == 1 or (request.partners is None and len(whole) == len(EVERYONE)):
        with pytest.raises(InputError, match="smaller parts"):
            split(request)
        return
    first, second = (set(cells(half)) for half in split(request))
    assert first | second == whole
    assert len(first) + len(second) == len(whole)
    assert min(len(first), len(second)) > 0


@quick
@given(boxes, st.sampled_from([PREVIEW, KEYED]))
def test_an_address_tells_what_was_asked(request: Demand, limit: Limits) -> None:
    assert asked_at(address(request, limit)) == (request, limit.rows)
    assert asked_at("/public/v1/getDa/C/A/HS?period=2022") is None


@quick
@given(boxes, boxes)
def test_what_is_left_of_a_box_is_what_the_other_does_not_hold(box: Demand, other: Demand) -> None:
    left = Counter(cell for part in without(box, other) for cell in cells(part))
    if box.partners is None and other.partners is not None:
        assert set(left) == set(cells(box))  # all partners less some cannot be asked for
    else:
        assert set(left) == set(cells(box)) - set(cells(other))
        assert overlap(box, other) == bool(set(cells(box)) & set(cells(other)))
    assert set(left.values()) <= {1}


@quick
@given(st.lists(boxes, max_size=5))
def test_joined_boxes_hold_the_same_figures(some: list[Demand]) -> None:
    apart = disjoint(some)
    count = Counter(cell for box in joined(apart) for cell in cells(box))
    assert set(count) == {cell for box in some for cell in cells(box)}
    assert set(count.values()) <= {1}
    assert len(joined(apart)) <= len(apart)


def test_products_are_halved_first_and_then_reporters() -> None:
    request = Demand((1, 2), (3, 4), ("M", "X"), ("8542", "8806"), (2022,))
    first, _ = split(request)
    assert (first.products, first.reporters) == (("8542",), (1, 2))
    first, _ = split(first)
    assert (first.reporters, first.partners) == ((1,), (3, 4))
    assert split(first)[0].partners == (3,)


def test_an_address_has_no_host_and_asks_for_plain_rows() -> None:
    request = Demand((643, 398), None, ("X",), ("8542", "TOTAL"), (2022,))
    assert address(request, PREVIEW) == (
        "/public/v1/preview/C/A/HS?reporterCode=398,643&period=2022&cmdCode=8542,TOTAL&flowCode=X"
        "&partner2Code=0&customsCode=C00&motCode=0&maxRecords=500"
    )


@pytest.mark.parametrize("code", ["AG6", "854", "85423", "8542*", "all"])
def test_a_product_that_cannot_be_split_is_refused(code: str) -> None:
    with pytest.raises(InputError, match="is no HS code"):
        Demand(None, None, ("M",), (code,), (2022,))


def test_russia_is_asked_for_reports_up_to_2021_and_nobody_twice() -> None:
    world = {(reporter, year): 900 for reporter in (156, 398, 417, 643) for year in (2021, 2022)}
    requests = plan(corridor_demand((2021, 2022), ("8542", "TOTAL")), world, KEYED)
    asked = Counter(
        (reporter, flow, year, partner)
        for request in requests
        for reporter, flow, year in product(request.reporters, request.flows, request.years)
        for partner in request.partners or ("all",)
    )
    assert set(asked.values()) == {1}
    assert {cell for cell in asked if cell[0] == 643 and cell[1] == "M"} == {
        (643, "M", 2021, "all")
    }
    assert {cell[3] for cell in asked if cell[0] == 398} == {"all"}
    assert {cell[3] for cell in asked if cell[:2] == (156, "X")} == {
        *(398, 643, 417, 51, 860, 268, 792, 784, 156, 344)
    }


def test_a_small_world_needs_few_requests() -> None:
    world = {(reporter, 2022): 200_000 for reporter in range(1, 151)}
    products = tuple(f"85{number:04}" for number in range(100))
    [request] = plan([Demand((1,), None, ("M", "X"), products[:5], (2022,))], world, PREVIEW)
    assert len(request.products) == 5
    exports = plan([Demand(None, (398, 643), ("X",), products, (2022,))], world, PREVIEW)
    # 30,000 cells, of which a fifth is expected to exist, at 450 a call
    assert 12 <= len(exports) <= 15
    assert len(plan([Demand(None, (398, 643), ("X",), products, (2022,))], world, KEYED)) == 1


def test_a_small_revision_does_not_move_addresses() -> None:
    wanted = [Demand(None, None, ("M",), PRODUCTS, (2022,))]
    before = {(reporter, 2022): 200_000 for reporter in range(1, 60)}
    after = {key: size + 500 for key, size in before.items()}
    assert plan(wanted, before, PREVIEW) == plan(wanted, after, PREVIEW)


def test_boxes_of_all_partners_swallow_lists_of_partners() -> None:
    whole = Demand((1, 2), None, ("X",), ("8542",), (2022,))
    part = Demand((1, 3), (7,), ("X", "M"), ("8542",), (2022,))
    assert disjoint([part, whole]) == [
        whole,
        Demand((3,), (7,), ("M", "X"), ("8542",), (2022,)),
        Demand((1,), (7,), ("M",), ("8542",), (2022,)),
    ]
