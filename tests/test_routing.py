from itertools import pairwise

import numpy as np
import pytest
from hybrid_reference import forward_graph, least_minutes
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import SPEEDS, make_roads, random_roads, road
from shapely.geometry import Point

from lands import make_land
from planner import grid, routing

NORTH = 8_500_000.0
WAITS = {"wait_minutes": 3.0, "alight_minutes": 0.5, "ferry_wait_minutes": 5.0}


def at(x, y):
    """Metres east and south of the north-west corner of `make_land`."""
    return 500_000.0 + x, NORTH - y


def way_between(land, given_roads, start, end):
    """Legs of the quickest way, by the reference."""
    roads = make_roads(*given_roads)
    network = grid.network(land.frame, land, roads, SPEEDS, **WAITS)
    graph = forward_graph(land, network, slope="none")
    minutes, ways = least_minutes(graph, [end])
    nodes = np.array(ways[start], np.int32)
    return routing.legs(network, roads, land, nodes, minutes[nodes]), minutes[start]


def assert_drawn(leg, *points):
    np.testing.assert_allclose(leg.geometry.coords, points, rtol=0, atol=1e-6)


def closed_but(shape, *open_cells, kmh=6.0):
    table = np.zeros(shape)
    for cell in open_cells:
        table[cell] = kmh
    return table


def test_a_way_by_road_is_told_as_walk_wait_ride_and_walk():
    # A plain in the west and one in the east, and a road between them over closed ground.
    kmh = np.zeros((3, 30))
    kmh[:, :5] = kmh[:, 25:] = 6.0
    land = make_land(kmh)
    main = road(at(450, 150), at(1550, 150), highway="primary", name="RN2")
    track = road(at(1550, 150), at(2550, 150))
    way, minutes = way_between(land, [main, track], 31, 58)
    assert [leg.mode for leg in way] == ["walk", "wait", "ride", "walk"]
    assert sum(leg.minutes for leg in way) == pytest.approx(minutes)
    assert [leg.metres for leg in way] == pytest.approx([300, 0, 2100, 300])
    assert [leg.minutes for leg in way] == pytest.approx([3, 3, 1.1 + 10 + 0.5, 3])
    assert way[2].names == ("RN2", "unnamed track")
    assert list(way[0].geometry.coords)[::3] == [at(150, 150), at(450, 150)]
    assert way[1].geometry.coords[0] == at(450, 150)
    assert_drawn(way[2], at(450, 150), at(1550, 150), at(2550, 150))
    assert way[3].geometry.coords[0] == way[2].geometry.coords[-1]
    assert way[3].geometry.coords[-1] == at(2850, 150)
    assert routing.turns(way) == (
        "Walk 300 m east to the road (3 min)",
        "Wait for a vehicle (3 min)",
        "Ride 2.1 km east on RN2 and an unnamed track (12 min)",
        "Walk 300 m east (3 min)",
    )


def test_a_ride_against_the_line_is_drawn_in_the_direction_of_travel():
    land = make_land(closed_but((1, 9), (0, 0), (0, 8)))
    line = road(at(850, 50), at(450, 20), at(50, 50), highway="primary", name="RN2")
    way, _ = way_between(land, [line], 0, 8)
    assert [leg.mode for leg in way] == ["wait", "ride"]
    assert_drawn(way[1], at(50, 50), at(450, 20), at(850, 50))


def test_a_ferry_is_a_leg_of_its_own_with_its_wait():
    land = make_land(closed_but((1, 30), (0, 0), (0, 1), (0, 28), (0, 29)))
    ferry = road(at(150, 50), at(2850, 50), highway="ferry", name="Vedette")
    way, minutes = way_between(land, [ferry], 0, 29)
    assert [leg.mode for leg in way] == ["walk", "ferry", "walk"]
    assert sum(leg.minutes for leg in way) == pytest.approx(minutes)
    assert routing.turns(way) == (
        "Walk 100 m east to the ferry (1 min)",
        "Take the ferry Vedette for 2.7 km east (19 min with the wait)",
        "Walk 100 m east (1 min)",
    )
    way, _ = way_between(land, [{**ferry, "name": ""}], 29, 0)
    assert routing.turns(way)[1] == "Take the ferry for 2.7 km west (19 min with the wait)"


def test_a_ride_that_goes_on_by_ferry_is_told_in_two_legs():
    land = make_land(closed_but((1, 40), (0, 0), (0, 39)))
    main = road(at(50, 50), at(2050, 50), highway="primary", name="RN2")
    way, minutes = way_between(land, [main, road(at(2050, 50), at(3950, 50), highway="ferry")], 0, 39)
    assert [leg.mode for leg in way] == ["wait", "ride", "ferry"]
    assert sum(leg.minutes for leg in way) == pytest.approx(minutes)


