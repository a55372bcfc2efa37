"""A tiny country, made by code, in the forms that the servers of the catalogue have: it lies where four tiles meet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import rasterio
import shapely
from osmium.osm.mutable import Node, Relation, Way

from fetch.server import File

CELL = 1 / 1200
WEST, NORTH = 43.97458333, -11.97291667  # of the population raster: 60 x 60 cells around 44 E, 12 S
SIZE = 60
EAST, SOUTH = WEST + SIZE * CELL, NORTH - SIZE * CELL
NOBODY = -99999.0

POPULATION = (
    "data.worldpop.org/GIS/Population/Global_2015_2030/R2025A/2025/COM/v1/100m/constrained/"
    "com_pop_2025_CN_100m_R2025A_v1.tif"
)
POPULATION_2020 = (
    "data.worldpop.org/GIS/Population/Global_2000_2020_Constrained/2020/BSGM/COM/com_ppp_2020_UNadj_constrained.tif"
)
PBF = "download.geofabrik.de/africa/comores-latest.osm.pbf"
OVERPASS = "overpass-api.de/api/interpreter"
LEVELS = "www.geoboundaries.org/api/current/gbOpen/COM/ALL/"
SEARCH = "nominatim.openstreetmap.org/search"
REVERSE = "nominatim.openstreetmap.org/reverse"
HEALTHSITES = "healthsites.io/api/v3/facilities/"
KEY = "s3cret-key"


def dem(south: int, west: int) -> str:
    name = f"Copernicus_DSM_COG_10_S{-south:02d}_00_E{west:03d}_00_DEM"
    return f"copernicus-dem-30m.s3.amazonaws.com/{name}/{name}.tif"


def cover(corner: str) -> str:
    name = f"ESA_WorldCover_10m_2021_v200_{corner}_Map.tif"
    return f"esa-worldcover.s3.eu-central-1.amazonaws.com/v200/2021/map/{name}"


def boundaries(level: str) -> str:
    path = "wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen"
    return f"github.com/{path}/COM/{level}/geoBoundaries-COM-{level}.geojson"


def people() -> np.ndarray:
    """Three villages, none in the south-east (rows from 33, columns from 31); nobody elsewhere."""
    cells = np.full((SIZE, SIZE), NOBODY, np.float32)
    cells[10:14, 10:14] = 12.5
    cells[28:31, 29:33] = 40.25
    cells[50:52, 12:16] = 7.75
    return cells


def raster(folder: Path, cells: np.ndarray, west: float, north: float, cell: float, nodata: float | None) -> bytes:
    path = folder / "made.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=cells.shape[0], width=cells.shape[1], count=1, dtype=cells.dtype,
        crs="EPSG:4326", transform=rasterio.Affine(cell, 0, west, 0, -cell, north), nodata=nodata, compress="deflate",
    ) as made:  # fmt: skip
        made.write(cells, 1)
    return path.read_bytes()


def elevation(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Metres at degrees: a plane, so that a mean over cells is the plane too."""
    return 2000 * (lon - 43.9) - 3000 * (lat + 11.9)


def dem_tile(folder: Path, south: int, west: int, per_degree: int = 1200) -> bytes:
    """A tile whose cells lie half a cell beside whole degrees, as those of Copernicus do."""
    cell = 1 / per_degree
    north_edge, west_edge = south + 1 + cell / 2, west - cell / 2
    lat = north_edge - (np.arange(per_degree) + 0.5) * cell
    lon = west_edge + (np.arange(per_degree) + 0.5) * cell
    return raster(folder, elevation(lat[:, None], lon[None, :]).astype(np.float32), west_edge, north_edge, cell, None)


def cover_tile(folder: Path, south: int, west: int, per_degree: int = 1200) -> bytes:
    """Grass (30) north of 12 S, cropland (40) south of it."""
    cells = np.full((3 * per_degree, 3 * per_degree), 30 if south >= -12 else 40, np.uint8)
    return raster(folder, cells, west, south + 3, 1 / per_degree, 0)


def at(row: float, col: float) -> tuple[float, float]:
    """Longitude and latitude of a place in cells."""
    return WEST + col * CELL, NORTH - row * CELL


