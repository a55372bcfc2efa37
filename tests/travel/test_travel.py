import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lands import make_land, reference_minutes, step_minutes
from planner import travel
from planner.scenario import Walking

FLAT8 = Walking(neighbours=8, slope="none")
FLAT16 = Walking(neighbours=16, slope="none")
TOBLER8 = Walking(neighbours=8)
TOBLER16 = Walking(neighbours=16)
FLAT32 = Walking(neighbours=32, slope="none")
TOBLER32 = Walking(neighbours=32)


def cells(*positions):
    return np.array(positions, np.int32)


def test_a_side_step_of_100_m_at_6_kmh_takes_one_minute_and_a_diagonal_its_root_two():
    time = travel.time_to_nearest(make_land(np.full((3, 5), 6.0)), cells(0), FLAT8)
    minutes = time.minutes.reshape(3, 5)
    assert minutes[0].tolist() == [0, 1, 2, 3, 4]
    assert minutes[1, 1] == pytest.approx(math.sqrt(2))
    assert minutes[2, 1] == pytest.approx(1 + math.sqrt(2))


def test_a_knights_move_is_root_five_with_16_neighbours():
    time = travel.time_to_nearest(make_land(np.full((3, 5), 6.0)), cells(0), FLAT16)
    assert time.minutes.reshape(3, 5)[2, 1] == pytest.approx(math.sqrt(5))


def test_a_step_costs_the_mean_pace_of_its_two_cells():
    time = travel.time_to_nearest(make_land([[6.0, 3.0, 6.0]]), cells(0), FLAT8)
    assert time.minutes.tolist() == pytest.approx([0, 1.5, 3.0])


def test_walking_up_to_care_is_slower_than_down_from_it():
    land = make_land(np.full((1, 2), 5.0), elevation=[[20.0, 0.0]])
    up = travel.time_to_nearest(land, cells(0), TOBLER8, towards=True).minutes[1]
    down = travel.time_to_nearest(land, cells(0), TOBLER8, towards=False).minutes[1]
    # Tobler at slope 0.2: 2.48 km/h up and 3.52 km/h down, of 5 on the flat
    assert up == pytest.approx(6 / 2.48290, rel=1e-4)
    assert down == pytest.approx(6 / 3.52344, rel=1e-4)


def test_a_void_in_the_elevation_counts_as_flat():
    land = make_land(np.full((1, 2), 6.0), elevation=[[np.nan, 500.0]])
    assert travel.time_to_nearest(land, cells(0), TOBLER8).minutes[1] == pytest.approx(1.0)


@pytest.mark.parametrize("walking", [FLAT8, FLAT16])
def test_a_wall_of_side_by_side_cells_is_never_crossed(walking):
    kmh = np.full((8, 8), 5.0)
    stairs = [(7, 0), (6, 0), (6, 1), (5, 1), (5, 2), (4, 2), (4, 3), (3, 3), (3, 4), (2, 4), (2, 5), (1, 5), (1, 6),
              (0, 6), (0, 7)]  # fmt: skip
    for cell in stairs:
        kmh[cell] = 0
    minutes = travel.time_to_nearest(make_land(kmh), cells(0), walking).minutes.reshape(8, 8)
    assert np.isinf(minutes[7, 7]) and np.isinf(minutes[7, 1])
    assert np.isfinite(minutes[5, 0])


@pytest.mark.parametrize("walking", [FLAT8, FLAT16])
def test_a_diagonal_between_two_closed_cells_is_closed(walking):
    minutes = travel.time_to_nearest(make_land([[5.0, 0.0], [0.0, 5.0]]), cells(0), walking).minutes
    assert np.isinf(minutes[3])


@pytest.mark.parametrize("walking", [FLAT8, FLAT16])
def test_a_bridge_is_crossed_along_the_road_and_not_entered_sideways(walking):
    kmh = np.full((5, 5), 5.0)
    kmh[2] = 0  # a river from west to east
    kmh[2, 2] = 5.0
    way = np.zeros((5, 5), int)
    way[:, 2] = 1
    way[2, 2] = 2
    across = travel.time_to_nearest(make_land(kmh, way=way), cells(0), walking).minutes.reshape(5, 5)
    assert np.isfinite(across[4, 4])
    way[4, 2] = way[3, 2] = 0  # the road ends on the bridge: nobody steps off it on the far side
    stopped = travel.time_to_nearest(make_land(kmh, way=way), cells(0), walking).minutes.reshape(5, 5)
    assert np.isfinite(stopped[2, 2]) and np.isinf(stopped[3:]).all()


def test_a_road_along_the_river_leads_nobody_to_the_other_bank():
    kmh = np.full((5, 5), 5.0)
    way = np.zeros((5, 5), int)
    way[2] = 2  # the road runs in the river's own cells
    way[1, 0] = way[1, 4] = 1
    minutes = travel.time_to_nearest(make_land(kmh, way=way), cells(0), FLAT16).minutes.reshape(5, 5)
    assert np.isfinite(minutes[:3]).all() and np.isinf(minutes[3:]).all()


