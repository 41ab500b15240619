"""What a section of the page is made of."""

from dataclasses import dataclass, field
from typing import Any

from pipelines.report.rows import Rows


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `search` adds a search field, `choose` a list to choose from for each column named.

    `chosen` are the values that are chosen at first, `folded` keeps it closed until asked for,
    `opens` names the column whose cells open the view of one product.
    """

    id: str
    title: str
    rows: Rows
    search: bool = False
    choose: tuple[str, ...] = ()
    chosen: dict[str, str] = field(default_factory=dict)
    folded: bool = False
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the rows it draws; `says` tells in words what it shows."""

    id: str
    title: str
    says: str
    spec: dict[str, Any]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph, or a list where it has several lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Says why there is nothing to show."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Template:
    """A part with a template and data of its own."""

    name: str
    data: dict[str, Any]


Part = Grid | Chart | Note | Absent | Template


@dataclass(frozen=True, slots=True)
class Section:
    """A section: a sentence on what is seen, one on what cannot be concluded, and the evidence."""

    id: str
    title: str
    seen: str
    not_concluded: str
    parts: tuple[Part, ...] = ()
