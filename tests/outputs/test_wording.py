"""How the plan's traveller goes, in words, wherever the plan is told."""

from dataclasses import replace

import pytest

from outputs.test_map import data_of
from outputs.tiny import tiny_plan, tiny_scenario
from planner.outputs import panel, wording
from planner.outputs.map import map_html
from planner.outputs.report import report_html
from planner.scenario import ON_FOOT, Friction, Reach, Scenario, Season, Traveller
from planner.types.results import Plan

RIDER = "by <motorbike> taxi"


def asked(traveller: str, season: str) -> Scenario:
    return tiny_scenario().model_copy(
        update={
            "travellers": {ON_FOOT: Traveller(), RIDER: Traveller(ride="motorbike", wait_minutes=15.0)},
            "reach": Reach(traveller=traveller),
            "season": Season(name=season),
        }
    )


def rider_plan() -> Plan:
    plan = replace(tiny_plan(), scenario=asked(RIDER, "wet"))
    way = "Walk 900 m north to the road (11 min); Wait for a vehicle (15 min); Ride 9.0 km east on <b>M5</b> (12 min)"
    referrals = tuple(replace(referral, words=(way,) * len(plan.posts), traveller=RIDER) for referral in plan.referrals)
    return replace(plan, referrals=referrals, onward=tuple(replace(each, traveller=RIDER) for each in plan.onward))


@pytest.mark.parametrize(
    ("traveller", "season", "text"),
    [
        (ON_FOOT, "dry", "within 60 min on foot of care"),
        (ON_FOOT, "wet", "within 60 min on foot of care (wet season)"),
        (RIDER, "dry", f"within 60 min of care ({RIDER})"),
        (RIDER, "wet", f"within 60 min of care ({RIDER}, wet season)"),
    ],
)
def test_nearness_is_told_with_the_traveller_and_the_wet_season(traveller, season, text):
    assert wording.within(asked(traveller, season), 60.0, "care") == text


def test_the_message_and_the_rule_name_the_traveller():
    plan = rider_plan()
    assert panel.message(plan).startswith(
        f"64 % of under-fives live within 60 min of care today ({RIDER}, wet season)."
    )
    line = f"over 60 min {RIDER} or over 5 km in a straight line from the nearest facility"
    assert wording.rule(plan.scenario.reach) == line
    assert line in panel.note(plan)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"rule": "minutes", "max_minutes": 45.0}, "over 45 min on foot from the nearest facility"),
        ({"rule": "both"}, "over 60 min on foot and over 5 km in a straight line from the nearest facility"),
        (
            {"rule": "road_km and (water or cut_off)", "tier": 2},
            "over 5 km along the way and (across water or by a way that closes in the wet season) from the nearest "
            "facility of tier 2 or above",
        ),
        (
            {"rule": "km", "max_km": 2.5, "season": "either"},
            "over 2.5 km in a straight line from the nearest facility, in the dry or in the wet season",
        ),
    ],
)
def test_the_rule_of_the_country_in_words(keys, text):
    assert wording.rule(Reach(**keys)) == text


def test_the_method_says_how_a_rider_goes():
    said = wording.method(asked(RIDER, "dry"))
    assert "15 min for a vehicle, 60 min for a ferry" in said
    assert "in the dry season" in said
    assert "no transport: on foot, in the wet season" in wording.method(asked(ON_FOOT, "wet"))


def test_the_method_says_when_a_bicycle_feels_the_slope():
    bicycle = {RIDER: Traveller(ride="bicycle", slope="bicycle_power")}
    scenario = asked(RIDER, "dry").model_copy(update={"travellers": bicycle})
    assert '(speeds: "bicycle", slower uphill and faster downhill, by the power of a cyclist)' in wording.method(
        scenario
    )
    assert "Martin JC" in report_html(replace(tiny_plan(), scenario=scenario))
    assert "Martin JC" not in report_html(rider_plan())


def test_the_method_says_what_burned_roads_and_a_friction_surface_are():
    car = {RIDER: Traveller(ride="car", roads="burned")}
    burned = asked(RIDER, "dry").model_copy(update={"travellers": car})
    said = wording.method(burned)
    assert 'cells with a road are driven without a wait, both ways and as on the flat (speeds: "car")' in said
    assert "on foot" not in said
    surface = asked(ON_FOOT, "dry").model_copy(update={"friction": Friction(file="map.tif")})
    assert wording.method(surface) == (
        "Travel time is the least time over the cells of the population raster, at the times of map.tif (a friction "
        "surface: the same in all directions), on foot, with no waiting, in the dry season."
    )


@pytest.mark.parametrize("page", [map_html, report_html])
def test_nothing_is_on_foot_where_people_ride_but_the_walk_to_a_new_chw(page):
    calm, ridden = page(tiny_plan()), page(rider_plan())
    assert "on foot" in calm.lower()
    told = ridden
    for walk in (
        "minutes on foot of a CHW", "another CHW within 30 min on foot",
        "on foot to a road", "on foot from the road", "sooner on foot", "{minutes} min on foot of a CHW",
    ):  # fmt: skip
        told = told.replace(walk, "")
    assert "on foot" not in told.lower()
    assert "<motorbike>" not in ridden
    assert "&lt;motorbike&gt;" in ridden


def test_the_report_tells_ways_leg_by_leg():
    assert "on &lt;b&gt;M5&lt;/b&gt; (12 min)" in report_html(rider_plan())


def test_the_popup_of_a_post_tells_the_way_to_each_tier():
    page = map_html(rider_plan())
    (posts,) = [layer for layer in data_of(page)["layers"] if layer["key"] == "proposed"]
    for feature in posts["features"]:
        values = dict(zip(posts["labels"], feature["v"], strict=True))
        (one, *_, way), (two, *_, other_way) = (values[f"Referral, tier {tier} or above"] for tier in (1, 2))
        assert [step[0] for step in way] == [
            "Walk {distance}{heading}{through}{aim} ({time})", "Wait for a vehicle ({time})",
            "Ride {distance}{heading} on {roads} ({time})",
        ]  # fmt: skip
        assert way[2][1]["roads"] == "<b>M5</b>"
        assert bool(other_way) == (one != two)  # one way to one facility is told once
    assert "<b>M5" not in page
