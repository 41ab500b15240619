"""`mirror-trade diff --apart`: what code and what inputs changed, told apart by an experiment.

Here belongs the build in between: the code of the later build on the inputs of the earlier.
"""

from collections.abc import Iterator
from pathlib import Path

from pipelines.builds.reproduction import rebuilt, recipe
from pipelines.builds.told_difference import Compared, figures_told
from warehouse import builds
from warehouse.builds import Build


def told(root: Path, before: Build, after: Build, table: str | None) -> Iterator[str]:
    """Figures that follow from the code alone, then those that follow from the inputs."""
    with rebuilt(root, recipe(root, after, before)) as between_root:
        between = builds.found(between_root, after.profile)
        by_code = Compared(root, before, between, between_root)
        yield "From code and packages alone: the later code on the earlier inputs"
        yield from figures_told(list(by_code.figures(table)))
        by_inputs = Compared(between_root, between, after, root)
        yield "From inputs alone: the later code on either inputs"
        yield from figures_told(list(by_inputs.figures(table)))
