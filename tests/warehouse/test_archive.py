"""The archive keeps bytes as received, once, and notices when they were altered."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.archive import Archive, Entry, write_atomically
from warehouse.errors import InputError

TERMS = {"retrieved_at": "2026-01-02T03:04:05Z", "licence": "none", "citation": "a test"}


def put(
    archive: Archive, content: bytes, address: str = "https://a/1", release: str = "r1"
) -> Entry:
    return archive.put(content, source="s", address=address, release=release, **TERMS)


def files(archive: Archive) -> list[str]:
    return [path.name for path in archive.root.rglob("*") if path.is_file()]


def test_what_was_put_is_found_and_read(tmp_path: Path) -> None:
    entry = put(Archive(tmp_path), b"figures\r\n\x00")
    again = Archive(tmp_path)
    assert again.find("s", "https://a/1", "r1") == entry
    assert again.read(entry.sha256) == b"figures\r\n\x00"
    assert (entry.bytes, entry.licence, entry.citation) == (10, "none", "a test")


@settings(max_examples=25)
@given(content=st.binary(max_size=300))
def test_any_bytes_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    archive = Archive(tmp_path_factory.mktemp("archive"))
    assert archive.read(put(archive, content).sha256) == content


def test_another_address_or_release_is_not_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    put(archive, b"figures")
    assert archive.find("s", "https://a/2", "r1") is None
    assert archive.find("s", "https://a/1", "r2") is None
    assert archive.find("t", "https://a/1", "r1") is None


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    one, other = put(archive, b"figures"), put(archive, b"figures", "https://a/2")
    assert one.sha256 == other.sha256
    assert sorted(files(archive)) == sorted([one.sha256, "manifest.jsonl"])
    assert list(Archive(tmp_path).entries("s")) == [one, other]


def test_the_same_bytes_put_again_keep_their_first_entry(tmp_path: Path) -> None:
    first = put(Archive(tmp_path), b"figures")
    later = Archive(tmp_path).put(
        b"figures",
        source="s",
        address="https://a/1",
        release="r1",
        **{**TERMS, "retrieved_at": "2027-01-01T00:00:00Z"},
    )
    assert later == first
    assert len((tmp_path / "manifest.jsonl").read_text().splitlines()) == 1


def test_new_bytes_of_an_address_and_release_take_its_place_and_the_old_ones_stay(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    old, new = put(archive, b"old"), put(archive, b"new")
    assert Archive(tmp_path).find("s", "https://a/1", "r1") == new
    assert archive.read(old.sha256) == b"old"


def test_altered_bytes_are_detected(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    entry = put(archive, b"figures")
    archive.path(entry.sha256).write_bytes(b"figurez")
    with pytest.raises(InputError, match="does not have the bytes its name promises"):
        archive.read(entry.sha256)


def test_missing_bytes_are_told_and_not_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    entry = put(archive, b"figures")
    archive.path(entry.sha256).unlink()
    assert archive.find("s", "https://a/1", "r1") is None
    with pytest.raises(InputError, match="is missing"):
        archive.read(entry.sha256)
    assert archive.read(put(archive, b"figures").sha256) == b"figures"


def test_a_byte_of_the_manifest_that_flips_anywhere_is_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in range(3):
        put(archive, b"%d" % number, f"https://a/Қазақстан/{number}")
    whole = archive.manifest.read_bytes()
    for place in range(len(whole) - 1):  # without its end the last line is one cut short
        flipped = bytes([whole[place] ^ 0xFF])
        archive.manifest.write_bytes(whole[:place] + flipped + whole[place + 1 :])
        with pytest.raises(InputError, match=r"manifest\.jsonl line"):
            list(Archive(tmp_path).received())


@pytest.mark.parametrize("cut", [1, 20])
@pytest.mark.parametrize("lines", [1, 2])
def test_a_manifest_line_cut_short_is_dropped(tmp_path: Path, lines: int, cut: int) -> None:
    archive = Archive(tmp_path)
    put(archive, "Қазақстан".encode(), "https://a/Статистика")
    if lines == 2:
        put(archive, b"two", "https://a/2")
    whole = archive.manifest.read_bytes()
    archive.manifest.write_bytes(whole[:-cut])
    opened = Archive(tmp_path)
    assert len(list(opened.entries())) == lines - 1
    put(opened, b"three", "https://a/3")
    assert len(list(Archive(tmp_path).entries())) == lines


def test_every_line_points_at_something_whole(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in range(5):
        put(archive, bytes([number]), f"https://a/{number}")
    assert all(archive.read(entry.sha256) for entry in Archive(tmp_path).entries())


def test_a_failed_write_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept"
    write_atomically(path, b"old")

    def full(*names: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["kept"]
