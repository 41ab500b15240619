"""A row as the API prints it: 47 fields in their order.

Here: the text of a row. Not here: which rows an answer holds (query).

Money and weights are printed from whole cents and grams, never from floats. Rows are put
together from pieces prepared once a code, since an answer may hold 100,000 of them.
"""

import json
from collections.abc import Callable

from assets.source.simulated.codes import AREAS, CODES, CUSTOMS, FLOWS, LEVELS, MODES, code_name
from assets.source.simulated.draws import Ints
from assets.source.simulated.published import Published
from assets.source.simulated.rows import NULL

_FLOW_NAMES = ("Import", "Export", "Re-import", "Re-export", "Foreign Import")
_CUSTOMS_NAMES = ("TOTAL customs procedure codes", "Clearance for home use", "Customs warehouses")
_MODE_NAMES = ("TOTAL modes of transport", "Air", "Sea", "Railway", "Road")
_NO_QUANTITY = ',"altQtyUnitCode":-1,"altQtyUnitAbbr":null,"altQty":0.0,"isAltQtyEstimated":false'
_NO_GROSS = ',"grossWgt":0.0,"isGrossWgtEstimated":false'

Row = tuple[int, ...]


def _text(value: str | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def _money(cents: int) -> str:
    if cents == NULL:
        return "null"
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def _kilograms(grams: int) -> str:
    return "null" if grams == NULL else f"{grams // 1000}.{grams % 1000:03d}"


def _boolean(value: object) -> str:
    return "true" if value else "false"


def _areas(field: str, named: bool) -> list[str]:
    return [
        f',"{field}Code":{a.code},"{field}ISO":{_text(a.iso3 if named else None)}'
        f',"{field}Desc":{_text(a.name if named else None)}'
        for a in AREAS
    ]


def _flows(named: bool) -> list[str]:
    return [
        f',"flowCode":"{flow}","flowDesc":{_text(name if named else None)}'
        for flow, name in zip(FLOWS, _FLOW_NAMES, strict=True)
    ]


def _products(named: bool) -> list[str]:
    return [
        f',"cmdCode":"{code}","cmdDesc":{_text(code_name(code) if named else None)}'
        f',"aggrLevel":{level if level >= 0 else 6},"isLeaf":{_boolean(level in (-1, 6))}'
        for code, level in zip(CODES, LEVELS.tolist(), strict=True)
    ]


def _breakdowns(named: bool) -> list[list[str]]:
    return [
        [
            f',"customsCode":"{customs}","customsDesc":{_text(cname if named else None)}'
            f',"mosCode":"0","motCode":{mode},"motDesc":{_text(mname if named else None)}'
            for mode, mname in zip(MODES, _MODE_NAMES, strict=True)
        ]
        for customs, cname in zip(CUSTOMS, _CUSTOMS_NAMES, strict=True)
    ]


def _when(year: int) -> str:
    return (
        f'{{"typeCode":"C","freqCode":"A","refPeriodId":{year}0101,"refYear":{year}'
        f',"refMonth":52,"period":"{year}"'
    )


def vintage(year: int) -> str:
    return "H5" if year < 2022 else "H6"


def _second_partner(year: int, named: bool) -> str:
    iso, name = ("W00", "World") if named else (None, None)
    return (
        f',"partner2Code":0,"partner2ISO":{_text(iso)},"partner2Desc":{_text(name)}'
        f',"classificationCode":"{vintage(year)}","classificationSearchCode":"HS"'
        ',"isOriginalClassification":true'
    )


def _quantity(leaf: bool, weight: int, estimation: int, unit: str) -> str:
    known = leaf and weight > 0
    guessed = _boolean(estimation in (2, 6))
    amount = _kilograms(weight) if known else "0.0"
    return (
        f',"qtyUnitCode":{8 if known else -1},"qtyUnitAbbr":{unit if known else "null"}'
        f',"qty":{amount},"isQtyEstimated":{guessed}{_NO_QUANTITY}'
        f',"netWgt":{_kilograms(weight)},"isNetWgtEstimated":{_boolean(estimation in (4, 6))}'
        f"{_NO_GROSS}"
    )


def _values(imports: bool, value: int, fob: int, estimation: int, reported: int) -> str:
    primary = _money(value)
    cif, free = (primary, _money(fob)) if imports else ("null", primary)
    return (
        f',"cifvalue":{cif},"fobvalue":{free},"primaryValue":{primary}'
        f',"legacyEstimationFlag":{estimation},"isReported":{_boolean(reported)}'
        f',"isAggregate":{_boolean(not reported)}}}'
    )


def printer(published: Published, named: bool) -> Callable[[Ints], list[str]]:
    """A function from places of rows to their JSON texts, with or without descriptions."""
    years = published.settings.years
    starts = {y: _when(y) for y in years}
    seconds = {y: _second_partner(y, named) for y in years}
    reporters, partners = _areas("reporter", named), _areas("partner", named)
    flows, products, breakdowns = _flows(named), _products(named), _breakdowns(named)
    unit = '"kg"' if named else "null"
    leaf = (LEVELS == 6) | (LEVELS == -1)

    def text(row: Row) -> str:
        key, code, customs, mode, value, fob, weight, estimation, reported, _ = row
        year, flow = 2000 + (key >> 26), key >> 23 & 7
        return (
            f"{starts[year]}{reporters[key >> 16 & 127]}{flows[flow]}{partners[key >> 9 & 127]}"
            f"{seconds[year]}{products[code]}{breakdowns[customs][mode]}"
            f"{_quantity(bool(leaf[code]), weight, estimation, unit)}"
            f"{_values(flow in (0, 2, 4), value, fob, estimation, reported)}"
        )

    def texts(where: Ints) -> list[str]:
        some = published.rows.take(where)
        columns = (some.key, some.code, some.customs, some.mode, some.value, some.fob)
        rest = (some.weight, some.estimation, some.reported, some.kind)
        return [text(row) for row in zip(*(c.tolist() for c in (*columns, *rest)), strict=True)]

    return texts
