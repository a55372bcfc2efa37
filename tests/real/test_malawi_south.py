"""AccessMod's demonstration area at 1 km: another program's answer, reproduced."""

import json
from pathlib import Path

import numpy as np
import pytest

from planner import analysis, travel
from planner.scenario import Walking

SOUTH = Path(__file__).parents[3] / "shared" / "data" / "malawi_south"
pytestmark = pytest.mark.skipif(not SOUTH.is_dir(), reason=f"the real data are absent: {SOUTH}")


def read(name):
    import rasterio

    with rasterio.open(SOUTH / name) as raster:
        return raster.read(1), raster


CLASSES = {1: "Built_area", 2: "Low_dense_vegetation", 3: "Dense_vegetation"}
ROADS = {1001: "Main road", 1002: "Secondary", 1003: "Teriary"}


def test_the_reference_raster_is_reproduced_on_every_cell_within_its_truncation():
    import geopandas

    from lands import make_land

    stack, raster = read("stack.tif")
    speeds = json.loads((SOUTH / "accessibility.json").read_text())["moving_speeds"]
    kmh = np.zeros(stack.shape)
    for code, name in (CLASSES | ROADS).items():
        kmh[stack == code] = speeds[name]
    land = make_land(kmh, crs=raster.crs.to_wkt(), cell=1000.0, west=raster.transform.c, north=raster.transform.f)
    facilities = geopandas.read_file(SOUTH / "facilities.gpkg")
    sources = land.frame.cell_of(facilities.geometry.x, facilities.geometry.y)
    walking = Walking(neighbours=8, slope="none", corners="open")
    time = travel.time_to_nearest(land, sources, walking, max_minutes=361)

    assert_as_reference(time.minutes.reshape(stack.shape))


def assert_as_reference(minutes):
    """The same cells within 360 minutes, and on each of them the same minutes but for their truncation."""
    reference, _ = read("cumulative_cost.tif")
    minutes = minutes.astype(float)
    minutes[minutes >= 361] = np.inf
    reached = reference >= 0
    assert reached.sum() == 16_224
    ahead = minutes[reached] - reference[reached]
    assert ahead.min() >= -1e-3 and ahead.max() < 1 + 1e-3
    assert not (minutes[~reached] <= 360 - 1e-3).any()


SCENARIO = """\
title = "Malawi south, as AccessMod has it"
date = "2026-11-01"
[population]
file = "people.tif"
[land_cover]
file = "cover.tif"
legend = "legend.csv"
fill_metres = 0.0
[roads]
file = "roads.gpkg"
class_column = "label"
[facilities]
file = "facilities.csv"
[walking]
speeds = "speeds.csv"
road_speeds = "foot.csv"
compare_speeds = ""
slope = "none"
neighbours = 8
corners = "open"
[travellers."by car"]
ride = "car.csv"
roads = "burned"
"""


def test_a_scenario_with_roads_burned_in_reproduces_the_reference(tmp_path):
    """The roads are lines again, one in each cell that AccessMod drew them in, over its slowest vegetation."""
    import geopandas
    from inputs.scene import write_layer, write_tif
    from shapely.geometry import LineString

    stack, raster = read("stack.tif")
    place = {"crs": raster.crs, "transform": raster.transform}
    speeds = json.loads((SOUTH / "accessibility.json").read_text())["moving_speeds"]
    on_road = np.isin(stack, list(ROADS))
    write_tif(tmp_path / "people.tif", np.ones(stack.shape, np.float32), **place)
    cover = np.where(on_road, 3, np.where(np.isin(stack, list(CLASSES)), stack, 255)).astype(np.uint8)
    write_tif(tmp_path / "cover.tif", cover, nodata=255, **place)
    row, col = np.nonzero(on_road)
    x, y = raster.transform.c + 1000 * (col + 0.5), raster.transform.f - 1000 * (row + 0.5)
    lines = [LineString([(x - 100, y), (x + 100, y)]) for x, y in zip(x, y, strict=True)]
    labels = [{"label": ROADS[code]} for code in stack[on_road].tolist()]
    write_layer(tmp_path / "roads.gpkg", labels, lines, raster.crs)
    sites = geopandas.read_file(SOUTH / "facilities.gpkg").geometry
    points = [f"{k},F{k},{site.x},{site.y},1\n" for k, site in enumerate(sites)]
    for name, text in {
        "legend.csv": "code,name,land_cover\n" + "".join(f"{code},{name},{name}\n" for code, name in CLASSES.items()),
        "speeds.csv": "key,value\n" + "".join(f"{name},{speeds[name]}\n" for name in CLASSES.values()),
        "car.csv": "key,value\n" + "".join(f"{name},{speeds[name]}\n" for name in ROADS.values()),
        "foot.csv": "key,value\npath,5\n",  # nobody walks on these roads
        "facilities.csv": "id,name,x,y,tier\n" + "".join(points),
        "scenario.toml": SCENARIO,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    answer = tmp_path / "minutes.tif"
    request = analysis.Request("minutes", "facilities", answer, traveller="by car", max_minutes=361.0)
    analysis.travel(tmp_path / "scenario.toml", request)
    import rasterio

    with rasterio.open(answer) as found:
        minutes = found.read(1)
    assert_as_reference(np.where(minutes < 0, np.inf, minutes))