def test_sources_off_the_grid_or_closed_take_no_part():
    land = make_land([[5.0, 5.0, 0.0]])
    time = travel.time_to_nearest(land, cells(-1, 2, 1), FLAT8)
    assert time.nearest.tolist() == [2, 2, -1]
    assert time.back.tolist() == [1, -1, -1]


def test_the_limit_is_inclusive():
    time = travel.time_to_nearest(make_land([[6.0] * 4]), cells(0), FLAT8, max_minutes=2.0)
    assert time.minutes.tolist() == pytest.approx([0, 1, 2, math.inf])


def random_land(seed, *, geographic):
    rng = np.random.default_rng(seed)
    ny, nx = (int(k) for k in rng.integers(4, 11, 2))
    kmh = rng.choice([0.0, 2.0, 3.24, 5.0], (ny, nx), p=[0.25, 0.25, 0.25, 0.25])
    way = np.where(rng.random((ny, nx)) < 0.25, 1, 0)
    way = np.where((way == 1) & (kmh == 0), 2, way)
    kmh = np.where(way == 2, 4.0, kmh)
    elevation = rng.normal(500, 30, (ny, nx))
    elevation[rng.random((ny, nx)) < 0.05] = np.nan
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": -13.0 - seed % 50} if geographic else {}
    return make_land(kmh, elevation=elevation, way=way, **place), rng


@pytest.mark.parametrize("geographic", [False, True])
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    walking=st.sampled_from([FLAT8, FLAT16, FLAT32, TOBLER8, TOBLER16, TOBLER32]),
    towards=st.booleans(),
)
def test_times_equal_an_exact_dijkstra_on_the_explicit_graph(geographic, seed, walking, towards):
    land, rng = random_land(seed, geographic=geographic)
    open_cells = np.flatnonzero(np.isfinite(land.pace))
    sources = rng.choice(open_cells, min(3, len(open_cells)), replace=False).astype(np.int32)
    time = travel.time_to_nearest(land, sources, walking, towards=towards)
    exact = reference_minutes(land, sources, neighbours=walking.neighbours, slope=walking.slope, towards=towards)
    np.testing.assert_array_equal(np.isfinite(time.minutes), np.isfinite(exact.min(axis=0)))
    np.testing.assert_allclose(time.minutes, exact.min(axis=0), rtol=5e-6)
    reached = np.flatnonzero(time.nearest >= 0)
    np.testing.assert_allclose(exact[time.nearest[reached], reached], time.minutes[reached], rtol=5e-6)
    check_back_chains(land, time, sources, walking, towards)

    demand = np.flatnonzero(np.isfinite(land.pace)).astype(np.int32)
    limit = float(np.median(time.minutes[np.isfinite(time.minutes)])) + 0.01
    matrix = travel.within(land, sources, demand, walking, max_minutes=limit, towards=towards)
    dense = np.full((len(sources), len(demand)), np.inf)
    rows = np.repeat(np.arange(len(sources)), np.diff(matrix.indptr))
    dense[rows, matrix.indices] = matrix.minutes
    wanted = np.where(exact <= limit, exact, np.inf)[:, demand]
    np.testing.assert_allclose(dense, wanted, rtol=5e-6)


def check_back_chains(land, time, sources, walking, towards):
    """Every back link is one step of the walk, and every chain ends at `nearest`; `order` never puts a child first."""
    position = {int(cell): k for k, cell in enumerate(time.order)}
    nx = land.frame.nx
    assert set(position) == set(np.flatnonzero(np.isfinite(time.minutes)).tolist())
    for cell, at in position.items():
        before = int(time.back[cell])
        if before < 0:
            assert cell == sources[time.nearest[cell]]
            continue
        assert position[before] < at
        assert time.nearest[before] == time.nearest[cell]
        walk = (cell, before) if towards else (before, cell)
        (row, col), (to_row, to_col) = (divmod(c, nx) for c in walk)
        minutes = step_minutes(land, row, col, (to_row - row, to_col - col), walking.slope)
        rounding = 5e-7 * float(time.minutes[cell])
        assert time.minutes[cell] - time.minutes[before] == pytest.approx(minutes, abs=5e-6 * minutes + rounding)


def test_ways_go_from_the_start_to_the_source():
    land, _ = random_land(7, geographic=True)
    sources = np.flatnonzero(np.isfinite(land.pace))[:2].astype(np.int32)
    time = travel.time_to_nearest(land, sources, TOBLER16)
    starts = np.append(time.order[[-1, len(time.order) // 2, 0]], -1).astype(np.int32)
    offsets, nodes = travel.results.ways(time, starts)
    for i, start in enumerate(starts[:-1]):
        way = nodes[offsets[i] : offsets[i + 1]]
        assert way[0] == start and way[-1] == sources[time.nearest[start]]
    assert offsets[-1] == offsets[-2]


def test_no_sites_and_no_demand_give_an_empty_matrix():
    land = make_land([[5.0, 5.0]])
    assert travel.within(land, cells(), cells(0), FLAT8, max_minutes=6).indptr.tolist() == [0]
    assert travel.within(land, cells(0), cells(), FLAT8, max_minutes=6).indptr.tolist() == [0, 0]
