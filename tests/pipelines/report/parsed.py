"""A page taken apart: its tables, the figures in its sentences, and the texts it carries.

Here belongs reading a page as it stands in the file, without a browser.
"""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Cell:
    """A cell: the exact value as text (None where there is none), and what is shown."""

    exact: str | None = None
    shown: str = ""
    is_none: bool = False


@dataclass
class ParsedTable:
    table: str
    sql: str
    key: list[str]
    fixed: dict[str, Any]
    columns: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass
class Said:
    """A figure in a sentence."""

    table: str
    column: str
    key: dict[str, Any]
    exact: str
    shown: str = ""


class Page(HTMLParser):
    """Tables with `data-table`, figures in sentences, and the JSON blocks by id or class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[ParsedTable] = []
        self.said: list[Said] = []
        self.blocks: dict[str, list[Any]] = {}
        self.titles: list[str] = []
        self._table: ParsedTable | None = None
        self._cell: Cell | None = None
        self._figure: Said | None = None
        self._block = self._aside = ""
        self._text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table" and "data-table" in told:
            key, fixed = json.loads(told["data-key"] or ""), json.loads(told["data-fixed"] or "")
            self._table = ParsedTable(
                told["data-table"] or "", told.get("data-sql") or "", key, fixed
            )
            self.tables.append(self._table)
        elif tag == "th" and self._table and "data-column" in told:
            self._table.columns.append(told["data-column"] or "")
            self._table.units.append(told["data-unit"] or "")
        elif tag == "tr" and self._table and self._table.columns:
            self._table.rows.append([])
        elif tag == "td" and self._table:
            self._cell = Cell(told.get("data-v"), is_none="data-none" in told)
            self._table.rows[-1].append(self._cell)
        elif tag == "span" and self._cell:
            self._aside = "goods"
        elif tag == "data":
            self._figure = Said(
                told["data-table"] or "",
                told["data-column"] or "",
                json.loads(told["data-key"] or ""),
                told["value"] or "",
            )
            self.said.append(self._figure)
        elif tag == "script" and told.get("type") == "application/json":
            self._block = told.get("id") or told.get("class") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = None
        elif tag == "td" and self._cell:
            if self._cell.exact is None and not self._cell.is_none:
                self._cell.exact = self._cell.shown
            self._cell = None
        elif tag == "span":
            self._aside = ""
        elif tag == "data":
            self._figure = None
        elif tag == "script" and self._block:
            self.blocks.setdefault(self._block, []).append(json.loads("".join(self._text)))
            self._block, self._text = "", []

    def handle_data(self, data: str) -> None:
        if self._block:
            self._text.append(data)
        elif self._figure:
            self._figure.shown += data
        elif self._cell and not self._aside:
            self._cell.shown += data.strip()
