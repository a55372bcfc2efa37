"""A small place in files: 4 x 5 cells of 0.01 degrees with their corner at 40 E, 10 S, and what a scenario names."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from shapely.geometry import Point

from planner.inputs.findings import File, Findings
from planner.scenario import Scenario
from planner.types.frame import Frame

FRAME = Frame("EPSG:4326", west=40.0, north=-10.0, dx=0.01, dy=0.01, ny=4, nx=5)
PEOPLE = np.arange(20, dtype=np.float32).reshape(4, 5)
FACILITIES = "id,name,lat,lon,tier\nA1,CS Mbale,-10.005,40.005,1\nA2,HD Moya,-10.035,40.045,2\n"


def write_tif(path: Path, values, *, frame: Frame = FRAME, crs: str | None = "x", transform=None, **profile) -> Path:
    values = np.asarray(values)
    bands = values if values.ndim == 3 else values[None]
    with rasterio.open(
        path,
        "w",
        driver=profile.pop("driver", "GTiff"),
        count=len(bands),
        height=bands.shape[1],
        width=bands.shape[2],
        dtype=values.dtype,
        crs=frame.crs if crs == "x" else crs,
        transform=transform or Affine(*frame.gdal_transform),
        **profile,
    ) as target:
        target.write(bands)
    return path


def write_layer(path: Path, rows: list[dict], geometry, crs: str | None = "EPSG:4326", **options) -> Path:
    gpd.GeoDataFrame(rows, geometry=list(geometry), crs=crs).to_file(path, **options)
    return path


def write_points(path: Path, rows: list[dict], xy, crs: str = "EPSG:4326") -> Path:
    return write_layer(path, rows, [Point(p) for p in xy], crs)


def file_of(path: Path, role: str = "list") -> File:
    return File(path, role, Findings(path.parent))


def notes_of(findings: Findings, level: str) -> list[str]:
    return [note.what for note in findings.notes if note.level == level]


def make_scenario(folder: Path, **sections) -> Scenario:
    """A scenario with a population raster and two facilities in `folder`; sections are added or replaced."""
    if not (folder / "people.tif").exists():
        write_tif(folder / "people.tif", PEOPLE)
    if not (folder / "facilities.csv").exists():
        (folder / "facilities.csv").write_text(FACILITIES, encoding="utf-8")
    content = {"population": {"file": "people.tif"}, "facilities": {"file": "facilities.csv"}, **sections}
    return Scenario.model_validate({"title": "A small place", **content})
