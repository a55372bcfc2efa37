"""Sections A and B of the fault table, as far as rasters go: where they lie, what their cells hold."""

from __future__ import annotations

import re
import shutil
import struct
import warnings
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from faults.corpus import FIX, INFO, SAME, STOP, WARN, fault
from faults.scene import NORTH, NX, NY, STEP, WEST, Scene
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.warp import transform_bounds

BOUNDS = WEST, NORTH - NY * STEP, WEST + NX * STEP, NORTH


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


@fault("R4", STOP, "degrees are called UTM")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, crs="EPSG:32736")


@fault("R4", STOP, "metres are called degrees")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, transform=Affine(92, 0, 607_000, 0, -92, 8_562_000))


@fault("R4", STOP, "kilometres are called metres, in the elevation too")
def _(scene: Scene):
    for name in ("population.tif", "elevation.tif"):
        values, _ = scene.raster(name)
        scene.write_raster(name, values, crs="EPSG:32736", transform=Affine(0.6, 0, 607, 0, -0.6, 8_562))


@fault("R4", STOP, "cells are as large as a country")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, transform=Affine(1.0, 0, 14, 0, -1.0, 7))


@fault("R4", STOP, "UTM is called the national grid of another continent")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, crs="EPSG:27700", transform=Affine(92, 0, 607_000, 0, -92, 8_562_000))


def in_projection(scene: Scene, crs: str) -> None:
    """Move the population raster to a projected grid in the same place: its cells are as many, and nearly the same."""
    values, _ = scene.raster("population.tif")
    west, south, east, north = transform_bounds("EPSG:4326", crs, *BOUNDS)
    transform = Affine((east - west) / NX, 0, west, 0, (south - north) / NY, north)
    scene.write_raster("population.tif", values, crs=crs, transform=transform)


@fault("R5", INFO, "the raster is in UTM: distances are planar, and right to 0.1 %")
def _(scene: Scene):
    in_projection(scene, "EPSG:32736")


@fault("R5", WARN, "the raster is in a zone of UTM that is not its own")
def _(scene: Scene):
    in_projection(scene, "EPSG:32737")


@fault("R5", STOP, "the raster is in Web Mercator, which stretches distances")
def _(scene: Scene):
    in_projection(scene, "EPSG:3857")


def with_values(scene: Scene, kind: str, holes: dict[float, slice], name: str = "population.tif", **profile) -> None:
    """Write the raster in another type, with these values in these of its flat cells."""
    values, _ = scene.raster(name)
    values = values.astype(kind)
    for value, cells in holes.items():
        values.ravel()[cells] = value
    scene.write_raster(name, values, **{"nodata": None, **profile})


EMPTY = slice(60, 90)  # cells of the second row, where nobody lives


def with_speeds(scene: Scene, *rows: str, key: str = "speeds") -> None:
    (scene.folder / "speeds.csv").write_text("\n".join(["key,value", *rows]) + "\n", encoding="utf-8")
    scene.scenario["walking"] = {key: "speeds.csv"}


def odd_codes(scene: Scene) -> None:
    values, _ = scene.raster("cover.tif")
    values[5:8, 5:12], values[0, :10] = 41, 255
    scene.write_raster("cover.tif", values)


@fault("R37", STOP, "two codes are not in the legend")
def _(scene: Scene):
    odd_codes(scene)


@fault("R37", STOP, "the table of speeds lacks a class")
def _(scene: Scene):
    with_speeds(scene, "permanent_water,0", "built_up,5")


@fault("R37", FIX, "the scenario has a speed for what the legend lacks")
def _(scene: Scene):
    odd_codes(scene)
    scene.scenario["walking"] = {"default_kmh": 2.0}


@fault("R37", FIX, "the scenario has a speed for what the table lacks")
def _(scene: Scene):
    with_speeds(scene, "permanent_water,0", "built_up,5")
    scene.scenario["walking"]["default_kmh"] = 2.0


@fault("R38", STOP, "speeds below 0 and beyond what anybody walks")
def _(scene: Scene):
    with_speeds(scene, "cropland,-4", "permanent_water,0", "built_up,50")


@fault("R38", STOP, "speeds that are no numbers")
def _(scene: Scene):
    with_speeds(scene, "cropland,NaN", "permanent_water,", "built_up,inf", "grass,fast")


