"""Where places are reached: no point off the grid comes out at its opposite edge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lands import make_land
from planner import grid
from planner.types.frame import Frame
from planner.types.inputs import Places
from planner.types.lists import Origin

FRAMES = st.builds(
    Frame,
    st.just("EPSG:32737"),
    west=st.floats(-1e6, 1e6),
    north=st.floats(-1e6, 1e6),
    dx=st.floats(0.1, 1e4),
    dy=st.floats(0.1, 1e4),
    ny=st.integers(1, 50),
    nx=st.integers(1, 50),
)
ANYWHERE = st.floats(allow_nan=True, allow_infinity=True)
NEAR = st.floats(-3, 3)


@given(FRAMES, st.lists(st.tuples(NEAR, NEAR), min_size=1, max_size=8))
def test_a_point_is_in_a_cell_only_if_the_cell_is_around_it(frame, places):
    across, down = np.array(places).T
    x, y = frame.west + across * frame.nx * frame.dx, frame.north - down * frame.ny * frame.dy
    cells = frame.cell_of(x, y)
    on = (across >= 0) & (across < 1) & (down >= 0) & (down < 1)
    edge = np.minimum(np.abs(across - np.round(across)), np.abs(down - np.round(down))) < 1e-9
    assert ((cells >= 0) == on)[~edge].all()
    assert ((cells >= -1) & (cells < frame.n)).all()
    centre_x, centre_y = frame.centre_of(cells[cells >= 0])
    assert (np.abs(centre_x - x[cells >= 0]) <= frame.dx * (0.5 + 1e-6)).all()
    assert (np.abs(centre_y - y[cells >= 0]) <= frame.dy * (0.5 + 1e-6)).all()


@given(FRAMES, ANYWHERE, ANYWHERE)
def test_no_number_whatever_makes_a_cell_that_is_none(frame, x, y):
    [cell] = frame.cell_of([x], [y])
    assert -1 <= cell < frame.n


def land(closed=()):
    kmh = np.full((6, 8), 5.0)
    for row, col in closed:
        kmh[row, col] = 0
    return make_land(kmh, west=500_000.0, north=8_500_600.0)  # cells of 100 m


@given(st.floats(-2000, 2800), st.floats(-2000, 2600), st.floats(0, 1500))
def test_the_open_cell_is_the_nearest_of_all_within_the_limit(east, north, limit):
    here = land(closed=[(r, c) for r in range(6) for c in range(3, 6)])
    x, y = 500_000.0 + east, 8_500_000.0 + north
    [cell], [moved] = grid.open_cells(here, np.array([x]), np.array([y]), limit)
    own = here.frame.cell_of([x], [y])[0]
    if own >= 0 and np.isfinite(here.pace[own]):
        assert (cell, moved) == (own, 0)
        return
    ways_out = np.flatnonzero(np.isfinite(here.pace))
    centre_x, centre_y = here.frame.centre_of(ways_out)
    metres = here.frame.metres_between(np.full(len(ways_out), x), np.full(len(ways_out), y), centre_x, centre_y)
    if metres.min() <= limit:
        assert moved == pytest.approx(metres.min())
        assert metres[ways_out == cell] == pytest.approx(metres.min())
    else:
        assert cell == -1 and np.isnan(moved)


def places(*xy, **origin):
    x, y = np.array(xy, float).T
    names = tuple(f"P{k}" for k in range(len(x)))
    listed = tuple(Origin("f.csv", k + 2, name, name, "as listed", **origin) for k, name in enumerate(names))
    return Places(names, names, x, y, origin=listed)


def test_who_is_moved_left_out_or_cut_off_is_told_row_by_row():
    here = land(closed=[(0, 0), (0, 1), (1, 0), (1, 1)])
    there = places((500_050, 8_500_550), (500_450, 8_500_250), (499_000, 8_500_250), (500_150, 8_500_450))
    no_go = np.array([0], np.int32)
    found = grid.reached_at(here, there, "facilities", 130.0, no_go)
    assert found.cell.tolist() == [-1, 28, -1, 10]
    said = {note.level: [change.place for change in note.changes] for note in found.notes}
    assert [(note.level, note.count) for note in found.notes] == [("repaired", 1), ("left out", 1), ("left out", 1)]
    assert said["repaired"] == ['row 5 "P3"']
    assert [
        change.place for note in found.notes if "closed in this season" in note.what for change in note.changes
    ] == ['row 2 "P0"']
    assert [(doubt.row, doubt.decision) for doubt in found.doubts] == [(4, "leave out"), (5, "move to")]
    assert not found.faults


def test_a_place_that_has_to_be_reached_is_a_fault_where_it_cannot_be():
    found = grid.reached_at(land(), places((490_000, 8_500_250)), "facilities", 100.0, required=True)
    [fault] = found.faults
    assert 'with no open ground within 100 m: row 2 "P0".' in fault.what
    assert "--fix leave-out-closed" in fault.way_out
    assert found.cell.tolist() == [-1] and not found.notes


def test_a_place_that_the_planner_keeps_is_no_matter_of_review():
    found = grid.reached_at(land(closed=[(0, 0)]), places((500_050, 8_500_550), kept=True), "facilities", 300.0)
    assert found.cell.tolist() == [1] and not found.doubts
