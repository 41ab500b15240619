"""The page as a file: the same bytes for the same tables, kept with its build, drawn in Dagster."""

from pathlib import Path

import duckdb

from pipelines.profiles import house
from pipelines.report import made
from pipelines.tables import tables
from warehouse import builds
from warehouse.hashes import file_sha256


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
    table = tables()["mart.import_origin"]
    with duckdb.connect() as connection:
        path = home.store.path(table.name)
        connection.execute(f"create table kept as from read_parquet('{path}') where year < 2023")
        home.store.write(connection, table.name, "from kept", table.key)
    assert not made.make(home).unchanged


def test_every_chart_is_a_picture_in_dagster(headline_root: Path) -> None:
    done = made.make(house("headline", headline_root))
    assert len(done.pictures) >= 8
    for path in done.pictures.values():
        assert path.read_bytes().startswith(b"\x89PNG")
    assert made.as_markdown(done).count("data:image/png;base64,") == len(done.pictures)