@fault("R38", STOP, "a vehicle at 160 km/h, and one below 0")
def _(scene: Scene):
    (scene.folder / "ride.csv").write_text("key,value\nunclassified,160\ntrack,-1\n", encoding="utf-8")
    scene.scenario["travellers"] = {"by motorbike": {"ride": "ride.csv"}}


@fault("R38", WARN, "a speed of 0 closes shrubs: they are told with the people who live there")
def _(scene: Scene):
    values, _ = scene.raster("cover.tif")
    values[12:18, 12:19] = 20
    scene.write_raster("cover.tif", values)
    with_speeds(scene, "cropland,4", "shrub,0", "permanent_water,0")


@fault("R38", STOP, "speeds in metres per minute on roads")
def _(scene: Scene):
    with_speeds(scene, "path,83", "track,83", key="road_speeds")


def heights(scene: Scene, value: float, *cells: tuple[slice, slice]) -> None:
    """Write a height into these cells of the elevation."""
    values, _ = scene.raster("elevation.tif")
    for rows, cols in cells:
        values[rows, cols] = value
    scene.write_raster("elevation.tif", values)


@fault("R39", FIX, "a void of a few cells, with a facility in it")
def _(scene: Scene):
    heights(scene, -9999, (slice(31, 35), slice(8, 12)))


@fault("R39", WARN, "a void too large to be filled, with a facility in it: it is level ground")
def _(scene: Scene):
    heights(scene, -9999, (slice(14, 40), slice(0, 25)))


@fault("R39", FIX, "spikes and pits")
def _(scene: Scene):
    heights(scene, 4000, (slice(6, 7), slice(8, 9)), (slice(33, 35), slice(42, 43)))
    heights(scene, -300, (slice(20, 21), slice(40, 41)))


@fault("R39", FIX, "a wall of 600 m")
def _(scene: Scene):
    values, _ = scene.raster("elevation.tif")
    values[:, 25:] += 600
    scene.write_raster("elevation.tif", values)


@fault("R39", FIX, "heights beyond Everest")
def _(scene: Scene):
    heights(scene, 20_000, (slice(10, 12), slice(10, 12)))


def moved_to(scene: Scene, west: float, turn: float = 0.0) -> None:
    """Move the district along its latitude to begin at `west`; elevation and land cover lie a `turn` further."""
    for name, further in (("population.tif", 0.0), ("elevation.tif", turn), ("cover.tif", turn)):
        values, _ = scene.raster(name)
        scene.write_raster(name, values, transform=Affine(STEP, 0, west + further, 0, -STEP, NORTH))

    def there(lon: float) -> float:
        return (lon - WEST + west + 180) % 360 - 180

    for name in ("facilities.csv", "villages.csv", "chws.csv"):
        rows = scene.rows(name)
        for row in rows:
            row["longitude"] = round(there(float(row["longitude"])), 5)
        scene.write_rows(name, rows)
    document = scene.features("areas.geojson")
    for feature in document["features"]:
        feature["geometry"]["coordinates"] = [[[there(x), y] for x, y in feature["geometry"]["coordinates"][0]]]
    scene.write_features("areas.geojson", document)
    path = scene.folder / "roads.osm"
    roads = re.sub(r'lon="([^"]+)"', lambda lon: f'lon="{there(float(lon[1])):.5f}"', path.read_text(encoding="utf-8"))
    path.write_text(roads, encoding="utf-8")


@fault("R18", SAME, "people lie past 180 degrees, all else from -180")
def _(scene: Scene):
    moved_to(scene, 190.0, -360.0)


@fault("R18", FIX, "the raster is one of the whole earth, with people at both its ends")
def _(scene: Scene):
    moved_to(scene, 180 - 25 * STEP)
    values, _ = scene.raster("population.tif")
    earth = np.full((NY, 360 * 1200), -99999, np.float32)
    earth[:, -25:], earth[:, :25] = values[:, :25], values[:, 25:]
    transform = Affine(STEP, 0, -180, 0, -STEP, NORTH)
    scene.write_raster("population.tif", earth, transform=transform, compress="deflate")


@fault("R21", FIX, "-99999 and -9999 are not tagged (float32)")
def _(scene: Scene):
    with_values(scene, "float32", {-99999: EMPTY, -9999: slice(1, 5)})


