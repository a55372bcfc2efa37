"""A whole country by motorbike taxi and on foot, in both seasons: times that must be so, and ways that lie on roads.

Times and ways are those at 100 m. Whole plans are made at 200 m, where each takes a third of the time: the plan of
test_comoros is one at 100 m.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from planner import grid, pipeline, routing, scenario_file, travel
from planner.pipeline.going import going
from planner.pipeline.ground import ground
from planner.pipeline.steps import Steps
from planner.scenario import ON_FOOT, Reach, Season, Traveller

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

RIDER = "by motorbike taxi"
PEOPLE = 869_595.0284086764  # the raster's own float64 sum
METRE = 1 / 111_320  # in degrees, about
CELL = 2  # of plans, in cells of the raster


def scenario_for(traveller, season, cell=1):
    asked = scenario_file.load(HERE / "comoros.toml")
    return asked.model_copy(
        update={
            "population": asked.population.model_copy(update={"cell": cell}),
            "travellers": {ON_FOOT: Traveller(), RIDER: Traveller(ride="motorbike", wait_minutes=15.0)},
            "reach": Reach(traveller=traveller),
            "season": Season(name=season),
        }
    )


@pytest.fixture(scope="module")
def plans():
    asked = [(traveller, season) for traveller in (ON_FOOT, RIDER) for season in ("dry", "wet")]
    return {key: pipeline.make_plan(scenario_for(*key, CELL), HERE) for key in asked}


@pytest.fixture(scope="module")
def grounds():
    """The country in each season at 100 m, which is the same for all travellers."""
    return {season: ground(scenario_for(ON_FOOT, season), HERE, Steps()) for season in ("dry", "wet")}


@pytest.fixture(scope="module")
def minutes(grounds):
    """To the nearest facility at 100 m, by traveller and season."""
    return {
        (traveller, season): going(traveller, base.land, base.found, base.numbers, scenario_for(traveller, season))
        .search.nearest(base.facility_cell)
        .minutes
        for traveller in (ON_FOOT, RIDER)
        for season, base in grounds.items()
    }


@pytest.mark.parametrize("season", ["dry", "wet"])
def test_who_may_ride_is_never_slower_than_on_foot(plans, minutes, season):
    today = [plans[traveller, season].with_chws.minutes for traveller in (ON_FOOT, RIDER)]
    to_facility = [minutes[traveller, season] for traveller in (ON_FOOT, RIDER)]
    for (on_foot, riding), cells in ((to_facility, 1), (today, CELL**2)):
        assert (riding <= on_foot + 1e-4).all()
        assert (riding < on_foot - 1).sum() * cells > 10_000


@pytest.mark.parametrize("traveller", [ON_FOOT, RIDER])
def test_nobody_is_faster_in_the_wet_season(plans, minutes, traveller):
    dry, wet = (minutes[traveller, season] for season in ("dry", "wet"))
    assert (wet >= dry - 1e-4).all()
    assert (wet > dry + 1).sum() > 10_000
    # At 200 m a post moves to another cell in the wet season, and is nearer to some.
    dry, wet = (plans[traveller, season].to_facility.minutes for season in ("dry", "wet"))
    assert (wet > dry + 1).sum() * CELL**2 > 10_000


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
def ways(grounds):
    """The way in legs from every listed village to the nearest facility of each tier, and the roads."""
    asked, base = scenario_for(RIDER, "dry"), grounds["dry"]
    found, land, facilities = base.found, base.land, base.facility_cell
    network = grid.network_of(land, found, base.numbers.rides[RIDER], asked.travellers[RIDER])
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
    at = np.unique(shapely.get_coordinates(lines).view(complex))  # by pairs it would take five times as long
    points = shapely.points(at.real, at.imag)
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
