from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lands import UTM, make_land, village_list
from planner import grid
from planner.grid.burn import line_cells, polygon_labels
from planner.types.frame import Frame
from planner.types.inputs import Areas, Chws, Facilities, Inputs, Layers, Roads, WalkingSpeeds, Water
from planner.types.land import BRIDGE, GROUND, ROAD

FRAME = Frame(UTM, 0.0, 500.0, 100.0, 100.0, 5, 5)
SPEEDS = WalkingSpeeds({40: 3.0, 80: 0.0}, {40: "crops", 80: "water"}, {"track": 6.0, "path": 4.0}, {}, open_kmh=5.0)


def objects(*items):
    array = np.empty(len(items), object)
    array[:] = items
    return array


def roads(*lines, highway="track"):
    n = len(lines)
    blank = objects(*[""] * n)
    flags = np.zeros(n, bool)
    classes = objects(*[highway] * n)
    return Roads(
        objects(*lines), classes, blank, blank, blank, blank, flags, flags, ~flags, np.zeros(n, np.int16),
        np.full(n, np.inf), blank,
    )  # fmt: skip


def water(*shapes, kind="river", seasonal=False):
    n = len(shapes)
    return Water(objects(*shapes), objects(*[kind] * n), objects(*[""] * n), np.full(n, seasonal))


def areas(*polygons):
    names = tuple(f"A{k}" for k in range(len(polygons)))
    return Areas(objects(*polygons), names, names, ("",) * len(polygons), ("",) * len(polygons))


def make_inputs(
    *,
    people=None,
    land_cover=None,
    friction=None,
    elevation=None,
    roads=None,
    water=None,
    no_go=None,
    areas=None,
    frame=FRAME,
):
    people = np.ones(frame.n) if people is None else people
    none = np.empty(0)
    return Inputs(
        layers=Layers(frame, people, people * 0.16, elevation, land_cover, friction),
        roads=roads or globals()["roads"](),
        water=water or globals()["water"](),
        no_go=objects(*(no_go or ())),
        areas=areas or globals()["areas"](shapely.box(*frame.bounds)),
        facilities=Facilities((), (), none, none, (), np.empty(0, np.int16)),
        villages=village_list((), (), none, none),
        chws=Chws((), (), none, none, ()),
        sources=(),
        notes=(),
    )


def lay(barriers=("river", "lake"), *, speeds=SPEEDS, seasonal_water=False, fill_metres=0.0, edge_metres=0.0, **layers):
    inputs = make_inputs(**layers)
    choices = {"seasonal_water": seasonal_water, "fill_metres": fill_metres, "edge_metres": edge_metres}
    return grid.lay(inputs, speeds, barriers, **choices)[0]


def table(land, name):
    return getattr(land, name).reshape(land.frame.shape)


def test_a_class_with_speed_zero_and_a_cell_without_land_cover_are_closed():
    land_cover = np.array([40] * 5 + [80] * 5 + [-1] * 15, np.int16)
    pace = table(lay(land_cover=land_cover), "pace")
    assert pace[0] == pytest.approx([0.02] * 5)
    assert np.isinf(pace[1:]).all()


def test_shores_without_land_cover_take_the_nearest_class_when_asked_and_it_is_noted():
    land_cover = np.array([40] * 15 + [-1] * 10, np.int16)
    people = np.ones(25)
    people[15] = np.nan
    inputs = make_inputs(land_cover=land_cover, people=people)
    land, notes = grid.lay(inputs, SPEEDS, (), seasonal_water=False, fill_metres=100, edge_metres=0)
    assert np.isinf(table(land, "pace")[3]).tolist() == [True, False, False, False, False]
    assert np.isinf(table(land, "pace")[4]).all()
    assert [(note.level, note.where, note.count) for note in notes] == [("repaired", "land cover", 4.0)]
    assert (inputs.layers.land_cover == land_cover).all()


