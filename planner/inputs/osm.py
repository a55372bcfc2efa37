"""OpenStreetMap files: ways and areas with their tags, in degrees. ``@id`` of the tags is the name of the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from osmium.filter import EntityFilter, KeyFilter
from osmium.osm import WAY

from planner.inputs.findings import File
from planner.types.arrays import Objects

SUFFIXES = (".pbf", ".osm", ".osm.xml")
WATERWAYS = frozenset({"river", "stream", "canal"})  # drains and ditches are stepped across
NO = frozenset({"", "no", "false", "0"})

Tags = dict[str, str]


def is_osm(path: Path) -> bool:
    """Whether a file is OpenStreetMap data, by its name."""
    return path.name.lower().endswith(SUFFIXES)


def yes(value: str) -> bool:
    """Whether the value of a tag such as bridge=viaduct or intermittent=yes says that it is so."""
    return value.strip().casefold() not in NO


def read_highways(file: File) -> tuple[Objects, list[Tags]]:
    """Lines with a ``highway`` tag and those of ferries, and their tags; ``highway`` is "ferry" on a ferry."""
    ways = osmium.FileProcessor(file.path).with_locations().with_filter(EntityFilter(WAY))
    lines, tags = collect(file, ways.with_filter(KeyFilter("highway", "route")), highway_class)
    return lines, [{**each, "highway": each["kind"]} for each in tags]


def highway_class(_: Any, tags: Tags) -> str:
    """Class of a road, "ferry" for a ferry (even where it is tagged as a road too), "" for other routes."""
    return "ferry" if tags.get("route") == "ferry" else tags.get("highway", "")


def read_water(file: File) -> tuple[Objects, list[Tags]]:
    """Rivers, streams and canals as lines, lakes and river banks as multipolygons; ``kind`` is added to their tags."""
    keys = KeyFilter("waterway", "natural", "landuse")
    things = osmium.FileProcessor(file.path).with_locations().with_areas(keys).with_filter(keys)
    geometry, tags = collect(file, things, water_kind)
    piped = np.array([yes(each.get("tunnel", "")) for each in tags], np.bool_)
    if piped.any():
        file.note("left out", "water that runs in a tunnel or culvert: it is walked over", piped.sum())
    return geometry[~piped], [each for each, under in zip(tags, piped, strict=True) if not under]


def water_kind(thing: Any, tags: Tags) -> str:
    """Kind of water of a way or an area, "" where it is none."""
    if thing.is_way():
        return tags["waterway"] if tags.get("waterway") in WATERWAYS else ""
    if not thing.is_area():
        return ""
    if tags.get("waterway") == "riverbank":
        return "riverbank"
    if tags.get("natural") == "water":
        kind = tags.get("water", "water")
        return "riverbank" if kind == "river" else kind
    return "reservoir" if tags.get("landuse") == "reservoir" else ""


def collect(file: File, things: Any, kind: Callable[[Any, Tags], str]) -> tuple[Objects, list[Tags]]:
    """Geometries and tags of the things that have a kind; incomplete ones become notes, a broken file a fault."""
    factory = osmium.geom.WKBFactory()
    shapes: list[str] = []
    kept: list[Tags] = []
    incomplete = degenerate = 0
    try:
        for thing in things:
            tags = {tag.k: tag.v for tag in thing.tags}
            tags["kind"] = kind(thing, tags)
            if not tags["kind"]:
                continue
            try:
                shape = factory.create_linestring(thing) if thing.is_way() else factory.create_multipolygon(thing)
            except osmium.InvalidLocationError:
                incomplete += 1
            except RuntimeError:  # fewer than two different nodes
                degenerate += 1
            else:
                shapes.append(shape)
                kept.append(tags)
    except RuntimeError as error:
        raise file.fault(
            f"cannot be read as OpenStreetMap data: {error}.", "Download it again; it may be cut short."
        ) from error
    if incomplete:
        file.note("left out", "ways whose nodes are not in the file (cut at its edge)", incomplete)
    if degenerate:
        file.note("left out", "ways of no length", degenerate)
    return np.asarray(shapely.from_wkb(np.array(shapes, np.object_)), np.object_), kept
