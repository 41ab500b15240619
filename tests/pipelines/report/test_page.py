"""The page as a file: the same bytes for the same tables, kept with its build, safe from texts."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.profiles import house
from pipelines.report import made, page
from pipelines.report.rows import Marts
from warehouse import builds
from warehouse.hashes import file_sha256

HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'>\"'&"


def test_the_page_is_the_same_in_another_process_set_up_otherwise(
    headline_root: Path, elsewhere_root: Path
) -> None:
    one = (headline_root / "headline" / made.NAME).read_bytes()
    assert one == (elsewhere_root / "headline" / made.NAME).read_bytes()


def test_the_simulated_page_is_the_same_in_another_process_set_up_otherwise(
    small_root: Path, elsewhere_root: Path
) -> None:
    one = (small_root / "demo" / made.NAME).read_bytes()
    assert one == (elsewhere_root / "demo" / made.NAME).read_bytes()


def test_the_page_is_kept_with_its_build(headline_root: Path) -> None:
    kept = builds.latest(headline_root, "headline")
    assert kept is not None
    place = headline_root / "headline" / made.NAME
    assert kept.files[made.NAME] == file_sha256(place)
    assert file_sha256(builds.path_of(headline_root, kept.id) / made.NAME) == file_sha256(place)


def test_a_page_whose_tables_stand_is_not_made_again_and_one_altered_is(own_root: Path) -> None:
    home = house("headline", own_root)
    first = made.make(home)
    assert first.unchanged
    before = first.page.read_bytes()
    first.page.write_bytes(before + b"<!-- altered -->")
    second = made.make(home)
    assert not second.unchanged
    assert second.page.read_bytes() == before


def test_a_page_of_other_tables_is_made_anew(own_root: Path) -> None:
    home = house("headline", own_root)
    shutil.copy(home.store.path("mart.import_origin"), own_root / "kept.parquet")
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from read_parquet('{own_root}/kept.parquet') where year < 2023) "
            f"to '{home.store.path('mart.import_origin')}'"
        )
    assert not made.make(home).unchanged


def test_every_chart_is_a_picture_in_dagster(headline_root: Path) -> None:
    done = made.make(house("headline", headline_root))
    assert len(done.pictures) >= 8
    for path in done.pictures.values():
        assert path.read_bytes().startswith(b"\x89PNG")
    assert made.as_markdown(done).count("data:image/png;base64,") == len(done.pictures)


@pytest.fixture
def hostile(headline_root: Path, tmp_path: Path) -> Path:
    """The page of a profile whose every claim, citation and reason carries a script."""
    copy = tmp_path / "hostile.duckdb"
    shutil.copy(headline_root / "headline.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        for table, column in (
            ("mart.claim", "statement"),
            ("mart.claim", "citation"),
            ("reference.source", "citation"),
            ("reference.reporter_silence", "reason"),
            ("meta.source_file", "citation"),
            ("meta.stage_difference", "explanation"),
            ("mart.pass_through", "reason"),
        ):
            connection.execute(f"update {table} set {column} = ?", [HOSTILE])
        connection.execute("update mart.product_group set goods = ?", [HOSTILE])
        marts = Marts(connection, "headline", False)
        written = tmp_path / made.NAME
        written.write_bytes(page.render(page.sections(marts), marts, "test"))
    return written


def test_a_text_of_the_data_is_text_on_the_page(hostile: Path) -> None:
    text = hostile.read_text(encoding="utf-8")
    assert "<img src=x" not in text
    assert "<script>window.broken" not in text
    assert text.count("&lt;img src=x") > 100


def test_a_text_of_the_data_runs_nothing(hostile: Path, browser) -> None:  # type: ignore[no-untyped-def]
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(hostile.as_uri())
    opened.locator("#product-choice").select_option("8542")
    assert opened.evaluate("window.broken") is None
    assert HOSTILE in (opened.locator("#product-name").text_content() or "")
    assert said == []
    opened.close()