def test_a_friction_surface_takes_the_place_of_land_cover_roads_and_slope_but_not_of_water():
    friction = np.linspace(0.01, 0.03, 25).astype(np.float32)
    friction[[3, 20]] = np.inf, np.nan
    layers = {
        "roads": roads(shapely.LineString([(50, 0), (50, 500)]), shapely.LineString([(350, 0), (350, 500)])),
        "water": water(shapely.LineString([(0, 250), (500, 250)])),
    }
    heights = np.arange(25, dtype=np.float32)
    speeds = replace(SPEEDS, on_friction=0.8)
    land = lay(friction=friction, elevation=heights, land_cover=np.full(25, 80, np.int16), speeds=speeds, **layers)
    pace, way = table(land, "pace").ravel(), table(land, "way").ravel()
    closed = [3, 11, 12, 14, 20]  # inf, the river but for its two bridges, no data
    assert np.flatnonzero(np.isinf(pace)).tolist() == closed
    opened = np.setdiff1d(np.arange(25), closed)
    np.testing.assert_allclose(pace[opened], friction[opened] / 0.8, rtol=1e-6)
    assert np.flatnonzero(way == BRIDGE).tolist() == [10, 13]
    assert np.flatnonzero(way == ROAD).tolist() == [0, 5, 8, 15, 18, 23]
    assert land.elevation is None
    assert lay(elevation=heights).elevation is heights


def test_shores_without_friction_take_the_nearest_and_it_is_noted():
    friction = np.array([0.01, 0.02, 0.03, 0.04, 0.05] * 3 + [np.nan] * 10, np.float32)
    inputs = make_inputs(friction=friction)
    land, notes = grid.lay(inputs, SPEEDS, (), seasonal_water=False, fill_metres=100, edge_metres=0)
    assert table(land, "pace")[3] == pytest.approx([0.01, 0.02, 0.03, 0.04, 0.05])
    assert np.isinf(table(land, "pace")[4]).all()
    assert [(note.level, note.where, note.count) for note in notes] == [("repaired", "friction", 5.0)]


def test_without_land_cover_every_cell_has_the_open_speed():
    assert lay().pace == pytest.approx(np.full(25, 0.012))


def test_unknown_people_count_as_none_and_are_remembered():
    people = np.arange(25.0)
    people[7] = np.nan
    land = lay(people=people)
    assert land.people.sum() == np.nansum(people)
    assert np.flatnonzero(~land.known).tolist() == [7]


def test_a_river_closes_every_cell_it_runs_through_side_by_side():
    pace = table(lay(water=water(shapely.LineString([(50, 450), (450, 50)]))), "pace")
    closed = {tuple(cell) for cell in np.argwhere(np.isinf(pace)).tolist()}
    assert {(k, k) for k in range(5)} <= closed
    assert len(closed) == 9  # four steps on the diagonal, each with a cell beside it


def test_a_seasonal_river_and_a_kind_that_is_no_barrier_stay_open():
    line = shapely.LineString([(50, 450), (450, 50)])
    assert np.isfinite(lay(water=water(line, seasonal=True)).pace).all()
    assert np.isfinite(lay(water=water(line, kind="stream")).pace).all()


def test_a_seasonal_river_is_a_barrier_while_its_water_stands():
    line = shapely.LineString([(50, 450), (450, 50)])
    assert np.isinf(lay(water=water(line, seasonal=True), seasonal_water=True).pace).sum() == 9
    assert np.isfinite(lay(water=water(line, kind="stream", seasonal=True), seasonal_water=True).pace).all()


def test_every_cell_that_a_closed_area_touches_is_closed_its_road_and_bridge_too():
    inputs = make_inputs(
        roads=roads(shapely.LineString([(250, 0), (250, 500)])),
        water=water(shapely.LineString([(0, 250), (500, 250)])),
        no_go=[shapely.box(210, 210, 220, 310), shapely.box(0, 490, 10, 500)],
    )
    land, notes = grid.lay(inputs, SPEEDS, ("river",), seasonal_water=False, fill_metres=0, edge_metres=0)
    assert table(land, "way")[:, 2].tolist() == [ROAD, GROUND, GROUND, ROAD, ROAD]
    closed = np.isinf(table(land, "pace"))
    assert closed[:, 2].tolist() == [False, True, True, False, False]
    assert closed[0].tolist() == [True, False, False, False, False]
    assert grid.no_go_cells(FRAME, inputs.no_go).tolist() == [0, 7, 12]
    assert [(note.level, note.where, note.count) for note in notes] == [("info", "no-go areas", 3.0)]


