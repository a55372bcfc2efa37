"""OpenStreetMap: of an extract or an answer of Overpass, what the planner reads; facilities and villages as lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import osmium
import shapely
import xlsxwriter
from osmium.filter import KeyFilter

from planner.fetch.bodies import understood
from planner.fetch.catalogue import Box

WATERWAYS = frozenset({"river", "stream", "canal", "riverbank"})
PLACES = ("city", "town", "village", "hamlet", "isolated_dwelling")
# Where a child can be treated: amenity and healthcare of OpenStreetMap. Pharmacies, dentists, laboratories are none.
CARE = (
    "hospital",
    "clinic",
    "doctors",
    "doctor",
    "health_post",
    "centre",
    "community_health_centre",
    "birthing_centre",
)
HOSPITAL = "hospital"
KEYS = ("highway", "route", "waterway", "natural", "landuse", "amenity", "healthcare", "place")
ROW = ("id", "name", "type", "lat", "lon", "operator")

Tags = Mapping[str, str]

# Everything that `wanted` keeps, in a box, with all nodes and members.
QUERY = """\
[out:xml][timeout:{timeout_s}][bbox:{south:.6f},{west:.6f},{north:.6f},{east:.6f}];
(
  way[highway];
  way[route=ferry];
  way[waterway~"^(river|stream|canal|riverbank)$"];
  nwr[natural=water];
  nwr[landuse=reservoir];
  relation[waterway=riverbank];
  nwr[amenity~"^({care})$"];
  nwr[healthcare~"^({care})$"];
  nwr[place~"^({places})$"];
)->.wanted;
(.wanted; .wanted >;);
out body;
"""
TIMEOUT_S = 180  # that Overpass may compute


@dataclass(frozen=True)
class Listed:
    """A row of a list of points."""

    id: str
    name: str
    type: str
    lat: float
    lon: float
    operator: str = ""


def query(box: Box) -> str:
    """What Overpass is asked for."""
    west, south, east, north = box
    return QUERY.format(
        west=west,
        south=south,
        east=east,
        north=north,
        timeout_s=TIMEOUT_S,
        care="|".join(CARE),
        places="|".join(PLACES),
    )


def wanted(tags: Tags) -> bool:
    """Whether a thing with these tags is kept: ways to go, water, care, places."""
    return (
        "highway" in tags
        or tags.get("route") == "ferry"
        or tags.get("waterway") in WATERWAYS
        or tags.get("natural") == "water"
        or tags.get("landuse") == "reservoir"
        or care_of(tags) != ""
        or tags.get("place") in PLACES
    )


def care_of(tags: Tags) -> str:
    """Type of a health facility by its tags, "" for what is none."""
    return next((tags[key] for key in ("healthcare", "amenity") if tags.get(key) in CARE), "")


def reduce(raw: Path, box: Box | None, path: Path) -> None:
    """Write what is wanted of an OSM file, within the box where one is given, with all nodes and members."""
    file = osmium.io.File(str(raw), "osm" if raw.suffix == ".osm" else "pbf")
    with understood(raw):
        kept = _kept(file, box)
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            osmium.apply(file, kept.id_filter(), writer)


def _kept(file: Any, box: Box | None) -> Any:
    """Ids of what is wanted, and of all that it refers to."""
    things = osmium.FileProcessor(file)
    inside = _members_inside(file, box) if box else set[int]()
    kept = osmium.IdTracker()
    thing: Any
    for thing in (things.with_locations() if box else things).with_filter(KeyFilter(*KEYS)):
        if wanted({tag.k: tag.v for tag in thing.tags}) and (box is None or _touches(thing, box, inside)):
            add = {"n": kept.add_node, "w": kept.add_way, "r": kept.add_relation}[thing.type_str()]
            add(thing.id)
            kept.add_references(thing)
    kept.complete_backward_references(file)
    return kept


def _members_inside(file: Any, box: Box) -> set[int]:
    """Ways that are members of relations and touch the box."""
    members = osmium.IdTracker()
    relations = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(KeyFilter(*KEYS))
    thing: Any
    for thing in relations:
        for member in thing.members:
            if member.type == "w":
                members.add_way(member.ref)
    ways = osmium.FileProcessor(file).with_locations().with_filter(members.id_filter())
    return {thing.id for thing in ways if _touches(thing, box, set())}


def _touches(thing: Any, box: Box, members: set[int]) -> bool:
    """Whether a thing has a node in the box; a relation, whether one of these members is its own."""
    if thing.is_node():
        return _in(thing.location, box)
    if thing.is_way():
        return any(node.location.valid() and _in(node.location, box) for node in thing.nodes)
    return any(member.type == "w" and member.ref in members for member in thing.members)


def _in(at: Any, box: Box) -> bool:
    return bool(box[0] <= at.lon <= box[2] and box[1] <= at.lat <= box[3])


def points(path: Path, kind: Callable[[Tags], str]) -> Iterator[Listed]:
    """All things of a kind as points: nodes where they are, areas in their middle."""
    keys = KeyFilter("amenity", "healthcare", "place")
    factory = osmium.geom.WKBFactory()
    things: Any = osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys)
    for thing in things:
        tags = {tag.k: tag.v for tag in thing.tags}
        found = kind(tags)
        if not found or not (thing.is_node() or thing.is_area()):
            continue
        if thing.is_node():
            own, lat, lon = f"node/{thing.id}", thing.location.lat, thing.location.lon
        else:
            own = f"{'way' if thing.from_way() else 'relation'}/{thing.orig_id()}"
            try:
                middle = shapely.from_wkb(factory.create_multipolygon(thing)).point_on_surface()
            except RuntimeError:  # no area after all
                continue
            lat, lon = middle.y, middle.x
        yield Listed(own, tags.get("name", ""), found, lat, lon, tags.get("operator", ""))


def place_of(tags: Tags) -> str:
    """Kind of a village or town by its tags, "" for what is none or has no name."""
    return tags["place"] if tags.get("place") in PLACES and tags.get("name") else ""


def within(rows: Iterable[Listed], ground: shapely.Geometry) -> list[Listed]:
    """Rows on the ground of the plan, in the order of their ids."""
    shapely.prepare(ground)
    kept = [row for row in rows if shapely.intersects_xy(ground, row.lon, row.lat)]
    return sorted(kept, key=lambda row: row.id)


def write_list(rows: Sequence[Listed], path: Path) -> None:
    """Write a list as a workbook: text stays text, whatever it begins with, and numbers are numbers everywhere."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2026, 1, 1)})  # fixed: the same rows give the same bytes
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ROW, book.add_format({"bold": True}))
    sheet.set_column(0, len(ROW) - 1, 18)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows, 1):
        sheet.write_row(at, 0, (row.id, row.name, row.type, round(row.lat, 6), round(row.lon, 6), row.operator))
    book.close()
