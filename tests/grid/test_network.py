from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import SPEEDS, make_roads, road
from shapely.ops import substring

from lands import make_land
from planner import grid

OPEN = np.full((5, 5), 5.0)
NORTH = 8_500_000.0


def at(x, y):
    """Metres east and south of the north-west corner of `make_land`."""
    return 500_000.0 + x, NORTH - y


def network_on(land, *given, **minutes):
    waits = {"wait_minutes": 15.0, "alight_minutes": 1.0, "ferry_wait_minutes": 30.0, **minutes}
    return grid.network(land.frame, land, make_roads(*given), SPEEDS, **waits)


def rides(network):
    """Cells from and to of each ride: its minutes."""
    origin = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    pairs = zip(network.cell[origin].tolist(), network.cell[network.indices].tolist(), strict=True)
    return dict(zip(pairs, network.minutes.tolist(), strict=True))


def test_a_road_is_ridden_from_its_end_over_the_middle_of_each_cell_to_its_other_end():
    network = network_on(make_land(OPEN), road(at(10, 50), at(290, 50)))
    assert network.cell.tolist() == [0, 1, 2]
    assert network.x.tolist() == pytest.approx([500_010, 500_150, 500_290])
    assert network.y.tolist() == pytest.approx([NORTH - 50] * 3)
    # 6 km/h are 100 m a minute
    assert rides(network) == pytest.approx({(0, 1): 1.4, (1, 0): 1.4, (1, 2): 1.4, (2, 1): 1.4})
    assert network.metres.tolist() == pytest.approx([140] * 4)
    assert network.start.tolist() == pytest.approx([0, 0.5, 0.5, 1])
    assert network.end.tolist() == pytest.approx([0.5, 0, 1, 0.5])
    assert network.board.tolist() == [15] * 3 and network.alight.tolist() == [1] * 3


@pytest.mark.parametrize(("oneway", "pairs"), [(1, {(0, 1), (1, 2)}), (-1, {(1, 0), (2, 1)})])
def test_a_one_way_road_is_ridden_in_its_direction_only(oneway, pairs):
    network = network_on(make_land(OPEN), road(at(10, 50), at(290, 50), oneway=oneway))
    assert set(rides(network)) == pairs


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({}, 6),
        ({"surface": "gravel"}, 3),
        ({"surface": "moon dust"}, 6),
        ({"surface": "gravel", "smoothness": "bad"}, 1.5),
        ({"tracktype": "grade5"}, 1.2),
        ({"highway": "primary", "smoothness": "bad"}, 30),
        ({"highway": "primary", "max_kmh": 40.0}, 40),
        ({"highway": "primary", "max_kmh": 40.0, "smoothness": "bad"}, 30),
        ({"closed_in": "wet", "ford": True}, 6),
    ],
)
def test_the_speed_is_that_of_the_class_times_the_factors_of_the_tags(tags, kmh):
    network = network_on(make_land(OPEN), road(at(50, 50), at(150, 50), **tags))
    assert network.minutes.tolist() == pytest.approx([0.1 * 60 / kmh] * 2)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "steps"}, {"highway": "footway"}, {"smoothness": "impassable"}, {"motor": False},
        {"closed_in": "dry"},
    ],
)  # fmt: skip
def test_a_road_that_no_vehicle_can_use_is_not_ridden(tags):
    network = network_on(make_land(OPEN), road(at(50, 50), at(150, 50), **tags))
    assert len(network.indices) == 0 and not np.isfinite(network.board).any()


@pytest.mark.parametrize(
    ("tags", "ridden"), [({"closed_in": "wet"}, 0), ({"ford": True}, 0), ({"closed_in": "dry"}, 2), ({}, 2)]
)
def test_seasonal_roads_and_fords_are_not_ridden_in_the_wet_season(tags, ridden):
    land, roads = make_land(OPEN), make_roads(road(at(50, 50), at(150, 50), **tags))
    waits = {"wait_minutes": 15.0, "alight_minutes": 1.0, "ferry_wait_minutes": 30.0}
    network = grid.network(land.frame, land, roads, replace(SPEEDS, season="wet"), **waits)
    assert len(network.indices) == ridden


def test_a_road_that_ends_where_it_begins_is_ridden_round_and_leads_on():
    loop = road(at(50, 50), at(250, 50), at(250, 250), at(50, 250), at(50, 50))
    network = network_on(make_land(OPEN), loop, road(at(50, 50), at(50, 450)))
    there = rides(network)
    assert {(0, 1), (1, 0), (0, 5), (5, 0), (10, 15), (15, 20)} <= set(there)
    assert all(np.isfinite(minutes) for minutes in there.values())


