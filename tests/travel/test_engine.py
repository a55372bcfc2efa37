"""The tiled engine on lands of several tiles: against a plain float64 search, and against itself."""

from dataclasses import replace

import numpy as np
import pytest

import plain_search as plain
from lands import assert_same, embedded, rough_land, some_cells
from planner.kernels.neighbours import NEIGHBOURS, corner, crossed
from planner.scenario import Walking
from planner.travel import Search

TOBLER16 = Walking(neighbours=16)
CROSSED = np.array([(corner(q) if q in range(4, 8) else crossed(q) or [(0, 0), (0, 0)])[:2] for q in range(16)])


def plain_search(land, sources, walking, *, towards=True, max_minutes=np.inf):
    n = walking.neighbours
    surface = (land.frame.nx, land.step_metres[:, :n].copy(), NEIGHBOURS[:n], CROSSED[:n], land.pace, land.way,
               land.elevation, walking.slope == "tobler", towards, walking.corners == "open")  # fmt: skip
    return plain.nearest_source(sources, max_minutes, surface)


@pytest.mark.parametrize("geographic", [False, True])
@pytest.mark.parametrize("towards", [False, True])
@pytest.mark.parametrize("neighbours", [8, 16])
def test_a_land_of_several_tiles_equals_a_plain_float64_search(geographic, towards, neighbours):
    land = rough_land(530, 610, seed=neighbours + towards, geographic=geographic)
    sources = some_cells(land, 4)
    walking = Walking(neighbours=neighbours)
    time = Search(land, walking, towards=towards).nearest(sources)
    exact, nearest, _, _ = plain_search(land, sources, walking, towards=towards)
    np.testing.assert_array_equal(np.isfinite(time.minutes), np.isfinite(exact))
    reached = np.isfinite(exact)
    np.testing.assert_allclose(time.minutes[reached], exact[reached], rtol=5e-6)
    assert np.mean(time.nearest[reached] == nearest[reached]) > 0.999  # ties in float32 may fall either way


def test_the_answer_does_not_depend_on_the_number_of_threads():
    land = rough_land(700, 530, seed=3)
    sources = some_cells(land, 5)
    assert_same(Search(land, TOBLER16, threads=1).nearest(sources), Search(land, TOBLER16, threads=4).nearest(sources))


def test_sources_added_to_a_solved_map_give_the_map_of_all_sources():
    land = rough_land(530, 300, seed=4)
    sources = some_cells(land, 12)
    on_bridge = np.flatnonzero(land.way == 2)[:2].astype(np.int32)
    sources = np.concatenate([sources, on_bridge])
    search = Search(land, TOBLER16)
    search.nearest(sources[:3])
    for source in sources[3:]:
        search.add(np.array([source], np.int32))
    fresh = Search(land, TOBLER16).nearest(sources)
    assert_same(search.result(), fresh)
    everywhere = np.arange(land.frame.n, dtype=np.int32)
    np.testing.assert_array_equal(search.minutes(everywhere), fresh.minutes)


@pytest.mark.parametrize("neighbours", [8, 16, 32])
@pytest.mark.parametrize(("even", "slope"), [(True, "tobler"), (True, "none"), (False, "tobler")])
def test_the_answer_does_not_depend_on_where_tiles_begin(neighbours, even, slope):
    land = rough_land(330, 340, seed=8)
    if even:  # so that many ways are equally quick
        pace = np.where(np.isinf(land.pace), np.inf, 0.012).astype(np.float32)
        land = replace(land, pace=pace, elevation=np.zeros(land.frame.n, np.float32))
    sources, walking = some_cells(land, 5), Walking(neighbours=neighbours, slope=slope)
    plain_cut = Search(land, walking).nearest(sources)
    for before in (37, 180):
        larger, inside = embedded(land, (before, before), (3, 3))
        found = Search(larger, walking).nearest(inside[sources].astype(np.int32))
        np.testing.assert_array_equal(found.minutes[inside], plain_cut.minutes)
        np.testing.assert_array_equal(found.nearest[inside], plain_cut.nearest)
        back = np.where(plain_cut.back < 0, -1, inside[plain_cut.back])
        np.testing.assert_array_equal(found.back[inside], back)


def test_sources_start_with_the_minutes_they_are_given():
    land = rough_land(300, 300, seed=9)
    sources, start = some_cells(land, 3), np.array([50, 0, 20], np.float32)
    search = Search(land, TOBLER16)
    alone = np.array([search.nearest(sources[k : k + 1], np.inf, start[k : k + 1]).minutes for k in range(3)])
    together = search.nearest(sources, np.inf, start)
    np.testing.assert_array_equal(together.minutes, alone.min(axis=0))
    reached = np.isfinite(together.minutes)
    np.testing.assert_array_equal(alone[together.nearest, np.arange(land.frame.n)][reached], together.minutes[reached])
    assert together.minutes[sources[0]] == min(50, *alone[1:, sources[0]])


def test_a_search_can_be_used_again():
    land = rough_land(300, 300, seed=5)
    search = Search(land, TOBLER16)
    first = search.nearest(some_cells(land, 3, seed=1))
    search.nearest(some_cells(land, 3, seed=2), 30)
    assert_same(search.nearest(some_cells(land, 3, seed=1)), first)


def test_a_limit_reaches_what_lies_within_it_and_nothing_else():
    land = rough_land(530, 530, seed=6)
    sources = some_cells(land, 2)
    whole = Search(land, TOBLER16).nearest(sources)
    cut = Search(land, TOBLER16).nearest(sources, 45.0)
    np.testing.assert_array_equal(cut.minutes, np.where(whole.minutes <= 45, whole.minutes, np.inf))
    assert (cut.nearest[np.isinf(cut.minutes)] == -1).all() and (cut.back[np.isinf(cut.minutes)] == -1).all()


def test_every_way_back_ends_at_the_nearest_source():
    land = rough_land(530, 400, seed=7)
    sources = some_cells(land, 6)
    time = Search(land, TOBLER16).nearest(sources)
    reached = np.isfinite(time.minutes)
    walk = np.flatnonzero(reached)
    ends = walk.copy()
    for _ in range(land.frame.n):
        before = time.back[ends]
        if (before < 0).all():
            break
        ends = np.where(before >= 0, before, ends)
    np.testing.assert_array_equal(ends, sources[time.nearest[walk]])
