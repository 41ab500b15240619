"""A correction in the register whose figure the publisher has changed, through a whole run."""

from pathlib import Path

import pytest

from tests.pipelines import edited

REGISTER = "assets/reference/correction.csv"
FITS = "8542,75000000.00,,,LOWER_BOUND"


@pytest.mark.slow
def test_an_override_of_a_figure_printed_otherwise_stops_the_run(tmp_path: Path) -> None:
    """The register expects 74 million where the investigation printed 75 million."""
    project = edited.copied(tmp_path / "project")
    edited.edit(project, REGISTER, "1,flag,", "1,override,")
    edited.edit(project, REGISTER, FITS, "8542,74000000.00,74500000.00,,")
    root = tmp_path / "root"
    done = edited.call(project, "run", "--profile", "headline", "--root", root)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1, said
    assert "meta.correction does not hold each_correction_still_fits" in said
    assert "remove or update the correction" in said
    for told in ("source occrp", "product 8542", "printed_usd 74000000", "published_usd 75000000"):
        assert told in said, told
    assert not (root / "headline.duckdb").exists()


@pytest.mark.slow
def test_an_override_of_the_figure_as_printed_is_applied_and_told(tmp_path: Path) -> None:
    project = edited.copied(tmp_path / "project")
    edited.edit(project, REGISTER, "1,flag,", "1,override,")
    edited.edit(project, REGISTER, FITS, "8542,75000000.00,74500000.00,,")
    root = tmp_path / "root"
    done = edited.call(project, "run", "--profile", "headline", "--root", root)
    assert done.returncode == 0, done.stdout + done.stderr
    query = "select state, published_usd, used_usd from meta.correction"
    asked = edited.call(project, "query", "--profile", "headline", "--root", root, query)
    assert "applied" in asked.stdout, asked.stdout + asked.stderr
    assert "75000000.00" in asked.stdout
    assert "74500000.00" in asked.stdout
