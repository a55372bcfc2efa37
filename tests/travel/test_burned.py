"""Roads burned into the raster: driven cells do not feel the slope, walked ones of the same step do.

See also `test_random_lands`.
"""

import math

import numpy as np
import pytest

from lands import assert_same, make_land, reference_minutes
from planner import travel
from planner.scenario import Walking

both_ways = pytest.mark.parametrize("towards", [True, False])
UP_20 = math.exp(3.5 * 0.25) / math.exp(3.5 * 0.05)  # Tobler, up 20 m in 100 m


def test_half_of_a_step_is_driven_and_half_is_walked_uphill():
    """Two cells of 100 m, 20 m up to the second one: 6 km/h on foot, then a road at 60 km/h."""
    land = make_land([[6.0, 60.0]], elevation=[[0, 20]], way=[[0, 1]], driven=[[False, True]])
    there = travel.time_to_nearest(land, np.array([1], np.int32), Walking())
    assert there.minutes[0] == pytest.approx(0.5 * UP_20 + 0.05)
    back = travel.time_to_nearest(land, np.array([1], np.int32), Walking(), towards=False)
    assert back.minutes[0] == pytest.approx(0.5 * math.exp(3.5 * 0.15) / math.exp(3.5 * 0.05) + 0.05)


def test_a_knights_move_takes_a_quarter_in_each_of_its_four_cells():
    """From the first cell to the last one over a ridge: 6 km/h on foot, but the second is driven at 60 km/h."""
    land = make_land(
        [[6.0, 60.0, 6.0], [6.0, 6.0, 6.0]],
        elevation=[[0, 200, 0], [200, 200, 20]],
        way=[[0, 1, 0], [0, 0, 0]],
        driven=[[False, True, False], [False, False, False]],
    )
    rise = 20 / (100 * math.sqrt(5))
    slower = math.exp(3.5 * (rise + 0.05)) / math.exp(3.5 * 0.05)
    time = travel.time_to_nearest(land, np.array([5], np.int32), Walking())
    assert time.minutes[0] == pytest.approx(math.sqrt(5) * (0.75 * slower + 0.25 * 0.1), rel=1e-5)


def test_a_road_up_a_steep_hill_is_driven_as_on_the_flat():
    road, hill = np.ones((1, 20), bool), [np.arange(20) * 30.0]
    up = make_land(np.full((1, 20), 30.0), elevation=hill, way=road, driven=road)
    time = travel.time_to_nearest(up, np.array([19], np.int32), Walking())
    assert time.minutes == pytest.approx(np.arange(20)[::-1] * 0.2, rel=1e-5)


@both_ways
def test_roads_across_several_tiles_equal_an_exact_dijkstra(towards):
    rng = np.random.default_rng(3)
    ny, nx = 300, 530
    x, y = np.meshgrid(np.linspace(0, 12, nx), np.linspace(0, 9, ny))
    driven = np.zeros((ny, nx), bool)
    driven[:, rng.integers(0, nx, 6)] = driven[rng.integers(0, ny, 4)] = True
    kmh = np.where(driven, 50.0, rng.choice([1.5, 3.0, 5.0], (ny, nx)))
    land = make_land(kmh, elevation=400 + 200 * np.sin(x) * np.cos(y), way=driven, driven=driven)
    sources = rng.choice(land.frame.n, 5, replace=False).astype(np.int32)
    exact = reference_minutes(land, sources, towards=towards).min(axis=0)
    one, many = (
        travel.Search(land, Walking(), towards=towards, threads=threads).nearest(sources) for threads in (1, 4)
    )
    np.testing.assert_allclose(one.minutes, exact, rtol=1e-5)
    assert_same(one, many)
    search = travel.Search(land, Walking(), towards=towards)
    search.nearest(sources[:2])
    search.add(sources[2:])
    np.testing.assert_array_equal(search.minutes(np.arange(land.frame.n, dtype=np.int32)), one.minutes)


def test_who_drives_is_not_searched_for_on_foot():
    land = make_land([[6.0, 60.0]], way=[[0, 1]], driven=[[False, True]])
    cells = np.array([0], np.int32)
    with pytest.raises(ValueError, match="driven cells"):
        travel.within(land, cells, cells, Walking(), max_minutes=60)
