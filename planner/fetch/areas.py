"""Areas of two levels in one file, from the boundaries of geoBoundaries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planner.fetch.bodies import understood
from planner.fetch.catalogue import Country, Wanted, sources, wanted
from planner.fetch.downloads import Downloads
from planner.fetch.where import Place

LEVELS = ("ADM1", "ADM2", "ADM3")
HALF = 0.5  # of an area inside a named place: then it belongs to it
DIGITS = 6  # of degrees: about 0.1 m


@dataclass(frozen=True)
class Levels:
    """Files of two levels of areas, finer and coarser; coarser is None where there is one level only."""

    fine: Path
    coarse: Path | None


def listed(country: Country) -> Wanted:
    """The list of all levels of a country, with their addresses and licences."""
    found = wanted(sources()["geoboundaries_levels"], ISO3=country.iso3)
    return replace(found, name=f"geoBoundaries-{country.iso3}-levels.json", optional=True, spare=True)


def files(country: Country, levels_file: Path | None, *, small: bool) -> list[Wanted]:
    """The two levels to get: for a country the districts in their regions, for a small place one level further down.

    Without the list of levels (on a stick), all levels that there may be.
    """
    told = [{"boundaryType": level} for level in LEVELS]
    if levels_file:
        with understood(levels_file):
            told = [dict(each) for each in json.loads(levels_file.read_bytes())]
    by_level = {str(each.get("boundaryType")): each for each in told}
    there = [level for level in LEVELS[: None if small else 2] if level in by_level]
    asked = [_file(country, level, by_level[level]) for level in there]
    return asked[-2:] if levels_file else [replace(each, spare=True) for each in asked]


def _file(country: Country, level: str, told: dict[str, Any]) -> Wanted:
    usual = wanted(sources()["geoboundaries"], ISO3=country.iso3, level=level)
    address = str(told.get("gjDownloadURL", ""))
    licence = "; ".join(str(told[key]) for key in ("boundaryLicense", "boundarySource") if told.get(key))
    return replace(usual, urls=(address,) if address.startswith("https://") else usual.urls, licence=licence)


def get(place: Place, downloads: Downloads) -> Levels | None:
    """Get the files of two levels; None where there is no level at all."""
    levels_file = downloads.get(listed(place.country))
    if levels_file is None and downloads.web:
        return None
    asked = files(place.country, levels_file, small=place.box is not None)
    found = [path for path in map(downloads.get, asked) if path is not None][-2:]
    if not found:
        return None
    return Levels(found[-1], found[0] if len(found) > 1 else None)


@dataclass(frozen=True)
class Shapes:
    """Areas of one level: names, codes, valid polygons in degrees."""

    names: Sequence[str]
    codes: Sequence[str]
    shapes: Any


def read(path: Path) -> Shapes:
    """Areas of a file of geoBoundaries."""
    with understood(path):
        features = json.loads(path.read_bytes())["features"]
        told = [feature.get("properties") or {} for feature in features]
        codes = [str(each.get("shapeID") or f"{path.stem}-{at}") for at, each in enumerate(told, 1)]
        names = [str(each.get("shapeName") or code).strip() for each, code in zip(told, codes, strict=True)]
        shapes = shapely.force_2d([shapely.geometry.shape(feature["geometry"]) for feature in features])
        return Shapes(names, codes, shapely.make_valid(shapes, method="structure", keep_collapsed=False))


def write(levels: Levels, place: Place, path: Path) -> None:
    """Write the finer areas, each with its coarser one: all, or those of the place."""
    fine = read(levels.fine)
    kept = _of_place(fine, place)
    parents = _parents(fine, kept, read(levels.coarse) if levels.coarse else None)
    rows = [
        {"name": fine.names[at], "code": fine.codes[at], "parent_name": parent[0], "parent_code": parent[1]}
        for at, parent in zip(kept, parents, strict=True)
    ]
    shapes = fine.shapes[kept]
    if place.shape is not None and not kept:
        rows = [{"name": place.title, "code": "PLACE", "parent_name": "", "parent_code": ""}]
        shapes = np.array([place.shape], object)
    write_shapes(rows, shapes, path)


def write_shapes(rows: Sequence[dict[str, str]], shapes: Any, path: Path) -> None:
    """Write polygons with their attributes as GeoJSON."""
    outlines = shapely.set_precision(shapes, 0.1**DIGITS)
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(outline)}
        for row, outline in zip(rows, outlines, strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    text = f'{{"type":"FeatureCollection","name":"areas","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def has_parents(path: Path) -> bool:
    """Whether the areas of a file that was written have coarser ones."""
    return any(feature["properties"]["parent_name"] for feature in json.loads(path.read_bytes())["features"])


def _of_place(areas: Shapes, place: Place) -> list[int]:
    """Areas that lie in a named place by more than half, or touch a box; all of a country."""
    if place.box is None:
        return list(range(len(areas.shapes)))
    if place.shape is None:
        return np.flatnonzero(shapely.intersects(areas.shapes, shapely.box(*place.box))).tolist()
    inside = shapely.area(shapely.intersection(areas.shapes, place.shape))
    kept = np.flatnonzero(inside > HALF * shapely.area(areas.shapes)).tolist()
    whole = inside[kept].sum() > HALF * float(shapely.area(place.shape))
    return kept if whole else []


def _parents(fine: Shapes, kept: Sequence[int], coarse: Shapes | None) -> list[tuple[str, str]]:
    """Name and code of the coarser area that has most of each finer one."""
    if coarse is None:
        return [("", "")] * len(kept)
    tree = shapely.STRtree(coarse.shapes)
    parents = []
    for at in kept:
        near = tree.query(fine.shapes[at], predicate="intersects")
        shared = shapely.area(shapely.intersection(coarse.shapes[near], fine.shapes[at]))
        most = int(near[shared.argmax()]) if len(near) else -1
        parents.append((coarse.names[most], coarse.codes[most]) if most >= 0 else ("", ""))
    return parents
