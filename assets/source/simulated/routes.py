"""Paths of the API and what answers on each.

Here: from a URL to an answer. Not here: sockets (api), refusals for keys and pace (access).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property

from assets.source.simulated import bulk, catalogue
from assets.source.simulated.answers import NOT_FOUND, ONE_PERIOD, Answer, document, envelope
from assets.source.simulated.printing import printer
from assets.source.simulated.published import Published
from assets.source.simulated.query import Index, read_query, words
from assets.source.simulated.unit_values import unit_values

PREVIEW_ROWS, KEYED_ROWS = 500, 100_000
_REFERENCE = "/files/v1/app/reference/"
_OF_BOUND = ("period", "cmdCode", "flowCode", "qtyUnitCode")
Parameters = Mapping[str, str]


def _is_true(parameters: Parameters, name: str) -> bool:
    return parameters.get(name.lower(), "").lower() == "true"


class Desk:
    """Answers requests about one published world."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._years = published.settings.years
        self._index = Index(published).prepare()
        self._print = {named: printer(published, named) for named in (False, True)}

    @cached_property
    def _datasets(self) -> list[catalogue.Record]:
        return catalogue.datasets(self._published)

    @cached_property
    def _unit_values(self) -> list[catalogue.Record]:
        return unit_values(self._published)

    @cached_property
    def _references(self) -> dict[str, list[catalogue.Record]]:
        return catalogue.references()

    @cached_property
    def _pages(self) -> dict[str, Callable[[Parameters], Answer]]:
        pages: dict[str, Callable[[Parameters], Answer]] = {
            "/public/v1/preview/C/A/HS": self._preview,
            "/data/v1/get/C/A/HS": self._get,
            "/data/v1/getSUV/C/A/HS": self._bounds,
            "/national/kaz_totals.csv": self._office,
            "/bulk/v1/get/C/A/HS": self._files,
        }
        for room in ("public", "data"):
            pages[f"/{room}/v1/getDa/C/A/HS"] = self._available
            pages[f"/{room}/v1/getMetadata/C/A/HS"] = self._metadata
        return pages

    def answer(self, path: str, parameters: Parameters) -> Answer:
        """The answer to a request that may pass; parameter names in lower case."""
        if path.startswith(_REFERENCE):
            return self._reference(path.removeprefix(_REFERENCE).removesuffix(".json"))
        if path.startswith(bulk.PLACE):
            return self._file(path.removeprefix(bulk.PLACE))
        page = self._pages.get(path)
        return page(parameters) if page else NOT_FOUND

    def _rows(self, parameters: Parameters, most: int) -> Answer:
        where = self._index.select(read_query(parameters, self._years))
        limit = parameters.get("maxrecords", "")
        where = where[: min(most, int(limit)) if limit.isdigit() else most]
        if _is_true(parameters, "countOnly"):
            return envelope([], len(where))
        return envelope(self._print[_is_true(parameters, "includeDesc")](where))

    def _preview(self, parameters: Parameters) -> Answer:
        """No key, one period, 500 rows, and nothing says that there were more."""
        periods = words(parameters, "period")
        if periods is not None and len(periods) > 1:
            return ONE_PERIOD
        latest = str(self._years[-1])
        asked = {k: v for k, v in parameters.items() if k != "partner2code"}
        return self._rows({**asked, "period": periods[0] if periods else latest}, PREVIEW_ROWS)

    def _get(self, parameters: Parameters) -> Answer:
        return self._rows(parameters, KEYED_ROWS)

    def _bounds(self, parameters: Parameters) -> Answer:
        found = catalogue.asked_for(self._unit_values, parameters, _OF_BOUND)
        return envelope([json.dumps(record) for record in found])

    def _available(self, parameters: Parameters) -> Answer:
        found = catalogue.asked_for(self._datasets, parameters)
        return envelope([json.dumps(record, ensure_ascii=False) for record in found])

    def _metadata(self, parameters: Parameters) -> Answer:
        found = catalogue.asked_for(self._datasets, parameters)
        return envelope([json.dumps(catalogue.notes(r), ensure_ascii=False) for r in found])

    def _files(self, parameters: Parameters) -> Answer:
        found = catalogue.asked_for(self._datasets, parameters)
        return envelope([json.dumps(bulk.listed(record)) for record in found])

    def _file(self, name: str) -> Answer:
        """Every row of a data set: of all products, partners, procedures and modes."""
        for dataset in self._datasets:
            if name == f"{dataset['reporterCode']}/{bulk.name_of(dataset)}":
                asked = {"reportercode": str(dataset["reporterCode"])}
                query = read_query(asked | {"period": str(dataset["period"])}, self._years)
                return bulk.packed(self._print[False](self._index.select(query)))
        return NOT_FOUND

    def _reference(self, name: str) -> Answer:
        if name not in self._references:
            return NOT_FOUND
        return document({"more": False, "results": self._references[name]})

    def _office(self, _: Parameters) -> Answer:
        text = catalogue.office_file(self._published)
        return Answer(200, text.encode(), content_type="text/csv; charset=utf-8")
