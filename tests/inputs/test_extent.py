from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs.scene import FRAME
from shapely.geometry import Point, box

from planner.inputs.extent import Extent
from planner.types.frame import Frame

NONE = np.empty(0, object)
METRES = Frame("EPSG:32737", west=600_000, north=8_890_000, dx=100, dy=100, ny=20, nx=20)


def outside(frame, areas, *points):
    x, y = np.array(points, float).T
    return Extent(frame, np.array(areas, object) if areas else NONE).metres_outside(x, y)


def test_metres_outside_the_raster_are_those_to_its_nearest_edge_or_corner():
    away = outside(METRES, [], (601_000, 8_889_000), (599_700, 8_889_000), (602_300, 8_890_400), (np.nan, 0))
    assert away == pytest.approx([0, 300, 500, np.inf], rel=1e-3)  # on the ellipsoid, not in the projection


def test_metres_outside_the_areas_count_where_they_are_more():
    areas = [box(600_000, 8_888_000, 600_500, 8_890_000), box(601_500, 8_888_000, 602_000, 8_890_000)]
    away = outside(
        METRES, areas, (600_200, 8_889_000), (600_700, 8_889_000), (601_400, 8_889_000), (600_200, 8_890_100)
    )
    assert away == pytest.approx([0, 200, 100, 100], rel=1e-3)


def test_the_nearest_edge_is_the_nearest_in_metres_also_where_degrees_of_longitude_are_short():
    north = Frame("EPSG:4326", west=20.0, north=60.1, dx=0.01, dy=0.01, ny=20, nx=200)
    areas = [box(20.10, 59.9, 20.11, 60.1), box(20.0, 60.06, 20.05, 60.07)]
    # 0.05 degrees east lie the first, 2.8 km; 0.06 degrees north the second, 6.7 km
    [away] = outside(north, areas, (20.05, 60.0))
    assert away == pytest.approx(north.metres_between([20.05], [60.0], [20.10], [60.0])[0], rel=1e-3)


@given(st.floats(39.9, 40.2), st.floats(-10.2, -9.9))
def test_a_point_is_outside_by_0_metres_only_if_it_lies_in_an_area_and_on_the_raster(x, y):
    area = box(40.005, -10.035, 40.03, -10.005)
    [away] = outside(FRAME, [area], (x, y))
    west, south, east, north = FRAME.bounds
    assert (away == 0) == (area.intersects(Point(x, y)) and west <= x <= east and south <= y <= north)
    assert away >= 0
