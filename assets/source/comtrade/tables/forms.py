"""The forms in which people have tables of Comtrade, told from the first line.

Here belongs telling them apart, and what each calls the API's fields. Reading rows stands in files.
"""

import csv
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from assets.source.comtrade.fields import FIELDS

GZIP, MARK = b"\x1f\x8b", b"\xef\xbb\xbf"
HEADER_BYTES = 65_536
LEGACY = {
    "Classification": "classificationCode",
    "Year": "refYear",
    "Period": "period",
    "Aggregate Level": "aggrLevel",
    "Is Leaf Code": "isLeaf",
    "Trade Flow Code": "flowCode",
    "Trade Flow": "flowDesc",
    "Reporter Code": "reporterCode",
    "Reporter": "reporterDesc",
    "Reporter ISO": "reporterISO",
    "Partner Code": "partnerCode",
    "Partner": "partnerDesc",
    "Partner ISO": "partnerISO",
    "2nd Partner Code": "partner2Code",
    "2nd Partner": "partner2Desc",
    "2nd Partner ISO": "partner2ISO",
    "Customs Proc. Code": "customsCode",
    "Customs": "customsDesc",
    "Mode of Transport Code": "motCode",
    "Mode of Transport": "motDesc",
    "Commodity Code": "cmdCode",
    "Commodity": "cmdDesc",
    "Qty Unit Code": "qtyUnitCode",
    "Qty Unit": "qtyUnitAbbr",
    "Qty": "qty",
    "Alt Qty Unit Code": "altQtyUnitCode",
    "Alt Qty Unit": "altQtyUnitAbbr",
    "Alt Qty": "altQty",
    "Netweight (kg)": "netWgt",
    "Gross weight (kg)": "grossWgt",
    "Trade Value (US$)": "primaryValue",
    "CIF Trade Value (US$)": "cifvalue",
    "FOB Trade Value (US$)": "fobvalue",
    "Flag": "legacyEstimationFlag",
}
# The legacy site numbered flows, wrote "No Quantity" as unit 1 and gave Italy another number.
LEGACY_CODES = {
    "flowCode": {"1": "M", "2": "X", "3": "RX", "4": "RM"},
    "qtyUnitCode": {"1": "-1"},
    "reporterCode": {"381": "380"},
    "partnerCode": {"381": "380"},
}
# Without these nobody can tell whose figure a row is, of what, and when.
NEEDED = {"reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue", "refYear"}
# A table may say the same in letters or words, as one of the R package does with few columns.
IN_WORDS = {"reporterCode": "reporterISO", "partnerCode": "partnerISO", "flowCode": "flowDesc"}
FLOWS = {"Import": "M", "Export": "X", "Re-import": "RM", "Re-export": "RX"}
TELLING = {"cmdCode", "primaryValue"}  # a table with these is meant to be one of Comtrade


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is written: its columns in file order, by the API's names where they have one."""

    columns: tuple[str, ...]
    delimiter: str
    encoding: str
    compression: str
    legacy: bool

    @property
    def name(self) -> str:
        """What the table is, for people."""
        kind = "bulk table" if self.delimiter == "\t" else "CSV of Comtrade Plus"
        return "CSV of the legacy site" if self.legacy else kind


def recognise(content: bytes) -> Form | None:
    """The form of a Comtrade table, from its first line; None where it is something else."""
    form = _form(content)
    return form if _said(form.columns) >= NEEDED else None


def lacking(content: bytes) -> list[str]:
    """The columns that a table lacks which is one of Comtrade otherwise; none of other files."""
    columns = _said(_form(content).columns)
    if columns >= NEEDED or not columns >= TELLING:
        return []
    # A row without the revision of its code is refused later; here it is told with the rest.
    return [name for name in FIELDS if name in (NEEDED | {"classificationCode"}) - columns]


def _said(columns: Iterable[str]) -> set[str]:
    """The fields that columns give, in codes or in words."""
    given = set(columns)
    return given | {code for code, word in IN_WORDS.items() if word in given}


def _form(content: bytes) -> Form:
    zipped = content.startswith(GZIP)
    head = _unzipped_head(content) if zipped else content[:HEADER_BYTES]
    encoding = "utf-8" if head.startswith(MARK) else "latin-1"
    line = head.removeprefix(MARK).decode(encoding, "replace").splitlines()[:1]
    delimiter = "\t" if line and "\t" in line[0] else ","
    header = next(csv.reader(line, delimiter=delimiter), [])
    names = tuple(LEGACY.get(name) or _spelled(name) for name in header)
    compression = "gzip" if zipped else "none"
    return Form(names, delimiter, encoding, compression, "Trade Flow Code" in header)


def _spelled(name: str) -> str:
    """A column by the API's name: bulk files write CIFValue, the R package reporter_code."""
    plain = name.lower().replace("_", "")
    return next((field for field in FIELDS if field.lower() == plain), name)


def _unzipped_head(content: bytes) -> bytes:
    try:  # also of a file cut short, whose rows are refused later
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content, HEADER_BYTES)
    except zlib.error:
        return b""
