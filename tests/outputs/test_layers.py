from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon

from outputs.tiny import FRAME, bare_plan, tiny_plan
from planner.outputs import referral_rows
from planner.outputs.features import encode_coverage
from planner.outputs.layers import layers, polygons_of
from planner.types.frame import Frame
from planner.types.results import Plan

CELL = FRAME.dx * FRAME.dy


@pytest.fixture(scope="module")
def plan() -> Plan:
    return tiny_plan()


def test_all_layers_are_in_longitude_and_latitude(plan):
    assert {name: layer.crs.to_epsg() for name, layer in layers(plan).items()} == dict.fromkeys(
        (
            "areas",
            "facilities",
            "villages",
            "posts",
            "bridges",
            "catchments",
            "referral_routes",
            "supervision_rounds",
            "roads",
            "water",
        ),
        4326,
    )


def test_a_catchment_is_exactly_the_cells_of_its_post(plan):
    catchments = layers(plan)["catchments"]
    shapes = catchments[catchments["kind"] == "CHW"].set_index("id").geometry
    cells = np.flatnonzero(plan.chw_catchment >= 0)
    x, y = FRAME.centre_of(cells)
    for position, post in enumerate(plan.posts.id):
        own = plan.chw_catchment[cells] == position
        assert shapely.contains_xy(shapes[post], x, y).tolist() == own.tolist()
        assert shapes[post].area == pytest.approx(own.sum() * CELL)


def test_cells_that_touch_at_a_corner_make_a_valid_shape():
    labels = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0], np.int32)  # a chessboard of 3 x 3
    shapes = polygons_of(Frame("EPSG:4326", 0.0, 3.0, 1.0, 1.0, 3, 3), labels)
    assert [shape.is_valid for shape in shapes.values()] == [True, True]
    assert [shape.area for shape in shapes.values()] == [5, 4]


def test_a_ring_of_cells_keeps_its_hole():
    labels = np.array([0, 0, 0, 0, -1, 0, 0, 0, 0], np.int32)
    shapes = polygons_of(Frame("EPSG:4326", 0.0, 3.0, 1.0, 1.0, 3, 3), labels)
    assert shapes[0].area == 8


def test_a_referral_route_runs_from_the_post_to_the_facility(plan):
    routes = layers(plan)["referral_routes"]
    assert len(routes) == len(referral_rows.referrals(plan))
    points, facilities = layers(plan)["posts"].set_index("post_id"), layers(plan)["facilities"].set_index("facility_id")
    for route in routes.itertuples():
        start, end = route.geometry.coords[0], route.geometry.coords[-1]
        assert start == pytest.approx(points.geometry[route.post_id].coords[0])
        assert end == pytest.approx(facilities.geometry[route.facility_id].coords[0])


def test_the_length_of_a_route_is_what_the_table_says(plan):
    routes = layers(plan)["referral_routes"]
    metres = [FRAME.geod.geometry_length(line) for line in routes.geometry]
    assert metres == pytest.approx((routes["km"] * 1000).tolist(), rel=1e-9)  # posts and facilities stand on centres


def test_a_post_without_a_way_or_beside_its_facility_has_no_line(plan):
    first = plan.referrals[0]
    lines = first.line.copy()
    lines[1] = None
    routes = layers(replace(plan, referrals=(replace(first, line=lines),)))["referral_routes"]
    assert routes["post_id"].tolist() == ["CHW-01", "NEW-01", "NEW-02"]


def test_layers_of_a_projected_grid_lie_where_the_grid_lies(plan):
    utm = Frame("EPSG:32736", 600_000.0, 8_560_000.0, 900.0, 900.0, FRAME.ny, FRAME.nx)
    x, y = utm.centre_of(plan.facility_cell)
    moved = replace(
        plan, land=replace(plan.land, frame=utm), facilities=replace(plan.facilities, x=x, y=y), referrals=()
    )
    layer = layers(moved)
    lon, lat = utm.lonlat(x, y)
    assert layer["facilities"].geometry.x.tolist() == pytest.approx(lon.tolist())
    assert layer["facilities"].geometry.y.tolist() == pytest.approx(lat.tolist())
    catchments = layer["catchments"]
    inside = catchments[catchments["kind"] == "facility"].geometry.contains(layer["facilities"].geometry)
    assert inside.all()


def test_an_empty_plan_has_all_layers(plan):
    bare = layers(bare_plan())
    assert {name: list(layer.columns) for name, layer in bare.items() if name not in ("catchments",)} == {
        name: list(layer.columns) for name, layer in layers(plan).items() if name not in ("catchments",)
    }
    assert bare["posts"].empty


def test_neighbours_keep_one_border_when_they_are_simplified():
    dice = np.random.default_rng(5)
    border = [(0.1 + 0.002 * dice.normal(), y) for y in np.linspace(0, 1, 5001)]
    areas = np.array([Polygon([*border, (0, 1), (0, 0)]), Polygon([*border, (0.2, 1), (0.2, 0)])], object)
    (((west,),), ((east,),)) = encode_coverage(areas, 0.01)
    at = [{tuple(point) for point in np.cumsum(np.reshape(ring, (-1, 2)), axis=0).tolist()} for ring in (west, east)]
    assert 2 < len(at[0] & at[1]) < 200
    assert at[0] ^ at[1] == {(0, 0), (100_000, 0), (0, 20_000), (100_000, 20_000)}
    assert encode_coverage(areas[:0], 0.01) == []
