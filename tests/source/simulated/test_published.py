"""What reporters print: sums that hold, silence, and a ledger of every planted row."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.source.simulated.breakdown import BY_MODE, BY_PROCEDURE
from assets.source.simulated.codes import LEVELS, OUTSIDE, WORLD
from assets.source.simulated.countries import COUNTRIES, PLACE
from assets.source.simulated.published import Published
from assets.source.simulated.recorded import recorded
from assets.source.simulated.rows import KINDS, NULL, Rows, sum_by, with_partner
from assets.source.simulated.withheld import incomplete, silent
from assets.source.simulated.world import World

CELL = ["year", "flow", "reporter", "partner", "product"]
LINE = [*CELL, "customs", "mode"]


@pytest.fixture(scope="session")
def clean(published: Published) -> Rows:
    return published.rows.take(published.rows.kind == 0)


def test_world_row_is_the_sum_of_all_partners_hidden_ones_included(
    world: World, published: Published, clean: Rows
) -> None:
    books = recorded(world)
    books = books.take(~silent(world.settings, books))
    books = books.take(~incomplete(world.settings, books))
    sums = sum_by(with_partner(books.key, WORLD), books)
    shown = clean.take((clean.partner == WORLD) & (LEVELS[clean.code] == 6))
    order = np.argsort(shown.key)
    assert (shown.key[order] == sums.key).all()
    assert (shown.value[order] == sums.value).all()


def test_world_row_is_never_less_than_the_partners_shown(frame: pd.DataFrame) -> None:
    rows = frame[(frame.kind == "clean")]
    world = rows[rows.partner == 0].set_index(["year", "flow", "reporter", "product"])
    shown = rows[rows.partner != 0].groupby(["year", "flow", "reporter", "product"])
    difference = world.value_cents - shown.value_cents.sum()
    assert (difference.dropna() >= 0).all()
    assert (difference.dropna() > 0).any(), "partners outside the sample are in World only"


def test_parents_are_the_sum_of_children_and_suppressed_cells(
    published: Published, clean: Rows
) -> None:
    leaves = clean.take(LEVELS[clean.code] == 6)
    totals = clean.take(clean.code == 0)
    by_cell = pd.Series(leaves.value).groupby(leaves.key >> 9).sum()
    parent = pd.Series(totals.value, index=totals.key >> 9)
    short = parent[(parent - by_cell.reindex(parent.index, fill_value=0)) > 0]
    hidden = np.unique(published.absent["suppressed"] >> 9)
    assert sorted(short.index) == hidden.tolist()
    assert len(hidden) > 100


@pytest.mark.parametrize("way", ["mode", "customs"])
def test_breakdown_rows_sum_to_their_total(frame: pd.DataFrame, way: str) -> None:
    rows = frame[frame.kind == "breakdown"]
    rows = rows[rows["mode"] != 0] if way == "mode" else rows[rows.customs != "C00"]
    parts = rows.groupby(CELL)[["value_cents", "weight_grams"]].sum(min_count=1)
    total = frame[frame.kind == "clean"].set_index(CELL).loc[parts.index]
    assert (parts.value_cents == total.value_cents).all()
    known = total.weight_grams.notna()
    assert (parts.weight_grams[known] == total.weight_grams[known]).all()
    who = BY_MODE if way == "mode" else BY_PROCEDURE
    assert set(rows.reporter) <= {COUNTRIES[i].code for i in who}


def test_the_ledger_counts_every_planted_row(published: Published, frame: pd.DataFrame) -> None:
    counted = {kind: len(keys) for kind, keys in published.defects.items()}
    assert counted == frame[frame.kind != "clean"].kind.astype(str).value_counts().to_dict()
    assert set(counted) == set(KINDS) - {"clean"}
    assert all(count >= 5 for count in counted.values())


def test_clean_rows_have_unique_keys_and_good_values(frame: pd.DataFrame) -> None:
    clean = frame[frame.kind == "clean"]
    assert not clean.duplicated(LINE).any()
    assert (clean.value_cents > 0).all()
    assert (clean.customs == "C00").all()
    assert (clean["mode"] == 0).all()
    assert (clean.reporter != clean.partner).all()


def test_no_defect_but_a_duplicate_shares_the_key_of_a_clean_row(frame: pd.DataFrame) -> None:
    clean = pd.MultiIndex.from_frame(frame.loc[frame.kind == "clean", LINE])
    rest = frame[~frame.kind.isin(["clean", "duplicate"])]
    assert not pd.MultiIndex.from_frame(rest[LINE]).isin(clean).any()
    copies = frame[frame.kind == "duplicate"]
    assert pd.MultiIndex.from_frame(copies[LINE]).isin(clean).all()


def test_each_defect_is_what_its_name_says(frame: pd.DataFrame) -> None:
    by = {str(kind): rows for kind, rows in frame.groupby("kind")}
    assert (by["unknown_reporter"].reporter == 9999).all()
    assert (by["unknown_partner"].partner == 9998).all()
    assert (by["group_partner"].partner == 97).all()
    assert (by["self_trade"].reporter == by["self_trade"].partner).all()
    assert (by["negative_value"].value_cents < 0).all()
    assert by["null_value"].value_cents.isna().all()
    assert (~by["wrong_digits"]["product"].str.fullmatch(r"\d{6}")).all()
    misfiled = by["not_in_vintage"]
    assert set(misfiled[misfiled.year < 2022]["product"]) == {"880622"}
    assert set(misfiled[misfiled.year >= 2022]["product"]) == {"854140"}
    assert set(by["subflow"].flow) == {"RX", "RM", "FM"}


def test_subflows_are_part_of_the_flow_that_holds_them(frame: pd.DataFrame) -> None:
    part = frame[frame.kind == "subflow"].copy()
    part["flow"] = part.flow.map({"RX": "X", "RM": "M", "FM": "M"})
    whole = frame[frame.kind == "clean"].set_index(CELL)
    parent = whole.loc[pd.MultiIndex.from_frame(part[CELL])]
    assert (part.value_cents.to_numpy() <= parent.value_cents.to_numpy()).all()


def test_vintages_change_in_2022(frame: pd.DataFrame) -> None:
    clean = frame[(frame.kind == "clean")]
    early, late = (set(clean[when]["product"]) for when in (clean.year < 2022, clean.year > 2021))
    former = {"854140", "852580", "851712", "854890", "880330"}
    drones = {code for code in late if code.startswith("8806")}
    assert former <= early
    assert not former & late
    assert len(drones) > 10
    assert not drones & early


def test_russia_is_silent_after_2021(frame: pd.DataFrame) -> None:
    russia = frame[frame.reporter == 643]
    assert sorted(set(russia.year)) == [2017, 2018, 2019, 2020, 2021]


def test_other_reporters_can_be_silent_too(world: World) -> None:
    settings = replace(world.settings, silent=(("ARE", 2019),))
    books = recorded(world)
    heard = books.key[~silent(settings, books)]
    years = {
        iso: set(2000 + (heard[heard >> 16 & 127 == PLACE[iso]] >> 26)) for iso in ("ARE", "RUS")
    }
    assert years == {"ARE": {2017, 2018}, "RUS": set(range(2017, 2025))}


def test_kazakhstan_is_incomplete_in_the_chosen_years_only(
    published: Published, frame: pd.DataFrame
) -> None:
    mine = frame[(frame.reporter == 398) & (frame.kind == "clean")]
    totals = mine[(mine.partner == 0) & (mine["product"] == "TOTAL")]
    printed = totals.set_index(["flow", "year"]).value_cents
    office = {(f, y): cents for _, f, y, cents in published.office_totals}
    ratio = {at: int(printed[at]) / cents for at, cents in office.items()}
    short = {at for at, share in ratio.items() if share < 0.9}
    assert short == {("M", 2020), ("M", 2021), ("M", 2022)}
    assert all(share == 1 for at, share in ratio.items() if at not in short)
    assert not mine[mine.year.isin([2020, 2021, 2022])].reported.any()
    assert mine[mine.year == 2023].reported.any()


def test_cells_missing_in_kazakhstan_are_listed(published: Published, frame: pd.DataFrame) -> None:
    listed = {key[:5] for key in published.withheld["incomplete"]}
    assert len(listed) > 100
    mine = frame[(frame.reporter == 398) & (frame.flow == "M") & (frame.kind == "clean")]
    names = ["reporter", "partner", "flow", "product", "year"]
    shown = set(mine[names].itertuples(index=False, name=None))
    assert not shown & listed


def test_weights_are_missing_zero_and_estimated_here_and_there(published: Published) -> None:
    leaves = published.rows.take(LEVELS[published.rows.code] == 6)
    assert 0.02 < (leaves.weight == 0).mean() < 0.06
    assert 0.01 < (leaves.weight == NULL).mean() < 0.05
    assert set(leaves.estimation.tolist()) == {0, 2, 4, 6}


def test_some_trade_is_with_areas_nes_and_none_outside_is_printed(frame: pd.DataFrame) -> None:
    assert (frame.partner == 899).any()
    assert not (frame.partner == -1).any()
    assert OUTSIDE > WORLD


def test_noise_can_be_raised_after_2021(world: World) -> None:
    louder = replace(world, settings=replace(world.settings, noise_after_2021=3.0))
    loud, calm = recorded(louder), recorded(world)
    early = calm.key < (2022 - 2000) << 26
    assert (loud.key[loud.key < (2022 - 2000) << 26] == calm.key[early]).all()
    assert (loud.value[loud.key < (2022 - 2000) << 26] == calm.value[early]).all()
    assert loud.value.sum() != calm.value.sum()