@fault("R21", FIX, "-9999 is not tagged, another value is (int16)")
def _(scene: Scene):
    with_values(scene, "int16", {-9999: EMPTY, -32768: slice(1, 5)}, nodata=-32768)


@fault("R21", FIX, "-1 is not tagged (int32)")
def _(scene: Scene):
    with_values(scene, "int32", {-1: EMPTY})


@fault("R21", FIX, "the lowest number of float32 and of float64 are not tagged (float64)")
def _(scene: Scene):
    with_values(scene, "float64", {np.finfo(np.float32).min: EMPTY, np.finfo(np.float64).min: slice(1, 5)})


@fault("R21", FIX, "255 is not tagged and fills a corner (uint8)")
def _(scene: Scene):
    with_values(scene, "uint8", {255: EMPTY})


@fault("R21", FIX, "65535 is not tagged in two cells (uint16)")
def _(scene: Scene):
    with_values(scene, "uint16", {65535: slice(60, 62)})


@fault("R21", WARN, "255 is not tagged in two cells, where so many people may live (uint8)")
def _(scene: Scene):
    with_values(scene, "uint8", {255: slice(60, 62)})


@fault("R21", FIX, "the scenario says that 255 means no data")
def _(scene: Scene):
    with_values(scene, "uint8", {255: slice(60, 62)})
    scene.scenario["population"]["nodata"] = 255.0


@fault("R21", STOP, "negative people that no program writes for no data")
def _(scene: Scene):
    with_values(scene, "float32", {-7: EMPTY})


@fault("R21", STOP, "people are subtracted: changes between two years")
def _(scene: Scene):
    with_values(scene, "float32", {-0.25: slice(60, 61), -1.5: slice(61, 62), -3: slice(62, 63), -12: slice(63, 64)})


@fault("R21", STOP, "the scenario says another value than the file tags")
def _(scene: Scene):
    scene.scenario["population"]["nodata"] = -1.0


@fault("R22", INFO, "the tag is the lowest number of float32, rounded on its way to the cells")
def _(scene: Scene):
    with_values(scene, "float32", {-3.4028231e38: EMPTY}, nodata=float(np.finfo(np.float32).min))


@fault("R22", INFO, "NaN is tagged")
def _(scene: Scene):
    with_values(scene, "float32", {np.nan: EMPTY}, nodata=np.nan)


@fault("R22", INFO, "NaN is not tagged")
def _(scene: Scene):
    with_values(scene, "float64", {np.nan: EMPTY})


@fault("R22", STOP, "people without end")
def _(scene: Scene):
    with_values(scene, "float32", {np.inf: EMPTY})


@fault("R23", INFO, "cells where nobody lives have no data, as in WorldPop's constrained rasters")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", np.where(values > 0, values, -99999).astype(np.float32))


@fault("R23", INFO, "0 is tagged as no data")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, nodata=0)


@fault("R23", INFO, "a quarter has no data, the rest people or 0")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    values[:10] = -99999
    scene.write_raster("population.tif", values)


@fault("R24", SAME, "whole numbers, no data tagged (int32)")
def _(scene: Scene):
    with_values(scene, "int32", {}, nodata=-1)


@fault("R24", INFO, "whole numbers with holes (uint8)")
def _(scene: Scene):
    with_values(scene, "uint8", {255: EMPTY}, nodata=255)


@fault("R24", INFO, "whole numbers with holes, a tag that the type cannot hold (int16)")
def _(scene: Scene):
    with_values(scene, "int16", {-1: EMPTY}, nodata=-1)
    aux = '<PAMDataset><PAMRasterBand band="1"><NoDataValue>nan</NoDataValue></PAMRasterBand></PAMDataset>'
    (scene.folder / "population.tif.aux.xml").write_text(aux, encoding="utf-8")


@fault("R29", WARN, "people per km2 in a raster of 92 m")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values * np.float32(1 / 0.0085))


@fault("R29", WARN, "sixty thousand people in a cell")
def _(scene: Scene):
    with_values(scene, "float32", {60_000: slice(60, 61)})


@fault("R29", STOP, "people per km2, and the number of people is known")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values * np.float32(1 / 0.0085))
    scene.scenario["population"]["known_people"] = 1100