def test_a_walk_and_no_way_at_all_are_told_too():
    land = make_land(np.full((3, 3), 6.0))
    way, _ = way_between(land, [], 0, 8)
    assert routing.turns(way) == ("Walk 280 m south-east (3 min)",)
    assert way_between(land, [], 4, 4)[0] == ()
    nothing = grid.network(land.frame, land, make_roads(), SPEEDS, **WAITS)
    assert routing.legs(nothing, make_roads(), land, np.empty(0, np.int32), np.empty(0)) == ()


@pytest.mark.parametrize("k", range(8))
def test_the_eight_directions_have_their_names(k):
    land = make_land(np.full((9, 9), 6.0))
    moves = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    row, col = 4 + 3 * moves[k][0], 4 + 3 * moves[k][1]
    way, _ = way_between(land, [], 40, row * 9 + col)
    assert f" {routing.COMPASS[k]} (" in routing.turns(way)[0]


def test_a_way_over_two_nodes_in_one_cell_is_drawn_along_the_road():
    land = make_land(closed_but((3, 5), (1, 0), (0, 2)))
    main = road(at(50, 150), at(210, 150), at(280, 150), at(450, 150), highway="primary", name="Main")
    first = road(at(210, 150), at(210, 290), highway="primary", name="First")
    second = road(at(280, 150), at(280, 50), highway="primary", name="Second")
    way, _ = way_between(land, [main, first, second], 5, 2)
    ride = way[-1]
    assert ride.names == ("Main", "Second")
    assert_drawn(ride, at(50, 150), at(210, 150), at(280, 150), at(280, 50))


def test_a_short_stretch_between_two_of_one_road_is_not_named():
    land = make_land(closed_but((1, 50), (0, 0), (0, 49)))
    xs, names = [50, 2000, 2090, 4950], ["RN2", "", "RN2"]
    parts = [
        road(at(a, 50), at(b, 50), highway="primary", name=name)
        for (a, b), name in zip(pairwise(xs), names, strict=True)
    ]
    way, _ = way_between(land, parts, 0, 49)
    assert way[-1].names == ("RN2",) and way[-1].metres == pytest.approx(4900)


def test_a_ride_that_is_not_in_the_network_is_refused():
    land = make_land(np.full((1, 3), 6.0))
    roads = make_roads(road(at(50, 50), at(250, 50), oneway=1))
    network = grid.network(land.frame, land, roads, SPEEDS, **WAITS)
    with pytest.raises(ValueError, match="no ride leads from vertex 2 to vertex 1"):
        routing.legs(network, roads, land, np.array([2, 5, 4, 1], np.int32), np.arange(4.0))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), geographic=st.booleans())
def test_legs_hang_together_and_add_up_on_any_roads(seed, geographic):
    rng = np.random.default_rng(seed)
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": -13.0} if geographic else {}
    land = make_land(rng.choice([0.0, 1.0, 2.0], (7, 7), p=[0.2, 0.4, 0.4]), **place)
    frame = land.frame
    given_roads = random_roads(rng, frame, 4)
    roads = make_roads(*given_roads)
    waits = {**WAITS, "wait_minutes": 0.1}
    network = grid.network(frame, land, roads, SPEEDS, **waits)
    graph = forward_graph(land, network, slope="none")
    open_cells = np.flatnonzero(np.isfinite(land.pace))
    end, *starts = rng.choice(open_cells, 4, replace=False).tolist()
    minutes, ways = least_minutes(graph, [end])
    for start in starts:
        if start not in ways:
            continue
        chain = np.array(ways[start], np.int32)
        way = routing.legs(network, roads, land, chain, minutes[chain])
        assert len(routing.turns(way)) == len(way)
        assert sum(leg.minutes for leg in way) == pytest.approx(minutes[start])
        for before, after in pairwise(way):
            gap = Point(before.geometry.coords[-1]).distance(Point(after.geometry.coords[0]))
            changing = before.mode != "walk" and after.mode != "walk"  # from one vehicle to another, within a cell
            assert gap <= (1.5 if changing else 1e-6) * frame.dx
        for leg in way:
            if leg.mode in ("ride", "ferry"):
                used = [each["geometry"] for each in given_roads]
                assert all(lies_on_roads(frame, point, used) for point in leg.geometry.coords)


def lies_on_roads(frame, point, lines):
    return min(line.distance(Point(point)) for line in lines) < 1e-6 * frame.dx
