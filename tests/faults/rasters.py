"""Sections A and B of the fault table, as far as rasters go: where they lie, what their cells hold."""

from __future__ import annotations

import warnings

from faults.corpus import FIX, STOP, fault
from faults.scene import Scene
from rasterio.errors import NotGeoreferencedWarning


def without_crs(scene: Scene, name: str) -> None:
    values, _ = scene.raster(name)
    scene.write_raster(name, values, crs=None)


@fault("R2", STOP, "the population raster says no reference system")
def _(scene: Scene):
    without_crs(scene, "population.tif")


@fault("R2", STOP, "elevation and land cover say no reference system")
def _(scene: Scene):
    without_crs(scene, "elevation.tif")
    without_crs(scene, "cover.tif")


@fault("R2", FIX, "the scenario says which one the population raster and the elevation have")
def _(scene: Scene):
    without_crs(scene, "population.tif")
    without_crs(scene, "elevation.tif")
    scene.scenario["population"]["crs"] = scene.scenario["elevation"]["crs"] = "EPSG:4326"


@fault("R2", STOP, "the scenario says another one than the file has")
def _(scene: Scene):
    scene.scenario["population"]["crs"] = "EPSG:32736"


@fault("R2", STOP, "the scenario says none that there is")
def _(scene: Scene):
    scene.scenario["land_cover"]["crs"] = "UTM 36"


@fault("R2", STOP, "the population raster has no position")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        scene.write_raster("population.tif", values, crs=None, transform=None)
