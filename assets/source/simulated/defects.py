"""Rows that should not be believed, planted among the clean ones.

Here: duplicates, sub-flows, group rows and bad codes, each as rows of its own: no clean row
is changed, so that a reader who refuses exactly these loses nothing.
Not here: breakdown rows (breakdown), cells that are missing (withheld).
"""

from dataclasses import replace

import numpy as np

from assets.source.simulated.codes import (
    CODE_PLACE,
    EU_GROUP,
    FLOWS,
    LEAF_2017,
    LEAF_2022,
    LEVELS,
    MALFORMED,
    NO_REPORTER,
    NOBODY,
    WORLD,
)
from assets.source.simulated.countries import COUNTRIES, PLACE, places
from assets.source.simulated.draws import Ints, share_of, uniform
from assets.source.simulated.recorded import EXPORTS, IMPORTS
from assets.source.simulated.rows import (
    NULL,
    Cells,
    Mask,
    Rows,
    concat,
    from_cells,
    sum_by,
    with_code,
    with_flow,
    with_partner,
    with_reporter,
)

_SUBFLOWS = (
    ("RX", EXPORTS, ("HKG", "ARE", "NLD", "SGP")),
    ("RM", IMPORTS, ("KGZ", "USA")),
    ("FM", IMPORTS, ("USA", "ARM")),
)


def _drawn(seed: int, name: str, rows: Rows, where: Mask, count: int) -> Rows:
    """A few of the rows in a mask, always the same ones."""
    found = np.flatnonzero(where)
    order = np.argsort(uniform(seed, name, rows.key[found], 0, 2**31), kind="stable")
    return rows.take(np.sort(found[order[:count]]))


def _corridor(rows: Rows, flow: int) -> Mask:
    """HS6 rows a reader of the corridor is sure to meet, World left out."""
    near, kazakhstan = places("KAZ", "RUS"), PLACE["KAZ"]
    mine = np.isin(rows.partner, near) if flow == EXPORTS else rows.reporter == kazakhstan
    country = rows.partner < len(COUNTRIES)
    mask: Mask = mine & country & (rows.flow == flow) & (LEVELS[rows.code] == 6)
    return mask


def _duplicates(seed: int, rows: Rows) -> Rows:
    return rows.take(uniform(seed, "duplicate", rows.key) < 25).marked("duplicate")


def _subflows(seed: int, rows: Rows) -> list[Rows]:
    """Re-exports and the like: part of a row that already holds them."""
    found = []
    for name, flow, reporters in _SUBFLOWS:
        mine = np.isin(rows.reporter, places(*reporters)) & (rows.flow == flow)
        parent = rows.take(mine & (LEVELS[rows.code] == 6) & (rows.partner != WORLD))
        share = uniform(seed, name, parent.key, 1_000, 7_000)
        part = replace(
            parent,
            key=with_flow(parent.key, FLOWS.index(name)),
            value=share_of(parent.value, share),
            weight=np.where(parent.weight > 0, share_of(parent.weight, share), parent.weight),
            fob=np.full(len(parent), NULL),
        )
        found.append(part.marked("subflow"))
    return found


def _wrong_areas(seed: int, rows: Rows) -> list[Rows]:
    exports, imports = _corridor(rows, EXPORTS), _corridor(rows, IMPORTS)
    orphan = _drawn(seed, "unknown reporter", rows, exports, 6)
    stray = _drawn(seed, "unknown partner", rows, imports, 6)
    own = _drawn(seed, "self trade", rows, imports, 6)
    moved = [
        replace(orphan, key=with_reporter(orphan.key, NO_REPORTER)).marked("unknown_reporter"),
        replace(stray, key=with_partner(stray.key, NOBODY)).marked("unknown_partner"),
        replace(own, key=with_partner(own.key, PLACE["KAZ"])).marked("self_trade"),
    ]
    return [rows.take(np.unique(rows.key, return_index=True)[1]) for rows in moved]


def _group_rows(rows: Rows) -> Rows:
    """The European Union as one more partner of Kazakhstan: the sum of rows that are there."""
    members = np.isin(rows.partner, places("E27")) & (rows.reporter == PLACE["KAZ"])
    some = rows.take(members & (LEVELS[rows.code] <= 2) & (rows.flow == IMPORTS))
    group = with_partner(some.key, EU_GROUP)
    cells = Cells(some.key, some.value, np.zeros_like(some.value), some.weight)
    union = from_cells(sum_by(group, cells))
    return replace(union, fob=np.full(len(union), NULL)).marked("group_partner")


def _wrong_codes(seed: int, rows: Rows) -> list[Rows]:
    exports, early = _corridor(rows, EXPORTS), rows.year < 2022
    misprinted = _drawn(seed, "wrong digits", rows, exports, 9)
    bad = np.array([CODE_PLACE[code] for code in MALFORMED], dtype=np.int64)
    printed = bad[np.arange(len(misprinted)) % len(bad)]
    found = [replace(misprinted, code=printed).marked("wrong_digits")]
    for name, when, code in (("too new", early, "880622"), ("too old", ~early, "854140")):
        some = _drawn(seed, name, rows, exports & when, 12)
        place = np.full(len(some), CODE_PLACE[code])
        moved = replace(some, key=with_code(some.key, place), code=place)
        found.append(_once_a_partner(moved).take(slice(0, 5)).marked("not_in_vintage"))
    return found


def _once_a_partner(rows: Rows) -> Rows:
    """One row per year, flow, reporter and partner, so that moved rows cannot collide."""
    return rows.take(np.sort(np.unique(rows.key >> 9, return_index=True)[1]))


def _moved_to_free_codes(rows: Rows, clean: Ints) -> Rows:
    """Each row under the first HS6 code for which its reporter printed nothing that year."""
    codes = []
    for key, year in zip(rows.key.tolist(), rows.year.tolist(), strict=True):
        leaves = np.unique(LEAF_2017 if year < 2022 else LEAF_2022)
        free = ~np.isin((key & ~511) | leaves, clean)
        codes.append(int(leaves[free][0]))
    code = np.array(codes, dtype=np.int64)
    return replace(rows, key=with_code(rows.key, code), code=code)


def _wrong_values(seed: int, rows: Rows) -> list[Rows]:
    """Negative and missing values, in cells where no clean row stands."""
    found = []
    for kind, flow in (("negative_value", EXPORTS), ("null_value", IMPORTS)):
        where = _corridor(rows, flow)
        some = _once_a_partner(_drawn(seed, kind, rows, where, 12)).take(slice(0, 6))
        near = rows.key[where]
        value = -some.value if kind == "negative_value" else np.full(len(some), NULL)
        moved = replace(some, value=value, fob=np.full(len(some), NULL))
        found.append(_moved_to_free_codes(moved, near).marked(kind))
    return found


def defects(seed: int, rows: Rows) -> Rows:
    """All planted rows but the breakdown, to be printed beside the clean ones."""
    return concat(
        [
            _duplicates(seed, rows),
            *_subflows(seed, rows),
            *_wrong_areas(seed, rows),
            _group_rows(rows),
            *_wrong_codes(seed, rows),
            *_wrong_values(seed, rows),
        ]
    )
