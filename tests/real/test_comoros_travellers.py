"""A whole country by motorbike taxi and on foot, in both seasons: times that must be so, and ways that lie on roads."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from planner import grid, inputs, pipeline, routing, scenario_file, travel
from planner.scenario import ON_FOOT, Reach, Season, Traveller

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

RIDER = "by motorbike taxi"
PEOPLE = 869_595.0284086764  # the raster's own float64 sum
METRE = 1 / 111_320  # in degrees, about


def scenario_for(traveller, season):
    asked = scenario_file.load(HERE / "comoros.toml")
    return asked.model_copy(
        update={
            "travellers": {ON_FOOT: Traveller(), RIDER: Traveller(ride="motorbike", wait_minutes=15.0)},
            "reach": Reach(traveller=traveller),
            "season": Season(name=season),
        }
    )


@pytest.fixture(scope="module")
def plans():
    asked = [(traveller, season) for traveller in (ON_FOOT, RIDER) for season in ("dry", "wet")]
    return {key: pipeline.make_plan(scenario_for(*key), HERE) for key in asked}


@pytest.mark.parametrize("season", ["dry", "wet"])
def test_who_may_ride_is_never_slower_than_on_foot(plans, season):
    for times in ("to_facility", "with_chws"):
        on_foot = getattr(plans[ON_FOOT, season], times).minutes
        riding = getattr(plans[RIDER, season], times).minutes
        assert (riding <= on_foot + 1e-4).all()
        assert (riding < on_foot - 1).sum() > 10_000


@pytest.mark.parametrize("traveller", [ON_FOOT, RIDER])
def test_nobody_is_faster_in_the_wet_season(plans, traveller):
    dry, wet = (plans[traveller, season].to_facility.minutes for season in ("dry", "wet"))
    assert (wet >= dry - 1e-4).all()
    assert (wet > dry + 1).sum() > 10_000


def test_every_person_is_in_one_line_of_the_balance_of_every_plan(plans):
    for plan in plans.values():
        assert plan.balance.people.sum() == pytest.approx(PEOPLE, rel=1e-9)
        assert plan.coverage.area_people.sum() == pytest.approx(PEOPLE, rel=1e-9)


@pytest.mark.parametrize("season", ["dry", "wet"])
def test_more_people_are_within_reach_of_a_facility_with_a_ride(plans, season):
    on_foot, riding = (plans[traveller, season].coverage.people[0].sum(axis=0) for traveller in (ON_FOOT, RIDER))
    assert (riding >= on_foot - 1e-6).all()
    assert riding[1] > on_foot[1]


@pytest.fixture(scope="module")
def ways():
    """The way in legs from every listed village to the nearest facility of each tier, and the roads."""
    asked = scenario_for(RIDER, "dry")
    found = inputs.read(asked, HERE)
    numbers = inputs.read_numbers(asked, HERE, found.layers, found.roads)
    land, _ = grid.land_of(found, numbers.walking, asked)
    network = grid.network_of(land, found, numbers.rides[RIDER], asked.travellers[RIDER])
    facilities = grid.reached_at(land, found.facilities, "facilities", asked.walking.snap_metres).cell
    villages = grid.reached_at(land, found.villages, "villages", asked.walking.snap_metres).cell
    villages = villages[villages >= 0]
    legs = []
    for tier in sorted(set(found.facilities.tier.tolist())):
        times = travel.Search(land, asked.walking, network=network).nearest(facilities[found.facilities.tier >= tier])
        offsets, nodes = travel.results.ways(times, villages)
        minutes = np.concatenate([times.minutes, times.vertex_minutes])
        for village, (first, last) in zip(villages, pairwise(offsets.tolist()), strict=True):
            chain = nodes[first:last]
            legs.append((times.minutes[village], routing.legs(network, found.roads, land, chain, minutes[chain])))
    return legs, found.roads, land


def test_every_ride_lies_on_roads(ways):
    legs, roads, land = ways
    assert land.frame.geographic
    rides = [leg.geometry for _, way in legs for leg in way if leg.mode in ("ride", "ferry")]
    assert len(rides) > 300
    assert away_from_roads(roads, rides).max() < 1e-6
    assert away_from_roads(roads, shapely.segmentize(rides, 10 * METRE)).max() < 2 * METRE


def away_from_roads(roads, lines):
    """Degrees from each vertex of lines to the nearest road."""
    points = shapely.points(np.unique(shapely.get_coordinates(lines), axis=0))
    _, away = shapely.STRtree(roads.geometry).query_nearest(points, return_distance=True, all_matches=False)
    return away


def test_the_legs_of_every_way_take_its_time_together(ways):
    legs, _, _ = ways
    for minutes, way in legs:
        if np.isfinite(minutes):
            assert sum(leg.minutes for leg in way) == pytest.approx(minutes, abs=1e-2)


@pytest.mark.parametrize("season", ["dry", "wet"])
def test_islands_are_joined_by_ferries_only(plans, season):
    crossed = {ON_FOOT: 0, RIDER: 0}
    for traveller in crossed:
        plan = plans[traveller, season]
        for referral in plan.referrals:
            post = np.flatnonzero(referral.facility >= 0)
            there = plan.land.area[plan.facility_cell[referral.facility[post]]]
            by_sea = post[there != plan.land.area[plan.posts.cell[post]]]
            assert all("Take the ferry" in referral.words[k] for k in by_sea)
            crossed[traveller] += len(by_sea)
    assert crossed[ON_FOOT] == 0
    assert crossed[RIDER] > 0  # to the one hospital of the highest tier


@pytest.mark.parametrize("season", ["dry", "wet"])
def test_referral_lines_of_riders_begin_at_the_post_and_end_at_the_facility(plans, season):
    plan = plans[RIDER, season]
    ridden = 0
    for referral in plan.referrals:
        for post, line in enumerate(referral.line):
            if line is None:
                continue
            facility = referral.facility[post]
            assert line.coords[0] == (plan.posts.x[post], plan.posts.y[post])
            assert line.coords[-1] == (plan.facilities.x[facility], plan.facilities.y[facility])
            ridden += "Ride " in referral.words[post]
    assert ridden > 10
