"""Why villages are hard to reach, and what a bridge changes: by hand, and against a graph with the bridge in it."""

from __future__ import annotations

import numpy as np
import pytest
from inputs.scene import make_scenario, write_layer, write_tif
from roads import SPEEDS, make_roads
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString

from lands import all_steps, make_land
from planner import grid, pipeline, travel
from planner.pipeline import why
from planner.pipeline.going import going
from planner.pipeline.ground import ground
from planner.pipeline.seasons import season_of
from planner.pipeline.steps import Steps
from planner.scenario import Walking
from planner.types.frame import Frame
from planner.types.inputs import Inputs

WAITS = {"wait_minutes": 0.0, "alight_minutes": 0.0, "ferry_wait_minutes": 0.0}
# 12 x 20 cells of about 100 m; a river runs down column 10, with a road over it in the last row only.
FRAME = Frame("EPSG:4326", west=40.0, north=-10.0, dx=0.001, dy=0.001, ny=12, nx=20)


def at(row, col):
    return FRAME.west + (col + 0.5) * FRAME.dx, FRAME.north - (row + 0.5) * FRAME.dy


RIVER = LineString([at(-1, 10), at(12, 10)])
ROAD = LineString([at(11, 0), at(11, 19)])


@pytest.fixture
def scene(tmp_path):
    """The scenario of a small place: the only facility stands in the west, and people live everywhere."""
    people = np.random.default_rng(3).uniform(0, 9, FRAME.shape).astype(np.float32)
    write_tif(tmp_path / "people.tif", people, frame=FRAME)
    lon, lat = at(1, 8)
    (tmp_path / "facilities.csv").write_text(f"id,name,lat,lon,tier\nA,CS Mbale,{lat},{lon},1\n", encoding="utf-8")
    write_layer(tmp_path / "water.gpkg", [{"waterway": "river", "name": "Lwafi"}], [RIVER])
    write_layer(tmp_path / "roads.gpkg", [{"highway": "track"}], [ROAD])
    scenario = make_scenario(
        tmp_path,
        water={"file": "water.gpkg"}, roads={"file": "roads.gpkg"}, placement={"new_chws": 0, "min_people": 1.0},
        villages={"min_people": 1.0, "widest_metres": 100.0}, walking={"slope": "none"},
        reach={"rule": "minutes", "max_minutes": 12.0, "bridges_apart_km": 0.3, "thresholds": (12.0, 60.0)},
    )  # fmt: skip
    return scenario, tmp_path


def found_in(water):
    return Inputs(None, None, water, np.empty(0, object), None, None, None, None, (), ())


def test_rivers_and_inlets_can_be_bridged_lakes_and_the_sea_cannot():
    kmh = np.full((9, 12), 5.0)
    kmh[:, 2] = 0  # a river, one cell wide
    kmh[:, 9:] = 0  # the sea
    kmh[4, 6:9] = 0  # an inlet
    kmh[2:5, 4:7] = 0  # a lake
    land = make_land(kmh)
    opened, cells = grid.bridged(land, found_in(None), 200.0)
    marked = cells.reshape(kmh.shape)
    assert marked[:, 2].all() and not marked[:, 9:].any() and not marked[2:5, 4:7].any()
    assert np.isfinite(opened.pace[cells]).all()
    assert np.array_equal(opened.pace[~cells], land.pace[~cells])
    assert not grid.bridged(land, found_in(None), 1.0)[1].reshape(kmh.shape)[2:5, 4:7].any()


def test_a_cell_of_water_is_crossed_at_the_pace_of_its_bank():
    land = make_land([[1.0, 0.0, 0.0, 5.0]])
    opened, _ = grid.bridged(land, found_in(None), 300.0)
    assert 0.06 / opened.pace == pytest.approx([1, 1, 5, 5], rel=1e-5)


def test_crossings_are_where_ways_leave_one_bank_and_reach_the_other():
    kmh = np.full((3, 7), 5.0)
    kmh[:, 3] = 0
    land = make_land(kmh)
    opened, water = grid.bridged(land, found_in(None), 100.0)
    network = grid.network(land.frame, land, make_roads(), SPEEDS, **WAITS)
    time = travel.time_to_nearest(opened, np.array([7], np.int32), Walking(slope="none", neighbours=8))
    people = np.arange(21, dtype=float)
    found = travel.crossings.crossings(opened, network, time, water, people)
    assert set(found.start % 7) == {4} and set(found.end % 7) <= {2}
    east = np.arange(21) % 7 >= 4
    assert found.flow.sum() == pytest.approx(people[east].sum()), "everybody in the east crosses once"
    assert found.minutes == pytest.approx(time.minutes[found.start] - time.minutes[found.end])


