"""An input that changed upstream stops the run until somebody accepts it."""

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from assets.raw import source_file
from assets.source import headline
from pipelines import cli
from pipelines.builds import pinning
from pipelines.compute.build import build
from pipelines.tables import tables
from tests.pipelines import edited
from warehouse import pins
from warehouse.errors import InputError
from warehouse.house import House

EXTRACT = "REPORTER,PARTNER,PRODUCT,FLOW,PERIOD,VALUE_IN_EUR\n"
LINE = "{reporter},Kazakhstan,Total,EXPORT,Jan.-Dec. 2022,{value}\n"


def comext(folder: Path, value: str = "700", reporter: str = "Germany", name: str = "a") -> bytes:
    """A yearly extract of Eurostat with one figure, in a folder a person gives."""
    content = (EXTRACT + LINE.format(reporter=reporter, value=value)).encode()
    (folder / f"{name}.csv").write_bytes(content)
    return content


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference tables that printed figures are read with."""
    root = tmp_path_factory.mktemp("reference")
    for name in pinning.NEEDED:
        build(tables()[name], House("official", root, (), (2022,)), (2022,))
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "given").mkdir()
    comext(tmp_path / "given")
    return tmp_path / "given"


@pytest.fixture
def house(reference: Path, tmp_path: Path, folder: Path) -> House:
    """Profile official, with its first build pinned."""
    root = shutil.copytree(reference, tmp_path / "root")
    house = House("official", root, ("official",), (2022,), inputs=str(folder))
    first = received(house)
    pinning.hold(house, first)
    pinning.pin(house, pinning.rows_of(first))
    return house


def received(house: House) -> pd.DataFrame:
    return source_file.rows(house)


def refused(house: House) -> str:
    with pytest.raises(InputError) as raised:
        pinning.hold(house, received(house))
    return str(raised.value)


def test_the_same_files_pass(house: House) -> None:
    pinning.hold(house, received(house))
    assert not pins.offered(house.root, "official").exists()


def test_a_changed_file_is_refused_with_both_hashes_and_the_figures(
    house: House, folder: Path
) -> None:
    old, new = (folder / "a.csv").read_bytes(), comext(folder, "900")
    told = refused(house)
    assert f"pinned {sha256(old)}" in told
    assert f"received {sha256(new)}" in told
    assert "printed figures it would change: 1" in told
    assert "DEU X KAZ 2022 NA TOTAL, 737.10 -> 947.70 USD" in told
    assert "`mirror-trade pin official` accepts them" in told


def test_it_is_refused_again_and_again_until_it_is_accepted(house: House, folder: Path) -> None:
    comext(folder, "900")
    assert refused(house) == refused(house)
    pinning.accept(house)
    pinning.hold(house, received(house))
    assert not pins.offered(house.root, "official").exists()


def test_what_was_refused_is_forgotten_when_the_pinned_bytes_are_back(
    house: House, folder: Path
) -> None:
    before = (folder / "a.csv").read_bytes()
    comext(folder, "900")
    refused(house)
    (folder / "a.csv").write_bytes(before)
    pinning.hold(house, received(house))
    with pytest.raises(InputError, match="has nothing to accept"):
        pinning.accept(house)


def test_a_file_that_is_new_or_gone_is_a_change_too(house: House, folder: Path) -> None:
    content = comext(folder, "5", "France", "b")
    told = refused(house)
    assert f"b.csv is new: {sha256(content)}" in told
    assert "FRA X KAZ 2022 NA TOTAL, not there -> " in told
    (folder / "a.csv").unlink()
    assert "a.csv is not offered any more" in refused(house)


def test_who_asks_for_other_files_gets_them_but_no_changed_one(
    house: House, folder: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    comext(other, "5", "France", "b")
    elsewhere = House("official", house.root, ("official",), (2022,), inputs=str(other))
    pinning.hold(elsewhere, received(elsewhere))
    comext(other, "900")
    told = refused(elsewhere)
    assert "a.csv changed" in told
    assert "b.csv" not in told


def test_a_file_whose_figures_cannot_be_read_is_still_told(house: House, folder: Path) -> None:
    frame = received(house)
    broken = frame["url"] == "a.csv"
    entry = house.archive.put(
        b"no table",
        source="eurostat",
        address="a.csv",
        release="x",
        retrieved_at="",
        licence="",
        citation="",
    )
    frame.loc[broken, "sha256"] = entry.sha256
    with pytest.raises(InputError, match="printed figures cannot be compared") as raised:
        pinning.hold(house, frame)
    assert entry.sha256 in str(raised.value)


@pytest.mark.parametrize("harm", [b"", b"{}", b"\xff\xfe", None], ids=repr)
def test_an_altered_lock_is_found_before_anything_is_received_by_it(
    house: House, harm: bytes | None
) -> None:
    path = pins.pinned(house.root, "official")
    altered = path.read_bytes().replace(b"a.csv", b"b.csv") if harm is None else harm
    path.write_bytes(altered)
    with pytest.raises(InputError, match="does not have the bytes that were written"):
        pinning.hold(house, received(house))
    with pytest.raises(InputError, match="does not have the bytes that were written"):
        pinning.pinned_inputs(house)


def test_a_pinned_list_can_be_run_from_and_asks_nobody(house: House, folder: Path) -> None:
    path = pins.pinned(house.root, "official")
    (folder / "a.csv").unlink()
    from_list = House("official", house.root, ("official",), (2022,), pinned=str(path))
    again = source_file.rows(from_list)
    assert list(again["url"]) == ["a.csv"]


@pytest.mark.parametrize("text", ["", "5", '{"inputs": 1, "asked": ""}', "\0"])
def test_a_list_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.json").write_text(text, encoding="utf-8")
    house = House("official", tmp_path, ("official",), (2022,), pinned=str(tmp_path / "list.json"))
    with pytest.raises(InputError, match=r"is no list of inputs|bytes that were written"):
        source_file.rows(house)


def test_reference_tables_and_what_ships_are_not_pinned_in_a_warehouse(house: House) -> None:
    rows, _ = pins.read(pins.pinned(house.root, "official"))
    assert [one["url"] for one in rows] == ["a.csv"]


def test_what_ships_has_the_hash_that_git_pins() -> None:
    content = (headline.FOLDER / headline.pin()["file"]).read_bytes()
    assert headline.pin()["sha256"] == sha256(content)
    assert "http" not in (headline.FOLDER / headline.PINS).read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[headline", "[headline]\nfile = 'a'\n", "headline = 1"])
def test_a_lock_in_git_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / headline.PINS).write_text(text, encoding="utf-8")
    monkeypatch.setattr(headline, "FOLDER", tmp_path)
    with pytest.raises(InputError, match="Restore it from git"):
        headline.pin()


@pytest.mark.slow
def test_a_shipped_file_that_changed_stops_the_run_until_its_pin_is_moved(
    own_root: Path, tmp_path: Path
) -> None:
    code, name = edited.copied(tmp_path / "code"), "assets/source/headline.csv"
    before = (own_root / "headline.duckdb").read_bytes()
    old = sha256((code / name).read_bytes())
    edited.edit(
        code, name, "KAZ,RUS,X,NA,TOTAL,2022,9091390.9,", "KAZ,RUS,X,NA,TOTAL,2022,9191390.9,"
    )
    new = sha256((code / name).read_bytes())
    stopped = edited.call(code, "run", "--profile", "headline", "--root", own_root)
    assert stopped.returncode == 1
    for said in (old, new, "KAZ X RUS 2022 NA TOTAL, 9091390900.00 -> 9191390900.00 USD"):
        assert said in stopped.stderr
    assert (own_root / "headline.duckdb").read_bytes() == before
    tried = edited.call(code, "pin", "headline", "--dry-run", "--root", own_root)
    assert "hub_exports_usd: 9091390900.00 -> 9191390900.00" in tried.stdout, tried.stderr
    assert old in (code / "assets/source/pins.toml").read_text(encoding="utf-8")
    assert edited.call(code, "pin", "headline", "--root", own_root).returncode == 0
    assert new in (code / "assets/source/pins.toml").read_text(encoding="utf-8")
    done = edited.call(code, "run", "--profile", "headline", "--root", own_root)
    assert done.returncode == 0, done.stderr


def test_without_an_offer_there_is_nothing_to_accept(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.main, ["pin", "official", "--root", str(tmp_path)])
    assert done.exit_code == 3
    assert "has nothing to accept" in done.output


def row(url: str, release: str, content: str) -> pins.Row:
    return {"source": "comtrade", "url": url, "release": release, "sha256": content}


def test_an_address_that_gives_several_releases_is_told_by_the_one_that_joined() -> None:
    before = [row("/get", "2023", "a"), row("/get", "2024", "b")]
    assert pins.changes(before, before[::-1]) == []
    [one] = pins.changes(before, [*before, row("/get", "2025", "c")])
    assert (one.before, one.after, one.after_release) == ("b", "c", "2025")
    [one] = pins.changes(before, [before[0]])
    assert (one.before, one.after) == ("b", "a")
