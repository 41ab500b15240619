"""What a run would ask of UN Comtrade, before any figure is asked for.

Here belongs telling the plan to people. The plan itself is made in assets/source/comtrade.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path

from assets.raw import source_file
from assets.source.comtrade.bulk.plan import PlannedFiles, show_files
from assets.source.comtrade.calls.client import Planned, show_plan
from assets.source.comtrade.settings import KEY_VARIABLES, ComtradeSettings, settings_of
from pipelines import profiles
from pipelines.runs import span
from warehouse.errors import InputError

LINE = 5  # MB a second, of the line that the time of bulk files is told for


def shown(name: str, root: Path, years: str | None, products: str, bulk: bool = False) -> str:
    """The plan of a profile by year, and how long it takes; asks for data availability alone.

    Raises InputError for a profile that does not ask UN Comtrade, or where it cannot be reached.
    """
    house = profiles.house(name, root, products=products)
    asking = [source for source in house.sources if source in KEY_VARIABLES]
    if not asking:
        remedy = "Leave --dry-run out, or plan --profile comtrade"
        raise InputError(f"profile {name}", "asks no server that a plan is made for", remedy)
    first, last = span(years, house.years)
    with profiles.served(replace(house, years=tuple(range(first, last + 1)))) as served:
        settings = settings_of(asking[0], served.address, served.scratch if bulk else None)
        given = settings, source_file.demands(served), served.archive, served.watch
        if bulk:
            lines = _lines_of_files(settings, show_files(*given))
        else:
            lines = _lines(settings, show_plan(*given))
    return "\n".join([f"Plan of profile {profiles.profile(name).title}", *lines, ""])


def _lines(settings: ComtradeSettings, planned: Planned) -> list[str]:
    limits = settings.limits
    year = "one year" if limits.periods == 1 else f"{limits.periods} years"
    access = "with the key" if settings.key else "without a key"
    whole = [("all", len(planned.requests), sum(held for _, held in planned.requests))]
    rows = [*_by_years(planned), *whole]
    return [
        f"  {access}: up to {limits.rows:,} rows and {year} a call",
        f"  {planned.data_sets:,} data sets (a reporter's year) hold what is asked for",
        *(
            f"  {span:<10} {count:>6,} requests, {held:>6,} of them held"
            for span, count, held in rows
        ),
        *([f"  {'bounds':<10} {planned.bounds:>6,} requests more"] if settings.key else []),
        f"  {_time(settings, planned.calls)}",
        "  Answers that come back cut off at the row limit are asked for again in halves, on top",
        f"  As bulk files (--bulk with a premium key, or by hand): {planned.data_sets:,} files",
    ]


def _lines_of_files(settings: ComtradeSettings, planned: PlannedFiles) -> list[str]:
    """The plan of bulk files; a size is the publisher's own word."""
    years = sorted({file.year for file, _ in planned.files})
    rows = [
        (str(year), [(file, held) for file, held in planned.files if file.year == year])
        for year in years
    ]
    without = planned.data_sets - len({file.key for file, _ in planned.files})
    return [
        "  with a premium key: bulk files, each the whole of a reporter's year",
        f"  {planned.data_sets:,} data sets (a reporter's year) hold what is asked for",
        *(
            f"  {span:<10} {len(some):>6,} files, {sum(held for _, held in some):>6,} of them held"
            for span, some in [*rows, ("all", planned.files)]
        ),
        f"  {_time_of_files(settings, planned)}",
        f"  {without:,} data sets have no file of their release: {len(planned.calls):,} calls",
        f"  Bounds of unit values: {planned.bounds:,} calls",
    ]


def _time_of_files(settings: ComtradeSettings, planned: PlannedFiles) -> str:
    if not planned.missing:
        return "0 files to fetch: the archive holds all of them"
    size = sum(file.size for file in planned.missing) / 1e6
    told = f"{len(planned.missing):,} files to fetch, about {size:,.1f} MB"
    if settings.requests_per_second:
        asking = ceil(len(planned.missing) / settings.requests_per_second / 60)
        told += (
            f": at least {asking:,} minutes, or {ceil(size / LINE / 60):,} at {LINE} MB a second"
        )
    return told


def _by_years(planned: Planned) -> list[tuple[str, int, int]]:
    spans = [_span(request.years) for request, _ in planned.requests]
    held = Counter(
        span for span, (_, is_held) in zip(spans, planned.requests, strict=True) if is_held
    )
    return [(span, count, held[span]) for span, count in sorted(Counter(spans).items())]


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])


def _time(settings: ComtradeSettings, calls: int) -> str:
    if not calls:
        return "0 calls: the archive holds all of it"
    rate = settings.requests_per_second
    told = f"{calls:,} calls"
    if rate:
        told += f", at least {ceil(calls / rate / 60):,} minutes at {rate:g} a second"
    if settings.limits.calls_a_day:
        days = ceil(calls / settings.limits.calls_a_day)
        told += f"; {days} days at {settings.limits.calls_a_day} calls a day"
    return told
