"""What the API says about its data: datasets with checksums, notes, reference lists.

Here: getDa, getMetadata, the reference files, the small national file of Kazakhstan, and which
records a request asks for. Not here: trade rows (query, printing), bounds of unit values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assets.source.simulated.codes import CODES, CUSTOMS, FLOWS, MODES, TOTAL, code_name
from assets.source.simulated.countries import COUNTRIES, EURASIAN_UNION
from assets.source.simulated.draws import Ints
from assets.source.simulated.printing import vintage
from assets.source.simulated.products import NAMES_2017, NAMES_2022
from assets.source.simulated.published import Published
from assets.source.simulated.query import words
from assets.source.simulated.rows import Rows

Record = dict[str, Any]
_MORE_PARTNERS = [(0, "World", "W00", ""), (899, "Areas, nes", "_X", ""), (97, "EU", "EUR", "")]
_OF_DATASET = ("reporterCode", "period")
_EXTENDED = ("Flow", "Partner", "Partner2", "Cmd", "Customs", "Mot")


def _fingerprints(rows: Rows) -> Ints:
    """A number a row, different when anything in it differs; added up they make a checksum."""
    mixed = rows.key.astype(np.uint64)
    for column in (rows.code, rows.customs << 8 | rows.mode, rows.value, rows.weight, rows.kind):
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(24)).astype(np.int64)


def _dataset(reporter: int, year: int, rows: int, checksum: int) -> Record:
    country = COUNTRIES[reporter]
    month, day = 3 + (reporter * 7 + year) % 6, 1 + (reporter * 11 + year) % 28
    return {
        "datasetCode": int(f"20{country.code:03d}{year}52"),
        "typeCode": "C",
        "freqCode": "A",
        "period": year,
        "reporterCode": country.code,
        "reporterISO": country.iso3,
        "reporterDesc": country.name,
        "classificationCode": vintage(year),
        "classificationSearchCode": "HS",
        "isOriginalClassification": True,
        **{f"isExtended{part}Code": False for part in _EXTENDED},
        "totalRecords": rows,
        "datasetChecksum": checksum,
        "firstReleased": f"{year + 1}-{month:02d}-{day:02d}T00:00:00",
        "lastReleased": f"{year + 1}-{month + 3:02d}-{day:02d}T00:00:00",
    }


def datasets(published: Published) -> list[Record]:
    """One record a reporter and year that has published; silence has none."""
    rows = published.rows
    group = rows.year << 7 | rows.reporter
    order = np.argsort(group, kind="stable")
    groups, starts, counts = np.unique(group[order], return_index=True, return_counts=True)
    sums = np.add.reduceat(_fingerprints(rows)[order], starts) & (2**53 - 1)
    return [
        _dataset(int(g) & 127, int(g) >> 7, int(n), int(s))
        for g, n, s in zip(groups, counts, sums, strict=True)
        if int(g) & 127 < len(COUNTRIES)
    ]


def notes(dataset: Record) -> Record:
    """The metadata of a dataset: currency, trade system, valuation, meaning of partner."""
    place = next(i for i, c in enumerate(COUNTRIES) if c.code == dataset["reporterCode"])
    union = " (trade inside the Eurasian Economic Union: statistical survey)"
    note = {
        "currency": "USD",
        "importConvFactor": 1.0,
        "exportConvFactor": 1.0,
        "tradeSystem": "General",
        "classificationCode": dataset["classificationCode"],
        "importValuation": "CIF",
        "exportValuation": "FOB",
        "importPartnerCountry": "Country of origin",
        "exportPartnerCountry": "Country of last known destination",
        "importPartner2Country": "",
        "exportPartner2Country": "",
        "publicationNote": "Simulated data" + (union if place in EURASIAN_UNION else ""),
        "publicationDate": dataset["firstReleased"],
    }
    keep = [key for key in dataset if not key.startswith(("isExtended", "total", "datasetCh"))]
    return {**{key: dataset[key] for key in keep}, "notes": [note]}


def asked_for(
    records: list[Record], parameters: Mapping[str, str], names: Sequence[str] = _OF_DATASET
) -> list[Record]:
    """Records that have what the named parameters ask for, where they do."""
    found = records
    for name in names:
        wanted = words(parameters, name)
        if wanted is not None:
            found = [r for r in found if str(r[name]) in wanted]
    return found


def _countries(kind: str, capital: str) -> list[Record]:
    more = [] if kind == "reporter" else _MORE_PARTNERS
    entries = [*more, *((c.code, c.name, c.iso3, c.iso2) for c in COUNTRIES)]
    return [
        {
            "id": code,
            "text": name,
            f"{capital}Code": code,
            f"{capital}Desc": name,
            f"{kind}Note": name,
            f"{capital}CodeIsoAlpha2": iso2 or None,
            f"{capital}CodeIsoAlpha3": iso3,
            "entryEffectiveDate": "1900-01-01T00:00:00",
            "isGroup": code in (0, 97),
        }
        for code, name, iso3, iso2 in entries
    ]


def _classification(leaves: set[str]) -> list[Record]:
    upper = {code[:digits] for code in leaves for digits in (2, 4)}
    return [
        {
            "id": code,
            "text": f"{code} - {code_name(code)}",
            "parent": "#" if code == TOTAL else code[:-2] if len(code) > 2 else TOTAL,
            "isLeaf": "1" if len(code) == 6 else "0",
            "aggrLevel": 0 if code == TOTAL else len(code),
            "standardUnitAbbr": "kg" if len(code) == 6 else "n/a",
        }
        for code in CODES
        if code == TOTAL or code in leaves or code in upper
    ]


def _ids(values: tuple[object, ...]) -> list[Record]:
    return [{"id": value, "text": str(value)} for value in values]


def references() -> dict[str, list[Record]]:
    """The reference lists by file name."""
    now, before = set(NAMES_2022), set(NAMES_2017)
    lists = {
        "Reporters": _countries("reporter", "reporter"),
        "partnerAreas": _countries("partner", "Partner"),
        "HS": _classification(now | before),
        "H5": _classification(before),
        "H6": _classification(now),
        "QuantityUnits": _ids((-1, 5, 8)),
        "tradeRegimes": _ids(FLOWS),
        "CustomsCodes": _ids(CUSTOMS),
        "ModeOfTransportCodes": _ids(MODES),
    }
    names = [
        {"category": name, "variable": name, "description": name, "fileuri": f"{name}.json"}
        for name in lists
    ]
    return {"ListofReferences": names, **lists}


def office_file(published: Published) -> str:
    """Kazakhstan's totals as its statistical office prints them: CSV, USD."""
    lines = [
        f"{reporter},{flow},{year},{cents // 100}.{cents % 100:02d}"
        for reporter, flow, year, cents in published.office_totals
    ]
    return "\n".join(["reporter,flow,year,total_usd", *lines, ""])
