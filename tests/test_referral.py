"""Referral of a small district, recomputed from a graph of its own, and by hand where a facility is closed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import shapely
from faults import scene
from hybrid_reference import forward_graph, least_minutes

from planner import pipeline, referral, scenario_file
from planner.outputs import referral_rows
from planner.pipeline import referring
from planner.pipeline.going import going
from planner.pipeline.ground import ground
from planner.pipeline.steps import Steps

BIKE = "by motorbike taxi"


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """The small district of the fault corpus, with a motorbike taxi and an ambulance."""
    folder = tmp_path_factory.mktemp("district")
    made = scene.make(folder)
    made.scenario["travellers"] = {
        BIKE: {"ride": "motorbike", "wait_minutes": 5.0},
        "by ambulance": {"ride": "car", "wait_minutes": 0.0},
    }
    made.scenario["referral"] = {"travellers": ["on foot", BIKE], "ambulance": "by ambulance"}
    made.write_scenario()
    asked = scenario_file.load(folder / "scenario.toml")
    base = ground(asked, folder, Steps())
    return pipeline.make_plan(asked, folder), base


def graph_of(base, asked, name):
    by = going(name, base.land, base.found, base.numbers, asked)
    return by, forward_graph(by.land, by.network)


@pytest.mark.parametrize("name", ["on foot", BIKE])
def test_each_chain_is_what_a_search_of_its_own_finds(district, name):
    plan, base = district
    _, graph = graph_of(base, plan.scenario, name)
    tiers, cell = plan.facilities.tier, plan.facility_cell
    to_any, _ = least_minutes(graph, cell)
    to_hospital, _ = least_minutes(graph, cell[tiers == 2])
    first, hospital = (each for each in plan.referrals if each.traveller == name)
    np.testing.assert_allclose(first.minutes, to_any[plan.posts.cell], rtol=2e-6, atol=1e-5)
    np.testing.assert_allclose(hospital.minutes, to_hospital[plan.posts.cell], rtol=2e-6, atol=1e-5)
    table = referral_rows.chains(plan)
    table = table[table["traveller"] == name]
    for row, facility in zip(table.itertuples(), first.facility, strict=True):
        further = 0.0 if tiers[facility] == 2 else to_hospital[cell[facility]]
        assert row.chain_minutes == pytest.approx(row.minutes + further, rel=2e-6, abs=1e-5)


@pytest.mark.parametrize("name", ["on foot", BIKE])
def test_each_way_is_drawn_from_where_it_begins_to_where_it_ends(district, name):
    plan, _ = district
    onward = next(each for each in plan.onward if each.traveller == name)
    starts = [((plan.posts.x, plan.posts.y), each) for each in plan.referrals if each.traveller == name]
    for (x, y), ways in [*starts, ((plan.facilities.x, plan.facilities.y), onward)]:
        for start, (facility, line) in enumerate(zip(ways.facility, ways.line, strict=True)):
            if line is not None:
                ends = shapely.get_coordinates(line)[[0, -1]]
                assert ends[0] == pytest.approx((x[start], y[start]), abs=1e-9)
                assert ends[1] == pytest.approx((plan.facilities.x[facility], plan.facilities.y[facility]), abs=1e-9)


def test_where_the_first_facility_is_closed_the_next_best_is_what_a_search_without_it_finds(district):
    plan, base = district
    _, graph = graph_of(base, plan.scenario, "on foot")
    for each in plan.referrals[:2]:
        serves = plan.facilities.tier >= each.tier
        for post, facility in enumerate(each.facility):
            open_ = [cell for k, cell in enumerate(plan.facility_cell) if serves[k] and k != facility]
            if not open_:
                assert (each.second[post], each.second_minutes[post]) == (-1, np.inf)
                continue
            minutes, _ = least_minutes(graph, open_)
            assert each.second_minutes[post] == pytest.approx(minutes[plan.posts.cell[post]], rel=2e-6)
            assert each.second[post] != facility and serves[each.second[post]]


def test_an_ambulance_comes_from_the_soonest_hospital_and_goes_back_to_the_nearest(district):
    plan, base = district
    _, graph = graph_of(base, plan.scenario, "by ambulance")
    for called in plan.ambulances:
        cells = plan.facility_cell[plan.facilities.tier >= called.tier]
        out, _ = least_minutes(graph, cells, towards=False)
        back, _ = least_minutes(graph, cells)
        np.testing.assert_allclose(called.out_minutes, out[plan.posts.cell], rtol=2e-6, atol=1e-5)
        np.testing.assert_allclose(called.back_minutes, back[plan.posts.cell], rtol=2e-6, atol=1e-5)


def test_the_other_season_is_what_a_plan_for_that_season_finds(district, tmp_path):
    plan, _ = district
    made = scene.make(tmp_path)
    made.scenario["season"] = {"name": "wet"}
    made.scenario["referral"] = {"travellers": ["on foot"]}
    made.write_scenario()
    wet = pipeline.make_plan(scenario_file.load(tmp_path / "scenario.toml"), tmp_path)
    assert wet.posts.cell.tolist() == plan.posts.cell.tolist()
    for dry, own in zip(plan.referrals, wet.referrals, strict=False):
        np.testing.assert_array_equal(dry.other_minutes, own.minutes)
        np.testing.assert_array_equal(dry.other_facility, own.facility)
        np.testing.assert_array_equal(own.other_minutes, dry.minutes)
        assert (dry.other_minutes > dry.minutes).any()
    np.testing.assert_array_equal(plan.supervision.other_minutes, wet.supervision.minutes)


def test_facilities_of_the_highest_tier_refer_to_nobody(district):
    plan, _ = district
    for each in plan.onward:
        assert (each.facility[plan.facilities.tier == 2] == -1).all()
        assert (each.facility[plan.facilities.tier == 1] == 3).all()


def test_all_referrals_that_are_sent_are_received_or_have_nowhere_to_go():
    dice = np.random.default_rng(7)
    first, sent = dice.integers(-1, 5, 100).astype(np.int32), dice.random(100)
    received, nowhere = referral.received(first, sent, 5)
    assert received.sum() + nowhere == pytest.approx(sent.sum())
    assert received[2] == pytest.approx(sent[first == 2].sum())


def test_villages_on_the_way_are_named_but_not_those_at_its_ends(district):
    plan, base = district
    by, _ = graph_of(base, plan.scenario, "on foot")
    dowa, lobi = plan.villages.name.index("Dowa"), plan.villages.name.index("Lobi")
    towards_dowa = by.search.nearest(plan.villages.cell[[dowa]])
    [way] = by.legs(towards_dowa, plan.villages.cell[[plan.villages.name.index("Mbale")]])
    assert lobi in plan.villages.of_cell[by.land.frame.cell_of(*shapely.get_coordinates(way[0].geometry).T)]
    [words] = [referring._in_words(way, by, plan.villages)]
    assert "through Lobi" in words
    assert "Dowa" not in words and "Mbale" not in words


def test_a_round_is_drawn_from_the_facility_past_its_posts_and_back(district):
    plan, _ = district
    frame = plan.land.frame
    for trip in plan.rounds.trips:
        if trip.line is None:
            continue
        cells = frame.cell_of(*shapely.get_coordinates(trip.line).T)
        home = plan.facility_cell[trip.facility]
        assert cells[0] == cells[-1] == home
        at = [int(np.flatnonzero(cells == plan.posts.cell[post])[0]) for post in trip.posts]
        assert at == sorted(at)
        x, y = shapely.get_coordinates(trip.line).T
        assert frame.metres_on_grid(x[:-1], y[:-1], x[1:], y[1:]).sum() == pytest.approx(trip.metres, rel=1e-3)


def test_of_facilities_equally_near_the_one_with_the_first_id_counts_whatever_the_order_of_the_rows(tmp_path):
    told = []
    for turn in (1, -1):
        folder = tmp_path / str(turn)
        folder.mkdir()
        made = scene.make(folder)
        rows = made.rows("facilities.csv")
        lon, lat = scene.at(*scene.CENTRES["Lobi"])
        for row, own, away in ((rows[0], "B", -3), (rows[1], "A", 3)):
            row |= {"code": own, "latitude": lat, "longitude": round(lon + away * scene.STEP, 5)}
        made.write_rows("facilities.csv", rows[::turn])
        made.write_scenario()
        asked = scenario_file.load(folder / "scenario.toml")
        base = ground(asked, folder, Steps())
        by = going("on foot", replace(base.land, elevation=None), base.found, base.numbers, asked)
        nearest = by.search.nearest(base.facility_cell).nearest[base.settled.cell]
        names = [base.found.facilities.id[k] for k in nearest]
        told.append(dict(zip(base.settled.name, names, strict=True)))
    assert told[0] == told[1]
    assert told[0]["Lobi"] == "A"


def test_a_post_without_a_way_has_a_row_that_says_why(tmp_path):
    made = scene.make(tmp_path)
    made.write_rows("facilities.csv", [row for row in made.rows("facilities.csv") if row["name"] != "CS Mponela"])
    roads = (tmp_path / "roads.osm").read_text(encoding="utf-8")
    (tmp_path / "roads.osm").write_text(re.sub(r'<way id="10[02]".*?</way>', "", roads), encoding="utf-8")
    made.write_scenario()
    plan = pipeline.make_plan(scenario_file.load(tmp_path / "scenario.toml"), tmp_path)
    table = referral_rows.referrals(plan)
    lost = table[table["facility_id"] == ""]
    assert set(lost["village"]) == {"Chipunga", "Mponela"}
    assert set(lost["way"]) == {referral.NO_WAY}
    assert (table["way"] != "").sum() + (table["minutes"] == 0).sum() == len(table)
    told = [note for note in plan.notes if note.where == "referral"]
    assert [(note.level, note.count) for note in told] == [("warning", 2), ("warning", 2)]
