"""The lists of codes are fetched once, kept as received, and read by revision."""

from pathlib import Path

from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.told import reference_lists
from assets.source.simulated import api
from assets.source.simulated.published import publish
from assets.source.simulated.world import WorldSettings, build_world
from warehouse.archive import Archive

REVISIONS = ("H5", "H6")


def test_drones_are_a_code_of_hs2022_and_of_no_earlier_revision(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with api.serve(publish(build_world(WorldSettings(seed=3)))) as address:
        settings = ComtradeSettings(address, requests_per_second=None, source="simulated")
        first = reference_lists.download(settings, REVISIONS, archive)
        assert reference_lists.download(settings, REVISIONS, archive) == first
    listed = {(revision, code) for revision, code, _ in reference_lists.codes(archive, first)}
    assert ("H6", "880622") in listed
    assert ("H5", "880622") not in listed
    assert {("H5", "8542"), ("H6", "854231"), ("H5", "85")} <= listed
    assert "TOTAL" not in {code for _, code in listed}
