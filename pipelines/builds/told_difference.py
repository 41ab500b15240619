"""What `mirror-trade diff` says: what changed, in which tables, which figures, and why.

Here belongs the wording. Figures come from differences.py, reasons from causes.py and moved.py.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.builds.causes import Cause, Reach, causes
from pipelines.builds.differences import Difference, Pair, differing_figures, differing_tables
from pipelines.builds.moved import Moved, beneath, moved
from warehouse import builds
from warehouse.builds import Build
from warehouse.errors import InputError
from warehouse.spreadsheet import as_text as cell_as_text

SHOWN, REASONS = 20, 3
FAR = 10.0  # beyond ten times, a percentage says less than the figures
PUBLISHED = ("mart.", "transformed.mirror_statistics")
HEADER = ("table", "row", "figure", "before", "after", "change", "because")


def file_of(root: Path, build: Build) -> Path:
    """The published file of a kept build. Raises InputError where it was altered."""
    folder, name = builds.path_of(root, build.id), f"{build.profile}.duckdb"
    for _, promised, found in builds.differing(folder, {name: build.files[name]}):
        finding = f"{name} has sha256 {found}, it was published with {promised}"
        raise InputError(f"build {build.id}", finding, "Do not use it; see mirror-trade verify")
    return folder / name


class Compared:
    """Two builds side by side, each under its root, with what differs and why."""

    def __init__(
        self, root: Path, before: Build, after: Build, root_after: Path | None = None
    ) -> None:
        if before.profile != after.profile:
            finding = f"is of profile {after.profile}, {before.id} is not"
            raise InputError(f"build {after.id}", finding, "Compare builds of one profile")
        self.causes = causes(before, after)
        self.pair = Pair(file_of(root, before), file_of(root_after or root, after))
        self.tables = list(differing_tables(self.pair))
        self.reach = Reach(self.causes, [one.table for one in self.tables])
        self.moved = moved(self.pair)

    def figures(self, table: str | None) -> Iterator[tuple[Difference, str]]:
        """Each figure that differs with its reasons: of a table, or of what is published."""
        for one in self.tables:
            if one.table == table or (table is None and one.table.startswith(PUBLISHED)):
                for figure in differing_figures(self.pair, one.table):
                    yield figure, self.because(figure)

    def because(self, figure: Difference) -> str:
        """The causes that reach a figure; for an input, the printed figures that moved in it."""
        reached = self.reach.of(figure.table)
        inputs = [cause for cause in reached if cause.kind == "input"]
        rest = [str(cause) for cause in reached if cause.kind != "input"]
        return "; ".join([*_inputs_told(inputs, beneath(figure.row, self.moved)), *_few(rest)])


def _inputs_told(inputs: Sequence[Cause], below: Sequence[Moved]) -> list[str]:
    if not inputs:
        return []
    return _few([one.text for one in below] or [str(cause) for cause in inputs])


def _few(texts: Sequence[str]) -> list[str]:
    more = len(texts) - REASONS
    return [*texts[:REASONS], *([f"and {more} more"] if more > 0 else [])]


def as_csv(compared: Compared, table: str | None) -> str:
    """Every figure that differs, a line each."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(HEADER)
    for figure, because in compared.figures(table):
        row = json.dumps(figure.row, ensure_ascii=False)
        change = "" if figure.change is None else f"{figure.change:.15g}"
        said = (figure.table, row, figure.column, figure.before, figure.after, change, because)
        lines.writerow(["" if cell is None else _safe(cell) for cell in said])
    return text.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay what they are."""
    try:
        float(cell)
    except ValueError:
        return cell_as_text(cell) or ""
    return cell


def as_text(compared: Compared, table: str | None) -> Iterator[str]:
    """What changed, where it shows, and the figures that changed most."""
    yield "What changed"
    yield from (f"  {cause}" for cause in compared.causes)
    if not compared.causes:
        yield "  nothing that can change a figure"
    if compared.moved:
        yield f"Printed figures that differ: {len(compared.moved)}"
        yield from (f"  {line}" for line in _first([one.text for one in compared.moved]))
    yield f"Tables that differ: {len(compared.tables)}"
    for one in compared.tables:
        columns = "".join(
            [f", {name} left" for name in one.only_before]
            + [f", {name} joined" for name in one.only_after]
        )
        told = f"{one.changed} rows changed, {one.added} joined, {one.gone} left{columns}"
        yield f"  {one.table}: {told}"
    yield from figures_told(list(compared.figures(table)))


def figures_told(found: Sequence[tuple[Difference, str]]) -> Iterator[str]:
    """Row by row, each with its figures and their reasons."""
    if not found:
        yield "No published figure differs."
        return
    rows: dict[tuple[str, str], list[tuple[Difference, str]]] = {}
    for figure, because in found:
        row = " ".join(f"{name}={value}" for name, value in figure.row.items())
        rows.setdefault((f"{figure.table} {row}", because), []).append((figure, because))
    yield f"Published figures that differ: {len(found)} in {len(rows)} rows, the largest first"
    ordered = sorted(rows, key=lambda row: -max(_size(figure) for figure, _ in rows[row]))
    for row, because in ordered[:SHOWN]:
        yield f"  {row}"
        yield from (f"    {one.column}: {_moved(one)}" for one, _ in rows[row, because])
        yield f"    because of {because}"
    if len(ordered) > SHOWN:
        yield f"  and {len(ordered) - SHOWN} rows more: --format csv lists all"


def _first(lines: Sequence[str]) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {more} more"] if more > 0 else [])]


def _size(figure: Difference) -> float:
    """A change as a share of the larger value; texts and figures that are new come last."""
    if not figure.change:
        return 0.0
    return abs(figure.change) / max(abs(float(v or 0)) for v in (figure.before, figure.after))


def _moved(figure: Difference) -> str:
    told = f"{figure.before or 'none'} -> {figure.after or 'none'}"
    if figure.change is None:
        return told
    share = figure.change / abs(float(figure.before or 0) or 1)
    percent = f", {share:+.2%}" if float(figure.before or 0) and abs(share) < FAR else ""
    return f"{told} ({figure.change:+.10g}{percent})"
