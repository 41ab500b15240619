"""Zips of BACI on their way into the archive: from a folder, and from CEPII's place on loopback."""

import hashlib
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from assets.source import baci
from assets.source.baci_rows import Held
from tests.source.baci.zips import ROWS, members, packed
from tests.source.baci.zips import baci as zip_of
from warehouse.errors import InputError
from warehouse.house import House
from warehouse.http import Manners

PLACE = "DATA_DOWNLOAD/baci/data"


class Cepii(SimpleHTTPRequestHandler):
    """Files of a folder; the first answer of each breaks off where the server is told to."""

    broken: set[str]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path not in self.broken:
            return super().do_GET()
        self.broken.discard(self.path)
        content = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        return None

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def cepii(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Cepii]]:
    """CEPII's host, with both zips that the profile asks for."""
    handler = type("Handler", (Cepii,), {"broken": set(), "asked": []})
    for vintage in ("HS17", "HS22"):
        zip_of(tmp_path / "cepii" / PLACE, vintage)
    serving = partial(handler, directory=str(tmp_path / "cepii"))
    monkeypatch.setattr(baci, "MANNERS", Manners(None, attempts=2, first_wait=0, silence=5))
    with ThreadingHTTPServer(("127.0.0.1", 0), serving) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        handler.address = f"http://127.0.0.1:{server.server_port}"
        yield handler
        server.shutdown()


def pinned(monkeypatch: pytest.MonkeyPatch, **pins: str) -> None:
    monkeypatch.setattr(baci, "_settings", lambda: {**settings, "pins": pins})


settings = baci._settings()


def house(root: Path, **more: str) -> House:
    return House("baci", root / "root", ("baci",), (2022, 2023), **more)


def from_cepii(tmp_path: Path, cepii: type[Cepii]) -> list[str]:
    home = house(tmp_path, address=cepii.address)  # type: ignore[attr-defined]
    return [Path(home.archive.path(e.sha256)).name for e in baci.download(home)]


def test_the_shipped_settings_name_a_release_and_pins_that_can_be_checked() -> None:
    assert baci.ADDRESS.format(vintage="HS22", release="V202601").startswith("https://")
    for title, pin in settings["pins"].items():
        kind, digest = pin.split(" ")
        assert title.startswith("BACI_HS")
        assert len(digest) == hashlib.new(kind).digest_size * 2


