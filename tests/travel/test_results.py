"""What follows from solved travel times: by hand, and against ways followed one by one."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import SPEEDS, make_roads, random_roads, road

from lands import make_land
from planner import grid, travel
from planner.scenario import Walking
from planner.travel import results
from planner.types.travel import TravelMatrix

FLAT8 = Walking(neighbours=8, slope="none")
WAITS = {"wait_minutes": 2.0, "alight_minutes": 0.5, "ferry_wait_minutes": 5.0}
NORTH = 8_500_000.0


def cells(*positions):
    return np.array(positions, np.int32)


def chain(time, start):
    """Nodes from a start to its source, followed one by one."""
    nodes = [int(start)]
    while time.back[nodes[-1]] >= 0:
        nodes.append(int(time.back[nodes[-1]]))
    return nodes


def riding_land(seed):
    """A land with walls, roads and ferries, with people, and travel times to three places on it."""
    rng = np.random.default_rng(seed)
    people = rng.uniform(0, 9, (9, 11))
    land = make_land(rng.choice([0.0, 1.0, 3.0], (9, 11), p=[0.2, 0.4, 0.4]), people=people)
    roads = make_roads(*random_roads(rng, land.frame, 4))
    network = grid.network(land.frame, land, roads, SPEEDS, **WAITS)
    sources = rng.choice(land.frame.n, 3, replace=False).astype(np.int32)
    towards = bool(rng.integers(2))
    time = travel.time_to_nearest(land, sources, Walking(), network=network, towards=towards)
    return land, network, sources, time


def test_people_gather_on_the_way_to_the_source():
    land = make_land([[6.0] * 5])
    time = travel.time_to_nearest(land, cells(0), FLAT8)
    assert results.flows(time, np.array([1.0, 2, 3, 4, 5])).tolist() == [15, 14, 12, 9, 5]


def test_those_who_have_no_way_stay_at_home():
    land = make_land([[6.0, 6.0, 0.0, 6.0]])
    time = travel.time_to_nearest(land, cells(0), FLAT8)
    assert results.flows(time, np.array([1.0, 2, 3, 4])).tolist() == [3, 2, 0, 0]
    assert results.catchment_sums(time, np.array([1.0, 2, 3, 4]), 2).tolist() == [3, 0]


def test_a_catchment_is_the_people_who_are_nearest_to_its_source():
    time = travel.time_to_nearest(make_land([[6.0] * 6]), cells(0, -1, 5), FLAT8)
    assert results.catchment_sums(time, np.array([1.0, 2, 3, 4, 5, 6]), 3).tolist() == [6, 0, 15]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_what_passes_each_node_is_the_sum_of_all_ways_through_it(seed):
    land, network, sources, time = riding_land(seed)
    flow = results.flows(time, land.people)
    expected = np.zeros(land.frame.n + len(network))
    for cell in np.flatnonzero(np.isfinite(time.minutes)):
        expected[chain(time, cell)] += land.people[cell]
    np.testing.assert_allclose(flow, expected, rtol=1e-12, atol=1e-12)
    arrived = np.array([flow[cell] if time.nearest[cell] == k else 0.0 for k, cell in enumerate(sources)])
    np.testing.assert_allclose(results.catchment_sums(time, land.people, 3), arrived, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_a_way_counts_each_time_it_comes_through_a_cell(seed):
    land, network, _, time = riding_land(seed)
    passing = results.flows_on_cells(time, results.flows(time, land.people), network.cell)
    cell_of = np.concatenate([np.arange(land.frame.n), network.cell])
    expected = np.zeros(land.frame.n)
    for cell in np.flatnonzero(np.isfinite(time.minutes)):
        for passed, _ in groupby(cell_of[chain(time, cell)].tolist()):
            expected[passed] += land.people[cell]
    np.testing.assert_allclose(passing, expected, rtol=1e-12, atol=1e-12)


def test_riders_pass_the_cells_that_their_road_runs_through():
    land = make_land([[1.0, 0.0, 0.0, 1.0]])  # closed ground between, with a road over it
    line = road((500_050.0, NORTH - 50), (500_350.0, NORTH - 50), highway="primary")
    network = grid.network(land.frame, land, make_roads(line), SPEEDS, **WAITS)
    time = travel.time_to_nearest(land, cells(0), FLAT8, network=network)
    flow = results.flows(time, np.array([1.0, 2, 3, 4]))
    assert results.flows_on_cells(time, flow, network.cell).tolist() == [5, 4, 4, 4]


def test_the_way_of_each_start_leads_from_it_to_its_source():
    land, _, sources, time = riding_land(5)
    starts = np.concatenate([[-1], np.arange(land.frame.n)]).astype(np.int32)
    offsets, nodes = results.ways(time, starts)
    assert offsets[0] == offsets[1] == 0
    for k, cell in enumerate(starts[1:].tolist(), start=1):
        way = nodes[offsets[k] : offsets[k + 1]].tolist()
        assert way == (chain(time, cell) if np.isfinite(time.minutes[cell]) else [])
        assert not way or way[-1] == sources[time.nearest[cell]]


def test_where_nothing_is_reached_nobody_has_a_way():
    time = travel.time_to_nearest(make_land([[6.0] * 3]), cells(-1), FLAT8)
    offsets, nodes = results.ways(time, cells(0, 1))
    assert offsets.tolist() == [0, 0, 0] and not len(nodes)


def matrix_of(table):
    """A sparse matrix of a table with inf where a site does not reach the demand."""
    site, demand = np.nonzero(np.isfinite(table))
    return TravelMatrix(
        indptr=np.searchsorted(site, np.arange(len(table) + 1)).astype(np.int64),
        indices=demand.astype(np.int32),
        minutes=table[site, demand].astype(np.float32),
        n_demand=table.shape[1],
        max_minutes=60.0,
    )


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_the_kth_nearest_is_the_kth_of_all_in_order(k):
    rng = np.random.default_rng(k)
    table = rng.integers(1, 9, (4, 60)).astype(float)  # with ties: the one listed first is nearer
    table[rng.random(table.shape) < 0.4] = np.inf
    minutes, which = results.kth_nearest(matrix_of(table), k)
    for demand in range(table.shape[1]):
        order = sorted((table[site, demand], site) for site in range(4) if np.isfinite(table[site, demand]))
        expected = order[k - 1] if len(order) >= k else (np.inf, -1)
        assert (minutes[demand], which[demand]) == expected
