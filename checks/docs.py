"""Great Expectations' own Data Docs, on request: the same suites as a site to look at.

Here belongs building that site. Which expectations there are stands in suite.py.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from checks.suite import expectations

Batch = tuple[str, pd.DataFrame]


def build_site(folder: Path, table: str, columns: list[str], batches: Iterable[Batch]) -> Path:
    """Attest every (label, frame) once more and write the site anew; returns its first page."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    shutil.rmtree(folder, ignore_errors=True)
    context = gx.get_context(mode="file", project_root_dir=folder)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    suite = context.suites.add(
        gx.ExpectationSuite(name=table, expectations=list(expectations(columns)))
    )
    source = context.data_sources.add_pandas("validated")
    for label, frame in batches:
        asset = source.add_dataframe_asset(f"{table} {label}")
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=f"{table} {label}",
                data=asset.add_batch_definition_whole_dataframe("whole"),
                suite=suite,
            )
        )
        definition.run(batch_parameters={"dataframe": frame})
    pages = context.build_data_docs()
    return Path(next(iter(pages.values())).removeprefix("file://"))
