"""`mirror-trade pin --dry-run`: the build that the new inputs would give, made apart and compared.

Here belongs running the code as it stands on what was offered.
"""

from collections.abc import Iterator

from pipelines.builds import pinning
from pipelines.builds.reproduction import Recipe, rebuilt
from pipelines.builds.told_difference import Compared, as_text
from pipelines.compute import made_from
from warehouse import builds
from warehouse.house import House


def told(house: House) -> Iterator[str]:
    """What would change against the newest build, figure by figure."""
    before = builds.found(house.root, house.profile)
    offered, _ = pinning.offered(house)
    rest = [one for one in before.inputs if one["source"] in pinning.NOT_RECEIVED]
    recipe = Recipe(house.profile, made_from.code_zip(), [*offered, *rest], before.years)
    with rebuilt(house.root, recipe) as root:
        after = builds.found(root, house.profile)
        yield from as_text(Compared(house.root, before, after, root), None)
