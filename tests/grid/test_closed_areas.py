"""Areas that are closed in a season: nobody rides through them either. And roads burned into the cells."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from grid.test_grid import FRAME, make_inputs, objects, roads, water
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner import grid
from planner.scenario import Traveller
from planner.types.inputs import RideSpeeds, WalkingSpeeds

ROAD = shapely.LineString([(0, 250), (500, 250)])
FLOOD = shapely.box(220, 240, 280, 260)  # in the middle cell
MOTO = RideSpeeds({"track": 20.0}, {}, {}, {})


def pairs_ridden(no_go):
    inputs = make_inputs(roads=roads(ROAD), no_go=no_go)
    speeds = WalkingSpeeds({}, {}, {"track": 5.0}, {}, open_kmh=5.0)
    land, _ = grid.lay(inputs, speeds, (), seasonal_water=False, fill_metres=0, edge_metres=0)
    network = grid.network_of(land, inputs, MOTO, Traveller(ride="motorbike"))
    origin = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    ridden = zip(network.cell[origin].tolist(), network.cell[network.indices].tolist(), strict=True)
    return set(ridden), network


def test_a_flooded_road_is_ridden_up_to_the_water_on_both_sides():
    both_ways = {(10, 11), (11, 10), (11, 12), (12, 11), (12, 13), (13, 12), (13, 14), (14, 13)}
    dry, _ = pairs_ridden([])
    wet, network = pairs_ridden([FLOOD])
    assert dry == both_ways
    assert wet == {(10, 11), (11, 10), (13, 14), (14, 13)}
    assert np.isinf(network.board[network.cell == 12]).all()
    assert len(network.minutes) == len(network.road) == len(network.start) == 4


def test_an_area_closed_beside_the_road_changes_no_ride():
    assert grid.no_go_cells(FRAME, objects(shapely.box(210, 10, 220, 20))).tolist() == [22]
    assert pairs_ridden([shapely.box(210, 10, 220, 20)])[0] == pairs_ridden([])[0]


def walked(inputs):
    speeds = WalkingSpeeds({}, {}, {"path": 5.0}, {}, open_kmh=5.0)
    return grid.lay(inputs, speeds, ("river",), seasonal_water=False, fill_metres=0, edge_metres=0)[0]


def burned(no_go=(), **more):
    """The land as a driver meets it, and what is ridden beside its cells."""
    inputs = make_inputs(no_go=no_go, **more)
    land = walked(inputs)
    driver = replace(MOTO, roads={"track": 20.0, "ferry": 5.0}), Traveller(ride="motorbike", roads="burned")
    ridden = grid.ridden_land(land, inputs, *driver)
    return land, ridden, grid.network_of(ridden, inputs, *driver)


def test_a_burned_road_is_driven_at_its_speed_over_water_as_a_bridge_and_not_through_a_closed_area():
    river = water(shapely.LineString([(150, 0), (150, 500)]))
    land, ridden, network = burned([FLOOD], roads=roads(ROAD), water=river)
    assert np.flatnonzero(ridden.driven).tolist() == [10, 11, 13, 14]
    np.testing.assert_allclose(ridden.pace[ridden.driven], 0.003, rtol=1e-6)
    assert (land.way == 0).all()  # nobody walks on a track here
    assert ridden.way.reshape(5, 5)[2].tolist() == [1, 2, 0, 1, 1]
    assert np.isinf(ridden.pace[[1, 12]]).all()
    others = np.setdiff1d(np.arange(25), [10, 11, 13, 14])
    np.testing.assert_array_equal(ridden.pace[others], land.pace[others])
    assert len(network) == 0


def test_a_ferry_is_not_burned_in_but_boarded():
    crossing = shapely.LineString([(50, 250), (450, 250)])
    _, ridden, network = burned(roads=roads(crossing, highway="ferry"))
    assert not ridden.driven.any()
    assert network.cell.tolist() == [10, 14] and network.board.tolist() == [0, 0]
    assert network.minutes.tolist() == pytest.approx([60 + 4.8] * 2)


def test_a_road_that_is_slower_than_walking_is_walked():
    slow = replace(MOTO, roads={"track": 4.0}), Traveller(ride="motorbike", roads="burned")
    inputs = make_inputs(roads=roads(ROAD))
    land, _ = grid.lay(
        inputs, WalkingSpeeds({}, {}, {}, {}, 5.0), (), seasonal_water=False, fill_metres=0, edge_metres=0
    )
    assert not grid.ridden_land(land, inputs, *slow).driven.any()


def test_who_walks_or_rides_along_the_roads_meets_the_land_as_it_is():
    inputs = make_inputs(roads=roads(ROAD))
    land, _ = grid.lay(
        inputs, WalkingSpeeds({}, {}, {}, {}, 5.0), (), seasonal_water=False, fill_metres=0, edge_metres=0
    )
    assert grid.ridden_land(land, inputs, None, Traveller()) is land
    assert grid.ridden_land(land, inputs, MOTO, Traveller(ride="motorbike")) is land


RIVER = shapely.LineString([(250, 0), (250, 500)])
BANKS = shapely.LineString([(0, 250), (230, 250)]), shapely.LineString([(270, 250), (500, 250)])
FORD = shapely.LineString([(230, 250), (270, 250)])


def over_the_river(**of_ford):
    """A road over a river, in three pieces: the one in the water has tags of its own."""
    given = roads(BANKS[0], FORD, BANKS[1])
    tags = {name: np.array([False, True, False]) for name in of_ford}
    return make_inputs(roads=replace(given, **tags), water=water(RIVER))


@pytest.mark.parametrize(
    ("tags", "wet", "crossed"),
    [
        ({"ford": True}, False, True),
        ({"ford": True}, True, False),
        ({"ford": True, "bridge": True}, True, True),
        ({}, True, True),
    ],
)
@pytest.mark.parametrize("ways", ["graph", "burned"])
def test_a_ford_is_crossed_in_the_dry_season_only_on_foot_and_by_vehicle(tags, wet, crossed, ways):
    inputs = over_the_river(**tags)
    speeds = WalkingSpeeds({}, {}, {"track": 5.0}, {}, open_kmh=5.0)
    land = grid.lay(inputs, speeds, ("river",), seasonal_water=wet, fill_metres=0, edge_metres=0)[0]
    assert np.isfinite(land.pace[12]) == crossed
    driver = replace(MOTO, season="wet" if wet else "dry"), Traveller(ride="motorbike", roads=ways)
    ridden = grid.ridden_land(land, inputs, *driver)
    assert np.isfinite(ridden.pace[12]) == crossed


def test_vehicles_stop_at_a_ford_in_the_wet_season():
    inputs = over_the_river(ford=True)
    speeds = WalkingSpeeds({}, {}, {"track": 5.0}, {}, open_kmh=5.0)
    land = grid.lay(inputs, speeds, ("river",), seasonal_water=True, fill_metres=0, edge_metres=0)[0]
    reached = {}
    for season in ("dry", "wet"):
        network = grid.network_of(land, inputs, replace(MOTO, season=season), Traveller(ride="motorbike"))
        reached[season] = connected_components(csr_array((network.minutes + 1, network.indices, network.indptr)))[0]
    assert reached == {"dry": 1, "wet": 2}
