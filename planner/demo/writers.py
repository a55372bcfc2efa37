"""The district as files, in the forms that ministries and open data have."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import osmium
import rasterio
import shapely
import xlsxwriter
from osmium.osm.mutable import Node, Way

from planner.demo.areas import SUBAREAS
from planner.demo.cover import river_banks
from planner.demo.district import District
from planner.demo.grid import CELL_DEGREES, CELLS_PER_BLOCK, NORTH, WEST, lonlat
from planner.demo.lines import chains, smooth
from planner.demo.names import COUNTRY, LAKE, REGION, RIVER
from planner.demo.settlements import MARKET, TOWN, seats
from planner.demo.terrain import stream_points
from planner.demo.texts import README, SCENARIO
from planner.types.arrays import Bools, Doubles

NO_PEOPLE = -99999.0


def write(folder: Path, district: District) -> None:
    """Write all files of the district into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    people = np.where(np.isnan(district.people), NO_PEOPLE, district.people).astype(np.float32)
    _raster(folder / "population.tif", people, 3, NO_PEOPLE)
    _raster(folder / "elevation.tif", np.round(district.terrain.elevation).astype(np.int16), 2, None)
    _raster(folder / "land_cover.tif", district.land_cover, 1, 0)
    _roads(folder / "roads.osm.pbf", district)
    _areas(folder / "areas.geojson", district)
    _facilities(folder / "facilities.csv", district)
    _villages(folder / "villages.xlsx", district)
    _chws(folder / "chws.csv", district)
    _text(folder / "scenario.toml", SCENARIO.format(seed=district.seed))
    underline = "=" * len(f"{REGION}, {COUNTRY}: a made-up district")
    _text(folder / "README.txt", README.format(seed=district.seed, underline=underline))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _raster(path: Path, cells: npt.NDArray[Any], predictor: int, nodata: float | None) -> None:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=cells.shape[0],
        width=cells.shape[1],
        count=1,
        dtype=cells.dtype,
        crs="EPSG:4326",
        transform=rasterio.Affine(CELL_DEGREES, 0, WEST, 0, -CELL_DEGREES, NORTH),
        nodata=nodata,
        tiled=True,
        blockxsize=256,
        blockysize=256,
        compress="deflate",
        zlevel=9,
        predictor=predictor,
    ) as raster:
        raster.write(cells, 1)


class _Osm:
    """Nodes and ways in the order in which they come, numbered from 1."""

    def __init__(self) -> None:
        self.nodes: list[Doubles] = []
        self.ways: list[tuple[list[int], dict[str, str]]] = []

    def way(self, points: Doubles, tags: dict[str, str], ids: Iterable[object], known: dict[object, int]) -> None:
        """Add a way; nodes with the same id in ``known`` are one node."""
        nodes = []
        for id_, place in zip(ids, lonlat(points), strict=True):
            if id_ not in known:
                self.nodes.append(place)
                known[id_] = len(self.nodes)
            nodes.append(known[id_])
        self.ways.append((nodes, {key: value for key, value in tags.items() if value}))

    def save(self, path: Path) -> None:
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for number, (lon, lat) in enumerate(self.nodes, 1):
                writer.add_node(Node(id=number, version=1, location=(float(lon), float(lat))))
            for number, (nodes, tags) in enumerate(self.ways, 1):
                writer.add_way(Way(id=number, version=1, nodes=nodes, tags=tags))


def _roads(path: Path, district: District) -> None:
    """OpenStreetMap: roads share nodes where they meet; the river is a line and, as its banks, an area."""
    osm = _Osm()
    known: dict[object, int] = {}
    for road, nodes, points in district.roads:
        tags = {"highway": road.highway, "surface": road.surface, "name": road.name, "ref": road.ref}
        osm.way(points, tags | ({"bridge": "yes", "layer": "1"} if road.bridge else {}), nodes, known)
    land = district.terrain
    osm.way(land.river, {"waterway": "river", "name": RIVER}, range(len(land.river)), {})
    met: dict[object, int] = {}
    mouths = set(np.flatnonzero(land.base).tolist())
    for _, blocks in sorted(chains(dict.fromkeys(land.streams, ""), mouths)):
        downstream = blocks if (blocks[0], blocks[1]) in land.streams else blocks[::-1]
        points = smooth(stream_points(land, downstream), 3)
        osm.way(points, {"waterway": "stream", "intermittent": "yes"}, downstream, met)
    banks = river_banks(land)
    osm.way(banks, {"natural": "water", "water": "river", "name": RIVER}, _ring(banks), {})
    for shore in _shores(land.lake):
        osm.way(shore, {"natural": "water", "water": "lake", "name": LAKE}, _ring(shore), {})
    osm.save(path)