def test_zips_are_fetched_once_and_then_taken_from_the_archive(
    tmp_path: Path, cepii: type[Cepii]
) -> None:
    first = from_cepii(tmp_path, cepii)
    files = sorted((tmp_path / "cepii" / PLACE).iterdir())
    assert first == [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    assert from_cepii(tmp_path, cepii) == first
    assert len(cepii.asked) == 2


@pytest.mark.parametrize("newer", ["V202701", "V202702"])
def test_a_newer_release_is_told_and_not_taken(
    tmp_path: Path, cepii: type[Cepii], newer: str, caplog: pytest.LogCaptureFixture
) -> None:
    home = house(tmp_path, address=cepii.address)  # type: ignore[attr-defined]
    baci.tell_newer(home)
    assert "is out" not in caplog.text
    (tmp_path / "cepii" / PLACE / f"BACI_HS22_{newer}.zip").write_bytes(b"a newer one")
    baci.tell_newer(home)
    assert list(home.archive.entries()) == []
    assert f"BACI {newer} is out, V202601 is used: move `release`" in caplog.text


def test_a_host_that_cannot_be_reached_is_no_newer_release(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    baci.tell_newer(house(tmp_path, address="http://127.0.0.1:1"))
    assert "is out" not in caplog.text


def test_an_answer_that_breaks_off_is_asked_for_again(tmp_path: Path, cepii: type[Cepii]) -> None:
    cepii.broken = {f"/{PLACE}/BACI_HS22_V202601.zip"}
    assert len(from_cepii(tmp_path, cepii)) == 2
    assert len(cepii.asked) == 3


def test_a_zip_that_stays_cut_is_gone_on_with_by_the_next_run_and_held_against_its_pin(
    tmp_path: Path, cepii: type[Cepii], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Range and If-Range do stands in tests/warehouse/test_resume.py."""
    content = (tmp_path / "cepii" / PLACE / "BACI_HS17_V202601.zip").read_bytes()
    digest, half = hashlib.sha256(content).hexdigest(), len(content) // 2
    asked: list[str | None] = []

    def serve(self: Cepii) -> None:
        """Half of it, then nothing, then the rest."""
        asked.append(self.headers["Range"])
        start = half if asked[-1] else 0
        self.send_response(206 if start else 200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        self.wfile.write((content[:half], b"", content[half:])[len(asked) - 1])

    pins = {"BACI_HS17_V202601": f"sha256 {digest}"}
    monkeypatch.setattr(baci, "_settings", lambda: settings | {"pins": pins, "vintages": ["HS17"]})
    monkeypatch.setattr(Cepii, "do_GET", serve)
    with pytest.raises(InputError, match="gave no whole answer"):
        from_cepii(tmp_path, cepii)
    home = house(tmp_path)
    assert list(home.scratch.glob("*.zip")) == list(home.archive.entries()) == []
    assert from_cepii(tmp_path, cepii) == [digest]
    assert asked == [None, f"bytes={half}-", f"bytes={half}-"]
    assert list(home.scratch.iterdir()) == []


def test_a_zip_that_is_gone_is_an_error_with_what_to_do(tmp_path: Path, cepii: type[Cepii]) -> None:
    (tmp_path / "cepii" / PLACE / "BACI_HS17_V202601.zip").unlink()
    with pytest.raises(InputError, match="answered 404") as error:
        from_cepii(tmp_path, cepii)
    assert error.value.place.startswith("CEPII, http://127.0.0.1")
    assert "by hand" in error.value.remedy


def test_what_is_sent_in_place_of_a_zip_is_refused_and_not_kept(
    tmp_path: Path, cepii: type[Cepii]
) -> None:
    (tmp_path / "cepii" / PLACE / "BACI_HS17_V202601.zip").write_bytes(b"<html>busy</html>")
    with pytest.raises(InputError, match="is cut short or no zip"):
        from_cepii(tmp_path, cepii)
    home = house(tmp_path)
    assert list(home.archive.entries()) == []
    assert list(home.scratch.iterdir()) == []


@pytest.mark.parametrize("kind", ["md5", "sha256"])
def test_a_zip_that_is_not_what_its_pin_says_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = zip_of(tmp_path / "in")
    home = house(tmp_path, inputs=str(path.parent))
    digest = hashlib.new(kind, path.read_bytes()).hexdigest()
    pinned(monkeypatch, BACI_HS22_V202601=f"{kind} {digest}")
    assert len(baci.download(home)) == 1
    pinned(monkeypatch, BACI_HS22_V202601=f"{kind} {'0' * len(digest)}")
    with pytest.raises(InputError, match="its pin says 0000"):
        baci.download(home)


def test_a_zip_without_a_pin_is_told_with_the_pin_to_write(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = zip_of(tmp_path / "in")
    baci.download(house(tmp_path, inputs=str(path.parent)))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f'has no pin: BACI_HS22_V202601 = "sha256 {digest}"' in caplog.text


def test_zips_of_a_folder_are_known_by_their_content(tmp_path: Path) -> None:
    zip_of(tmp_path / "in" / "deep").rename(tmp_path / "in" / "deep" / "any name")
    (tmp_path / "in" / "notes.txt").write_text("no zip")
    (entry,) = baci.download(house(tmp_path, inputs=str(tmp_path / "in")))
    assert (entry.address, entry.release) == ("deep/any name", "V202601")
    assert entry.licence == "Etalab 2.0"
    assert list(baci.told(tmp_path / "in")) == [
        "  baci        deep/any name: BACI_HS22_V202601, 2022-2023; a third opinion"
    ]


def test_two_releases_in_a_folder_never_mix(tmp_path: Path) -> None:
    zip_of(tmp_path / "in", "HS17", "V202501")
    zip_of(tmp_path / "in", "HS22", "V202601")
    with pytest.raises(InputError, match="are of releases V202501, V202601, which never mix"):
        baci.download(house(tmp_path, inputs=str(tmp_path / "in")))


def test_the_same_release_twice_counts_once_and_with_other_bytes_never(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "in")
    path.with_name("copy.zip").write_bytes(path.read_bytes())
    home = house(tmp_path, inputs=str(path.parent))
    assert len(baci.download(home)) == 1
    packed(path.with_name("other.zip"), members({2022: ROWS[2022]}))
    with pytest.raises(InputError, match=r"is BACI_HS22_V202601, as .* is"):
        baci.download(home)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    zip_of(tmp_path / "outside")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").symlink_to(tmp_path / "outside" / "BACI_HS22_V202601.zip")
    assert baci.zips_in(tmp_path / "in") == []


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_a_folder_without_a_zip_is_an_error_with_what_to_put_in(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no zip of BACI") as error:
        baci.download(house(tmp_path, inputs=str(tmp_path / folder)))
    assert "BACI_HS.._V" in error.value.remedy


def test_the_archive_keeps_a_file_only_with_the_bytes_it_was_hashed_by(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "in")
    home = house(tmp_path, inputs=str(path.parent))
    (entry,) = baci.download(home)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("later.csv", "x")
    (tmp_path / "other").mkdir()
    from warehouse.archive import Archive

    with pytest.raises(InputError, match="changed while it was read"):
        Archive(tmp_path / "other").put_file(path, entry)
    assert [p for p in (tmp_path / "other").rglob("*") if p.suffix == ".part"] == []


def test_what_the_archive_holds_is_read_as_it_was_given(tmp_path: Path) -> None:
    home = house(tmp_path, inputs=str(zip_of(tmp_path / "in").parent))
    entries = baci.download(home)
    (held,) = baci.held(home.archive, entries)
    assert isinstance(held, Held)
    assert (held.zip.title, held.newest) == ("BACI_HS22_V202601", 2023)
