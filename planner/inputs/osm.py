"""OpenStreetMap files: ways and areas with their tags, in degrees. ``@id`` of the tags is the name of the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import osmium
import shapely
from osmium.filter import EntityFilter, KeyFilter
from osmium.osm import NODE, WAY

from planner.inputs.findings import File
from planner.inputs.osm_nodes import Spot, cut_at
from planner.inputs.osm_source import check_source
from planner.inputs.osm_tags import Tags, at_node, yes
from planner.inputs.pbf import AGAIN, damaged_at
from planner.inputs.text import examples
from planner.types.arrays import Objects
from planner.types.inputs import Change
from planner.types.text import Text

WATERWAYS = frozenset({"river", "stream", "canal"})  # drains and ditches are stepped across


def read_highways(file: File) -> tuple[Objects, list[Tags]]:
    """Lines with a ``highway`` tag and those of ferries, and their tags; ``highway`` is "ferry" on a ferry.

    Where a gate or a ford is marked on them they are cut, and the piece around it has the tags of that.
    """
    spots: list[Spot] = []

    def kind(thing: Any, tags: Tags) -> str:
        if thing.is_way():
            return highway_class(tags)
        if given := at_node(tags):
            spots.append(Spot(thing.lon, thing.lat, given))
        return ""

    check_source(file)
    things = osmium.FileProcessor(file.path).with_locations().with_filter(EntityFilter(NODE | WAY))
    lines, tags = collect(file, things.with_filter(KeyFilter("highway", "route", "barrier", "ford")), kind)
    return cut_at(lines, [{**each, "highway": each["kind"]} for each in tags], spots)


def highway_class(tags: Tags) -> str:
    """Class of a road, "ferry" for a ferry (even where it is tagged as a road too), "" for other routes."""
    return "ferry" if tags.get("route") == "ferry" else tags.get("highway", "")


def read_water(file: File) -> tuple[Objects, list[Tags]]:
    """Rivers, streams and canals as lines, lakes and river banks as multipolygons; ``kind`` is added to their tags."""
    check_source(file)
    keys = KeyFilter("waterway", "natural", "landuse")
    things = osmium.FileProcessor(file.path).with_locations().with_areas(keys).with_filter(keys)
    geometry, tags = collect(file, things, water_kind)
    piped = np.array([yes(each.get("tunnel", "")) for each in tags], np.bool_)
    if piped.any():
        file.note("left out", Text("water that runs in a tunnel or culvert: it is walked over"), piped.sum())
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
    """Geometries and tags of the things that have a kind; those that cannot be drawn become notes, or a fault."""
    factory = osmium.geom.WKBFactory()
    shapes: list[str] = []
    kept: list[Tags] = []
    incomplete: list[str] = []
    degenerate: list[str] = []
    drafts: list[str] = []
    for thing, tags in sound(file, things):
        tags["kind"] = kind(thing, tags)
        if not tags["kind"]:
            continue
        tags["@id"] = f"way {thing.id}" if thing.is_way() else f"area {thing.orig_id()}"
        try:
            shape = factory.create_linestring(thing) if thing.is_way() else factory.create_multipolygon(thing)
        except (RuntimeError, osmium.InvalidLocationError):
            lost = [node.ref for node in thing.nodes if not node.location.valid()] if thing.is_way() else []
            sort = drafts if any(ref < 0 for ref in lost) else incomplete if lost else degenerate
            sort.append(tags["@id"])
        else:
            shapes.append(shape)
            kept.append(tags)
    if drafts:
        raise file.fault(
            f"has {len(drafts)} ways whose nodes have no number yet, as a draft of JOSM has: {examples(drafts)}.",
            "Upload the draft first, or save it as GeoJSON.",
        )
    if incomplete and not shapes:
        raise file.fault(
            f"has its ways before their nodes, or without them: {examples(incomplete)}.",
            "Sort it (osmium sort FILE -o sorted.osm.pbf), or download it again with its nodes.",
        )
    for what, found, names in (
        (Text("ways whose nodes are not in the file (cut at its edge)"), Text("nodes that are elsewhere"), incomplete),
        (Text("ways of no length"), Text("one place"), degenerate),
    ):
        if names:
            file.note("left out", what, len(names), [Change(name, found, "") for name in names])
    return np.asarray(shapely.from_wkb(np.array(shapes, np.object_)), np.object_), kept


def sound(file: File, things: Any) -> Iterator[tuple[Any, Tags]]:
    """Things of a file and their tags; what cannot be read becomes a fault, with the byte where that is known."""
    try:
        for thing in things:
            yield thing, {tag.k: tag.v for tag in thing.tags}
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        at = damaged_at(file) if file.path.suffix.lower() == ".pbf" else None
        where = "" if at is None else f" from byte {at:,} on"
        raise file.fault(f"cannot be read as OpenStreetMap data{where}: {str(error).rstrip('.')}.", AGAIN) from error
