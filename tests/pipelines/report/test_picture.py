"""The picture of the README is drawn by the project, from the figures of the page."""

import re
from pathlib import Path

from pipelines.report import picture


def texts(svg: str) -> str:
    """What a reader reads in the picture."""
    return " ".join(re.findall(r">([^<>]+)</text>", svg))


def test_the_picture_shows_both_reports_and_the_missing_share(
    headline_root: Path, tmp_path: Path
) -> None:
    drawn = texts(picture.draw(headline_root, tmp_path / "drawn.svg").read_text(encoding="utf-8"))
    for said in ("Kazakhstan says it exports", "Russia says it receives", "2010", "2023", "40%"):
        assert said in drawn


def test_the_picture_of_the_readme_says_what_is_drawn_now(
    headline_root: Path, tmp_path: Path
) -> None:
    drawn = picture.draw(headline_root, tmp_path / "drawn.svg").read_text(encoding="utf-8")
    assert texts(picture.PICTURE.read_text(encoding="utf-8")) == texts(drawn)
