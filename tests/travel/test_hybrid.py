from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hybrid_reference import forward_graph, least_minutes
from roads import CYCLIST, SPEEDS, make_roads, random_roads

from lands import make_land
from planner import grid, routing, travel
from planner.scenario import Walking

both_ways = pytest.mark.parametrize("towards", [True, False])


def random_case(seed):
    """A small land with closed ground, bridges and hills, roads and ferries on it, and facilities."""
    rng = np.random.default_rng(seed)
    ny, nx = (int(k) for k in rng.integers(5, 13, 2))
    kmh = rng.choice([0.0, 0.5, 1.0, 3.0], (ny, nx), p=[0.3, 0.25, 0.25, 0.2])
    way = np.where(rng.random((ny, nx)) < 0.25, 1, 0)
    way = np.where((way == 1) & (kmh == 0), 2, way)
    kmh = np.where(way == 2, 4.0, kmh)
    elevation = rng.normal(500, 30, (ny, nx)) if rng.random() < 0.7 else None
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": -13.0 - seed % 50} if seed % 2 else {}
    land = make_land(kmh, elevation=elevation, way=way, **place)
    roads = make_roads(*random_roads(rng, land.frame, int(rng.integers(1, 7))))
    waits = {"wait_minutes": float(rng.choice([0.0, 1.0, 15.0])), "alight_minutes": float(rng.choice([0.0, 0.5]))}
    speeds = replace(SPEEDS, bicycle=CYCLIST) if seed % 3 == 0 else SPEEDS
    network = grid.network(land.frame, land, roads, speeds, elevation=land.elevation, **waits, ferry_wait_minutes=3.0)
    open_cells = np.flatnonzero(np.isfinite(land.pace))
    sources = rng.choice(open_cells, min(2, len(open_cells)), replace=False).astype(np.int32)
    slope = str(rng.choice(["none", "tobler", "irmischer_clarke"]))
    return land, roads, network, sources, Walking(neighbours=int(rng.choice([8, 16, 32])), slope=slope)


@cache
def solved(towards):
    """A hundred cases with their forward graphs, and the answer of the search."""
    cases = []
    for seed in range(100):
        land, roads, network, sources, walking = random_case(seed)
        graph = forward_graph(land, network, neighbours=walking.neighbours, slope=walking.slope)
        time = travel.time_to_nearest(land, sources, walking, network=network, towards=towards)
        cases.append((land, roads, network, sources, graph, time))
    return cases


def node_minutes(time):
    return np.concatenate([time.minutes, time.vertex_minutes])


@both_ways
def test_times_over_cells_and_roads_equal_dijkstra_on_a_forward_graph(towards):
    for seed, (*_, sources, graph, time) in enumerate(solved(towards)):
        exact, _ = least_minutes(graph, sources, towards=towards)
        found = node_minutes(time)
        np.testing.assert_array_equal(np.isfinite(found), np.isfinite(exact), err_msg=f"land {seed}")
        np.testing.assert_allclose(found, exact, rtol=1e-5, err_msg=f"land {seed}")


@both_ways
def test_every_way_back_takes_as_long_as_it_says_and_its_legs_add_up(towards):
    ridden = 0
    for land, roads, network, sources, graph, time in solved(towards):
        minutes = node_minutes(time).astype(float)
        for start in np.flatnonzero(np.isfinite(time.minutes)).tolist():
            chain = [start]
            while time.back[chain[-1]] >= 0:
                chain.append(int(time.back[chain[-1]]))
                assert len(chain) <= len(graph), "the way goes in a circle"
            assert chain[-1] == sources[time.nearest[start]]
            way = chain if towards else chain[::-1]
            spent = sum(graph.edges[step]["weight"] for step in pairwise(way))
            assert spent == pytest.approx(minutes[start], rel=1e-5)
            if max(way) >= land.frame.n:
                ridden += 1
                nodes = np.array(way, np.int32)
                told = routing.legs(network, roads, land, nodes, minutes[nodes])
                assert sum(leg.minutes for leg in told) == pytest.approx(minutes[start], rel=1e-5)
    assert ridden > 1000


@both_ways
def test_the_order_puts_every_node_after_the_next_one_on_its_way(towards):
    for *_, time in solved(towards):
        position = np.full(len(time.back), -1)
        position[time.order] = np.arange(len(time.order))
        going_on = time.order[time.back[time.order] >= 0]
        assert (position[time.back[going_on]] < position[going_on]).all()
