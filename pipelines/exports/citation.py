"""How to cite a profile: the project and every publisher whose figures it holds.

Here belongs CITATION.cff, by version 1.2.0 of the Citation File Format.
"""

from typing import Any

import duckdb
import yaml

from pipelines import profiles
from pipelines.exports.datapackage import cited


def citation(connection: duckdb.DuckDBPyConnection, profile: str) -> bytes:
    """The file for a profile whose tables are open in the connection."""
    known = profiles.profile(profile)
    said = {
        "cff-version": "1.2.0",
        "message": "Cite the publishers whose figures you use, below, and this data set.",
        "type": "dataset",
        "title": f"Trade mirror statistics, profile {known.title}",
        "abstract": known.text,
        "authors": [{"name": "The mirror-trade project"}],
        "references": [_reference(*row) for row in cited(connection)],
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100).encode()


def _reference(source: str, publisher: str, cited_as: str, terms: str, releases: str) -> Any:
    return {
        "type": "data",
        "title": cited_as,
        "authors": [{"name": publisher}],
        "version": releases,
        "notes": f"source {source}; terms: {terms}",
    }
