"""Roads and paths from any of the formats read here."""

from __future__ import annotations

import numpy as np
from pyproj import CRS

from planner import scenario
from planner.inputs import features, osm
from planner.inputs.crs import DEGREES
from planner.inputs.findings import File, Findings
from planner.inputs.osm import Tags
from planner.inputs.projecting import on_frame
from planner.types.arrays import Objects
from planner.types.frame import Frame
from planner.types.inputs import Roads

# "ref" ("N1") serves where there is no name; the others are read as OpenStreetMap defines them.
TAGS = (
    "name", "ref", "surface", "smoothness", "tracktype", "bridge", "ford", "oneway", "junction",
    "motor_vehicle", "vehicle", "access",
)  # fmt: skip
ONEWAY = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1}


def read_roads(roads: scenario.Roads, frame: Frame, findings: Findings) -> Roads:
    """Roads that touch the frame, in its CRS; none where no file is given."""
    if not roads.file:
        return build(np.empty(0, np.object_), [])
    file = findings.open("roads", roads)
    geometry, tags, crs = read_lines(file, roads)
    lines, index = on_frame(geometry, crs, frame, ("LineString",), file, tags)
    kept = [tags[at] for at in index]
    classed = np.array([bool(each.get("highway")) for each in kept], np.bool_)
    if not classed.all():
        file.note("left out", "roads without a class", (~classed).sum())
    if not classed.any():
        file.note("warning", "no road touches the population raster")
    return build(lines[classed], [each for each, good in zip(kept, classed, strict=True) if good])


def read_lines(file: File, roads: scenario.Roads) -> tuple[Objects, list[Tags], CRS | None]:
    """Geometry, tags and CRS of all lines of a file."""
    if osm.is_osm(file.path):
        return *osm.read_highways(file), DEGREES
    if file.path.suffix.lower() == ".graphml":
        from planner.inputs.graphml import read_edges

        return read_edges(file, ("highway", *TAGS))
    if not features.is_features(file.path):
        raise file.fault(
            f'is of a kind that is not read ("{file.path.suffix}").',
            f"Give OSM .pbf or .osm, {features.NAMES}, or GraphML from OSMnx.",
        )
    table = features.read_features(file, roads.layer)
    columns = {tag: table.optional(tag) for tag in TAGS}
    columns["highway"] = table.cells(roads.class_column, 'class_column = "..." under [roads]')
    tags = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return table.shapes(), tags, table.crs


def build(lines: Objects, tags: list[Tags]) -> Roads:
    """Roads of lines and their tags."""

    def text(tag: str) -> Objects:
        return np.array([each.get(tag, "") for each in tags], np.object_)

    return Roads(
        geometry=lines,
        highway=text("highway"),
        name=np.array([each.get("name") or each.get("ref", "") for each in tags], np.object_),
        surface=text("surface"),
        smoothness=text("smoothness"),
        tracktype=text("tracktype"),
        bridge=np.array([osm.yes(value) for value in text("bridge")], np.bool_),
        ford=np.array([osm.yes(value) for value in text("ford")], np.bool_),
        motor=np.array([vehicles_may(each) for each in tags], np.bool_),
        oneway=np.array([direction(each) for each in tags], np.int16),
    )


def vehicles_may(tags: Tags) -> bool:
    """Whether vehicles may use a road: the most particular of its access tags is not "no".

    A ferry that takes no vehicles still takes people: only ``access`` counts.
    """
    keys = ("access",) if tags.get("highway") == "ferry" else ("motor_vehicle", "vehicle", "access")
    return next((tags[key] for key in keys if tags.get(key)), "").casefold() != "no"


def direction(tags: Tags) -> int:
    """1 or -1 on a one-way road, along or against its line; motorways and roundabouts are one-way unless said."""
    if said := tags.get("oneway"):
        return ONEWAY.get(said.casefold(), 0)
    return int(tags.get("highway") == "motorway" or tags.get("junction") == "roundabout")
