"""The picture of travel time: the right colour on the right spot."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from outputs.tiny import FRAME, tiny_plan
from planner.outputs import overlay
from planner.outputs.palette import NO_WAY, rgb, time_classes
from planner.types.frame import Frame

CLASSES = time_classes((30.0, 60.0))


def land_of(frame: Frame, pace=None):
    n = frame.n
    pace = np.full(n, 0.02, np.float32) if pace is None else pace
    people = np.zeros(n)
    return replace(
        tiny_plan().land, frame=frame, people=people, under_fives=people, known=np.ones(n, bool), pace=pace,
        way=np.zeros(n, np.uint8), area=np.zeros(n, np.int32), step_metres=np.zeros((frame.ny, 16)),
    )  # fmt: skip


def picture(land, minutes):
    png = overlay.travel_time_png(land, np.asarray(minutes, np.float32), CLASSES)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def pixel_of(frame: Frame, x, y):
    to_mercator = Transformer.from_crs(frame.pyproj_crs, overlay.MERCATOR, always_xy=True)
    metres_x, metres_y = to_mercator.transform(x, y)
    west, south, east, north = overlay.mercator_bounds(frame)
    lines, columns = overlay.picture_grid(frame)[1]
    column = np.floor((metres_x - west) / (east - west) * columns).astype(int)
    line = np.floor((north - metres_y) / (north - south) * lines).astype(int)
    return line, column


@pytest.mark.parametrize(
    "frame",
    [
        Frame("EPSG:4326", 43.0, -11.0, 1 / 1200, 1 / 1200, 60, 80),
        Frame("EPSG:4326", 10.0, 62.0, 0.5, 0.5, 120, 12),  # tall: Mercator stretches its north twofold
        Frame("EPSG:4326", 30.0, 5.0, 0.01, 0.03, 20, 90),
        Frame("EPSG:4326", 179.95, -16.0, 1 / 1200, 1 / 1200, 60, 120),
        Frame("EPSG:32736", 500_000.0, 8_500_000.0, 1000.0, 1000.0, 90, 70),
        Frame("EPSG:32736", 200_000.0, 9_900_000.0, 100.0, 100.0, 50, 120),
    ],
    ids=["degrees", "tall", "flat cells", "across 180 degrees", "UTM", "UTM beside its zone's middle"],
)
def test_every_cell_has_its_own_colour_under_its_centre(frame):
    minutes = np.random.default_rng(7).choice([10, 45, 100, np.inf], frame.n)
    image = picture(land_of(frame), minutes)
    line, column = pixel_of(frame, *frame.centre_of(np.arange(frame.n)))
    colours = {10.0: CLASSES[0].colour, 45.0: CLASSES[1].colour, 100.0: CLASSES[2].colour, np.inf: NO_WAY}
    want = np.array([rgb(colours[time]) for time in minutes])
    np.testing.assert_array_equal(image[line, column, :3], want)
    assert (image[line, column, 3] == 255).all()


def test_a_limit_belongs_to_the_nearer_class():
    image = overlay.cell_classes(land_of(FRAME), np.full(FRAME.n, 30, np.float32), CLASSES)
    assert (image == 1).all()
    image = overlay.cell_classes(land_of(FRAME), np.full(FRAME.n, 30.001, np.float32), CLASSES)
    assert (image == 2).all()


def test_closed_cells_are_transparent_even_where_nobody_gets_to():
    pace = np.full(FRAME.n, 0.02, np.float32)
    pace[5] = np.inf
    image = picture(land_of(FRAME, pace), np.full(FRAME.n, np.inf))
    line, column = pixel_of(FRAME, *FRAME.centre_of(np.array([5, 6])))
    assert image[line[0], column[0], 3] == 0
    assert tuple(image[line[1], column[1]]) == (*rgb(NO_WAY), 255)


@pytest.mark.parametrize("frame", [FRAME, Frame("EPSG:4326", 10.0, 62.0, 0.5, 0.5, 120, 12)])
def test_the_picture_ends_where_the_frame_ends(frame):
    west, south, east, north = overlay.lonlat_bounds(frame)
    assert (west, north) == pytest.approx((frame.bounds[0], frame.bounds[3]), abs=1e-9)
    assert -1e-9 < frame.bounds[1] - south < frame.dy / 2
    assert -1e-9 < east - frame.bounds[2] < frame.dx / 2


def test_a_picture_of_a_whole_continent_stays_small_enough_for_a_browser():
    lines, columns = overlay.picture_grid(Frame("EPSG:4326", -20.0, 38.0, 1 / 1200, 1 / 1200, 87_600, 86_400))[1]
    assert lines * columns <= 1.01 * overlay.MOST_PIXELS


def test_pixels_are_square():
    frame = Frame("EPSG:4326", 10.0, 62.0, 0.5, 0.5, 120, 12)
    west, south, east, north = overlay.mercator_bounds(frame)
    lines, columns = overlay.picture_grid(frame)[1]
    assert (east - west) / columns == pytest.approx((north - south) / lines)