@fault("R29", STOP, "one sixth of the people that are known: those of an age")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values / 6)
    scene.scenario["population"]["known_people"] = 1100


@fault("R29", WARN, "a third more people than are known")
def _(scene: Scene):
    scene.scenario["population"]["known_people"] = 815


@fault("R29", INFO, "nearly as many people as are known")
def _(scene: Scene):
    scene.scenario["population"]["known_people"] = 1100


@fault("R31", FIX, "people are stored as tenths")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", (values * 10).astype(np.int16), nodata=-1)
    with rasterio.open(scene.folder / "population.tif", "r+") as target:
        target.scales = (0.1,)


@fault("R31", FIX, "heights are stored as decimetres above -500 m")
def _(scene: Scene):
    values, _ = scene.raster("elevation.tif")
    scene.write_raster("elevation.tif", ((values + 500) * 10).astype(np.uint16), nodata=0)
    with rasterio.open(scene.folder / "elevation.tif", "r+") as target:
        target.scales, target.offsets = (0.1,), (-500.0,)


@fault("R31", STOP, "classes of land cover have a scale")
def _(scene: Scene):
    with rasterio.open(scene.folder / "cover.tif", "r+") as target:
        target.scales = (0.5,)


def two_years(scene: Scene) -> None:
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", np.stack([values * 2, values]))
    with rasterio.open(scene.folder / "population.tif", "r+") as target:
        target.descriptions = ("people 2030", "people 2026")


@fault("R33", STOP, "two bands")
def _(scene: Scene):
    two_years(scene)


@fault("R33", SAME, "two bands, and the scenario says which")
def _(scene: Scene):
    two_years(scene)
    scene.scenario["population"]["band"] = 2


@fault("R33", STOP, "a band that is not there")
def _(scene: Scene):
    two_years(scene)
    scene.scenario["population"]["band"] = 3


@fault("R33", STOP, "a picture in red, green and blue")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", np.stack([values.astype(np.uint8)] * 3), nodata=None, photometric="RGB")


def coloured(scene: Scene, name: str) -> None:
    values, _ = scene.raster(name)
    scene.write_raster(name, values.astype(np.uint8), nodata=None)
    with rasterio.open(scene.folder / name, "r+") as target:
        target.write_colormap(1, {40: (255, 255, 0, 255)})


@fault("R33", STOP, "people as colours of a palette")
def _(scene: Scene):
    coloured(scene, "population.tif")


@fault("R33", SAME, "land cover has a palette: its values are codes all the same")
def _(scene: Scene):
    coloured(scene, "cover.tif")


@fault("R33", INFO, "a band of transparency hides cells")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    seen = np.full(values.shape, 255, np.uint8)
    seen[1] = 0
    scene.write_raster("population.tif", np.stack([values.astype(np.uint8), seen]), nodata=None)
    with rasterio.open(scene.folder / "population.tif", "r+") as target:
        target.colorinterp = (ColorInterp.gray, ColorInterp.alpha)


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


@fault("R34", STOP, "the second half of the file is missing")
def _(scene: Scene):
    cut(scene.folder / "population.tif", 0.5)


@fault("R34", STOP, "the end of every raster is missing")
def _(scene: Scene):
    for name in ("population.tif", "elevation.tif", "cover.tif"):
        cut(scene.folder / name, 0.98)