def test_people_get_on_and_off_at_the_same_places_when_a_ford_is_closed():
    given = [road(at(10, 50), at(130, 50), at(290, 50)), road(at(130, 50), at(130, 250), ford=True)]
    roads, land = make_roads(*given), make_land(OPEN)
    waits = {"wait_minutes": 15.0, "alight_minutes": 1.0, "ferry_wait_minutes": 30.0}
    dry, wet = (grid.network(land.frame, land, roads, replace(SPEEDS, season=name), **waits) for name in ("dry", "wet"))
    assert np.array_equal(dry.cell, wet.cell) and np.array_equal(dry.x, wet.x) and np.array_equal(dry.y, wet.y)
    assert np.isfinite(wet.board).tolist() == [True, True, True, False, False]
    assert set(rides(wet)) == set(rides(dry)) - {(1, 6), (6, 1), (6, 11), (11, 6)}


def test_no_roads_make_an_empty_network():
    assert len(network_on(make_land(OPEN))) == 0


def test_roads_meet_at_the_node_they_share():
    land = make_land(OPEN)
    main = road(at(50, 250), at(210, 250), at(450, 250))
    side = road(at(210, 50), at(210, 250))
    network = network_on(land, main, side)
    found = rides(network)
    assert found[10, 11] == pytest.approx(1.0) and found[11, 12] == pytest.approx(0.6)
    assert found[12, 13] == pytest.approx(1.4)
    assert found[7, 12] == pytest.approx(1.0)
    junction = network.cell.tolist().index(12)
    assert (network.x[junction], network.y[junction]) == at(210, 250)


def test_two_nodes_in_one_cell_are_two_vertices():
    main = road(at(50, 250), at(210, 250), at(280, 250), at(450, 250))
    sides = [road(at(x, 50), at(x, 250)) for x in (280, 210)]
    network = network_on(make_land(OPEN), main, *sides)
    found = rides(network)
    assert found[11, 12] == pytest.approx(0.6) and found[12, 12] == pytest.approx(0.7)
    assert network.cell.tolist() == [2, 2, 7, 7, 10, 11, 12, 12, 13, 14]


def test_roads_that_cross_without_a_node_are_not_joined():
    network = network_on(make_land(OPEN), road(at(50, 250), at(450, 250)), road(at(250, 50), at(250, 450)))
    assert network.cell.tolist().count(12) == 2
    assert (7, 11) not in rides(network) and len(network.indices) == 16


def test_a_hairpin_is_ridden_to_its_end():
    network = network_on(make_land(OPEN), road(at(10, 50), at(490, 50), at(490, 60), at(10, 60)))
    assert network.metres.sum() == pytest.approx(2 * 970)
    assert network.cell.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_the_fastest_of_parallel_rides_is_kept():
    slow = road(at(50, 50), at(150, 50))
    fast = road(at(50, 50), at(95, 60), at(150, 50), highway="primary")
    network = network_on(make_land(OPEN), slow, fast, slow)
    assert network.road.tolist() == [1, 1]
    assert network.minutes.tolist() == pytest.approx([0.102] * 2, rel=1e-2)


def test_nobody_gets_on_or_off_on_a_bridge_or_where_the_ground_is_closed():
    kmh = OPEN.copy()
    kmh[:, 2:4] = 0
    kmh[2, 2] = 5  # a road that is walked too; the one beyond is for vehicles only
    way = np.zeros((5, 5))
    way[2] = [1, 1, 2, 0, 1]
    network = network_on(make_land(kmh, way=way), road(at(50, 250), at(450, 250)))
    assert network.board.tolist() == [15, 15, np.inf, np.inf, 15]
    assert network.alight.tolist() == [1, 1, np.inf, np.inf, 1]
    assert len(network.indices) == 8


def test_a_road_that_leaves_the_grid_and_comes_back_is_ridden_outside_too():
    network = network_on(make_land(OPEN), road(at(50, 50), at(50, -200), at(450, -200), at(450, 50)))
    assert network.cell.tolist() == [0, 4]
    # In each cell the road stops at its end.
    assert network.metres.tolist() == pytest.approx([900] * 2)


def test_a_road_inside_one_cell_is_ridden_too():
    network = network_on(make_land(OPEN), road(at(10, 50), at(40, 50)))
    assert network.cell.tolist() == [0, 0] and network.metres.tolist() == pytest.approx([30] * 2)


SEA = OPEN.copy()
SEA[:, 1:4] = 0


def test_a_ferry_is_waited_for_at_each_landing_and_not_boarded_at_sea():
    network = network_on(make_land(SEA), road(at(50, 250), at(450, 250), highway="ferry"))
    assert network.cell.tolist() == [10, 14]
    # 400 m at 12 km/h and the wait; nobody waits for another vehicle where there is no road
    assert rides(network) == pytest.approx({(10, 14): 32.0, (14, 10): 32.0})
    assert network.board.tolist() == [0, 0] and network.alight.tolist() == [1, 1]


