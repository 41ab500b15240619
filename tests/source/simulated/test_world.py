"""The truth: its routes add up, its scheme does what its settings say."""

import json
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from assets.source.simulated.countries import COALITION, COUNTRIES, HUBS, PLACE
from assets.source.simulated.products import LISTED, PRODUCTS
from assets.source.simulated.truth import scheme_parameters, true_flows, write_truth
from assets.source.simulated.world import World, WorldSettings, build_world

SCHEMED = range(2022, 2025)


@pytest.fixture(scope="session")
def flows(world: World) -> pd.DataFrame:
    return true_flows(world)


def test_the_world_is_as_wide_as_the_demo_profile_asks() -> None:
    kinds = pd.Series([p.kind for p in PRODUCTS]).value_counts()
    assert len(COUNTRIES) >= 56
    assert (kinds["chpl"], kinds["drone"], kinds["chip_parts"]) == (50, 11, 1)
    assert kinds["civilian"] == 60
    codes = {c.iso3: c.code for c in COUNTRIES}
    expected = {"FRA": 251, "ITA": 380, "NOR": 579, "USA": 842, "CHE": 757, "IND": 699, "S19": 490}
    assert {iso: codes[iso] for iso in expected} == expected


def test_civilian_codes_are_the_same_in_both_vintages() -> None:
    civilian = [p for p in PRODUCTS if p.kind == "civilian"]
    assert all(p.hs2022 == p.hs2017 for p in civilian)
    others = {p.hs2017 for p in PRODUCTS if p.kind != "civilian"}
    assert not others & {p.hs2017 for p in civilian}


def test_what_russia_receives_is_the_sum_of_its_routes(world: World, flows: pd.DataFrame) -> None:
    received = flows[flows.destination == "RUS"].groupby("year").fob_cents.sum()
    russia = PLACE["RUS"]
    direct = world.base[:, russia].sum(axis=(0, 1))
    through = (world.scheme.recorded + world.scheme.unrecorded).sum(axis=(0, 1, 2))
    assert received.tolist() == (direct + through).tolist()


def test_shipments_of_the_scheme_are_kept_or_go_on(world: World, flows: pd.DataFrame) -> None:
    scheme = flows[flows.route.str.startswith("hub")]
    by_hub = scheme.groupby(["hub", "year"]).fob_cents.sum()
    for place, hub in enumerate(HUBS):
        shipped = world.scheme.shipped[:, place].sum(axis=(0, 1))
        assert by_hub[hub].reindex(world.settings.years, fill_value=0).tolist() == shipped.tolist()


def test_both_sides_report_every_shipment_but_the_unrecorded(world: World) -> None:
    """By origin on one side, by last known destination on the other."""
    onward = world.scheme.recorded.sum()
    relayed = world.exported.sum() - world.base.sum() - world.scheme.shipped.sum() - onward
    assert relayed > 0, "entrepots add the hidden part once more to exports"
    assert world.imported.sum() - world.base.sum() == relayed + (
        world.scheme.recorded.sum() * 2 + world.scheme.kept.sum() + world.scheme.unrecorded.sum()
    )


def test_unrecorded_goods_show_at_the_exporter_and_nowhere_at_the_hub(world: World) -> None:
    without = build_world(replace(world.settings, scheme="none"))
    kazakhstan, russia = PLACE["KAZ"], PLACE["RUS"]
    said = (world.exported - without.exported)[:, kazakhstan].sum()
    arrived = (world.imported - without.imported)[kazakhstan].sum()
    sent_on = (world.exported - without.exported)[kazakhstan, russia].sum()
    planted = world.scheme
    assert said - arrived == planted.unrecorded[:, 0].sum() > 0
    assert sent_on == planted.recorded[:, 0].sum() > 0


def test_the_scheme_is_in_listed_goods_after_2021_and_grows(world: World) -> None:
    shipped = world.scheme.shipped[:, 0]
    assert shipped[:, ~LISTED].sum() == 0
    by_year = shipped.sum(axis=(0, 1))
    assert by_year[:5].sum() == 0
    assert (np.diff(by_year[5:]) > 0).all()
    assert 0.5 < (world.scheme.intensity[LISTED] > 0).mean() < 1


def test_kazakhstan_is_the_main_hub(world: World) -> None:
    by_hub = world.scheme.shipped.sum(axis=(0, 2, 3))
    assert by_hub[0] > 2 * by_hub[1:].max()
    assert (by_hub[1:] > 0).all()


def test_direct_listed_exports_of_the_coalition_to_russia_collapse(world: World) -> None:
    direct = world.exported[COALITION, PLACE["RUS"]][:, LISTED].sum(axis=(0, 1))
    assert direct[7] < 0.25 * direct[4]


@pytest.mark.parametrize("name", ["none", "mostly_unrecorded", "half"])
def test_schemes_differ_and_leave_ordinary_trade_alone(world: World, name: str) -> None:
    other = build_world(replace(world.settings, scheme=name))
    assert (other.base == world.base).all()
    shipped, usual = other.scheme.shipped.sum(), world.scheme.shipped.sum()
    hidden = other.scheme.unrecorded[:, 0].sum() / max(1, other.scheme.shipped[:, 0].sum())
    if name == "none":
        assert shipped == 0
    if name == "half":
        assert 0.45 < shipped / usual < 0.55
    if name == "mostly_unrecorded":
        assert shipped == usual
        assert hidden > 0.7


def test_parameters_vary_by_seed_and_product(world: World) -> None:
    other = build_world(WorldSettings(seed=8))
    assert (other.scheme.strength != world.scheme.strength).any()
    planted = world.scheme.unrecorded_share[0][world.scheme.intensity > 0]
    assert len(set(planted.tolist())) > 10


def test_carriage_costs_more_from_afar(world: World) -> None:
    margin = world.margins.mean(axis=2)
    kazakhstan = PLACE["KAZ"]
    near, far = margin[PLACE["RUS"], kazakhstan], margin[PLACE["USA"], kazakhstan]
    assert near < 250 < 500 < far < 1_600


def test_a_shorter_world_is_a_part_of_the_longer_one(world: World) -> None:
    """Ordinary trade of a year does not depend on which other years are built."""
    short = build_world(WorldSettings(seed=7, years=range(2017, 2020)))
    assert (short.base == world.base[..., :3]).all()
    assert short.scheme.shipped.sum() == 0


def test_the_truth_goes_to_its_own_files(world: World, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "truth" / "demo.parquet"
    write_truth(world, path)
    flows = pd.read_parquet(path)
    assert {"direct", "entrepot", "hub_recorded", "hub_unrecorded", "hub_kept"} == set(flows.route)
    told = json.loads(path.with_suffix(".json").read_text())
    assert told == scheme_parameters(world)
    assert told["strength"]["KAZ"] > told["strength"]["KGZ"]


def test_every_column_of_the_truth_is_whole_numbers(world: World) -> None:
    arrays = [getattr(world, f.name) for f in fields(world)]
    arrays += [getattr(world.scheme, f.name) for f in fields(world.scheme)]
    kinds = {a.dtype for a in arrays if isinstance(a, np.ndarray)}
    assert kinds == {np.dtype(np.int64)}
