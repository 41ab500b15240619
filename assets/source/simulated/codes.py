"""Every code a row can carry, in one table each for products, partners and reporters.

Here: codes, names, levels, parents. Not here: rows.
"""

from dataclasses import dataclass

import numpy as np

from assets.source.simulated.countries import COUNTRIES
from assets.source.simulated.draws import Ints
from assets.source.simulated.products import NAMES_2017, NAMES_2022, PRODUCTS

MALFORMED = ("85423", "8542310", "85A231")
TOTAL = "TOTAL"


def _all_codes() -> tuple[str, ...]:
    leaves = {*NAMES_2017, *NAMES_2022}
    upper = {code[:digits] for code in leaves for digits in (2, 4)}
    return (TOTAL, *sorted(upper | leaves), *MALFORMED)


CODES = _all_codes()
CODE_PLACE = {code: place for place, code in enumerate(CODES)}
LEVELS = np.array([0 if code == TOTAL else len(code) for code in CODES], dtype=np.int64)
LEVELS[-len(MALFORMED) :] = -1


def _parent(code: str) -> int:
    return CODE_PLACE.get(code[:-2], 0) if len(code) in (4, 6) else 0


PARENTS: Ints = np.array([_parent(code) for code in CODES], dtype=np.int64)
LEAF_2017: Ints = np.array([CODE_PLACE[p.hs2017] for p in PRODUCTS], dtype=np.int64)
LEAF_2022: Ints = np.array([CODE_PLACE[p.hs2022] for p in PRODUCTS], dtype=np.int64)


def code_name(code: str) -> str:
    if code == TOTAL:
        return "All commodities"
    return NAMES_2022.get(code) or NAMES_2017.get(code) or f"heading {code}"


@dataclass(frozen=True)
class Area:
    code: int
    iso3: str
    name: str


AREAS = (
    *(Area(c.code, c.iso3, c.name) for c in COUNTRIES),
    Area(0, "W00", "World"),
    Area(899, "_X", "Areas, nes"),
    Area(97, "EUR", "European Union"),
    Area(9998, "?", "unknown"),
    Area(9999, "?", "unknown"),
    Area(-1, "", "partners outside the sample"),
)
WORLD, NES, EU_GROUP, NOBODY, NO_REPORTER, OUTSIDE = range(len(COUNTRIES), len(AREAS))
AREA_CODES: Ints = np.array([area.code for area in AREAS], dtype=np.int64)
FLOWS = ("M", "X", "RM", "RX", "FM")
CUSTOMS = ("C00", "C01", "C04")
MODES = (0, 1000, 2100, 3100, 3200)
