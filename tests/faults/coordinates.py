"""Section A of the fault table, as far as vectors go: reference systems, outlines, the antimeridian."""

from __future__ import annotations

import re
import warnings
import zipfile

import geopandas as gpd
import pandas as pd
import pyogrio
from affine import Affine
from faults.corpus import FIX, SAME, STOP, WARN, fault
from faults.scene import NORTH, STEP, WEST, Scene
from shapely import affinity
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

MIDDLE, EAST, SOUTH = WEST + 25 * STEP, WEST + 50 * STEP, NORTH - 40 * STEP
FACILITY_TYPES = {"Health Post": 1, "Health Centre": 1, "District Hospital": 2}


def areas(scene: Scene) -> gpd.GeoDataFrame:
    return gpd.read_file(scene.folder / "areas.geojson")


def give(scene: Scene, section: str, layer: gpd.GeoDataFrame, name: str) -> None:
    """Write a layer, without reference system where the frame has none, and name it in the scenario."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no reference system, or a mixture of shapes
        pyogrio.write_dataframe(layer, scene.folder / name, geometry_type=None if name.endswith("shp") else "Unknown")
    scene.scenario[section]["file"] = name


def outline(scene: Scene, shape: BaseGeometry) -> None:
    """Give the first ward another outline."""
    layer = areas(scene)
    layer.geometry = [shape, *layer.geometry[1:]]
    give(scene, "areas", layer, "areas.gpkg")


def facilities(scene: Scene) -> gpd.GeoDataFrame:
    rows = scene.rows("facilities.csv")
    at = [Point(float(row["longitude"]), float(row["latitude"])) for row in rows]
    named = [{"code": row["code"], "name": row["name"], "type": row["type"]} for row in rows]
    return gpd.GeoDataFrame(named, geometry=at, crs="EPSG:4326")


def roads() -> gpd.GeoDataFrame:
    ways = [LineString([(WEST + 1.5 * STEP, -13.0171), (MIDDLE, -13.0171), (EAST - STEP, -13.0171)])]
    return gpd.GeoDataFrame({"highway": ["unclassified"]}, geometry=ways, crs="EPSG:4326")


@fault("R1", FIX, "areas without reference system, in degrees, on the raster")
def _(scene: Scene):
    give(scene, "areas", areas(scene).set_crs(None, allow_override=True), "areas.gpkg")


@fault("R1", FIX, "a Shapefile of areas without .prj")
def _(scene: Scene):
    give(scene, "areas", areas(scene), "areas.shp")
    (scene.folder / "areas.prj").unlink()


@fault("R1", STOP, "areas without reference system, in metres")
def _(scene: Scene):
    give(scene, "areas", areas(scene).to_crs("EPSG:32736").set_crs(None, allow_override=True), "areas.gpkg")


@fault("R1", FIX, "the same, and the scenario says which one it is")
def _(scene: Scene):
    give(scene, "areas", areas(scene).to_crs("EPSG:32736").set_crs(None, allow_override=True), "areas.gpkg")
    scene.scenario["areas"]["crs"] = "EPSG:32736"


@fault("R1", STOP, "roads and facilities without reference system, in degrees, far away")
def _(scene: Scene):
    for section, layer in (("roads", roads()), ("facilities", facilities(scene))):
        layer.geometry = layer.geometry.translate(100, 20)
        give(scene, section, layer.set_crs(None, allow_override=True), f"{section}.gpkg")


@fault("R1", STOP, "GeoJSON in metres that does not say so")
def _(scene: Scene):
    document = areas(scene).to_crs("EPSG:32736").__geo_interface__
    document.pop("crs", None)
    scene.write_features("areas.geojson", document)


@fault("R3", SAME, "areas in UTM, in a Shapefile in a .zip")
def _(scene: Scene):
    give(scene, "areas", areas(scene).to_crs("EPSG:32736"), "areas.shp")
    with zipfile.ZipFile(scene.folder / "areas.zip", "w") as target:
        for path in sorted(scene.folder.glob("areas.*")):
            if path.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"}:
                target.write(path, path.name)
    scene.scenario["areas"]["file"] = "areas.zip"


@fault("R3", SAME, "facilities in Web Mercator")
def _(scene: Scene):
    give(scene, "facilities", facilities(scene).to_crs("EPSG:3857"), "facilities.gpkg")


@fault("R3", SAME, "areas in a projection of their own, facilities in UTM")
def _(scene: Scene):
    laea = "+proj=laea +lat_0=-13 +lon_0=34 +datum=WGS84"
    give(scene, "areas", areas(scene).to_crs(laea), "areas.gpkg")
    give(scene, "facilities", facilities(scene).to_crs("EPSG:32736"), "facilities.gpkg")


@fault("R3", STOP, "degrees that are called metres")
def _(scene: Scene):
    give(scene, "areas", areas(scene).set_crs("EPSG:32736", allow_override=True), "areas.gpkg")


@fault("R3", FIX, "a ward with a corner that is no place on the earth")
def _(scene: Scene):
    outline(scene, Polygon([(WEST, SOUTH), (MIDDLE, SOUTH), (WEST, 1e9)]))


@fault("R7", SAME, "GeoJSON that names the degrees with the latitude first, and has them as GeoJSON must")
def _(scene: Scene):
    document = scene.features("areas.geojson")
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    scene.write_features("areas.geojson", document)


@fault("R7", SAME, "KML, with the longitude first")
def _(scene: Scene):
    layer = areas(scene)
    pyogrio.write_dataframe(layer, scene.folder / "areas.kml", driver="KML")
    scene.scenario["areas"] |= {"file": "areas.kml", "name": "Name"}


@fault("R7", STOP, "areas with the latitude first, against the format")
def _(scene: Scene):
    document = scene.features("areas.geojson")
    for each in document["features"]:
        (ring,) = each["geometry"]["coordinates"]
        each["geometry"]["coordinates"] = [[[y, x] for x, y in ring]]
    scene.write_features("areas.geojson", document)


@fault("R14", STOP, "a bow tie")
def _(scene: Scene):
    outline(scene, Polygon([(WEST, SOUTH), (MIDDLE, NORTH), (MIDDLE, SOUTH), (WEST, NORTH)]))


@fault("R14", FIX, "the same, and the user agrees to have it mended")
def _(scene: Scene):
    outline(scene, Polygon([(WEST, SOUTH), (MIDDLE, NORTH), (MIDDLE, SOUTH), (WEST, NORTH)]))
    scene.scenario["fixes"] = ["mend-outlines"]


@fault("R14", FIX, "a spike")
def _(scene: Scene):
    spike = [(WEST, SOUTH), (MIDDLE, SOUTH), (MIDDLE, NORTH), (EAST, NORTH), (MIDDLE, NORTH), (WEST, NORTH)]
    outline(scene, Polygon(spike))


@fault("R14", STOP, "a hole outside its outline")
def _(scene: Scene):
    hole = [(MIDDLE + 2 * STEP, NORTH - STEP), (MIDDLE + 9 * STEP, NORTH - STEP), (MIDDLE + 2 * STEP, NORTH - 9 * STEP)]
    outline(scene, Polygon([(WEST, SOUTH), (MIDDLE, SOUTH), (MIDDLE, NORTH), (WEST, NORTH)], [hole]))


@fault("R14", FIX, "an outline that is not closed")
def _(scene: Scene):
    document = scene.features("areas.geojson")
    document["features"][0]["geometry"]["coordinates"][0].pop()
    scene.write_features("areas.geojson", document)


@fault("R15", FIX, "a collection of an outline, a point and a line")
def _(scene: Scene):
    ward = box(WEST, SOUTH, MIDDLE, NORTH)
    outline(scene, GeometryCollection([ward, ward.centroid, LineString([(WEST, SOUTH), (MIDDLE, NORTH)])]))


@fault("R15", FIX, "areas that are points, beside their outlines in one file")
def _(scene: Scene):
    layer = areas(scene)
    labels = layer.copy()
    labels.geometry, labels["code"] = layer.representative_point(), ["P1", "P2"]
    give(scene, "areas", gpd.GeoDataFrame(pd.concat([layer, labels])), "areas.gpkg")


@fault("R15", SAME, "outlines with heights, in several parts")
def _(scene: Scene):
    left = MultiPolygon([box(WEST, SOUTH, MIDDLE, -13.02), box(WEST, -13.0199, MIDDLE, NORTH)])
    outline(scene, MultiPolygon([Polygon([(*xy, 900.0) for xy in part.exterior.coords]) for part in left.geoms]))


@fault("R15", FIX, "facilities drawn as the outlines of their buildings")
def _(scene: Scene):
    layer = facilities(scene)
    layer.geometry = [affinity.scale(shape.buffer(0.0002), 1, 0.5) for shape in layer.geometry]
    give(scene, "facilities", layer, "facilities.gpkg")


@fault("R15", STOP, "facilities drawn as lines")
def _(scene: Scene):
    layer = facilities(scene)
    layer.geometry = [LineString([shape, (WEST, NORTH)]) for shape in layer.geometry]
    give(scene, "facilities", layer, "facilities.gpkg")


@fault("R15", STOP, "areas without any outline")
def _(scene: Scene):
    layer = areas(scene)
    layer.geometry = layer.geometry.boundary
    give(scene, "areas", layer, "areas.gpkg")


def two_wards(scene: Scene, first: BaseGeometry, second: BaseGeometry) -> None:
    layer = areas(scene)
    layer.geometry = [first, second]
    give(scene, "areas", layer, "areas.gpkg")


@fault("R16", WARN, "two wards that both have the villages of the middle")
def _(scene: Scene):
    two_wards(scene, box(WEST, SOUTH, MIDDLE + 3 * STEP, NORTH), box(MIDDLE - 3 * STEP, SOUTH, EAST, NORTH))


@fault("R16", WARN, "the district in one file with its wards")
def _(scene: Scene):
    layer = areas(scene)
    whole = gpd.GeoDataFrame({"code": ["D"], "name": ["District"]}, geometry=[box(WEST, SOUTH, EAST, NORTH)], crs=4326)
    give(scene, "areas", gpd.GeoDataFrame(pd.concat([whole, layer])), "areas.gpkg")


@fault("R16", FIX, "a sliver between two wards, one cell wide, through a village")
def _(scene: Scene):
    two_wards(scene, box(WEST, SOUTH, MIDDLE, NORTH), box(MIDDLE + STEP, SOUTH, EAST, NORTH))


@fault("R16", WARN, "a hole between wards, with a village in it")
def _(scene: Scene):
    hole = box(MIDDLE - 5 * STEP, NORTH - 25 * STEP, MIDDLE + 5 * STEP, NORTH - 15 * STEP)
    first, second = (shape.difference(hole) for shape in areas(scene).geometry)
    two_wards(scene, first, second)


@fault("R16", SAME, "outlines that overlap by a metre")
def _(scene: Scene):
    two_wards(scene, box(WEST, SOUTH, MIDDLE + 1e-5, NORTH), box(MIDDLE, SOUTH, EAST, NORTH))


@fault("R17", SAME, "an outline of 200,000 vertices")
def _(scene: Scene):
    west, east = box(WEST, SOUTH, MIDDLE, NORTH), box(MIDDLE, SOUTH, EAST, NORTH)
    two_wards(scene, west.segmentize(west.length / 200_000), east)


@fault("R17", SAME, "the same in metres of a projection")
def _(scene: Scene):
    layer = areas(scene)
    layer = layer.to_crs("EPSG:32736")
    layer.geometry = layer.geometry.segmentize(0.1)
    give(scene, "areas", layer, "areas.gpkg")


@fault("R17", SAME, "a coast with 20,000 teeth")
def _(scene: Scene):
    teeth = [(WEST + k * (25 * STEP) / 20_000, NORTH + (k % 2) * STEP / 3) for k in range(20_001)]
    two_wards(scene, Polygon([*teeth, (MIDDLE, SOUTH), (WEST, SOUTH)]), box(MIDDLE, SOUTH, EAST, NORTH))


def move_to_fiji(scene: Scene, west: float, turn: float) -> None:
    """Move the district so that its raster begins at `west`; longitudes beyond 180 become those less `turn`."""

    def moved(lon: float, turn: float = turn) -> float:
        lon = lon - WEST + west
        return round(lon - turn if lon > 180 else lon + turn if lon < -180 else lon, 7)

    for name in ("population.tif", "elevation.tif", "cover.tif"):
        scene.write_raster(name, scene.raster(name)[0], transform=Affine(STEP, 0, west, 0, -STEP, NORTH))
    for name in ("facilities.csv", "villages.csv", "chws.csv"):
        rows = scene.rows(name)
        scene.write_rows(name, [{**row, "longitude": moved(float(row["longitude"]))} for row in rows])
    roads = (scene.folder / "roads.osm").read_text(encoding="utf-8")
    roads = re.sub(r'lon="([^"]*)"', lambda found: f'lon="{moved(float(found[1]), 360.0)}"', roads)
    (scene.folder / "roads.osm").write_text(roads, encoding="utf-8")
    document = scene.features("areas.geojson")
    for each in document["features"]:
        (ring,) = each["geometry"]["coordinates"]
        each["geometry"]["coordinates"] = [[[moved(x), y] for x, y in ring]]
    scene.write_features("areas.geojson", document)


@fault("R18", SAME, "a raster that runs on beyond 180, with lists, roads and uncut areas of the other sign")
def _(scene: Scene):
    move_to_fiji(scene, 180 - 20 * STEP, 360.0)


@fault("R18", SAME, "areas that the antimeridian cuts in two")
def _(scene: Scene):
    west = 180 - 20 * STEP
    move_to_fiji(scene, west, 360.0)
    cut = MultiPolygon([box(west, SOUTH, 180, NORTH), box(-180, SOUTH, -180 + 5 * STEP, NORTH)])
    two_wards(scene, cut, box(-180 + 5 * STEP, SOUTH, -180 + 30 * STEP, NORTH))


@fault("R18", SAME, "longitudes that run on beyond 180 in lists and areas")
def _(scene: Scene):
    move_to_fiji(scene, 180 - 20 * STEP, 0.0)


@fault("R18", SAME, "a raster that begins before -180")
def _(scene: Scene):
    move_to_fiji(scene, -180 - 20 * STEP, 360.0)
