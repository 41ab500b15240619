"""Files that a user brings to a run: lists of products, and published CIF margins.

Here belongs reading and refusing them. They are archived and listed in raw.source_file like any
other input, and a kept build is computed again from the bytes it kept.

Both are CSV, comma, semicolon or tab, with a header; further columns are refused, so that a
misspelt one is noticed.

    list,product,version,classification,tier,goods,hs2017
    batteries,850760,2026-01,H6,1,lithium-ion accumulators,850760

`list` and `product` (4 or 6 digits) are needed; version is 1 and classification H6 where none is
given. `hs2017` names the one HS2017 code that holds the same goods: without it the code has no
past before 2022, unless the project knows its family. The list's author answers for it.

    importer,exporter,product,year,margin
    KAZ,DEU,8471,2021,0.043

`product` is a heading of four digits or TOTAL; `margin` is CIF over FOB, less one.
"""

import re
from pathlib import Path

import pandas as pd

from assets.reference import country
from assets.source import delimited
from warehouse import pins
from warehouse.archive import Entry
from warehouse.errors import InputError
from warehouse.house import House

LISTS, MARGINS = "own_list", "own_margin"
LIST_COLUMNS = ("list", "product", "version", "classification", "tier", "goods", "hs2017")
MARGIN_COLUMNS = ("importer", "exporter", "product", "year", "margin")
SHIPPED = Path(__file__).parent.parent / "reference" / "product_list.csv"
REMEDY = "Mend the file; `mirror-trade run --help` shows what it looks like"


def given(house: House) -> list[Entry]:
    """The files of a run, archived."""
    paths = {LISTS: house.lists, MARGINS: house.margins}
    return [_archived(house, source, Path(path)) for source, path in paths.items() if path]


def _archived(house: House, source: str, path: Path) -> Entry:
    return house.archive.put(
        _bytes(path),
        source=source,
        address=path.name,
        release="as given to the run",
        retrieved_at="",
        licence="the user's own",
        citation=f"{path.name}, given to the run",
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}", "Name a file") from None


def _rows(house: House, source: str, columns: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    """Place and cells of every row of a file of the run; none where the run has no such file."""
    name, content = _content(house, source)
    table = delimited.records(content, name) if content else []
    if content and not table:
        raise InputError(name, "holds no rows below a header", REMEDY)
    spare = sorted(set(table[0]) - set(columns) - {""}) if table else []
    if spare:
        raise InputError(name, f"has columns nobody reads: {', '.join(spare)}", REMEDY)
    return [
        (f"{name}, row {place}", {key: cell.strip() for key, cell in row.items()})
        for place, row in enumerate(table, start=2)
        if row
    ]


def _content(house: House, source: str) -> tuple[str, bytes]:
    """Name and bytes of a file of the run, or of the build whose inputs are pinned."""
    if house.pinned:
        listed, _ = pins.listed(Path(house.pinned))
        kept = [one for one in listed if one["source"] == source]
        return (kept[0]["url"], house.archive.read(kept[0]["sha256"])) if kept else ("", b"")
    path = house.lists if source == LISTS else house.margins
    return (Path(path).name, _bytes(Path(path))) if path else ("", b"")


def lists(house: House) -> pd.DataFrame:
    """Rows of reference.own_list. Raises InputError with the row that cannot be used."""
    shipped = set(pd.read_csv(SHIPPED, dtype=str)["product_group"])
    rows = [_listed(place, row, shipped) for place, row in _rows(house, LISTS, LIST_COLUMNS)]
    names = ["product_group", "list_version", "classification", "product"]
    return _frame(rows, [*names, "tier", "goods", "hs2017"], names)


def _listed(place: str, row: dict[str, str], shipped: set[str]) -> list[str | None]:
    name, product, vintage = row.get("list"), row.get("product", ""), row.get("classification")
    hs2017 = row.get("hs2017") or None
    if not name or name in shipped:
        raise InputError(f"{place}, list", f"is {name!r}: empty, or a list of the project", REMEDY)
    for column, code in (("product", product), ("hs2017", hs2017 or product)):
        if not re.fullmatch(r"[0-9]{4}(?:[0-9]{2})?", code):
            raise InputError(f"{place}, {column}", f"is {code!r}: not 4 or 6 digits", REMEDY)
    if not re.fullmatch("H[0-6]", vintage or "H6"):
        raise InputError(f"{place}, classification", f"is {vintage!r}: not H0 to H6", REMEDY)
    if hs2017 and (vintage or "H6") != "H6":
        raise InputError(f"{place}, hs2017", "is given for a code that is not of H6", REMEDY)
    version, tier, goods = row.get("version") or "1", row.get("tier"), row.get("goods")
    return [name, version, vintage or "H6", product, tier or None, goods or product, hs2017]


def margins(house: House) -> pd.DataFrame:
    """Rows of reference.published_margin. Raises InputError with the row that cannot be used."""
    codes = set(country.rows()["code"])
    rows = [_margin(place, row, codes) for place, row in _rows(house, MARGINS, MARGIN_COLUMNS)]
    names = ["importer", "exporter", "heading", "year"]
    return _frame(rows, [*names, "margin"], names)


def _margin(place: str, row: dict[str, str], codes: set[str]) -> list[str | None]:
    for side in ("importer", "exporter"):
        if row.get(side) not in codes:
            finding = f"is {row.get(side)!r}: no code of reference.country"
            raise InputError(f"{place}, {side}", finding, REMEDY)
    shapes = {
        "product": "[0-9]{4}|TOTAL",
        "year": "(?:19|20)[0-9]{2}",
        "margin": r"[0-9]?\.?[0-9]+",
    }
    for column, shape in shapes.items():
        if not re.fullmatch(shape, row.get(column, "")):
            raise InputError(f"{place}, {column}", f"is {row.get(column)!r}", REMEDY)
    return [row[name] for name in MARGIN_COLUMNS]


def _frame(rows: list[list[str | None]], columns: list[str], key: list[str]) -> pd.DataFrame:
    """Rows as objects, each key once. Raises InputError for a key that stands twice."""
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    twice = table[table.duplicated(key)]
    if len(twice):
        said = ", ".join(str(cell) for cell in twice.iloc[0][key])
        raise InputError(f"row of {said}", "stands twice in the file", REMEDY)
    return table