class Osm:
    """Nodes, ways and relations, in their order."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.ways: list[Way] = []
        self.relations: list[Relation] = []

    def node(self, row: float, col: float, **tags: str) -> int:
        number = len(self.nodes) + 1
        self.nodes.append(Node(id=number, version=1, location=at(row, col), tags=tags))
        return number

    def way(self, *places: tuple[float, float], ring: bool = False, **tags: str) -> int:
        nodes = [self.node(*place) for place in places]
        number = len(self.ways) + 1
        self.ways.append(Way(id=number, version=1, nodes=nodes + nodes[:1] * ring, tags=tags))
        return number

    def relation(self, *members: int, **tags: str) -> None:
        ways = [("w", way, "outer") for way in members]
        self.relations.append(Relation(id=len(self.relations) + 1, version=1, members=ways, tags=tags))

    def save(self, path: Path) -> bytes:
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for thing in (*self.nodes, *self.ways, *self.relations):
                writer.add(thing)
        return path.read_bytes()


def openstreetmap() -> Osm:
    made = Osm()
    made.way((5, 12), (29, 31), (51, 14), highway="tertiary", name="Route 1")
    made.way((12, 2), (12, 55), highway="path")
    made.way((20, 0), (22, 30), (25, 59), waterway="river", name="Mro")
    made.way((40, 40), (40, 44), (44, 44), (44, 40), ring=True, building="yes")
    made.way((12, 11), (12, 12), (13, 12), (13, 11), ring=True, amenity="clinic", name="Clinique")
    shore = made.way((55, 50), (55, 56), (58, 56), (58, 50), ring=True)
    made.relation(shore, type="multipolygon", natural="water", water="lake", name="Ziwa")
    made.node(29, 31, amenity="hospital", name="Hôpital", operator="Ministère")
    made.node(29, 32, amenity="pharmacy", name="Pharma")
    made.node(51, 13, healthcare="centre")
    made.node(12, 12, place="village", name="Mbeni")
    made.node(29, 30, place="town", name="Moroni")
    made.node(51, 14, place="hamlet", name="=cmd|'/c calc'!A1")
    made.node(35, 35, place="village")  # without a name
    made.node(30, 300, place="village", name="Far away")  # beyond the raster
    return made


def areas(level: str, rows: int, cols: int) -> bytes:
    """A grid of areas over the raster and a little beyond."""
    west, south, east, north = WEST - 0.01, SOUTH - 0.01, EAST + 0.01, NORTH + 0.01
    features = []
    for row in range(rows):
        for col in range(cols):
            box = shapely.box(
                west + (east - west) * col / cols, north - (north - south) * (row + 1) / rows,
                west + (east - west) * (col + 1) / cols, north - (north - south) * row / rows,
            )  # fmt: skip
            names = {"shapeName": f"{level} {row}{col}", "shapeISO": "", "shapeID": f"{level}B{row}{col}"}
            properties = {**names, "shapeGroup": "COM", "shapeType": level}
            features.append({"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(box)})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()


def levels() -> bytes:
    return json.dumps(
        [
            {
                "boundaryID": f"COM-{level}-1",
                "boundaryISO": "COM",
                "boundaryType": level,
                "boundaryLicense": "Creative Commons Attribution 4.0 International",
                "boundarySource": "OCHA",
                "gjDownloadURL": f"https://{boundaries(level)}",
            }
            for level in ("ADM0", "ADM1", "ADM2", "ADM3")
        ]
    ).encode()


def found_place(**more: Any) -> dict[str, Any]:
    """What Nominatim answers for a district that is the north-west quarter of the raster."""
    box = shapely.box(WEST - 0.01, NORTH - 30 * CELL, WEST + 30 * CELL, NORTH + 0.01)
    return {
        "osm_type": "relation", "osm_id": 1, "lat": str(NORTH), "lon": str(WEST), "name": "Mbeni",
        "display_name": "Mbeni, Ngazidja, Comoros", "address": {"county": "Mbeni", "country_code": "km"},
        "geojson": shapely.geometry.mapping(box), **more,
    }  # fmt: skip


def healthsites(query: Mapping[str, list[str]]) -> bytes:
    """Two pages of facilities, then an empty one."""
    rows = [
        ("Health post A", "health_post", at(12, 12)),
        ("Hospital B", "hospital", at(29, 31)),
        ("Pharmacy C", "pharmacy", at(29, 31)),
    ]
    shown = {"1": rows[:2], "2": rows[2:]}.get(query["page"][0], [])
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {"uuid": name, "osm_id": at, "osm_type": "node", "name": name, "amenity": kind},
        }
        for at, (name, kind, place) in enumerate(shown, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def country(folder: Path) -> dict[str, File]:
    """Everything, by host and path."""
    pbf = openstreetmap().save(folder / "made.osm.pbf")
    head, _, rest = openstreetmap().save(folder / "made.osm").partition(b"<node")
    note = b'<note>The data included is from www.openstreetmap.org.</note>\n<meta osm_base="2026-11-26T00:00:00Z"/>\n'
    counted = raster(folder, people(), WEST, NORTH, CELL, NOBODY)
    files = {
        POPULATION: File(counted),
        POPULATION_2020: File(counted),
        PBF: File(pbf),
        f"{PBF}.md5": File(f"{hashlib.md5(pbf).hexdigest()}  comores-latest.osm.pbf\n".encode()),
        OVERPASS: File(head + note + b"<node" + rest, etag="", type="application/osm3s+xml", ranges=False),
        LEVELS: File(levels(), type="application/json"),
        SEARCH: File(json.dumps([found_place()]).encode(), etag="", type="application/json"),
        REVERSE: File(json.dumps(found_place()).encode(), etag="", type="application/json"),
        HEALTHSITES: File(healthsites, etag="", type="application/json"),
        boundaries("ADM1"): File(areas("ADM1", 1, 2)),
        boundaries("ADM2"): File(areas("ADM2", 2, 2)),
        boundaries("ADM3"): File(areas("ADM3", 4, 4)),
        cover("S12E042"): File(cover_tile(folder, -12, 42)),
        cover("S15E042"): File(cover_tile(folder, -15, 42)),
    }
    for south, west in ((-12, 43), (-12, 44), (-13, 43), (-13, 44)):
        files[dem(south, west)] = File(dem_tile(folder, south, west))
    return files
