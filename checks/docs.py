"""Great Expectations' own Data Docs, on request: the same suites as a site to look at.

Here belongs building that site. Which expectations there are stands in suite.py.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from checks.suite import Batch, expectations, offline


def build_site(folder: Path, batches: Iterable[Batch]) -> Path:
    """Attest every batch once more and write the site anew; returns its first page."""
    gx = offline()
    shutil.rmtree(folder, ignore_errors=True)
    context = gx.get_context(mode="file", project_root_dir=folder)
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("stages")
    suites = {}
    for batch in batches:
        suite, label = batch.suite, f"{batch.suite.name} {batch.partition}"
        if suite.name not in suites:
            suites[suite.name] = context.suites.add(
                gx.ExpectationSuite(name=suite.name, expectations=list(expectations(suite)))
            )
        asset = source.add_dataframe_asset(label)
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=label,
                data=asset.add_batch_definition_whole_dataframe("whole"),
                suite=suites[suite.name],
            )
        )
        definition.run(batch_parameters={"dataframe": batch.frame})
    pages = context.build_data_docs()
    return Path(next(iter(pages.values())).removeprefix("file://"))
