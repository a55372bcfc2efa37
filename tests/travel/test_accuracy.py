"""How much longer ways over cells are than ways in any direction, on a plain and on a slope.

The benchmarks' page states these figures; steps of a wrong length or with a wrong slope would move them.
"""

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from lands import make_land, slower
from planner.scenario import Walking
from planner.travel import Search

SIDE, NEAR, FAR = 401, 60, 200  # cells; what lies between two distances from the middle is compared
KMH, CELL, TILT = 5.0, 100.0, 0.12
METRES_A_MINUTE = KMH / 0.06


def minutes_to_the_middle(walking, tilt=0.0):
    """Minutes to the middle of a plane that falls to the north, from the cells around it: minutes, rows and columns."""
    elevation = np.repeat(np.arange(SIDE) * CELL * tilt, SIDE)
    land = make_land(np.full((SIDE, SIDE), KMH), elevation=elevation)
    search = Search(land, walking, threads=1)
    minutes = search.nearest(np.array([land.frame.n // 2], np.int32)).minutes.reshape(SIDE, SIDE)
    row, col = np.indices(minutes.shape) - SIDE // 2
    ring = (np.hypot(row, col) >= NEAR) & (np.hypot(row, col) <= FAR)
    return minutes[ring].astype(float), row[ring], col[ring]


def least_minutes_on_a_slope(row, col):
    """Minutes of the best way to the middle in any directions: straight, or in zigzags where these are quicker.

    The places from which people come straight to the middle in a minute make a closed curve; with any two directions
    mixed, its convex hull. A place takes as many minutes as the hull has to be blown up for it to lie on the rim.
    """
    angle = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    rise = -TILT * np.cos(angle)  # of the way back to the middle, from a place in this direction (0 = south)
    reach = METRES_A_MINUTE / CELL / np.array([slower(each, "tobler") for each in rise])
    rim = ConvexHull(np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]).equations
    return np.array([(rim[:, 0] * r + rim[:, 1] * c) / -rim[:, 2] for r, c in zip(row, col, strict=True)]).max(axis=1)


@pytest.mark.parametrize(("neighbours", "mean", "most"), [(8, 5.48, 8.24), (16, 1.44, 2.75), (32, 0.49, 1.31)])
def test_ways_on_a_plain_are_longer_than_straight_lines_by_so_many_percent(neighbours, mean, most):
    minutes, row, col = minutes_to_the_middle(Walking(neighbours=neighbours, slope="none"))
    error = 100 * (minutes * METRES_A_MINUTE / (np.hypot(row, col) * CELL) - 1)
    assert error.min() > -0.01  # nothing is shorter than straight
    assert error.mean() == pytest.approx(mean, abs=0.02)
    assert error.max() == pytest.approx(most, abs=0.02)


@pytest.mark.parametrize(
    ("neighbours", "mean", "most"), [(8, 6.54, 25.21), (16, 1.41, 4.87), (32, 0.47, 2.19)], ids=["8", "16", "32"]
)
def test_ways_on_a_slope_of_12_percent_take_longer_than_the_best_by_so_many_percent(neighbours, mean, most):
    found = minutes_to_the_middle(Walking(neighbours=neighbours), TILT)
    minutes, row, col = (values[::5] for values in found)
    error = 100 * (minutes / least_minutes_on_a_slope(row, col) - 1)
    assert error.min() > -0.01  # nothing is quicker than the best
    assert error.mean() == pytest.approx(mean, abs=0.03)
    assert error.max() == pytest.approx(most, abs=0.1)


@pytest.mark.parametrize("neighbours", [8, 16, 32])
def test_a_way_counts_half_of_its_first_and_half_of_its_last_cell(neighbours):
    kmh = np.array([[2.0, 3.0, 4.0, 5.0, 6.0]])
    land = make_land(kmh)
    time = Search(land, Walking(neighbours=neighbours), threads=1).nearest(np.array([0], np.int32))
    across = CELL * 0.06 / kmh[0]
    expected = np.concatenate([[0.0], np.cumsum((across[:-1] + across[1:]) / 2)])
    np.testing.assert_allclose(time.minutes, expected, rtol=1e-6)
