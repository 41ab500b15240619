"""What a request asks for, and where the rows stand that answer it.

Here: parameters and selection. Not here: keys and limits (access), the text of rows (printing).
A code nobody uses is not an error: like the real API it selects nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assets.source.simulated.breakdown import LEAKY
from assets.source.simulated.codes import AREAS, CODES, CUSTOMS, FLOWS, LEVELS, MODES
from assets.source.simulated.draws import Ints
from assets.source.simulated.published import Published
from assets.source.simulated.rows import Mask

Small = npt.NDArray[np.int16]
_AREA_PLACE = {str(area.code): place for place, area in enumerate(AREAS) if area.code >= 0}
_LEVEL_WORDS = {"AG2": 2, "AG4": 4, "AG6": 6}


@dataclass(frozen=True)
class Query:
    """None means: not asked, so everything."""

    years: tuple[int, ...]
    flows: tuple[int, ...]
    partners: tuple[int, ...] | None
    reporters: Mask | None
    codes: Mask | None
    customs: Mask | None
    modes: Mask | None

    @property
    def only_totals(self) -> bool:
        """Asked for the all-procedures, all-modes rows and nothing else."""
        picked = (self.customs, self.modes)
        return all(m is not None and bool(m[0]) and int(m.sum()) == 1 for m in picked)


def words(parameters: Mapping[str, str], name: str) -> list[str] | None:
    """The comma list given for a parameter, None where it is absent or empty."""
    text = parameters.get(name.lower(), "")
    return [word.strip() for word in text.split(",")] if text else None


def _mask(names: list[str] | None, every: tuple[object, ...]) -> Mask | None:
    return None if names is None else np.array([str(e) in names for e in every], dtype=np.bool_)


def _codes(names: list[str] | None) -> Mask | None:
    if names is None:
        return None
    levels = [_LEVEL_WORDS[name] for name in names if name in _LEVEL_WORDS]
    named = np.array([code in names for code in CODES], dtype=np.bool_)
    mask: Mask = named | np.isin(LEVELS, levels)
    return mask


def read_query(parameters: Mapping[str, str], years: range) -> Query:
    """A query from the parameters of a URL, their names in lower case."""
    periods, flows = words(parameters, "period"), words(parameters, "flowCode")
    partners, second = words(parameters, "partnerCode"), words(parameters, "partner2Code")
    nothing = second is not None and "0" not in second
    return Query(
        years=() if nothing else tuple(y for y in years if periods is None or str(y) in periods),
        flows=tuple(i for i, f in enumerate(FLOWS) if flows is None or f in flows),
        partners=None
        if partners is None
        else tuple(sorted({_AREA_PLACE[p] for p in partners if p in _AREA_PLACE})),
        reporters=_mask(words(parameters, "reporterCode"), tuple(a.code for a in AREAS)),
        codes=_codes(words(parameters, "cmdCode")),
        customs=_mask(words(parameters, "customsCode"), CUSTOMS),
        modes=_mask(words(parameters, "motCode"), MODES),
    )


@dataclass(frozen=True)
class Index:
    """The published rows, arranged for selection."""

    published: Published

    @cached_property
    def _blocks(self) -> Ints:
        return self.published.rows.key >> 23

    @cached_property
    def _columns(self) -> tuple[Small, Small, Small, Small, Small]:
        rows = self.published.rows
        columns = (rows.partner, rows.reporter, rows.asked, rows.customs, rows.mode)
        partner, reporter, asked, customs, mode = (c.astype(np.int16) for c in columns)
        return partner, reporter, asked, customs, mode

    def _ranges(self, year: int, flow: int, partners: tuple[int, ...] | None) -> list[slice]:
        block = (year - 2000) << 3 | flow
        start, end = np.searchsorted(self._blocks, [block, block + 1]).tolist()
        if partners is None:
            return [slice(start, end)]
        inside = self._columns[0][start:end]
        first = np.searchsorted(inside, partners).tolist()
        last = np.searchsorted(inside, partners, side="right").tolist()
        return [slice(start + a, start + b) for a, b in zip(first, last, strict=True)]

    def _matches(self, query: Query, where: slice) -> Ints:
        _, reporter, asked, customs, mode = (column[where] for column in self._columns)
        keep = np.ones(len(reporter), dtype=np.bool_)
        for wanted, column in ((query.reporters, reporter), (query.codes, asked)):
            if wanted is not None:
                keep &= wanted[column]
        total = np.ones(len(reporter), dtype=np.bool_)
        for wanted, column in ((query.customs, customs), (query.modes, mode)):
            if wanted is not None:
                total &= wanted[column]
        if query.only_totals:
            total |= np.isin(reporter, LEAKY)
        found: Ints = np.flatnonzero(keep & total) + where.start
        return found

    def prepare(self) -> Index:
        """Arrange the columns now, so that the first request does not wait for it."""
        assert len(self._blocks) == len(self._columns[0])
        return self

    def select(self, query: Query) -> Ints:
        """Places of the rows that answer a query, in the order of the answer."""
        found = [
            self._matches(query, where)
            for year in query.years
            for flow in query.flows
            for where in self._ranges(year, flow, query.partners)
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])