@fault("R34", STOP, "bits of compressed blocks are flipped")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, compress="deflate")
    path = scene.folder / "population.tif"
    with rasterio.open(path) as source:
        first = int(source.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    content = bytearray(path.read_bytes())
    content[first + 20] ^= 64
    path.write_bytes(content)


def sparse(scene: Scene) -> None:
    """Most blocks are never written, as after a kill."""
    values, profile = scene.raster("population.tif")
    profile.update(tiled=True, blockxsize=16, blockysize=16, sparse_ok=True)
    with rasterio.open(scene.folder / "population.tif", "w", **profile) as target:
        target.write(values[:16, :16], 1, window=((0, 16), (0, 16)))


@fault("R34", STOP, "blocks were never written")
def _(scene: Scene):
    sparse(scene)


@fault("R34", FIX, "blocks were never written, and the user agrees that they are empty")
def _(scene: Scene):
    sparse(scene)
    scene.scenario["fixes"] = ["empty-blocks"]


@fault("R34", STOP, "an empty file, a page of a web site and a folder")
def _(scene: Scene):
    (scene.folder / "population.tif").write_bytes(b"")
    (scene.folder / "elevation.tif").write_text("<!DOCTYPE html><title>Log in</title>", encoding="utf-8")
    (scene.folder / "cover.tif").unlink()
    (scene.folder / "cover.tif").mkdir()


@fault("R36", STOP, "a virtual raster with the name of a GeoTIFF")
def _(scene: Scene):
    (scene.folder / "population.tif").rename(scene.folder / "secret.tif")
    rasterio.shutil.copy(scene.folder / "secret.tif", scene.folder / "population.tif", driver="VRT")


@fault("R36", STOP, "a raster of another format with the name of a GeoTIFF")
def _(scene: Scene):
    values, profile = scene.raster("cover.tif")
    profile.update(driver="PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(scene.folder / "cover.png", "w", **profile) as target:
            target.write(values, 1)
    (scene.folder / "cover.png").rename(scene.folder / "cover.tif")


@fault("R36", STOP, "files that lie on the network, in an archive or in memory")
def _(scene: Scene):
    scene.scenario["population"]["file"] = "https://example.org/population.tif"
    scene.scenario["elevation"]["file"] = "/vsizip/elevation.zip/elevation.tif"
    scene.scenario["land_cover"]["file"] = "zip://cover.zip!cover.tif"


@fault("R36", SAME, "a file beside the raster says another position and other overviews")
def _(scene: Scene):
    rasterio.shutil.copy(scene.folder / "elevation.tif", scene.folder / "other.vrt", driver="VRT")
    aux = f"""<PAMDataset><SRS>EPSG:32736</SRS><GeoTransform>0, 100, 0, 0, 0, -100</GeoTransform>
<Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{scene.folder / "other.vrt"}</MDI></Metadata></PAMDataset>"""
    (scene.folder / "population.tif.aux.xml").write_text(aux, encoding="utf-8")


@fault("R26", FIX, "rows run from south to north")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    transform = Affine(STEP, 0, WEST, 0, STEP, NORTH - NY * STEP)
    scene.write_raster("population.tif", values[::-1], transform=transform)


@fault("R26", STOP, "the rows are tilted")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, transform=Affine(STEP, STEP / 20, WEST, STEP / 20, -STEP, NORTH))


@fault("R26", STOP, "columns run from east to west")
def _(scene: Scene):
    values, _ = scene.raster("elevation.tif")
    transform = Affine(-STEP, 0, WEST + NX * STEP, 0, -STEP, NORTH)
    scene.write_raster("elevation.tif", values[:, ::-1], transform=transform)


@fault("R26", SAME, "land cover and elevation lie otherwise: half a cell away, from the south, in UTM")
def _(scene: Scene):
    values, _ = scene.raster("cover.tif")
    wide = np.pad(values, 1, mode="edge")
    half = Affine(STEP, 0, WEST - STEP / 2, 0, STEP, NORTH - (NY + 0.5) * STEP)
    scene.write_raster("cover.tif", wide[::-1], transform=half)
    west, south, east, north = transform_bounds("EPSG:4326", "EPSG:32736", *BOUNDS)
    metres = np.full((60, 60), 1000, np.float32)
    transform = Affine((east - west) / 50, 0, west - 300, 0, (south - north) / 50, north + 300)
    scene.write_raster("elevation.tif", metres, crs="EPSG:32736", transform=transform)


@fault("R27", STOP, "elevation of another country")
def _(scene: Scene):
    values, _ = scene.raster("elevation.tif")
    scene.write_raster("elevation.tif", values, transform=Affine(STEP, 0, 43.2, 0, -STEP, -11.3))


@fault("R27", STOP, "no cell has data")
def _(scene: Scene):
    with_values(scene, "float32", {-99999: slice(None)}, nodata=-99999)


@fault("R27", STOP, "nobody lives in any cell")
def _(scene: Scene):
    with_values(scene, "float32", {0: slice(None)})


@fault("R27", STOP, "people of another country than everything else")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values, transform=Affine(STEP, 0, 43.2, 0, -STEP, -11.3))


