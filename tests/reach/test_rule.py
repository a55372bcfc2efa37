"""The country's rule judged on a small place with a seasonal river, in both seasons."""

import numpy as np
import pytest
from inputs.scene import FRAME, make_scenario, write_layer, write_tif
from shapely.geometry import LineString

from planner import pipeline
from planner.errors import InputFaults

PEOPLE = np.ones((4, 5), np.float32)
# Cells are 1.1 km wide. The river runs down the middle column; a track crosses it in the last row only.
RIVER = LineString([(40.025, -10.0), (40.025, -10.04)])
TRACK = LineString([(40.005, -10.035), (40.045, -10.035)])
FACILITIES = "id,name,lat,lon,tier\nA1,CS Mbale,-10.005,40.005,1\nA2,HD Moya,-10.035,40.005,2\n"


def plan_of(folder, reach, *, river="yes", **sections):
    write_tif(folder / "people.tif", PEOPLE)
    (folder / "facilities.csv").write_text(FACILITIES, encoding="utf-8")
    write_layer(folder / "water.gpkg", [{"waterway": "river", "intermittent": river}], [RIVER])
    write_layer(folder / "roads.gpkg", [{"highway": "track"}], [TRACK])
    scenario = make_scenario(
        folder,
        water={"file": "water.gpkg"}, roads={"file": "roads.gpkg"}, placement={"new_chws": 0}, reach=reach,
        walking={"slope": "none"}, **sections,
    )  # fmt: skip
    return pipeline.make_plan(scenario, folder)


def hard(plan):
    return plan.hard_to_reach.reshape(FRAME.shape)


def test_across_the_water_are_those_whose_way_leads_over_a_river_of_the_wet_season(tmp_path):
    found = hard(plan_of(tmp_path, {"rule": "water"}))
    assert not found[:, :2].any() and found[:, 2:].all()


def test_cut_off_are_those_whose_way_of_the_dry_season_has_no_bridge_in_the_wet_season(tmp_path):
    found = hard(plan_of(tmp_path, {"rule": "cut_off"}))
    assert found[:2, 2:].all() and not found[:, :2].any()
    assert not found[3].any(), "in the last row the way is the track"


def test_the_season_of_the_rule_may_be_another_than_that_of_the_plan(tmp_path):
    far = {"rule": "minutes", "max_minutes": 45.0}
    dry, wet = (hard(plan_of(tmp_path, far, season={"name": name})) for name in ("dry", "wet"))
    assert (dry <= wet).all() and (dry != wet).any()
    assert np.array_equal(hard(plan_of(tmp_path, {**far, "season": "either"})), dry | wet)
    assert np.array_equal(hard(plan_of(tmp_path, {**far, "season": "both"}, season={"name": "wet"})), dry & wet)


def test_a_rule_of_a_higher_tier_counts_its_facilities_alone(tmp_path):
    near = {"rule": "minutes or km or road_km", "max_minutes": 5.0, "max_km": 0.5, "max_road_km": 0.5}
    any_tier, second = (hard(plan_of(tmp_path, {**near, "tier": tier})) for tier in (1, 2))
    assert np.argwhere(~any_tier).tolist() == [[0, 0], [3, 0]]
    assert np.argwhere(~second).tolist() == [[3, 0]]


def test_the_way_along_the_track_is_longer_than_the_straight_line(tmp_path):
    # From the north-east corner by the track: at least 3 rows down and 4 columns west.
    keys = {"rule": "road_km", "max_road_km": 4.7}
    straight = np.hypot(4 * 1.095, 1.106)  # to the nearer facility, from row 1
    assert straight < keys["max_road_km"]
    assert hard(plan_of(tmp_path, keys, river="no"))[1, 4]


def test_villages_are_judged_as_their_centre_is(tmp_path):
    for rule in ("minutes", "km and road_km", "water", "cut_off"):
        reach = {"rule": rule, "max_minutes": 45.0, "max_km": 2.0, "max_road_km": 2.5}
        plan = plan_of(tmp_path, reach, villages={"min_people": 1.0, "widest_metres": 1200.0})
        assert len(plan.villages) == 20
        assert plan.access.hard_to_reach.tolist() == plan.hard_to_reach[plan.villages.cell].tolist()


def test_a_tier_that_no_facility_has_is_a_thing_to_mend(tmp_path):
    with pytest.raises(InputFaults, match="no facility is of this tier or above; the highest is 2"):
        plan_of(tmp_path, {"tier": 3})


def test_numbers_of_a_preset_stand_among_the_assumptions_with_their_sources(tmp_path):
    plan = plan_of(tmp_path, {"preset": "malawi", "max_minutes": 30.0})
    told = {each.key: each for each in plan.assumptions}
    assert (told["reach.max_km"].value, told["reach.max_km"].verified) == (8, True)
    assert told["reach.max_km"].source.startswith("malawi: Zalisk et al. 2019")
    assert told["reach.max_minutes"].source == "set in the scenario"
    assert "reach.max_road_km" not in told, "the rule does not count it"
    assert not [note for note in plan.notes if "preset" in note.where]


def test_a_key_that_overrules_its_preset_is_told(tmp_path):
    plan = plan_of(tmp_path, {"preset": "niger", "max_km": 6.0})
    [note] = [note for note in plan.notes if "preset" in note.where]
    assert "reach.max_km is 6.0, where niger has 5.0" in note.what
    assert not {each.key: each.verified for each in plan_of(tmp_path, {"preset": "niger"}).assumptions}["reach.max_km"]
