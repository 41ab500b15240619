"""Profile comtrade: options, addresses, and a whole run against a stand-in."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from assets.source import headline
from assets.source.comtrade.settings import settings_of
from assets.source.comtrade.wanted.products import products
from assets.source.simulated.api import Served, serve
from assets.source.simulated.published import Published, publish
from assets.source.simulated.world import WorldSettings, build_world
from pipelines import cli, profiles
from tests.comtrade import rehearse
from warehouse.archive import Archive
from warehouse.errors import InputError

PUBLISHER = profiles.PROFILES["comtrade"].address


@pytest.fixture(scope="module")
def world() -> Published:
    return publish(build_world(WorldSettings(7, years=range(2021, 2023))))


@pytest.fixture
def server(world: Published) -> Iterator[Served]:
    with serve(world) as base:
        yield base


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def test_no_other_server_can_fill_the_file_of_the_publisher() -> None:
    for source, address in (("comtrade", "http://127.0.0.1:8765"), ("simulated", PUBLISHER)):
        with pytest.raises(InputError, match="cannot be a source of figures filed as"):
            settings_of(source, address)
    assert settings_of("comtrade", PUBLISHER).requests_per_second == 1


def test_the_publishers_key_goes_to_the_publisher_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMTRADE_API_KEY", "k" * 32)
    assert settings_of("comtrade", PUBLISHER).key == "k" * 32
    assert settings_of("simulated", "http://127.0.0.1:8765").key is None


def test_products_are_asked_for_in_both_revisions() -> None:
    assert products("8806,TOTAL") == ["8806", "TOTAL"]
    assert products("854800") == ["854800", "854890"]
    default = products(profiles.PROFILES["comtrade"].products)
    assert {"TOTAL", "8806", "8542", "8471", "8517", "854231", "846693", "880330"} <= set(default)
    assert "020230" not in default
    assert set(default) | {"020230"} <= set(products("")) | {"8517"}


@pytest.mark.parametrize("asked", ["85422", "chips", "8542*", "AG6"])
def test_products_that_are_none_are_told(asked: str) -> None:
    done = call("run", "--profile", "comtrade", "--dry-run", "--products", asked)
    assert done.exit_code == 3
    assert asked in done.output


def test_totals_of_the_shipped_file_are_those_of_all_trade(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    [entry] = headline.download(archive, headline.TOTALS)
    found = headline.totals(archive.read(entry.sha256))
    assert {figure.reporter for figure in found} == {"KAZ", "RUS"}
    assert {figure.source for figure in found} == {"kz_bns", "ru_fcs", "imf_imts"}
    assert {(figure.partner, figure.product) for figure in found} == {("W00", "TOTAL")}


def test_the_plan_is_shown_and_no_figure_is_asked_for(server: Served, tmp_path: Path) -> None:
    with rehearse.registered(server):
        done = call("run", "--profile", "comtrade", "--dry-run", "--root", tmp_path)
        half = call(
            "run", "--profile", "comtrade", "--dry-run", "--years", "2022", "--root", tmp_path
        )
    assert done.exit_code == 0
    assert "Plan of profile comtrade (SIMULATED)" in done.output
    assert "without a key: up to 500 rows and one year a call" in done.output
    assert "2021 " in done.output
    assert "2021 " not in half.output
    assert {url.split("?")[0] for url in server.requests} == {"/public/v1/getDa/C/A/HS"}
    assert not (tmp_path / "comtrade.duckdb").exists()


def test_a_plan_with_a_key_tells_the_days_it_takes(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_API_KEY", "k" * 32)
    with rehearse.registered(server):
        done = call("run", "--profile", "comtrade", "--dry-run", "--root", tmp_path)
    assert "with the key: up to 100,000 rows and 12 years a call" in done.output
    assert "1 days at 500 calls a day" in done.output
    whole = re.search(r"all +(\d+) requests", done.output)
    bounds = re.search(r"bounds +(\d+) requests more", done.output)
    assert whole
    assert bounds
    assert bounds[1] == "1"
    assert f"  {int(whole[1]) + 1} calls; 1 days" in done.output
    assert not [url for url in server.requests if "getSUV" in url]
    assert "kkkk" not in done.output


@pytest.mark.parametrize("name", ["headline", "official"])
def test_a_profile_that_asks_no_server_has_no_plan(name: str) -> None:
    done = call("run", "--profile", name, "--dry-run")
    assert done.exit_code == 3
    assert "asks no server" in done.output


@pytest.mark.slow
def test_a_whole_run_is_published_and_says_simulated(server: Served, tmp_path: Path) -> None:
    assert rehearse.run(tmp_path, server)
    asked = [url for url in server.requests if "/preview/" in url]
    with duckdb.connect(str(tmp_path / "comtrade.duckdb"), read_only=True) as connection:
        sources = connection.execute("select distinct source from raw.trade_flow").fetchall()
        corridor = connection.execute(
            "select year, hub_exports_usd > 0, destination_report_status "
            "from transformed.mirror_statistics where hub = 'KAZ' and product = '8542' order by 1"
        ).fetchall()
        comments = connection.execute("select comment from duckdb_tables()").fetchall()
    assert sources == [("simulated",)]
    assert corridor == [(2021, True, "value"), (2022, True, "not_reported")]
    assert all("SIMULATED" in comment for (comment,) in comments)
    before = len(server.requests)
    assert rehearse.run(tmp_path, server)
    assert not [url for url in server.requests[before:] if "/preview/" in url]
    assert len(asked) == len(set(asked))