def test_of_crossings_near_each_other_one_is_chosen_and_long_ones_none():
    land = make_land(np.full((4, 40), 5.0))
    start = np.array([2, 5, 30, 20, 12])
    found = travel.crossings.Crossings(
        start, start + np.array([80, 80, 80, 80 + 15, 80]), np.ones(5, np.float32), np.array([5.0, 9, 4, 99, 8])
    )
    # Squares of 10 cells: 2 and 5 share one; 12 lies in the square beside theirs; that from 20 leads 1.5 km away.
    assert travel.crossings.best_of_each_place(found, land, 300.0, 1000.0, 9).tolist() == [1, 2]
    assert travel.crossings.best_of_each_place(found, land, 300.0, 1000.0, 1).tolist() == [1]


def hours_with_bridge(land, facility, start, end, minutes_over):
    """Minutes to the facility from an explicit graph with the bridge in it, both ways."""
    steps = all_steps(land, 16, "none")
    rows, cols, cost = (np.concatenate([each, extra]) for each, extra in
                        zip(steps, ([start, end], [end, start], [minutes_over] * 2), strict=True))  # fmt: skip
    graph = csr_array((cost, (rows, cols)), shape=(land.frame.n, land.frame.n))
    return dijkstra(graph.T, indices=facility)


def test_what_a_bridge_saves_is_what_a_graph_with_that_bridge_says(scene):
    scenario, folder = scene
    base = ground(scenario, folder, Steps())
    own = season_of(base, going("on foot", base.land, base.found, base.numbers, scenario), scenario)
    there = why.opened(own, scenario)
    found = why.bridges(own, there, scenario)
    assert len(found) >= 2 and set(found.water) == {"Lwafi"}
    assert (np.diff(found.hours) <= 0).all()
    people, minutes = base.land.people, own.to_facility.minutes
    crossed = travel.crossings.crossings(there.land, own.going.network, there.time, there.water, people)
    middle = np.mean([FRAME.centre_of(crossed.start), FRAME.centre_of(crossed.end)], axis=0)
    for k in range(len(found)):
        [pair] = np.flatnonzero(np.hypot(middle[0] - found.x[k], middle[1] - found.y[k]) < 1e-9)[:1]
        after = hours_with_bridge(
            base.land, base.facility_cell[0], crossed.start[pair], crossed.end[pair], float(crossed.minutes[pair])
        )
        reached = np.isfinite(minutes)  # all but those in the river itself
        saved, living = minutes[reached] - after[reached], people[reached]
        assert found.hours[k] == pytest.approx((living * saved).sum() / 60, rel=1e-3)
        assert found.newly[k] == pytest.approx(people[(minutes > 12) & (after <= 12)].sum(), rel=1e-3)
        assert found.people[k] == pytest.approx(living[saved > 1e-3].sum(), rel=0.01)


def test_parts_of_a_way_add_up_and_a_bridge_never_makes_it_longer(scene):
    plan = pipeline.make_plan(*scene)
    told = plan.why
    assert len(told) == plan.access.hard_to_reach.sum() > 20
    there = np.isfinite(told.minutes)
    assert not there.all(), "people in the river itself have no way"
    parts = told.ground + told.path + told.road + told.ride + told.wait + told.hills
    assert np.array_equal(np.isnan(parts), ~there)
    assert parts[there] == pytest.approx(told.minutes[there], rel=1e-5)
    assert told.hills[there] == pytest.approx(0, abs=1e-3) and told.wait[there] == pytest.approx(0, abs=1e-3)
    assert (told.path[there] > 1).any() and told.road[there] == pytest.approx(0)
    assert (told.bridged <= told.minutes + 1e-3).all() and (told.bridged[there] < told.minutes[there] / 2).any()
    straight = plan.access.km[told.village][there]
    assert (told.km[there] >= straight - 0.2).all(), "no way is shorter than the straight line, but for the cells"


def test_a_chw_would_reach_the_people_within_her_minutes_who_have_none(scene):
    scenario, folder = scene
    lon, lat = at(3, 16)
    (folder / "chws.csv").write_text(f"id,village,lat,lon\nC1,Mbale,{lat},{lon}\n", encoding="utf-8")
    near = {"placement": {"max_minutes": 6.0}, "chws": {"file": "chws.csv"}}
    sections = {name: getattr(scenario, name).model_copy(update=keys) for name, keys in near.items()}
    plan = pipeline.make_plan(scenario.model_copy(update=sections), folder)

    def within_reach_of(cell):
        time = travel.time_to_nearest(plan.land, np.array([cell], np.int32), scenario.walking)
        return plan.hard_to_reach & (time.minutes <= 6)

    without = ~within_reach_of(plan.posts.cell[0])
    asked = np.flatnonzero(np.isfinite(plan.why.chw_people))
    assert len(asked) > 100
    expected = [
        plan.land.people[within_reach_of(plan.villages.cell[village]) & without].sum()
        for village in plan.why.village[asked]
    ]
    assert plan.why.chw_people[asked] == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert min(expected) == 0 < max(expected)


def test_without_bridges_nothing_is_said_of_them(scene):
    scenario, folder = scene
    none = scenario.model_copy(update={"reach": scenario.reach.model_copy(update={"bridge_metres": 0.0})})
    plan = pipeline.make_plan(none, folder)
    assert len(plan.bridges) == 0
    assert plan.why.bridged == pytest.approx(plan.why.minutes)
