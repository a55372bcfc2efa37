"""A small district in files, whole and sound: every case of the corpus spoils a copy of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import tomli_w
from affine import Affine

# 40 x 50 cells of 3 arc-seconds, its corner at 34 E, 13 S: about 3.7 x 4.5 km.
WEST, NORTH, STEP, NY, NX = 34.0, -13.0, 1 / 1200, 40, 50
TRANSFORM = Affine(STEP, 0, WEST, 0, -STEP, NORTH)
CENTRES = {  # row, column of the villages
    "Mbale": (6, 8), "Chipunga": (6, 40), "Dowa": (20, 25), "Nkhoma": (33, 10), "Mponela": (33, 42), "Lobi": (14, 15),
}  # fmt: skip
FACILITIES = (
    ("0101", "CS Mbale", "Health Centre", "Mbale"),
    ("0102", "CS Mponela", "Health Centre", "Mponela"),
    ("0103", "Poste Nkhoma", "Health Post", "Nkhoma"),
    ("0201", "HD Dowa", "District Hospital", "Dowa"),
)
CHWS = (("C01", "Esther", "Chipunga"), ("C02", "Grace", "Lobi"))

Row = dict[str, Any]


def at(row: float, col: float) -> tuple[float, float]:
    """Longitude and latitude of the middle of a cell, to five digits, as a list has them."""
    return round(WEST + (col + 0.5) * STEP, 5), round(NORTH - (row + 0.5) * STEP, 5)


@dataclass
class Scene:
    """A folder with a scenario; `scenario` is written to scenario.toml just before the command is run.

    What is entered into `around` is in force while the command runs.
    """

    folder: Path
    scenario: dict[str, Any]
    command: list[str] = field(default_factory=lambda: ["check", "scenario.toml"])
    around: ExitStack = field(default_factory=ExitStack)

    def rows(self, name: str) -> list[Row]:
        """Rows of a CSV."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write_rows(self, name: str, rows: list[Row]) -> None:
        """Write rows as a CSV."""
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)

    def rewrite(self, name: str, change: Callable[[Row], object]) -> None:
        """Change every row of a CSV."""
        rows = self.rows(name)
        for row in rows:
            change(row)
        self.write_rows(name, rows)

    def text(self, name: str) -> str:
        """The text of a CSV."""
        return (self.folder / name).read_text(encoding="utf-8")

    def write_text(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Write a text, letter for letter."""
        (self.folder / name).write_bytes(text.encode(encoding))

    def raster(self, name: str) -> tuple[np.ndarray, dict[str, Any]]:
        """Values of a raster's band, and the profile it is written with."""
        with rasterio.open(self.folder / name) as source:
            return source.read(1), dict(source.profile)

    def write_raster(self, name: str, values: np.ndarray, **profile: Any) -> None:
        """Write values (of one band, or of several) as a GeoTIFF with the profile of the sound one, changed."""
        with rasterio.open(self.folder / name) as source:
            known = dict(source.profile)
        bands = values if values.ndim == 3 else values[None]
        sizes = {"dtype": values.dtype, "count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
        with rasterio.open(self.folder / name, "w", **{**known, **sizes, **profile}) as target:
            target.write(bands)

    def features(self, name: str) -> dict[str, Any]:
        """A GeoJSON document."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def write_features(self, name: str, document: dict[str, Any]) -> None:
        """Write a GeoJSON document."""
        (self.folder / name).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")

    def write_scenario(self) -> None:
        """Write scenario.toml."""
        (self.folder / "scenario.toml").write_text(tomli_w.dumps(self.scenario), encoding="utf-8")


def make(folder: Path) -> Scene:
    """Write the sound district."""
    people = np.zeros((NY, NX), np.float32)
    for row, col in CENTRES.values():
        people[row - 1 : row + 2, col - 1 : col + 2] = 20
    people[0, 0] = 3  # somebody lives far from all villages
    profile = {"driver": "GTiff", "crs": "EPSG:4326", "transform": TRANSFORM, "width": NX, "height": NY, "count": 1}
    slope = np.add.outer(np.linspace(1100, 1000, NY), np.linspace(0, 40, NX)).astype(np.float32)
    cover = np.full((NY, NX), 40, np.uint8)  # cropland
    cover[:, 30] = 80  # a river's bed, no river
    for name, values, nodata in (("population", people, -99999), ("elevation", slope, -9999), ("cover", cover, 0)):
        with rasterio.open(folder / f"{name}.tif", "w", **profile, dtype=values.dtype, nodata=nodata) as target:
            target.write(values[None])
    (folder / "roads.osm").write_text(roads(), encoding="utf-8")
    scene = Scene(folder, scenario())
    scene.write_rows("facilities.csv", [place(own, name, at=town, type=kind) for own, name, kind, town in FACILITIES])
    villages = enumerate(CENTRES, start=1)
    scene.write_rows("villages.csv", [place(f"V{number:02}", name, at=name) for number, name in villages])
    scene.write_rows("chws.csv", [place(own, name, at=town, village=town) for own, name, town in CHWS])
    scene.write_features("areas.geojson", areas())
    return scene


def place(own: str, name: str, *, at: str, **more: str) -> Row:
    """A row of a list, in the middle of a village."""
    lon, lat = _middle(at)
    return {"code": own, "name": name, **more, "latitude": lat, "longitude": lon}


def _middle(town: str) -> tuple[float, float]:
    return at(*CENTRES[town])


def roads() -> str:
    """OpenStreetMap XML: a road from west to east over a river that runs from north to south, and a path."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="planner tests">']
    ways = {
        100: ([(20, 1), (20, 25), (20, 48)], {"highway": "unclassified", "name": "M1"}),
        101: ([(6, 8), (20, 25)], {"highway": "path"}),
        102: ([(20, 25), (33, 42)], {"highway": "track"}),
        103: ([(-1, 30), (41, 30)], {"waterway": "river", "name": "Linthipe"}),
    }
    for number, (points, _) in ways.items():
        for order, point in enumerate(points):
            lon, lat = at(*point)
            lines.append(f'<node id="{number * 10 + order}" version="1" lat="{lat}" lon="{lon}"/>')
    for number, (points, tags) in ways.items():
        refs = "".join(f'<nd ref="{number * 10 + order}"/>' for order in range(len(points)))
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(f'<way id="{number}" version="1">{refs}{said}</way>')
    return "\n".join([*lines, "</osm>"]) + "\n"


def areas() -> dict[str, Any]:
    """Two wards, side by side, over the whole raster."""
    middle, east, south = WEST + 25 * STEP, WEST + NX * STEP, NORTH - NY * STEP
    features = []
    for code, name, (left, right) in (("W1", "West", (WEST, middle)), ("W2", "East", (middle, east))):
        ring = [[left, south], [right, south], [right, NORTH], [left, NORTH], [left, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def scenario() -> dict[str, Any]:
    """The scenario of the sound district."""
    return {
        "schema_version": 1,
        "title": "A small district",
        "date": "2026-11-01",
        "population": {"file": "population.tif", "year": 2026},
        "elevation": {"file": "elevation.tif"},
        "land_cover": {"file": "cover.tif"},
        "roads": {"file": "roads.osm"},
        "areas": {"file": "areas.geojson", "code": "code"},
        "facilities": {
            "file": "facilities.csv",
            "tiers": {"Health Post": 1, "Health Centre": 1, "District Hospital": 2},
        },
        "villages": {"file": "villages.csv"},
        "chws": {"file": "chws.csv"},
        "placement": {"new_chws": 2},
    }
