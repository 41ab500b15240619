"""A year of BACI from its zip to Parquet and through validation, plain pandas timed beside it.

Here belongs the year that is made up, as large as a real one, and the two ways it goes. It is in
the order of real ones (exporter, importer, product), with as many blank weights.
"""

import os
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd

from assets.reference import country
from pipelines.compute import build
from pipelines.tables import tables
from tests.benchmarks.stages import PEAK_UNIT, Cost, Timing, in_own_process
from tests.benchmarks.worlds import reference_tables
from warehouse.engine import quoted
from warehouse.house import House

ROWS = 11_000_000
YEAR = 2023
BOUND = "1200MB"  # what DuckDB may hold; the process has its interpreter and packages beside it
COUNTRIES, PRODUCTS = 225, 5000
MEMBER = f"BACI_HS22_Y{YEAR}_V209901.csv"  # no release: none is pinned
ZIP = "baci.zip"
TO_PARQUET, JUDGED = "BACI zip to Parquet", "BACI validation"
# Every pair has its share of the products, each of which is the next or a few further on.
LINES = f"""
    with number as (
        select m49::int as number, row_number() over (order by m49::int) - 1 as slot
        from country where m49 is not null and kind = 'country' qualify slot < {COUNTRIES}
    ),
    pair as (
        select a.number as i, b.number as j, row_number() over (order by i, j) - 1 as pair
        from number as a join number as b on a.number <> b.number
    ),
    line as (
        select i, j, n, {{each}} as each, hash(pair, n) as dice
        from pair cross join range({{each}}) as drawn(n)
    )
    select {YEAR} as t, i, j,
        format('{{{{:06d}}}}', 10000 + 190 * ((n * {PRODUCTS} + dice % {{room}}) // each)) as k,
        format('{{{{:.3f}}}}', pow(10, dice % 7000 / 1000 - 1)) as v,
        case when dice % 1000 >= 33 then format('{{{{:.3f}}}}', pow(10, dice % 6000 / 1000 - 2)) end
            as q
    from line order by i, j, k
"""


def house_of(root: Path) -> House:
    return House("bench_baci", root, ("baci",), (YEAR,), inputs=str(root / "given"))


def build_year(root: Path, rows: int) -> None:
    """A folder with the zip, and the house's tables that no row decides."""
    (root / "given").mkdir(parents=True)
    text = root / "year.csv"
    with duckdb.connect() as connection:
        connection.register("country", country.rows())
        each = max(1, rows // (COUNTRIES * (COUNTRIES - 1)))
        lines = LINES.format(each=each, room=PRODUCTS - each)  # no product twice
        connection.execute(f"copy ({lines}) to {quoted(text)} (header, quote '')")
    with zipfile.ZipFile(root / "given" / ZIP, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.write(text, MEMBER)
    text.unlink()
    house = house_of(root)
    names = ("raw.source_file", "raw.product_code", "raw.baci_product", "raw.data_set", "raw.asked")
    for table in [*reference_tables(), *(tables()[name] for name in names)]:
        build.build(table, house, house.years)


def ours(root: Path) -> Cost:
    """The archived zip to raw.trade_flow, with country codes, units and where each row stands."""
    house = house_of(root)
    return _cost(lambda: build.build(tables()["raw.trade_flow"], house, house.years))


def pandas(root: Path) -> Cost:
    """The same zip to a Parquet of its six columns, as one would write it in an afternoon."""
    return _cost(lambda: _plain(root))


def _plain(root: Path) -> None:
    with zipfile.ZipFile(root / "given" / ZIP) as file, file.open(MEMBER) as member:
        year = pd.read_csv(member, dtype={"k": str})
    numbered = country.rows().dropna(subset="m49")
    codes = dict(zip(numbered["m49"].astype(int), numbered["code"], strict=True))
    year["v"], year["q"] = year["v"] * 1000, year["q"] * 1000
    year["i"], year["j"] = year["i"].map(codes), year["j"].map(codes)
    path = root / "plain.parquet"
    year.to_parquet(path, compression="zstd", index=False)
    path.unlink()


def judged(root: Path) -> Cost:
    """Validation of the year, each row decided, in memory that is bounded: the rest spills."""
    os.environ.setdefault("MIRROR_TRADE_MEMORY", BOUND)
    house = house_of(root)
    for name in ("raw.truncated_file", "raw.release_change", "validated.completeness"):
        build.build(tables()[name], house, house.years)
    return _cost(lambda: build.build_judged(house, house.years))


def _cost(work: Callable[[], object]) -> Cost:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    return Cost(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 1e6)


def time_year(root: Path, rows: int, repeat: int, tell: Callable[[str], None]) -> list[Timing]:
    """Both, `repeat` times, each time beside pandas."""
    tell(f"BACI, {rows:,} rows, generating")
    in_own_process(build_year, root, rows)
    timings = []
    for stage, work in ((TO_PARQUET, ours), (JUDGED, judged)):
        pairs = []
        for turn in range(repeat):
            tell(f"{stage}, {rows:,} rows, {turn + 1} of {repeat}")
            pairs.append((in_own_process(pandas, root), in_own_process(work, root)))
        timings.append(_timing(stage, rows, pairs))
    return timings


def _timing(stage: str, rows: int, pairs: list[tuple[Cost, Cost]]) -> Timing:
    return Timing(
        f"{stage} (floor: pandas, {max(plain.peak_mb for plain, _ in pairs):.0f} MB)",
        rows,
        median(job.seconds for _, job in pairs),
        max(job.peak_mb for _, job in pairs),
        median(plain.seconds for plain, _ in pairs),
        median(job.seconds / plain.seconds for plain, job in pairs),
    )
