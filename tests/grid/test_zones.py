"""Each cell in one area: overlaps to the first, slivers closed, gaps told. Pieces of land, and roads near people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grid.test_grid import FRAME, areas, make_inputs, objects, roads, water
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from lands import make_land
from planner import grid
from planner.grid.zones import gaps, zones
from planner.types.inputs import WalkingSpeeds

SPEEDS = WalkingSpeeds({}, {}, {"track": 5.0}, {}, open_kmh=5.0)
EACH = np.arange(25.0)  # people in the cells of FRAME: 5 x 5 cells of 100 m, from (0, 500) to (500, 0)


def told(notes):
    return [(note.level, note.what, note.count) for note in notes]


def test_where_areas_overlap_the_first_of_the_file_counts_and_the_pair_is_named():
    both = areas(box(0, 0, 300, 500), box(200, 0, 500, 500))  # the third column lies in both
    label, notes = zones(FRAME, both, EACH)
    assert label.reshape(5, 5).tolist() == [[0, 0, 0, 1, 1]] * 5
    (note,) = notes
    assert (note.level, note.count) == ("warning", 2 + 7 + 12 + 17 + 22)
    assert note.what == "people where areas overlap, counted in the area that comes first in the file: A0 and A1"
    assert [(change.place, change.before, change.after) for change in note.changes] == [
        ("A0 and A1", "60 people in both", "counted in A0")
    ]
    turned, _ = zones(FRAME, areas(*both.geometry[::-1]), EACH)
    assert turned.reshape(5, 5).tolist() == [[1, 1, 0, 0, 0]] * 5


def test_a_file_of_several_levels_is_recognised():
    _, notes = zones(FRAME, areas(box(0, 0, 500, 500), box(0, 0, 200, 500), box(200, 0, 500, 500)), EACH)
    assert notes[0].what.endswith(
        "and 1 pairs more; if the file holds several levels of areas, choose one with where under [areas]"
    )


@pytest.mark.parametrize("width", [1, 2])
def test_a_sliver_one_cell_wide_is_closed_and_a_wider_gap_is_not(width):
    apart = areas(box(0, 0, 200, 500), box(200 + 100 * width, 0, 500, 500))
    label, notes = zones(FRAME, apart, EACH)
    if width == 1:
        assert label.reshape(5, 5).tolist() == [[0, 0, 0, 1, 1]] * 5
        what = "people in slivers between two areas, one cell wide, who were counted in the first of them"
        assert told(notes) == [("repaired", what, 60)]
    else:
        assert label.reshape(5, 5).tolist() == [[0, 0, -1, -1, 1]] * 5
        assert not notes


def test_a_gap_that_areas_enclose_is_told_with_its_place_and_stays_outside():
    around = areas(box(0, 0, 100, 500), box(100, 0, 500, 100), box(100, 400, 500, 500), box(400, 100, 500, 400))
    label, _ = zones(FRAME, around, EACH)
    assert (label.reshape(5, 5)[1:4, 1:4] == -1).all()
    (note,) = gaps(FRAME, around, label, EACH)
    assert note.count == EACH.reshape(5, 5)[1:4, 1:4].sum()
    assert note.what.startswith("people in gaps between areas, counted as outside: gap at ")
    assert note.changes[0].after == "outside"


def test_what_is_open_to_the_edge_of_the_raster_is_outside_and_no_gap():
    half = areas(box(0, 0, 100, 500), box(100, 0, 200, 500))
    label, _ = zones(FRAME, half, EACH)
    assert gaps(FRAME, half, label, EACH) == []


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=2, max_size=6))
def test_no_person_is_in_two_areas_or_lost(corners):
    shapes = [box(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in corners]
    label, notes = zones(FRAME, areas(*shapes), EACH)
    by_area = np.bincount(label[label >= 0], EACH[label >= 0], len(shapes))
    assert by_area.sum() + EACH[label < 0].sum() == EACH.sum()
    assert all(note.count > 0 for note in notes)


def lay(**layers):
    inputs = make_inputs(people=EACH, **layers)
    return grid.lay(inputs, SPEEDS, ("river",), seasonal_water=False, fill_metres=0, edge_metres=0)[0], inputs.areas


RIVER = water(LineString([(250, 0), (250, 500)]))


def test_two_islands_are_two_pieces_and_the_one_without_a_facility_is_told():
    land, of = lay(water=RIVER)
    info, without = grid.pieces(land, of, np.array([0], np.int32))
    east = EACH.reshape(5, 5)[:, 3:].sum()
    assert info.what == "people on 2 pieces of land that nobody can walk between; 56.2% on the largest"
    assert [(change.before, change.after) for change in info.changes] == [
        (f"{east:.0f} people", "facilities: 0"), ("105 people", "facilities: 1")
    ]  # fmt: skip
    assert (without.level, without.count) == ("warning", east)
    assert without.what.startswith("people on land without a facility, from which nobody can walk to one: A0, around ")
    assert grid.pieces(land, of, np.array([0, 4], np.int32))[1:] == ()


def test_a_bridge_makes_one_piece_of_two():
    land, of = lay(water=RIVER, roads=roads(LineString([(0, 250), (500, 250)])))
    assert grid.pieces(land, of, np.array([0], np.int32)) == ()


def test_areas_where_few_live_near_a_road_are_named():
    frame = replace(FRAME, dx=1000.0, dy=1000.0, ny=20, nx=20, north=20_000.0)
    land = replace(make_land(np.full((20, 20), 5.0)), frame=frame, people=np.full(400, 10.0))
    half = areas(box(0, 0, 10_000, 20_000), box(10_000, 0, 20_000, 20_000))
    land = replace(land, area=zones(frame, half, land.people)[0], step_metres=grid.step_metres(frame))
    info, warning = grid.road_access(land, half, roads(LineString([(1500, 20_000), (1500, 0)])))
    # 4 of the 20 columns lie within two cells of the road, which is 20 km long, on 400 km2
    assert (
        info.what
        == "about 50 km of roads and paths per 1,000 km2 of land; 20% of the people live within about 2 km of one"
    )
    assert (warning.level, warning.count) == ("warning", 4000 - 800)
    assert warning.what.endswith("A1 (0%), A0 (40%); the file may lack roads there")
    assert grid.road_access(land, half, roads()) == ()
    ferry = roads(LineString([(0, 0), (5, 5)]), highway="ferry")
    assert grid.road_access(land, half, ferry) == ()


def test_roads_everywhere_are_no_warning():
    land, of = lay(roads=roads(LineString([(0, 250), (500, 250)])))
    (info,) = grid.road_access(land, of, roads(LineString([(0, 250), (500, 250)])))
    assert info.level == "info"
    assert "100% of the people" in info.what
    assert len(objects()) == 0
