"""Rivers and lakes from their own file, or from the roads file where that is OpenStreetMap data."""

from __future__ import annotations

import numpy as np
from pyproj import CRS

from planner import scenario
from planner.inputs import features, osm
from planner.inputs.crs import DEGREES
from planner.inputs.findings import File, Findings
from planner.inputs.osm_source import is_osm
from planner.inputs.osm_tags import Tags, yes
from planner.inputs.projecting import on_frame
from planner.types.arrays import Objects
from planner.types.frame import Frame
from planner.types.inputs import Water
from planner.types.text import Text

UNSPECIFIED = "water"


def read_water(water: scenario.Water, roads: scenario.Roads, frame: Frame, findings: Findings) -> Water:
    """Water that touches the frame, in its CRS; none where neither file has any."""
    source = water if water.file else roads
    if not source.file or (source is roads and not is_osm(findings.folder / roads.file)):
        return build(np.empty(0, np.object_), [])
    file = findings.open("water", source)
    geometry, tags, crs = read_shapes(file, water)
    parts, index = on_frame(geometry, crs, frame, ("LineString", "Polygon"), file, tags)
    return build(parts, [tags[at] for at in index])


def read_shapes(file: File, water: scenario.Water) -> tuple[Objects, list[Tags], CRS | None]:
    """Geometry, tags (with ``kind``) and CRS of all water of a file."""
    if is_osm(file.path):
        return *osm.read_water(file), DEGREES
    if not features.is_features(file.path):
        raise file.fault(
            f'is of a kind that is not read ("{file.path.suffix}").', f"Give OSM .pbf or .osm, {features.NAMES}."
        )
    table = features.read_features(file, water.layer)
    columns = {tag: table.optional(tag) for tag in ("name", "intermittent", "seasonal")}
    if water.kind_column and table.find(water.kind_column) is None:
        raise file.fault(
            table.missing(water.kind_column).what,
            'Set kind_column under [water] in the scenario; kind_column = "" makes every feature a barrier.',
        )
    columns["kind"] = table.cells(water.kind_column) if water.kind_column else [""] * len(table)
    blank = sum(not kind for kind in columns["kind"])
    if blank:
        file.note("info", Text('water without a kind: taken as "{kind}"', kind=UNSPECIFIED), blank)
    tags = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return table.shapes(), tags, table.crs


def build(parts: Objects, tags: list[Tags]) -> Water:
    """Water of shapes and their tags."""
    return Water(
        geometry=parts,
        kind=np.array([each["kind"] or UNSPECIFIED for each in tags], np.object_),
        name=np.array([each.get("name", "") for each in tags], np.object_),
        seasonal=np.array(
            [yes(each.get("intermittent", "")) or yes(each.get("seasonal", "")) for each in tags], np.bool_
        ),
    )
