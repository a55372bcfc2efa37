import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.inputs.rasters.cells import coarsened
from planner.types.frame import Frame


def test_four_cells_become_one_with_their_people_and_unknown_only_where_all_are():
    frame = Frame("EPSG:32736", 0.0, 300.0, 100.0, 100.0, 3, 3)
    people = np.array([1, 2, np.nan, 3, np.nan, np.nan, 5, 6, 7.0])
    coarse, sums = coarsened(frame, people, 2)
    assert coarse == Frame("EPSG:32736", 0.0, 300.0, 200.0, 200.0, 2, 2)
    np.testing.assert_array_equal(sums, [6, np.nan, 11, 7])


def test_one_cell_is_the_raster_itself():
    frame = Frame("EPSG:4326", 34.0, -13.0, 0.1, 0.1, 1, 2)
    people = np.array([1.0, np.nan])
    assert coarsened(frame, people, 1) == (frame, people)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.integers(0, 1000))
def test_nobody_is_lost_in_coarse_cells(ny, nx, times, seed):
    people = np.random.default_rng(seed).gamma(0.3, 10, ny * nx)
    people[::3] = np.nan
    frame = Frame("EPSG:4326", 34.0, -13.0, 1 / 1200, 1 / 1200, ny, nx)
    coarse, sums = coarsened(frame, people, times)
    assert np.nansum(sums) == pytest.approx(np.nansum(people), rel=1e-12)
    x, y = frame.centre_of(np.arange(frame.n))
    own = coarse.cell_of(x, y)
    assert (own >= 0).all()
    expected = np.bincount(own, np.nan_to_num(people), coarse.n)
    np.testing.assert_allclose(np.nan_to_num(sums), expected, rtol=1e-12)