def test_a_strip_of_flood_leaks_nowhere():
    cells = grid.no_go_cells(FRAME, objects(shapely.LineString([(0, 30), (500, 420)]).buffer(1)))
    rows_of_column = [set((cells[cells % 5 == col] // 5).tolist()) for col in range(5)]
    assert all(one & other for one, other in pairwise(rows_of_column))


def test_a_lake_closes_the_cells_whose_centre_it_holds():
    pace = table(lay(water=water(shapely.box(110, 110, 290, 290), kind="lake")), "pace")
    assert np.argwhere(np.isinf(pace)).tolist() == [[2, 1], [2, 2], [3, 1], [3, 2]]


def test_a_road_has_its_own_speed_and_is_a_bridge_where_it_crosses_water():
    land = lay(
        roads=roads(shapely.LineString([(250, 0), (250, 500)])),
        water=water(shapely.LineString([(0, 250), (500, 250)])),
    )
    assert table(land, "way")[:, 2].tolist() == [ROAD, ROAD, BRIDGE, ROAD, ROAD]
    assert np.count_nonzero(land.way != GROUND) == 5
    assert table(land, "pace")[:, 2] == pytest.approx([0.01] * 5)
    assert np.isinf(table(land, "pace")[2, [0, 1, 3, 4]]).all()


def test_of_two_roads_in_a_cell_the_faster_counts_and_a_class_without_speed_is_not_walked():
    line = shapely.LineString([(0, 250), (500, 250)])
    both = lay(roads=roads(line))
    slow = lay(roads=roads(line, highway="path"))
    none = lay(roads=roads(line, highway="proposed"))
    assert both.pace[12] == pytest.approx(0.01) and slow.pace[12] == pytest.approx(0.015)
    assert none.way[12] == GROUND


def test_the_surface_slows_those_who_walk_on_it_and_a_missing_one_does_not():
    line = shapely.LineString([(0, 250), (500, 250)])
    speeds = replace(SPEEDS, surface={"mud": 0.5, "washed_out": 0.0})
    mud, gone = (replace(roads(line), surface=objects(value)) for value in ("mud", "washed_out"))
    assert lay(roads=mud, speeds=speeds).pace[12] == pytest.approx(0.02)
    assert lay(roads=roads(line), speeds=speeds).pace[12] == pytest.approx(0.01)
    assert lay(roads=gone, speeds=speeds).way[12] == GROUND


def test_a_cell_belongs_to_the_area_under_its_centre_and_to_one_area_only():
    land = lay(areas=areas(shapely.box(0, 0, 240, 500), shapely.box(200, 0, 440, 500)))
    assert table(land, "area")[0].tolist() == [0, 0, 1, 1, -1]


def test_people_close_outside_the_areas_belong_to_the_nearest_one_when_asked():
    people = np.ones(25)
    people[4] = np.nan
    shore = areas(shapely.box(0, 0, 240, 500))
    assert table(lay(areas=shore, edge_metres=100, people=people), "area")[0].tolist() == [0, 0, 0, -1, -1]
    assert table(lay(areas=shore, edge_metres=200, people=people), "area")[:2].tolist() == [[0, 0, 0, 0, -1]] * 2
    wide = table(lay(areas=shore, edge_metres=900, people=people), "area")[:2].tolist()
    assert wide == [[0, 0, 0, 0, -1], [0, 0, 0, 0, 0]]


@given(st.lists(st.tuples(st.floats(-300, 800), st.floats(-300, 800)), min_size=2, max_size=5))
def test_the_cells_of_a_line_touch_side_by_side_and_hold_every_point_of_it(vertices):
    line = shapely.LineString(vertices)
    cells, which = line_cells(FRAME, objects(line))
    assert (which == 0).all()
    inside = [divmod(int(cell), 5) for cell in cells]
    for (row, col), (to_row, to_col) in pairwise(inside):
        apart = abs(row - to_row) + abs(col - to_col)
        assert apart <= 1 or leaves_the_grid(line)
    for point in line.interpolate(np.linspace(0, 1, 50), normalized=True):
        cell = int(FRAME.cell_of(point.x, point.y))
        on_an_edge = min(abs(point.x / 100 % 1), abs(point.y / 100 % 1)) < 1e-6
        assert cell < 0 or on_an_edge or near(cell, cells, point)


def leaves_the_grid(line):
    return not shapely.box(*FRAME.bounds).contains(line)


def near(cell, cells, point):
    west, south, east, north = point.x - 1e-6, point.y - 1e-6, point.x + 1e-6, point.y + 1e-6
    around = FRAME.cell_of([west, east, west, east], [south, south, north, north])
    return cell in cells or bool(set(around.tolist()) & set(cells.tolist()))


def test_polygon_labels_of_nothing_are_all_minus_one():
    assert (polygon_labels(FRAME, objects()) == -1).all()


def test_steps_on_a_geographic_grid_are_geodesic_and_the_same_there_and_back():
    frame = Frame("EPSG:4326", 34.0, -13.0, 1 / 1200, 1 / 1200, 4, 4)
    metres = grid.step_metres(frame)
    x, y = frame.centre_of([4, 5])
    assert metres[1, 3] == pytest.approx(frame.geod.inv(x[0], y[0], x[1], y[1])[2])
    assert metres[2, 0] == pytest.approx(metres[1, 1])  # north from row 2 = south from row 1
    assert metres[3, 8] == pytest.approx(metres[1, 11])  # the knight's move back
    assert metres[0, 0] == pytest.approx(92.2, abs=0.1)  # 3 arc-seconds of latitude near 13 S


def test_a_place_on_closed_ground_is_reached_at_the_nearest_open_cell_within_the_limit():
    kmh = np.full((5, 5), 5.0)
    kmh[:, :3] = 0
    land = make_land(kmh, west=500_000.0, north=8_500_500.0)
    x, y = np.array([500_050.0, 500_050, 500_450, 509_000]), np.full(4, 8_500_250.0)
    cells, moved = grid.open_cells(land, x, y, max_metres=301)
    assert cells.tolist() == [13, 13, 14, -1]
    assert moved[:3] == pytest.approx([300, 300, 0], rel=1e-3) and np.isnan(moved[3])
    assert grid.open_cells(land, x[:1], y[:1], max_metres=299)[0].tolist() == [-1]


@given(
    st.lists(st.tuples(*[st.integers(-1000, 6000).map(lambda tenths: tenths / 10)] * 2), min_size=3, max_size=12),
    st.integers(1, 3),
)
def test_a_cell_is_in_a_polygon_where_its_centre_is(corners, copies):
    shape = shapely.make_valid(shapely.Polygon(corners), method="structure", keep_collapsed=False)
    shapes = objects(*[shapely.transform(shape, lambda xy, k=k: xy + 40.0 * k) for k in range(copies)])
    x, y = FRAME.centre_of(np.arange(FRAME.n))
    inside = shapely.contains_xy(shapes[:, None], x, y)
    on_edge = shapely.distance(shapely.boundary(shapes)[:, None], shapely.points(x, y)) < 1e-6
    labels = polygon_labels(FRAME, shapes)
    wanted = np.where(inside.any(axis=0), inside.argmax(axis=0), -1)
    sure = ~on_edge.any(axis=0)
    assert labels[sure].tolist() == wanted[sure].tolist()


def test_centres_on_a_shared_border_lie_in_exactly_one_polygon():
    halves = objects(shapely.box(0, 0, 250, 500), shapely.box(250, 0, 500, 500))  # through the centres of a column
    for order in ([0, 1], [1, 0]):
        labels = np.array(order)[polygon_labels(FRAME, halves[order])]
        assert labels.reshape(5, 5).tolist() == [[0, 0, 1, 1, 1]] * 5
    slanted = objects(shapely.Polygon([(0, 0), (500, 500), (0, 500)]), shapely.Polygon([(0, 0), (500, 500), (500, 0)]))
    one, other = polygon_labels(FRAME, slanted[:1]) >= 0, polygon_labels(FRAME, slanted[1:]) >= 0
    assert (one ^ other).all()


def test_a_hole_and_parts_of_a_polygon_are_seen():
    ring = shapely.box(0, 0, 500, 500).difference(shapely.box(100, 100, 400, 400))
    both = objects(shapely.union(ring, shapely.box(210, 210, 290, 290)))
    assert (polygon_labels(FRAME, both).reshape(5, 5) == 0).tolist() == [
        [True, True, True, True, True],
        [True, False, False, False, True],
        [True, False, True, False, True],
        [True, False, False, False, True],
        [True, True, True, True, True],
    ]
