"""AccessMod's demonstration area at 1 km: another program's answer, reproduced."""

import json
from pathlib import Path

import numpy as np
import pytest

from planner import travel
from planner.scenario import Walking

SOUTH = Path(__file__).parents[3] / "shared" / "data" / "malawi_south"
pytestmark = pytest.mark.skipif(not SOUTH.is_dir(), reason=f"the real data are absent: {SOUTH}")


def read(name):
    import rasterio

    with rasterio.open(SOUTH / name) as raster:
        return raster.read(1), raster


def test_the_reference_raster_is_reproduced_on_every_cell_within_its_truncation():
    import geopandas

    from lands import make_land

    stack, raster = read("stack.tif")
    speeds = json.loads((SOUTH / "accessibility.json").read_text())["moving_speeds"]
    classes = {1: "Built_area", 2: "Low_dense_vegetation", 3: "Dense_vegetation"}
    roads = {1001: "Main road", 1002: "Secondary", 1003: "Teriary"}
    kmh = np.zeros(stack.shape)
    for code, name in (classes | roads).items():
        kmh[stack == code] = speeds[name]
    land = make_land(kmh, crs=raster.crs.to_wkt(), cell=1000.0, west=raster.transform.c, north=raster.transform.f)
    facilities = geopandas.read_file(SOUTH / "facilities.gpkg")
    sources = land.frame.cell_of(facilities.geometry.x, facilities.geometry.y)
    walking = Walking(neighbours=8, slope="none", corners="open")
    time = travel.time_to_nearest(land, sources, walking, max_minutes=361)

    reference, _ = read("cumulative_cost.tif")
    minutes = time.minutes.reshape(stack.shape).astype(float)
    minutes[minutes >= 361] = np.inf
    reached = reference >= 0
    assert reached.sum() == 16_224
    ahead = minutes[reached] - reference[reached]
    assert ahead.min() >= -1e-3 and ahead.max() < 1 + 1e-3
    assert not (minutes[~reached] <= 360 - 1e-3).any()
