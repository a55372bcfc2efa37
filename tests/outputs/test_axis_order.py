"""What is written lies where it lay, longitude and latitude in their places: each format written and read again."""

from __future__ import annotations

import gpxpy
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from outputs.tiny import tiny_plan
from planner import inputs, outputs
from planner.inputs.features import read_features
from planner.inputs.findings import File, Findings
from planner.inputs.projecting import project
from planner.outputs import single
from planner.outputs.exports import export
from planner.outputs.layers import on_frame
from planner.types.frame import Frame

DEGREES = 1e-7
ROUNDED = 6e-7  # where six digits are written
FRAMES = (
    Frame("EPSG:4326", 34.0, -13.0, 0.01, 0.01, 10, 10),
    Frame("EPSG:32736", 608_000.0, 8_563_000.0, 100.0, 100.0, 10, 10),
    Frame("EPSG:3857", 3_784_000.0, -1_459_000.0, 100.0, 100.0, 10, 10),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "base"
    outputs.write(tiny_plan(), folder, scenario_toml="", log=())
    return folder


@pytest.mark.parametrize("ending", [".gpkg", ".geojson"])
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.crs)
def test_a_layer_is_read_back_where_it_was_on_any_grid(tmp_path, frame, ending):
    x, y = frame.centre_of(np.arange(frame.n))
    xy = np.column_stack([x, y])
    shapes = [shapely.Point(xy[7]), shapely.LineString(xy[[3, 42, 99]]), shapely.Polygon(xy[[0, 9, 99]])]
    path = tmp_path / f"layer{ending}"
    single.write_layer(on_frame(frame, {"name": list("abc")}, shapes), path, "layer", "2026-11-01")
    table = read_features(File(path, "layer", Findings(tmp_path)), "")
    back = project(table.shapes(), table.crs, frame)
    metres = 1.0 if frame.geographic else 111_000.0
    for shape, again in zip(shapes, back, strict=True):
        assert shapely.hausdorff_distance(shape, again) <= DEGREES * metres


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.crs)
def test_longitudes_and_latitudes_of_a_table_are_read_back_where_they_were(tmp_path, frame):
    x, y = frame.centre_of(np.arange(frame.n))
    lon, lat = frame.lonlat(x, y)
    table = pd.DataFrame({"id": [f"P{k:03}" for k in range(frame.n)], "lon": lon, "lat": lat})
    single.write_csv(table, tmp_path / "points.csv")
    places, _ = inputs.read_points(tmp_path / "points.csv", frame)
    again = frame.lonlat(places.x, places.y)
    assert np.abs(np.array(again) - np.array([lon, lat])).max() <= DEGREES


def test_the_layers_of_a_run_lie_where_the_tables_say(run):
    posts = pyogrio.read_dataframe(run / "layers.gpkg", layer="posts").set_index("post_id").geometry
    table = pd.read_csv(next((run / "tables").glob("posts.csv"))).set_index("post_id")
    for post, shape in posts.items():
        assert (shape.x, shape.y) == pytest.approx((table.loc[post, "lon"], table.loc[post, "lat"]), abs=DEGREES)


def test_what_telephones_and_dhis2_are_given_lies_where_the_layers_say(run, tmp_path):
    export(run, ["phones", "dhis2"], tmp_path)
    posts = pyogrio.read_dataframe(run / "layers.gpkg", layer="posts").geometry.to_numpy()
    known = shapely.STRtree(posts)
    for path in (tmp_path / "phones" / "chws").glob("*.kml"):
        first = gpxpy.parse(path.with_suffix(".gpx").read_text(encoding="utf-8")).waypoints[0]
        [layer] = [name for name, _ in pyogrio.list_layers(path)]
        kml = pyogrio.read_dataframe(path, layer=layer).geometry.iloc[0]
        for place in (shapely.Point(first.longitude, first.latitude), shapely.force_2d(kml)):
            assert known.query_nearest(place, return_distance=True)[1][0] <= ROUNDED
    units = pyogrio.read_dataframe(tmp_path / "dhis2" / "posts.geojson").geometry
    assert len(units)
    assert max(known.query_nearest(unit, return_distance=True)[1][0] for unit in units) <= ROUNDED