def _ring(points: Doubles) -> list[int]:
    return [*range(len(points) - 1), 0]


def _shores(lake: Bools) -> list[Doubles]:
    """Outlines of the lake in cells, smoothed."""
    row, col = np.nonzero(lake)
    blocks = shapely.union_all(shapely.box(col, row, col + 1, row + 1))
    rings = [part.exterior for part in shapely.get_parts(blocks)]
    return [smooth(shapely.get_coordinates(ring.segmentize(1.0)) * CELLS_PER_BLOCK, 4) for ring in rings]


def _codes(district: District) -> dict[int, dict[str, str]]:
    """Names and codes of each sub-area and its district; town and market villages give them their names."""
    places = district.settlements
    seat = seats(places)
    table = {}
    for head in places.which(TOWN, MARKET).tolist():
        part, rank = divmod(int(places.subarea[head]) - 1, SUBAREAS)
        table[int(places.subarea[head])] = {
            "subarea": district.names[head],
            "subarea_code": f"VM-{part + 1}{rank + 1:02d}",
            "district": district.names[seat[part]],
            "district_code": f"VM-{part + 1}",
        }
    return table


def _areas(path: Path, district: District) -> None:
    codes = _codes(district)
    features = [
        {"type": "Feature", "properties": codes[number], "geometry": shapely.geometry.mapping(shape)}
        for number, shape in district.outlines.items()
    ]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    _text(path, f'{{"type":"FeatureCollection","name":"areas","features":[\n{lines}\n]}}\n')


def _csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _lat_lon(xy: Doubles) -> dict[str, str]:
    lon, lat = lonlat(xy)
    return {"Latitude": f"{lat:.5f}", "Longitude": f"{lon:.5f}"}


def _facilities(path: Path, district: District) -> None:
    codes = _codes(district)
    rows = []
    for row in district.facilities:
        name = codes[int(district.settlements.subarea[row.place])]["district"]
        listed = {"Facility Code": row.code, "Facility Name": row.name, "District": name}
        rows.append(listed | {"Type": row.type, "Ownership": row.ownership} | _lat_lon(row.xy))
    _csv(path, rows)


def _chws(path: Path, district: District) -> None:
    _csv(
        path,
        [
            {"CHW ID": row.code, "Name": row.name, "Village": district.names[row.place]} | _lat_lon(row.xy)
            for row in district.chws
        ],
    )


def _villages(path: Path, district: District) -> None:
    """The list of villages as a workbook, by sub-area; the villages that nobody listed are not in it."""
    codes, places = _codes(district), district.settlements
    listed = [place for place in range(len(district.names)) if place not in district.unlisted]
    listed.sort(key=lambda place: (int(places.subarea[place]), district.names[place]))
    book = xlsxwriter.Workbook(path)
    # A fixed date: the same seed gives the same bytes.
    book.set_properties({"title": f"Villages of {REGION} (made up)", "created": datetime.datetime(2026, 11, 1)})
    sheet = book.add_worksheet("Villages")
    sheet.write_row(
        0, 0, ["Village code", "Village", "Sub-area", "Latitude", "Longitude"], book.add_format({"bold": True})
    )
    sheet.set_column(0, 4, 16)
    sheet.freeze_panes(1, 0)
    count: dict[int, int] = {}
    for line, place in enumerate(listed, 1):
        area = int(places.subarea[place])
        count[area] = count.get(area, 0) + 1
        lon, lat = np.round(lonlat(places.xy[place]), 5).tolist()
        code = f"{codes[area]['subarea_code']}-{count[area]:02d}"
        sheet.write_row(line, 0, [code, district.names[place], codes[area]["subarea"], lat, lon])
    book.close()
