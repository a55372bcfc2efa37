"""Roads and paths from any of the formats read here."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from pyproj import CRS

from planner import scenario
from planner.inputs import features, osm
from planner.inputs.crs import DEGREES
from planner.inputs.findings import File, Findings
from planner.inputs.osm_source import is_osm
from planner.inputs.osm_tags import Tags, closed_in, direction, not_understood, speed_limit, vehicles_may, yes
from planner.inputs.projecting import on_frame
from planner.inputs.text import examples
from planner.types.arrays import Objects
from planner.types.frame import Frame
from planner.types.inputs import Roads
from planner.types.text import Text

# "ref" ("N1") serves where there is no name; the others are read as OpenStreetMap defines them.
TAGS = (
    "name", "ref", "surface", "smoothness", "tracktype", "bridge", "ford", "oneway", "junction",
    "motor_vehicle", "vehicle", "access", "maxspeed", "seasonal",
)  # fmt: skip


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
        file.note("left out", Text("roads without a class"), (~classed).sum())
    if not len(geometry):
        file.note("warning", Text("holds no roads"))
    kept = [each for each, good in zip(kept, classed, strict=True) if good]
    strange = Counter(value for each in kept for value in not_understood(each))
    if strange:
        told = examples(f"{value} ({count})" for value, count in strange.most_common())
        file.note(
            "info",
            Text("tags that are not understood, so that the class of the road decides: {told}", told=told),
            strange.total(),
        )
    read = build(lines[classed], kept)
    limited = read.max_kmh[np.isfinite(read.max_kmh)]
    if len(limited):
        what = Text(
            "roads with a limit of {lowest:.3g} to {highest:.3g} km/h (maxspeed): vehicles go no faster",
            lowest=limited.min(),
            highest=limited.max(),
        )
        file.note("info", what, len(limited))
    return read


def read_lines(file: File, roads: scenario.Roads) -> tuple[Objects, list[Tags], CRS | None]:
    """Geometry, tags and CRS of all lines of a file."""
    if is_osm(file.path):
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
        bridge=np.array([yes(value) for value in text("bridge")], np.bool_),
        ford=np.array([yes(value) for value in text("ford")], np.bool_),
        motor=np.array([vehicles_may(each) for each in tags], np.bool_),
        oneway=np.array([direction(each) for each in tags], np.int16),
        max_kmh=np.array(
            [math.inf if math.isnan(kmh := speed_limit(value)) else kmh for value in text("maxspeed")], np.float64
        ),
        closed_in=np.array([closed_in(value) for value in text("seasonal")], np.object_),
    )