def cropped(scene: Scene, columns: int) -> None:
    """Leave the first columns of the population raster."""
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values[:, :columns])


@fault("R28", STOP, "the raster covers the western ward, and half of the other")
def _(scene: Scene):
    cropped(scene, 37)


@fault("R28", WARN, "the user agrees to a plan for this part")
def _(scene: Scene):
    cropped(scene, 37)
    scene.scenario["fixes"] = ["part-of-areas"]


@fault("R28", WARN, "the raster lacks an edge of the eastern ward")
def _(scene: Scene):
    cropped(scene, 48)


@fault("R28", STOP, "the raster covers one ward alone")
def _(scene: Scene):
    cropped(scene, 25)


def hollow(scene: Scene, width: int, height: int, step: float) -> None:
    """A file of a few kilobytes whose header promises many cells."""
    _, profile = scene.raster("population.tif")
    size = {"width": width, "height": height, "tiled": True, "blockxsize": 4096, "blockysize": 4096, "sparse_ok": True}
    transform = Affine(step, 0, 30, 0, -step, 0)
    rasterio.open(scene.folder / "population.tif", "w", **{**profile, **size, "transform": transform}).close()


@fault("R35", STOP, "a header promises more cells than can be counted")
def _(scene: Scene):
    hollow(scene, 60_000, 60_000, 1 / 2400)


@fault("R35", STOP, "a header promises more cells than there is memory for")
def _(scene: Scene):
    hollow(scene, 40_000, 40_000, 1 / 2400)
    scene.command += ["--memory", "8GB"]


@fault("R35", STOP, "a header promises more rows than the file has")
def _(scene: Scene):
    path = scene.folder / "population.tif"
    content = bytearray(path.read_bytes())
    tag = content.index(struct.pack("<HHI", 257, 3, 1)) + 8  # ImageLength
    content[tag : tag + 2] = struct.pack("<H", 4000)
    path.write_bytes(content)


@fault("R35", STOP, "there is less memory than this district needs")
def _(scene: Scene):
    scene.command += ["--memory", "100MB"]


def children(scene: Scene, values: np.ndarray, **profile) -> None:
    """Give the scenario a raster of children."""
    shutil.copy(scene.folder / "population.tif", scene.folder / "children.tif")
    scene.write_raster("children.tif", values, **profile)
    scene.scenario["population"]["under_five_file"] = "children.tif"


@fault("R25", STOP, "children in cells that lie half a cell away")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    half = Affine(STEP, 0, WEST + STEP / 2, 0, -STEP, NORTH)
    children(scene, values / 6, transform=half)


@fault("R25", STOP, "children in cells twice as large: they would have to be spread")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    sums = values.reshape(NY // 2, 2, NX // 2, 2).sum(axis=(1, 3)) / 6
    children(scene, sums, transform=Affine(2 * STEP, 0, WEST, 0, -2 * STEP, NORTH))


@fault("R25", STOP, "children in another reference system")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    west, south, east, north = transform_bounds("EPSG:4326", "EPSG:32736", *BOUNDS)
    transform = Affine((east - west) / NX, 0, west, 0, (south - north) / NY, north)
    children(scene, values / 6, crs="EPSG:32736", transform=transform)


@fault("R25", INFO, "cells twice as large are asked for: people are summed, and their number stays")
def _(scene: Scene):
    scene.scenario["population"]["cell"] = 2


@fault("R30", INFO, "the raster's year is not said")
def _(scene: Scene):
    del scene.scenario["population"]["year"]


@fault("R30", INFO, "the raster is of another year: its people are told with it")
def _(scene: Scene):
    scene.scenario["population"]["year"] = 2015


@fault("R30", STOP, "people are counted in thousands, and their number is known")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster("population.tif", values / 1000)
    scene.scenario["population"]["known_people"] = 1100


@fault("R32", SAME, "people in float64")
def _(scene: Scene):
    with_values(scene, "float64", {})


@fault("R32", SAME, "people in int16")
def _(scene: Scene):
    with_values(scene, "int16", {})


@fault("R32", SAME, "people in float32, in compressed tiles")
def _(scene: Scene):
    values, _ = scene.raster("population.tif")
    scene.write_raster(
        "population.tif", values, tiled=True, blockxsize=16, blockysize=16, compress="deflate", predictor=3
    )
