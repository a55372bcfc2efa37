"""Areas that are closed in a season: nobody rides through them either."""

import numpy as np
import shapely
from grid.test_grid import FRAME, make_inputs, objects, roads

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
