"""Whole files: every row of a reporter's year, packed, for holders of a premium key.

Here: the listing of files and the text of one. Not here: which rows there are (query), how a row
is printed as JSON (printing), who may ask (access).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence

from assets.source.simulated.answers import Answer
from assets.source.simulated.catalogue import Record

HOST = "http://127.0.0.1"  # of the addresses that are listed; a client knows whom it asks
PLACE = "/bulk/v1/file/"
_SPELLED = {"cifvalue": "CIFValue", "fobvalue": "FOBValue"}
_BYTES_A_ROW = 25  # packed, about


def name_of(dataset: Record) -> str:
    """The hash by which a release of a reporter's year is filed."""
    said = f"{dataset['datasetCode']} {dataset['datasetChecksum']} {dataset['lastReleased']}"
    return hashlib.sha256(said.encode()).hexdigest()


def listed(dataset: Record) -> Record:
    """A data set as the listing of files has it; its size is told in words, and roughly."""
    name, reporter = name_of(dataset), dataset["reporterCode"]
    same = ("reporterCode", "freqCode", "typeCode", "classificationCode", "period")
    return {
        "fileUrl": f"{HOST}{PLACE}{reporter}/{name}",
        "fileSize": f"{dataset['totalRecords'] * _BYTES_A_ROW / 1024:.2f} KB",
        "isOriginalClassification": dataset["isOriginalClassification"],
        **{field: dataset[field] for field in same},
        "refPeriodId": int(f"{dataset['period']}0101"),
        "publicationDate": f"{dataset['lastReleased']}Z",
        "partitionKey": str(reporter),
        "rowKey": name,
    }


def packed(rows: Sequence[str]) -> Answer:
    """Rows given as JSON texts, as a table parted by tabs, with every cell as it was printed."""
    records = [json.loads(row, parse_float=str, parse_int=str) for row in rows]
    names = list(records[0])
    lines = ["\t".join(_SPELLED.get(name, name) for name in names)]
    lines += ["\t".join(_cell(record[name]) for name in names) for record in records]
    text = "\r\n".join([*lines, ""]).encode()
    return Answer(200, gzip.compress(text, mtime=0), content_type="application/TSV")


def _cell(value: object) -> str:
    return "" if value is None else str(value)
