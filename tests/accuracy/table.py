"""The table of accuracy: assets/meta/accuracy.csv and the short one of the README.

Here: from scores to rows, the targets, what is printed where. Not here: any score.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from assets.meta.run import PROJECT
from tests.accuracy.scores import Scores
from tests.accuracy.worlds import KINDS

PUBLISHED = PROJECT / "assets" / "meta" / "accuracy.csv"
README = PROJECT / "README.md"
BEGIN, END = "<!-- accuracy: written by make accuracy -->", "<!-- accuracy: end -->"
COLUMNS = (
    "world", "subject", "cells", "measure", "mean", "worst", "worst_seed", "worlds_counted",
    "target", "is_met", "why", "seeds", "scored_version",
)  # fmt: skip
# What was aimed for: (subject, cells, measure) -> (at least or at most, value, in which worlds).
_STANDARD, _ALSO_NONE = ("standard",), ("standard", "no_scheme")
TARGETS: Mapping[tuple[str, str, str], tuple[str, float, Sequence[str]]] = {
    ("total", "all", "coverage"): ("at least", 0.9, _STANDARD),
    ("total", "all", "width"): ("at most", 1.2, _STANDARD),
    ("direct", "all", "coverage"): ("at least", 0.9, _STANDARD),
    ("direct", "all", "width"): ("at most", 1.2, _STANDARD),
    ("recorded, Kazakhstan", "planted", "coverage"): ("at least", 0.9, _STANDARD),
    ("recorded, Kazakhstan", "planted", "width"): ("at most", 1.0, _STANDARD),
    ("recorded, other hubs", "planted", "coverage"): ("at least", 0.9, _STANDARD),
    ("recorded, other hubs", "planted", "width"): ("at most", 1.0, _STANDARD),
    ("unrecorded, Kazakhstan", "planted", "coverage"): ("at least", 0.9, _STANDARD),
    ("unrecorded, Kazakhstan", "planted", "width"): ("at most", 2.0, _STANDARD),
    ("unrecorded, other hubs", "planted", "coverage"): ("at least", 0.9, _STANDARD),
    ("unrecorded, other hubs", "planted", "width"): ("at most", 2.0, _STANDARD),
    ("screening", "all", "auc"): ("at least", 0.95, _STANDARD),
    ("screening", "placebo", "flags"): ("at most", 0.05, _ALSO_NONE),
}
# Why a target is missed: found after the scored run, and nothing was changed for it.
WHY_MISSED: Mapping[tuple[str, str, str], str] = {
    ("unrecorded, other hubs", "planted", "coverage"): "through one small hub less goes unrecorded"
    " than reports scatter by: the few blocks that pass the guard were partly lifted over it by"
    " chance, and their ranges lie too high",
}
# Worst is the highest for these, the lowest for the others.
_HIGH_IS_BAD = ("width", "error", "flags")
_SHOWN = ("published", "coverage", "width", "error")
_BY_WORLD = (
    ("total", ("total", "all", "coverage")),
    ("direct", ("direct", "all", "coverage")),
    ("recorded, KAZ", ("recorded, Kazakhstan", "planted", "coverage")),
    ("unrecorded, KAZ", ("unrecorded, Kazakhstan", "planted", "coverage")),
    ("area under the curve", ("screening", "all", "auc")),
    ("without exports", ("screening", "all", "auc without exports")),
    ("flags on civilian goods", ("screening", "placebo", "flags")),
    ("power", ("screening", "planted", "power")),
)
Found = Mapping[tuple[str, int], Scores]
Row = dict[str, str]


def rows(found: Found, seeds: Sequence[int], version: str) -> list[Row]:
    """One row a world, subject, kind of cells and measure, over the seeds that give a value."""
    return [
        row
        for world in KINDS
        for name in found[world, seeds[0]]
        if (row := _row(found, world, name, seeds, version)) is not None
    ]


def _row(found: Found, world: str, name: str, seeds: Sequence[int], version: str) -> Row | None:
    subject, cells, measure = name.split("|")
    values = [(value, seed) for seed in seeds if (value := found[world, seed][name]) is not None]
    if not values:
        return None
    mean = fmean(value for value, _ in values)
    worst, seed = (max if measure in _HIGH_IS_BAD else min)(values)
    kind, target, worlds = TARGETS.get((subject, cells, measure), ("", 0.0, ()))
    is_met = mean >= target if kind == "at least" else mean <= target
    aimed = world in worlds
    return {
        "world": world,
        "subject": subject,
        "cells": cells,
        "measure": measure,
        "mean": f"{mean:.4f}",
        "worst": f"{worst:.4f}",
        "worst_seed": str(seed),
        "worlds_counted": str(len(values)),
        "target": f"{kind} {target}" if aimed else "",
        "is_met": str(is_met).lower() if aimed else "",
        "why": ""
        if is_met or not aimed
        else WHY_MISSED.get((subject, cells, measure), "not known"),
        "seeds": f"{seeds[0]}-{seeds[-1]}",
        "scored_version": version,
    }


def publish(found: Found, seeds: Sequence[int], version: str) -> str:
    """Write the CSV and the README's table; what was written, and every target missed."""
    listed = rows(found, seeds, version)
    PUBLISHED.write_text(as_text(listed), encoding="utf-8", newline="")
    renew_readme()
    missed = [f"{r['subject']} {r['measure']}" for r in listed if r["is_met"] == "false"]
    return f"{len(listed)} rows in {PUBLISHED.name}. Missed: {', '.join(missed) or 'none'}."


def as_text(listed: Sequence[Row]) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue()


def renew_readme() -> None:
    """Put the table of the published CSV between the marks of the README."""
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        table = "\n".join(markdown(list(csv.DictReader(file))))
    README.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")


def markdown(listed: Sequence[Row]) -> Iterator[str]:
    """The standard world by route, then every world: mean over the seeds, worst in brackets."""
    cells = {(r["world"], r["subject"], r["cells"], r["measure"]): r for r in listed}
    order = list(dict.fromkeys(subject for subject, _, _ in TARGETS))
    seeds = listed[0]["seeds"] if listed else "none"
    yield f"| standard world, seeds {seeds} | published | range holds the truth | width | error |"
    yield "|---|---|---|---|---|"
    for subject in order:
        for kind in ("all", "planted"):
            keys = [("standard", subject, kind, measure) for measure in _SHOWN]
            if keys[1] in cells:
                yield f"| {subject}, {kind} | {' | '.join(_cell(cells.get(k)) for k in keys)} |"
    yield ""
    yield f"| every world | {' | '.join(title for title, _ in _BY_WORLD)} |"
    yield f"|---{'|---' * len(_BY_WORLD)}|"
    for world in KINDS:
        shown = (_cell(cells.get((world, *key))) for _, key in _BY_WORLD)
        yield f"| {world} | {' | '.join(shown)} |"


def _cell(row: Row | None) -> str:
    if row is None:
        return "-"
    mean, worst = float(row["mean"]), float(row["worst"])
    mark = " **missed**" if row["is_met"] == "false" else ""
    return f"{mean:.2f} ({worst:.2f}){mark}"
