"""The years of a BACI zip as rows of raw.trade_flow, straight into Parquet.

Here belongs the way of the rows; what a cell means stands in baci_cells.py. A block of text is
read, turned and written before the next, so that no year stands in memory; a block is a row
group, and rows keep the order of the file, which is that of the table's key: nothing is sorted,
and the same zip gives the same bytes.

A value is reconciled from both reports. It is filed under the exporter as FOB, as BACI has it,
which does not make it the exporter's report: see reference.source.is_reconciled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from assets.source import baci_zip
from assets.source.baci_cells import flow, kind_of
from assets.source.baci_zip import AGAIN, BaciZip
from warehouse.errors import InputError

BLOCK = 4 << 20  # bytes of text, about 120,000 rows
CELLS = ("t", "i", "j", "k", "v", "q")
CODE = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Held:
    """An archived zip; `newest` is the newest year of its release, which is provisional."""

    zip: BaciZip
    sha256: str

    @property
    def newest(self) -> int:
        return max(self.zip.years)


def write(
    target: Path,
    columns: Sequence[str],
    zips: Sequence[Held],
    year: int,
    codes: Mapping[str, str],
    touching: frozenset[str] | None = None,
) -> int:
    """Write a year of the zips as Parquet, in the order of the hash of their bytes.

    `codes` gives a country's code by BACI's number; a number not in it stays as it is. With
    `touching`, only rows with one of these codes on either side. Returns the rows written.
    Raises InputError naming zip, member and row for what is no row of BACI.
    """
    written, writer = 0, None
    try:
        for held in sorted(zips, key=lambda one: one.sha256):
            for block in _blocks(held, year, codes, touching):
                batch = _whole(block, columns)
                writer = writer or _writer(target, batch.schema)
                writer.write_batch(batch)
                written += batch.num_rows
    finally:
        if writer:
            writer.close()
    return written


def _writer(target: Path, schema: pa.Schema) -> pq.ParquetWriter:
    words = [name for name in schema.names if pa.types.is_dictionary(schema.field(name).type)]
    return pq.ParquetWriter(
        target, schema, compression="zstd", use_dictionary=words, store_schema=False
    )


def _blocks(
    held: Held, year: int, codes: Mapping[str, str], touching: frozenset[str] | None
) -> Iterator[dict[str, pa.Array]]:
    row = 2  # the header is row 1
    for cells in _read(held.zip, held.zip.years[year]):
        named = {
            **_constants(held, year, cells.num_rows),
            **flow(cells, year, codes),
            "file_row": pa.array(np.arange(row, row + cells.num_rows)),
        }
        row += cells.num_rows
        yield named if touching is None else _touching(named, touching)
    if row == 2:
        place = f"{held.zip.name}, member {held.zip.years[year]}"
        raise InputError(place, "has no row below its header", AGAIN)


def _read(baci: BaciZip, member: str) -> Iterator[pa.RecordBatch]:
    """Blocks of cells as text, a blank one as NULL."""
    baci_zip.refuse_other_header(baci, member)
    kinds = {**dict.fromkeys("tijk", CODE), "v": pa.string(), "q": pa.string()}
    try:
        with baci_zip.reading(baci, member) as file:
            yield from pacsv.open_csv(
                file,
                pacsv.ReadOptions(block_size=BLOCK),
                pacsv.ParseOptions(quote_char=False, ignore_empty_lines=False),
                pacsv.ConvertOptions(
                    column_types=kinds, null_values=[""], strings_can_be_null=True
                ),
            )
    except pa.ArrowInvalid as error:
        raise _misfit(baci, member, str(error)) from None


def _misfit(baci: BaciZip, member: str, said: str) -> InputError:
    """The first row that cannot be split into the six cells, found by reading line by line."""
    with baci_zip.reading(baci, member) as file:
        for row, line in enumerate(file, 1):
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if text.count(",") != len(CELLS) - 1 or "�" in text:
                cells = text.count(",") + 1
                finding = f"has {cells} cells where the header has {len(CELLS)}: {text[:100]!r}"
                return InputError(f"{baci.name}, member {member}, row {row}", finding, AGAIN)
    return InputError(f"{baci.name}, member {member}", f"cannot be read ({said[:200]})", AGAIN)


def _constants(held: Held, year: int, rows: int) -> dict[str, pa.Array]:
    words = {"source": "baci", "release": held.zip.release, "flow": "X", "valuation": "FOB"}
    words |= {"classification": held.zip.classification, "partner_basis": "unknown"}
    words |= {"file_sha256": held.sha256}
    zeros = pa.array(np.zeros(rows, np.int32))
    constant = {name: pa.DictionaryArray.from_arrays(zeros, [word]) for name, word in words.items()}
    raised = ["PROVISIONAL"] if year == held.newest else []
    ends = pa.array(np.arange(rows + 1, dtype=np.int32) * len(raised))
    return {**constant, "flags": pa.ListArray.from_arrays(ends, pa.array(raised * rows, "string"))}


def _touching(named: dict[str, pa.Array], touching: frozenset[str]) -> dict[str, pa.Array]:
    sides = [
        pc.fill_null(
            pa.array([code in touching for code in column.dictionary.to_pylist()], pa.bool_()).take(
                column.indices
            ),
            False,
        )
        for column in (named["reporter"], named["partner"])
    ]
    chosen = pc.or_(*sides)
    return {name: column.filter(chosen) for name, column in named.items()}


def _whole(named: dict[str, pa.Array], columns: Sequence[str]) -> pa.RecordBatch:
    """The columns of the table in order; what BACI does not say is NULL."""
    rows = len(named["file_row"])
    return pa.record_batch(
        {name: named[name] if name in named else pa.nulls(rows, kind_of(name)) for name in columns}
    )
