"""Heights that no ground has are mended, and others stay as they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from inputs.scene import file_of

from planner.inputs.rasters.heights import STEEPEST, mended
from planner.types.frame import Frame

FRAME = Frame("EPSG:32736", west=500_000.0, north=8_500_000.0, dx=100.0, dy=100.0, ny=9, nx=11)
PEOPLE = np.ones(FRAME.n)


def mend(metres, tmp_path, people=PEOPLE):
    file = file_of(tmp_path / "e.tif")
    return mended(metres.astype(np.float32), FRAME, people, file), file.findings.notes


def test_ground_that_can_be_stays_to_the_bit(tmp_path):
    metres = np.random.default_rng(5).normal(1200, 25, FRAME.shape).astype(np.float32)
    after, notes = mend(metres, tmp_path)
    assert (after == metres).all()
    assert not notes


@pytest.mark.parametrize("height", [8000, -450])
def test_a_spike_or_pit_takes_the_height_of_the_ground_around_it_alone(tmp_path, height):
    metres = np.full(FRAME.shape, 1000.0)
    metres[4, 5] = height
    after, notes = mend(metres, tmp_path)
    assert (after == 1000).all()
    assert [(note.level, note.count) for note in notes] == [("left out", 1), ("repaired", 1)]


def test_a_void_is_filled_as_far_as_500_m_and_only_where_people_may_live(tmp_path):
    frame = Frame("EPSG:32736", 500_000.0, 8_500_000.0, 100.0, 100.0, 30, 30)
    metres = np.full(frame.shape, np.nan, np.float32)
    metres[:, 0] = 700
    people = np.ones(frame.shape)
    people[:15] = np.nan
    file = file_of(tmp_path / "e.tif")
    after = mended(metres, frame, people.ravel(), file)
    assert np.isnan(after[:15, 1:]).all()
    assert (after[15:, :6] == 700).all()
    assert np.isnan(after[15:, 7:]).all()
    assert file.findings.notes[-1].count == np.isfinite(after[15:, 1:]).sum()


@settings(max_examples=60, deadline=None)
@given(heights=arrays(np.float32, FRAME.shape, elements=st.floats(-490, 8900, width=32)), cliff=st.booleans())
def test_no_slope_is_steeper_than_60_degrees_afterwards_and_nothing_rises_but_from_a_void(
    tmp_path_factory, heights, cliff
):
    if cliff:
        heights[:] = np.where(np.arange(FRAME.nx) < 5, -400, heights.max())
    after, _ = mend(heights, tmp_path_factory.mktemp("e"))
    assert np.isfinite(after).all()
    for axis in (0, 1):
        assert np.abs(np.diff(after, axis=axis)).max() <= STEEPEST * 100 + 0.02
    again, notes = mend(after, tmp_path_factory.mktemp("e"))
    assert (again == after).all()
    assert not notes