def test_a_ferry_mapped_in_pieces_is_waited_for_once_and_not_boarded_where_they_meet():
    pieces = [road(at(50, 250), at(250, 250), highway="ferry"), road(at(250, 250), at(450, 250), highway="ferry")]
    network = network_on(make_land(SEA), *pieces)
    found = rides(network)
    assert found == pytest.approx({(10, 12): 31.0, (12, 14): 1.0, (14, 12): 31.0, (12, 10): 1.0})
    assert network.board.tolist() == [0, np.inf, 0]


def test_a_ferry_that_passes_a_road_is_not_boarded_from_it():
    ferry = road(at(50, 250), at(450, 250), highway="ferry")
    network = network_on(make_land(OPEN), ferry, road(at(250, 50), at(250, 240), highway="primary"))
    assert 12 in network.cell
    assert rides(network)[10, 14] == pytest.approx(32.0)
    assert (12, 14) not in rides(network)


def test_a_ferry_takes_people_from_a_pier_and_vehicles_from_its_road():
    kmh = SEA.copy()
    kmh[2, 1] = 5
    way = np.zeros((5, 5))
    way[2, :2] = [1, 2]
    pier = road(at(50, 250), at(150, 250))
    network = network_on(make_land(kmh, way=way), pier, road(at(150, 250), at(450, 250), highway="ferry"))
    assert network.cell.tolist() == [10, 11, 14]
    assert network.board.tolist() == [15, 15, 0]
    assert rides(network)[11, 14] == pytest.approx(31.5)
    assert rides(network)[10, 11] == pytest.approx(1.0)


PLACES = {
    "UTM": {"crs": "EPSG:32736", "cell": 100.0, "west": 500_000.0, "north": NORTH},
    "degrees": {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": -13.0},
}


LANDS = {name: make_land(OPEN, **place) for name, place in PLACES.items()}


def length_of(frame, line):
    if frame.geographic:
        return frame.geod.geometry_length(line)
    return line.length


def line_on(frame, points):
    """A line through points given in cells from the north-west corner."""
    return shapely.LineString([(frame.west + x * frame.dx, frame.north - y * frame.dy) for x, y in points])


inside = st.floats(0, 5, allow_nan=False).map(lambda value: min(round(value, 2), 4.99))
anywhere = st.one_of(inside, st.floats(-2, 7).map(lambda value: round(value, 2)))


@pytest.mark.parametrize("place", list(LANDS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_metre_of_a_road_is_ridden(place, data):
    land = LANDS[place]
    points = data.draw(st.lists(st.tuples(inside, inside), min_size=2, max_size=8, unique=True))
    line = line_on(land.frame, points)
    network = network_on(land, {"geometry": line, "highway": "track", "oneway": 1})
    assert network.metres.sum() == pytest.approx(length_of(land.frame, line), rel=1e-6, abs=1e-4)
    order = np.lexsort((network.end, network.start))  # a ride of no length at a corner comes first
    assert network.start[order[0]] == 0 and network.end[order[-1]] == 1
    for before, after in pairwise(order):
        assert network.end[before] == pytest.approx(network.start[after], abs=1e-12)


@pytest.mark.parametrize("place", list(LANDS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_each_ride_is_a_part_of_its_road_between_the_cells_of_its_ends(place, data):
    land = LANDS[place]
    frame = land.frame
    points = st.lists(st.tuples(anywhere, anywhere), min_size=2, max_size=6, unique=True)
    lines = [line_on(frame, data.draw(points)) for _ in range(data.draw(st.integers(1, 4)))]
    directions = [data.draw(st.sampled_from([-1, 0, 1])) for _ in lines]
    given_roads = [
        {"geometry": line, "highway": "track", "oneway": way} for line, way in zip(lines, directions, strict=True)
    ]
    network = network_on(land, *given_roads)
    assert (np.diff(network.cell) >= 0).all()
    crossed = np.unique(grid.burn.line_cells(frame, make_roads(*given_roads).geometry)[0])
    assert np.unique(network.cell).tolist() == crossed.tolist()
    origin = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    assert len(set(zip(origin.tolist(), network.indices.tolist(), strict=True))) == len(origin)
    assert (np.lexsort((network.indices, origin)) == np.arange(len(origin))).all()
    for i in range(len(origin)):
        line, start, end = lines[network.road[i]], network.start[i], network.end[i]
        assert np.sign(end - start) * directions[network.road[i]] >= 0
        part = substring(line, min(start, end), max(start, end), normalized=True)
        metres = 0.0 if part.geom_type == "Point" else length_of(frame, part)
        assert network.metres[i] == pytest.approx(metres, rel=1e-5, abs=1e-3)
        assert network.minutes[i] == pytest.approx(network.metres[i] / 100, rel=1e-5)
        for where, vertex in ((start, origin[i]), (end, network.indices[i])):
            point = line.interpolate(where, normalized=True)
            row, col = divmod(int(network.cell[vertex]), frame.nx)
            cell = line_on(frame, [(col, row), (col + 1, row + 1)]).envelope
            assert cell.distance(point) < 1e-6 * frame.dx
