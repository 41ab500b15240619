"""An input that changed upstream stops the run, and says which figures it would change.

Here belongs holding what was received against the pins, and accepting it with `mirror-trade pin`.
How lists of inputs are kept stands in warehouse/pins.py. A simulated profile and the reference
tables are code: they have the code's version, and no pins.
"""

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from assets.raw import trade_flow as raw_trade_flow
from assets.source import headline, own_file
from pipelines import profiles
from pipelines.builds.moved import FIGURE, named
from pipelines.compute.build import BESIDE_FIGURES, open_inputs
from warehouse import pins
from warehouse.archive import Entry
from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.house import House
from warehouse.pins import Change, Row

SHOWN = 10
NOT_RECEIVED = ("reference", own_file.LISTS, own_file.MARGINS)
NEEDED = ("reference.country", "reference.eur_usd_annual")


def hold(house: House, received: pd.DataFrame) -> None:
    """Raise InputError where what was received is not what is pinned, and keep it as offered."""
    if house.pinned or profiles.profile(house.profile).simulated:
        return
    known, rows = pinned_inputs(house), _pinnable(rows_of(received))
    offered = pins.offered(house.root, house.profile)
    if not (found := unaccepted(house, known, rows)):
        pins.forget(offered)
        return
    pins.write(offered, rows, asked(house))
    place = f"profile {house.profile}, {len(found)} inputs are not those pinned"
    told = "\n  ".join([*_few([str(one) for one in found]), *figures(house, known, rows)])
    remedy = f"`mirror-trade pin {house.profile}` accepts them; --dry-run shows what follows"
    raise InputError(place, f"\n  {told}", remedy)


def asked(house: House) -> str:
    """What a person asks for: other products or another folder give other files on purpose."""
    bulk = ", bulk files" if house.bulk else ""
    return f"products {house.products}, inputs {house.inputs}{bulk}"


def unaccepted(house: House, known: Sequence[Row], rows: Sequence[Row]) -> list[Change]:
    """Changes that nobody asked for.

    An input that changed is one always; one that is new or gone, where the same was asked for.
    Before its first build a profile has no pins but those in git.
    """
    path = pins.pinned(house.root, house.profile)
    same_asked = path.exists() and pins.read(path)[1] == asked(house)
    return [
        one
        for one in pins.changes(known, rows)
        if (one.before and one.after) or same_asked or _ships(one.url)
    ]


def pinned_inputs(house: House) -> list[Row]:
    """Inputs a profile is pinned to: what ships, by the lock in git, and what was downloaded."""
    path, ships = pins.pinned(house.root, house.profile), set(headline.SOURCES)
    own = [
        {**headline.pin(), "source": source, "url": headline.address()}
        for source in house.sources
        if source in ships
    ]
    return own + (pins.read(path)[0] if path.exists() else [])


def _ships(url: str) -> bool:
    return url == headline.address()


def rows_of(received: pd.DataFrame) -> list[Row]:
    """Rows of raw.source_file as they stand in a list of inputs."""
    return [{str(k): cell for k, cell in row.items()} for row in received.to_dict("records")]


def _pinnable(rows: Sequence[Row]) -> list[Row]:
    """Rows of raw.source_file without reference tables, which are code, and a user's own files."""
    return [one for one in rows if one["source"] not in NOT_RECEIVED]


def pin(house: House, inputs: Sequence[Row]) -> None:
    """Pin what a build rests on, after it passed; what ships is pinned in git alone."""
    rows = [one for one in _pinnable(inputs) if not _ships(one["url"])]
    simulated = profiles.profile(house.profile).simulated
    if rows and not simulated and not house.pinned:
        pins.write(pins.pinned(house.root, house.profile), rows, asked(house))


def figures(house: House, before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    """The printed figures that the change would change, a line each, the first few."""
    found = pins.changes(before, after)
    try:
        lines = list(_printed(house, found, before, after))
    except InputError as error:
        yield f"printed figures cannot be compared: {error}"
        return
    yield f"printed figures it would change: {len(lines)}"
    yield from _few(lines)


def _printed(
    house: House, found: Sequence[Change], before: Sequence[Row], after: Sequence[Row]
) -> Iterator[str]:
    changed = {(one.source, one.url) for one in found}
    by = ", ".join(FIGURE)
    said = "string_agg(coalesce(value_usd::varchar, 'unreadable'), ' and ' order by value_usd)"
    with connect(house.scratch) as connection:
        open_inputs(connection, NEEDED, house)
        for side, rows in (("before", before), ("after", after)):
            entries = [pins.entry(one) for one in rows if (one["source"], one["url"]) in changed]
            raw_trade_flow.load(connection, house, [e for e in entries if _has_figures(e)])
            connection.execute(
                f"create temp table {side} as select {by}, {said} as said from downloaded "
                f"group by {by}"
            )
        on = " and ".join(f"b.{name} is not distinct from a.{name}" for name in FIGURE)
        either = ", ".join(f"coalesce(a.{name}, b.{name})::varchar" for name in FIGURE)
        moved = connection.execute(
            f"select {either}, b.said, a.said from before as b full join after as a on {on} "
            "where b.said is distinct from a.said order by all"
        ).fetchall()
    for *key, old, new in moved:
        yield f"{named(key)}, {old or 'not there'} -> {new or 'not there'} USD"


def _has_figures(entry: Entry) -> bool:
    return not re.search(BESIDE_FIGURES, entry.source)


def _few(lines: Sequence[str]) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {more} more"] if more > 0 else [])]


def offered(house: House) -> tuple[list[Row], str]:
    """What the last run received and refused. Raises InputError where there is nothing."""
    path = pins.offered(house.root, house.profile)
    if not path.exists():
        remedy = f"Run `mirror-trade run --profile {house.profile}`: it tells what changed"
        raise InputError(f"profile {house.profile}", "has nothing to accept", remedy)
    return pins.read(path)


def told(house: House) -> Iterator[str]:
    """What was offered instead of what is pinned, and the printed figures it would change."""
    before, (after, _) = pinned_inputs(house), offered(house)
    yield from _few([str(one) for one in pins.changes(before, after)])
    yield from figures(house, before, after)


def accept(house: House) -> None:
    """Move the pins to what the last run received."""
    rows, said = offered(house)
    for one in rows:
        if _ships(one["url"]) and one["sha256"] != headline.pin()["sha256"]:
            headline.move_pin(one["sha256"])
    if downloaded := [one for one in rows if not _ships(one["url"])]:
        pins.write(pins.pinned(house.root, house.profile), downloaded, said)
    pins.forget(pins.offered(house.root, house.profile))
