"""The search region by region: the same bytes as the search over the whole land."""

import numpy as np
import pytest

from lands import assert_same, make_land, rough_land, some_cells
from planner.scenario import Walking
from planner.travel import Search, regions


@pytest.mark.parametrize("towards", [True, False])
@pytest.mark.parametrize("neighbours", [8, 16, 32])
@pytest.mark.parametrize("split", [(2, 2), (1, 3), (7, 5)])
def test_regions_with_barriers_and_bridges_give_the_bytes_of_the_whole_land(neighbours, towards, split):
    land = rough_land(140, 170, seed=neighbours, geographic=towards)
    sources = np.concatenate([[-1], some_cells(land, 4), np.flatnonzero(land.way == 2)[:1]]).astype(np.int32)
    walking = Walking(neighbours=neighbours)
    whole = Search(land, walking, towards=towards).nearest(sources)
    assert_same(regions.time_to_nearest(land, sources, walking, split=split, towards=towards), whole)
    assert np.isfinite(whole.minutes[land.way == 2]).any()


@pytest.mark.parametrize("neighbours", [8, 16, 32])
def test_regions_of_an_even_plain_choose_between_equally_quick_ways_as_the_whole_land_does(neighbours):
    land = make_land(np.full((90, 100), 6.0))
    sources, walking = some_cells(land, 5), Walking(neighbours=neighbours, slope="none")
    whole = Search(land, walking).nearest(sources)
    assert_same(regions.time_to_nearest(land, sources, walking, split=(3, 4)), whole)


def test_a_way_may_wind_through_the_same_regions_many_times():
    kmh = np.full((41, 60), 5.0)
    kmh[1::4, :-1] = kmh[3::4, 1:] = 0  # a corridor to and fro
    land, walking = make_land(kmh), Walking()
    whole = Search(land, walking).nearest(np.array([0], np.int32))
    assert np.isfinite(whole.minutes[-1])
    assert_same(regions.time_to_nearest(land, np.array([0], np.int32), walking, split=(2, 3)), whole)


def test_a_limit_and_sources_in_one_cell_count_as_over_the_whole_land():
    land = rough_land(120, 150, seed=2)
    sources = np.repeat(some_cells(land, 3), 2)
    whole = Search(land, Walking()).nearest(sources, 40.0)
    found = regions.time_to_nearest(land, sources, Walking(), split=(2, 2), max_minutes=40.0)
    assert_same(found, whole)
    assert 0.05 < np.isfinite(whole.minutes).mean() < 0.95


def test_more_regions_than_rows_or_columns_are_as_many_as_there_are():
    land, source = make_land(np.full((3, 5), 6.0)), np.array([7], np.int32)
    whole = Search(land, Walking()).nearest(source)
    assert_same(regions.time_to_nearest(land, source, Walking(), split=(50, 50)), whole)
