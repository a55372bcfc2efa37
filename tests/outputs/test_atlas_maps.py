"""The maps of the atlas: true to scale on any grid, names beside each other, letters for every name."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer

from outputs.tiny import FRAME, tiny_plan
from planner import outputs, scenario_file
from planner.outputs.exports.atlas import fonts
from planner.outputs.exports.atlas.book import PLAN, TODAY, Book
from planner.outputs.exports.atlas.book import _on as layer_on
from planner.outputs.exports.atlas.figures import areas
from planner.outputs.exports.atlas.fonts import Lettering
from planner.outputs.exports.atlas.labels import Room
from planner.outputs.exports.atlas.maps import Map
from planner.outputs.exports.atlas.sheet import A4, Box, Sheet
from planner.outputs.exports.atlas.view import View
from planner.outputs.exports.run import Run
from planner.outputs.rasters import write_raster
from planner.types.frame import Frame


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    plan, folder = tiny_plan(), tmp_path_factory.mktemp("runs") / "base"
    outputs.write(plan, folder, scenario_toml=scenario_file.dump(plan.scenario), log=())
    return folder


@pytest.fixture(scope="module")
def book(run):
    return Book.read(Run.open(run))


@pytest.mark.parametrize(
    ("frame", "across"),
    [
        (Frame("EPSG:4326", 34.0, -13.0, 0.01, 0.01, 100, 100), "as far as on the ellipsoid"),
        (Frame("EPSG:4326", 24.0, 61.0, 0.01, 0.01, 100, 100), "as far as on the ellipsoid"),
        (Frame("EPSG:32736", 500_000.0, 8_500_000.0, 100.0, 100.0, 500, 500), "as far as on the grid"),
        (Frame("EPSG:2263", 900_000.0, 200_000.0, 300.0, 300.0, 100, 100), "in feet"),
    ],
)
def test_a_map_is_true_to_shape_and_its_scale_bar_to_length(frame, across):
    west, south, east, north = frame.bounds
    view = View.of(frame, frame.bounds, 170.0, 130.0)
    centre = np.array([[(west + east) / 2, (south + north) / 2]])
    steps = np.array([[frame.dx, 0.0], [0.0, frame.dy]]) + centre
    (x, y), (right, _), (_, up) = view.points(centre)[0], *view.points(steps)
    assert (x, y) == pytest.approx((85.0, 65.0))
    metres = [frame.metres_between(*centre[0], *step).item() for step in steps]
    assert [right - x, up - y] == pytest.approx([each / view.metres for each in metres], rel=1e-2)
    told, length = view.scale_bar(30.0)
    assert 12.0 <= length <= 30.0 and length * view.metres == pytest.approx(told)
    assert any(told == pytest.approx(nice * 10.0**power) for nice in (1, 2, 5) for power in range(7))
    seen = view.bounds
    assert seen[0] < west and seen[1] < south and seen[2] > east and seen[3] > north


def test_the_arrow_points_to_true_north_on_a_grid_beside_its_meridian():
    east_of_it = Frame("EPSG:32736", 750_000.0, 7_000_000.0, 100.0, 100.0, 100, 100)
    across, upwards = View.of(east_of_it, east_of_it.bounds, 100.0, 100.0).north()
    assert np.degrees(np.arctan2(across, upwards)) == pytest.approx(1.16, abs=0.1)  # south of the equator: to the right
    assert View.of(FRAME, FRAME.bounds, 100.0, 100.0).north() == (0.0, 1.0)


@pytest.mark.parametrize("pixel", [0.5, 6.0], ids=["large cells are whole", "small cells are sampled"])
def test_pixels_are_those_of_the_cells_below_them(pixel):
    classes = np.arange(12 * 16).reshape(12, 16)
    view = View.of(FRAME, FRAME.bounds, 160.0, 120.0)
    seen, (left, below, right, above) = view.cells(classes, pixel, beyond=999)
    rows, columns = seen.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = above - (np.arange(rows) + 0.5) * (above - below) / rows
    at = np.array(np.meshgrid(x, y)).T * view.per_mm + (view.west, view.south)
    cell = FRAME.cell_of(*at.T)
    assert (seen == np.where(cell < 0, 999, cell)).all()
    assert left <= 0 and below <= 0 and right >= 160.0 and above >= 120.0
    assert seen[0, 0] == 999


def test_names_cover_neither_each_other_nor_the_edge_of_the_map():
    random = np.random.default_rng(3)
    room, boxes = Room(100.0, 80.0), []
    points = random.uniform((0, 0), (100, 80), (150, 2))
    room.mark(points, 1.0)
    for x, y in points.tolist():
        width = random.uniform(5, 25)
        if spot := room.place(x, y, width, 3.0, 1.0):
            boxes.append(shapely.box(spot.x - width / 2, spot.y - 1.5, spot.x + width / 2, spot.y + 1.5))
    assert 30 < len(boxes) < 150
    tree = shapely.STRtree(boxes)
    first, second = tree.query(boxes, predicate="overlaps")
    assert len(first) == len(second) == 0
    assert all(shapely.box(0, 0, 100, 80).contains(box) for box in boxes)


def test_the_map_of_an_area_names_its_villages_apart_from_each_other(book):
    place = list(areas(book))[1]
    drawn = Map(Sheet(A4, book.letters), Box(9.0, 30.0, 170.0, 130.0), book, place)
    taken = [shapely.box(*box) for box in drawn.room._names]
    assert len(taken) >= 4
    first, second = shapely.STRtree(taken).query(taken, predicate="overlaps")
    assert len(first) == len(second) == 0
    assert {"hard", "new", "water", "road"} <= drawn.kinds


def test_travel_time_classes_are_those_of_the_minutes(run, book):
    for name in (TODAY, PLAN):
        with rasterio.open(run / "rasters" / f"{name}.tif") as raster:
            minutes = raster.read(1)
        assert ((book.minutes[name] == 0) == ((minutes >= 0) & (minutes <= 30))).all()
        assert ((book.minutes[name] == 5) == (minutes > 180)).all()
        assert ((book.minutes[name] >= book.nowhere) == (minutes < 0)).all()


def test_a_run_on_a_projected_grid_is_drawn_on_that_grid(run, tmp_path):
    folder, crs = tmp_path / "run", "EPSG:32736"
    shutil.copytree(run, folder)
    corner = np.array([[34.0, 34.0, 34.14, 34.14], [-13.11, -12.99, -13.11, -12.99]])
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*corner)
    grid = Frame(crs, np.floor(x.min()), np.ceil(y.max()), 700.0, 700.0, 20, 24)
    cell = FRAME.cell_of(*grid.lonlat(*grid.centre_of(np.arange(grid.n))))
    for name in (TODAY, PLAN):
        with rasterio.open(run / "rasters" / f"{name}.tif") as raster:
            minutes = np.where(cell < 0, np.float32(-1), raster.read(1).ravel()[cell])
        write_raster(grid, folder / "rasters" / f"{name}.tif", minutes, unit="min", about="", tags={})
    book = Book.read(Run.open(folder))
    facilities = shapely.get_coordinates(book.layers["facilities"].geometry.to_numpy())
    assert not book.frame.geographic
    assert (book.minutes[TODAY].ravel()[book.frame.cell_of(*facilities.T)] == 0).all()  # up to 30 minutes
    place = list(areas(book))[1]
    drawn = Map(Sheet(A4, book.letters), Box(9.0, 30.0, 170.0, 130.0), book, place)
    on_degrees = Book.read(Run.open(run))
    same = Map(Sheet(A4, book.letters), Box(9.0, 30.0, 170.0, 130.0), on_degrees, list(areas(on_degrees))[1])
    assert drawn.view.metres == pytest.approx(same.view.metres, rel=0.03)
    assert drawn.kinds == same.kinds


def test_places_beyond_180_degrees_lie_on_the_cells_that_count_on():
    from geopandas import GeoDataFrame, points_from_xy

    fiji = Frame("EPSG:4326", 177.0, -16.0, 0.01, 0.01, 300, 500)
    layer = GeoDataFrame(geometry=points_from_xy([-179.9, 178.4, 181.0], [-16.8, -18.1, -17.0], crs="EPSG:4326"))
    assert layer_on(fiji, layer).geometry.x.tolist() == pytest.approx([180.1, 178.4, 181.0])
    assert layer_on(FRAME, layer[1:2]).geometry.x.tolist() == [178.4]


def test_texts_are_cut_and_broken_to_the_room_there_is():
    letters = Lettering(["Mbala"])
    text = "The nearest facility or CHW today"
    assert letters.cut(text, 8.0, 200.0) == text
    cut = letters.cut(text, 8.0, 25.0)
    assert cut.endswith("…") and letters.width(cut, 8.0) <= 25.0 < letters.width(cut[:-1] + "xx…", 8.0)
    lines = letters.lines(text, 8.0, 25.0, 9)
    assert " ".join(lines) == text and all(letters.width(line, 8.0) <= 25.0 for line in lines)
    assert letters.lines(text, 8.0, 25.0, 2)[1].endswith("…")


def test_letters_are_taken_from_another_font_where_there_is_one_and_marked_where_there_is_none(monkeypatch):
    drawn = fonts._drawn_by
    monkeypatch.setattr(fonts, "_others", lambda: ["Empty", "Liberation Mono"])
    monkeypatch.setattr(
        fonts, "_drawn_by", lambda family: frozenset("ሀ") if family == "Liberation Mono" else
        drawn(family) if family == fonts.FAMILY else frozenset(),
    )  # fmt: skip
    monkeypatch.setattr(fonts.Lettering, "_font", lambda *_: None)
    letters = Lettering(["ሀ漢 a\x00b\u200f"])
    assert letters.families == [fonts.FAMILY, "Liberation Mono"]
    assert letters.clean("ሀ漢 a\x00b\u200f") == "ሀ� a b"
