"""What the quickest ways are made of, against walking each of them step by step."""

from itertools import pairwise

import numpy as np
import pytest
from roads import SPEEDS, make_roads, random_roads

from lands import line_shares, make_land, metres_of, rough_land, some_cells
from planner import grid, routing, travel
from planner.scenario import Walking
from planner.types.network import Network
from planner.types.travel import TravelTime

WAITS = {"wait_minutes": 3.0, "alight_minutes": 0.5, "ferry_wait_minutes": 5.0}


def on_foot(land) -> Network:
    return grid.network(land.frame, land, make_roads(), SPEEDS, **WAITS)


def walked(land, time: TravelTime, cell: int) -> tuple[float, dict[int, float]]:
    """Metres along the way of a cell, and metres in each cell that it runs through."""
    metres, in_cells = 0.0, {}
    nx = land.frame.nx
    while time.back[cell] >= 0:
        row, col = divmod(cell, nx)
        to_row, to_col = divmod(int(time.back[cell]), nx)
        move = to_row - row, to_col - col
        length = float(metres_of(land.frame, row, col, move))
        metres += length
        for (i, j), share in line_shares(move).items():
            there = (row + i) * nx + col + j
            in_cells[there] = in_cells.get(there, 0.0) + share * length
        cell = int(time.back[cell])
    return metres, in_cells


@pytest.mark.parametrize("neighbours", [8, 16, 32])
@pytest.mark.parametrize("geographic", [False, True])
def test_length_and_what_is_crossed_are_those_of_walking_every_way(neighbours, geographic):
    land = rough_land(24, 30, seed=neighbours, geographic=geographic)
    time = travel.time_to_nearest(land, some_cells(land, 3), Walking(neighbours=neighbours))
    network = on_foot(land)
    marked = np.random.default_rng(1).choice(land.frame.n, 20, False).astype(np.int32)
    km, crosses = travel.along.km(land, network, time), travel.along.crosses(land, network, time, marked)
    found = travel.along.steps(land, network, time)
    metres, _ = travel.along.metres_of(land, network, found)
    flat = travel.along.total(time, found, metres * travel.along.shares(land, found, land.pace))
    for cell in range(land.frame.n):
        if np.isinf(time.minutes[cell]):
            assert km[cell] == np.inf and np.isnan(flat[cell]) and not crosses[cell]
            continue
        length, in_cells = walked(land, time, cell)
        assert km[cell] == pytest.approx(length / 1000, rel=1e-9, abs=1e-12)
        assert flat[cell] == pytest.approx(sum(m * land.pace[c] for c, m in in_cells.items()), rel=1e-6)
        assert crosses[cell] == any(in_cells.get(c, 0) > 1e-9 for c in marked.tolist())


def test_on_the_flat_the_parts_of_a_way_add_up_to_its_minutes():
    land = rough_land(20, 20, seed=5)
    time = travel.time_to_nearest(land, some_cells(land, 2), Walking(slope="none"))
    found = travel.along.steps(land, on_foot(land), time)
    metres, _ = travel.along.metres_of(land, on_foot(land), found)
    flat = travel.along.total(time, found, metres * travel.along.shares(land, found, land.pace))
    reached = np.isfinite(time.minutes)
    assert flat[reached] == pytest.approx(time.minutes[reached], rel=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_with_a_vehicle_the_length_is_that_of_the_legs(seed):
    rng = np.random.default_rng(seed)
    land = make_land(rng.choice([0.0, 2.0, 5.0], (14, 16), p=[0.2, 0.4, 0.4]))
    roads = make_roads(*random_roads(rng, land.frame, 6))
    network = grid.network(land.frame, land, roads, SPEEDS, **WAITS)
    source = some_cells(land, 1, seed)
    time = travel.time_to_nearest(land, source, Walking(), network=network)
    km = travel.along.km(land, network, time)
    starts = np.flatnonzero(np.isfinite(time.minutes)).astype(np.int32)
    offsets, nodes = travel.results.ways(time, starts)
    minutes = np.concatenate([time.minutes, time.vertex_minutes])
    for start, (first, last) in zip(starts, pairwise(offsets.tolist()), strict=True):
        legs = routing.legs(network, roads, land, nodes[first:last], minutes[nodes[first:last]])
        assert 1000 * km[start] == pytest.approx(sum(leg.metres for leg in legs), rel=1e-5, abs=1e-3)


def test_a_step_over_a_stream_crosses_it_though_it_ends_on_neither_side():
    land = make_land(np.full((5, 5), 5.0))
    time = travel.time_to_nearest(land, np.array([2 * 5 + 4], np.int32), Walking(slope="none"))
    stream = np.arange(2, 25, 5, dtype=np.int32)  # the third column
    crosses = travel.along.crosses(land, on_foot(land), time, stream).reshape(5, 5)
    assert crosses[:, :3].all() and not crosses[:, 3:].any()
