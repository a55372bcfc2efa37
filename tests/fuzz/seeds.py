"""Sound files to begin from: those of the fault corpus's scene, and more formats of the same."""

from __future__ import annotations

import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import osmium
import pyogrio
import rasterio
import xlwt
from faults import scene
from inputs.test_workbooks import save_ods


@cache
def sound() -> dict[str, bytes]:
    """The files of the sound scene by name, and more formats of the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = scene.make(folder)
        made.write_scenario()
        _tables(folder)
        _features(folder)
        _rasters(folder)
        for target, options in (("roads.osm.pbf", "pbf,pbf_compression=none"), ("packed.osm.pbf", "pbf")):
            with osmium.SimpleWriter(osmium.io.File(str(folder / target), options)) as writer:
                for thing in osmium.FileProcessor(folder / "roads.osm"):
                    writer.add(thing)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def _tables(folder: Path) -> None:
    for name in ("facilities", "villages", "chws"):
        rows = [line.split(",") for line in (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()]
        book = openpyxl.Workbook()
        book.active.append([f"List of {name}, 2026"])
        for row in rows:
            book.active.append([_number(cell) for cell in row])
        book.active.merge_cells("A1:C1")
        book.save(folder / f"{name}.xlsx")
        _old_workbook(folder / f"{name}.xls", rows)
        save_ods(folder / f"{name}.ods", [[_number(cell) for cell in row] for row in rows])
        semicolons = "\r\n".join(";".join(cell.replace(".", ",") for cell in row) for row in rows)
        (folder / f"{name}.semicolons.csv").write_bytes(f"Liste des {name} é\r\n{semicolons}".encode("cp1252"))
        (folder / f"{name}.utf16.csv").write_bytes("\n".join("\t".join(row) for row in rows).encode("utf-16"))


def _old_workbook(path: Path, rows: list[list[str]]) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("List")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write(at, column, _number(cell))
    page.write_merge(len(rows), len(rows) + 1, 0, 1, "Total")
    book.save(path)


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _features(folder: Path) -> None:
    wards = pyogrio.read_dataframe(folder / "areas.geojson")
    pyogrio.write_dataframe(wards, folder / "areas.gpkg", layer="wards")
    pyogrio.write_dataframe(wards, folder / "areas.shp")
    pyogrio.write_dataframe(wards.rename(columns={"name": "Name"}), folder / "areas.kml", driver="LIBKML")
    with zipfile.ZipFile(folder / "areas.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(folder / f"areas.{ending}", f"areas.{ending}")
    with zipfile.ZipFile(folder / "areas.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "areas.kml", "doc.kml")
    lines = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"highway": "track", "name": "M1", "oneway": "yes", "width": 3.5},
             "geometry": {"type": "LineString", "coordinates": [scene.at(20, 1), scene.at(20, 40)]}},
            {"type": "Feature", "properties": {"highway": "path", "name": None, "waterway": "river"},
             "geometry": {"type": "MultiLineString", "coordinates": [[scene.at(2, 1), scene.at(9, 4)]]}},
            {"type": "Feature", "properties": {"highway": "path"},
             "geometry": {"type": "Point", "coordinates": scene.at(5, 5)}},
        ],
    }  # fmt: skip
    (folder / "lines.geojson").write_text(json.dumps(lines), encoding="utf-8")
    pyogrio.write_dataframe(pyogrio.read_dataframe(folder / "lines.geojson"), folder / "lines.gpkg", layer="lines")
    unit = {"code": None, "parent": {"id": "b"}, "organisationUnitGroups": [{"id": "g", "name": "Health Centre"}]}
    units = [
        unit | {"id": f"U{k}", "name": name, "path": f"/a/b/{k}",
                "geometry": {"type": "Point", "coordinates": scene.at(*cell)}}
        for k, (name, cell) in enumerate(scene.CENTRES.items())
    ]  # fmt: skip
    units[0] |= {"geometry": None, "featureType": "POLYGON", "coordinates": "[[[[34,-13],[34.1,-13],[34,-13.1]]]]"}
    units[1]["closedDate"] = "2019-06-30T00:00:00.000"
    (folder / "units.json").write_text(json.dumps({"organisationUnits": units}), encoding="utf-8")
    (folder / "network.graphml").write_text(GRAPHML, encoding="utf-8")


def _rasters(folder: Path) -> None:
    for name in ("population", "elevation", "cover"):
        with rasterio.open(folder / f"{name}.tif") as source:
            values, profile = source.read(), source.profile
        for kind, options in (
            ("tiled", {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"}),
            ("lzw", {"compress": "lzw", "predictor": 2 if values.dtype == np.uint8 else 1}),
        ):
            with rasterio.open(folder / f"{name}.{kind}.tif", "w", **(profile | options)) as target:
                target.write(values)
                target.set_band_description(1, "said")
                target.update_tags(1, scale="1")


KEYS = ("crs graph", "x node", "y node", "highway edge", "length edge", "oneway edge", "geometry edge", "osmid edge")
DECLARED = "".join(
    f'<key id="d{k}" for="{of}" attr.name="{name}" attr.type="string"/>\n'
    for k, (name, of) in enumerate(key.split() for key in KEYS)
)
GRAPHML = f"""<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
{DECLARED}<graph edgedefault="directed"><data key="d0">epsg:4326</data>
<node id="1"><data key="d1">34.001</data><data key="d2">-13.001</data></node>
<node id="2"><data key="d1">34.02</data><data key="d2">-13.02</data></node>
<edge source="1" target="2" id="0"><data key="d3">track</data><data key="d4">3000.5</data><data key="d5">False</data>
<data key="d6">LINESTRING (34.001 -13.001, 34.01 -13.012, 34.02 -13.02)</data><data key="d7">[7, 8]</data></edge>
<edge source="2" target="1" id="0"><data key="d3">['track', 'path']</data><data key="d4">3000.5</data>
<data key="d5">False</data><data key="d7">9</data></edge>
</graph></graphml>
"""


def named(ending: str, *starts: str) -> list[bytes]:
    """The sound files whose names end, and perhaps begin, so."""
    return [content for name, content in sorted(sound().items())
            if name.endswith(ending) and (not starts or name.startswith(starts))]  # fmt: skip
