import numpy as np
import pytest

from planner.demo.grid import NEIGHBOURS
from planner.kernels.drainage import drain, fill, wear_down

ROWS, COLS = np.array(NEIGHBOURS).T


def test_a_hollow_is_filled_to_its_lowest_rim_and_rises_away_from_it():
    height = np.array([[0.0, 5.0, 9.0, 9.0], [9.0, 9.0, 2.0, 1.0], [9.0, 9.0, 9.0, 9.0]])
    outlet = np.zeros(height.shape, np.bool_)
    outlet[0, 0] = True
    level, order = fill(height, outlet, ROWS, COLS, 0.01)
    filled = height.copy()
    filled[1, 2], filled[1, 3] = 5.01, 5.02
    np.testing.assert_allclose(level, np.where(height == 9.0, level, filled))
    assert order[:4].tolist() == [0, 1, 6, 7]


@pytest.mark.parametrize("seed", range(5))
def test_water_runs_down_from_every_block_and_none_is_lost(seed):
    random = np.random.default_rng(seed)
    height, outlet = random.uniform(size=(12, 9)), random.uniform(size=(12, 9)) < 0.05
    outlet[3, 4] = True
    level, order = fill(height, outlet, ROWS, COLS, 0.01)
    assert sorted(order.tolist()) == list(range(108))
    assert np.all(level >= height) and np.all(np.diff(level.ravel()[order]) >= 0.0)
    receiver = np.arange(108)
    for block in order[~outlet.ravel()[order]].tolist():
        beside = [
            (block // 9 + row) * 9 + block % 9 + col
            for row, col in NEIGHBOURS
            if 0 <= block // 9 + row < 12 and 0 <= block % 9 + col < 9
        ]
        receiver[block] = min(beside, key=level.ravel().__getitem__)
        assert level.flat[receiver[block]] < level.flat[block]
    upwards = order[~outlet.ravel()[order]]
    drained = drain(receiver, upwards)
    assert drained[outlet.ravel()].sum() == 108

    worn = wear_down(level.ravel(), np.full(108, 0.5), receiver, upwards)
    for block in upwards.tolist():
        assert worn[block] == pytest.approx((level.flat[block] + 0.5 * worn[receiver[block]]) / 1.5)
