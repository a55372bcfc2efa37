"""One point for each row of a layer, whatever shapes it holds: points, a point among other shapes, small outlines."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import CRS

from planner.inputs.projecting import KINDS, extent, single_parts
from planner.inputs.table import Table
from planner.inputs.text import examples
from planner.types.arrays import Objects
from planner.types.inputs import Change
from planner.types.text import Text

WIDEST_METRES = 5000.0  # planner's choice: an outline up to the size of a town stands for a place in it


def points_of(table: Table, crs: CRS) -> Objects:
    """A point in `crs`, that of the table, for each row; None where it has no geometry.

    Of a row with other shapes its only point counts, of one with a small outline a point inside; both are noted. Raise
    InputFaults where rows have several points, lines, or outlines too large to stand for a place.
    """
    result = table.shapes().copy()
    result[shapely.is_empty(result)] = None
    simple = shapely.is_missing(result) | (shapely.get_type_id(result) == KINDS["Point"])
    beside: list[Change] = []
    inside: list[Change] = []
    wrong: list[str] = []
    for at in np.flatnonzero(~simple).tolist():
        (row,) = table.named([at])
        shape = result[at]
        parts, _ = single_parts(result[at : at + 1])
        points = parts[shapely.get_type_id(parts) == KINDS["Point"]]
        if len(points) == 1:
            result[at] = points[0]
            if len(parts) > 1:
                beside.append(Change(Text("{row}, geometry", row=row), shape.geom_type, Text("its only point")))
        elif shape.area and not len(points) and metres_across(shape, crs) <= WIDEST_METRES:
            result[at] = shapely.point_on_surface(shape)
            point = Text("a point inside: {at}", at=extent(result[at]))
            inside.append(Change(Text("{row}, geometry", row=row), shape.geom_type, point))
        else:
            wrong.append(f"{row} is a {shape.geom_type}")
    if wrong:
        raise table.file.fault(
            f"has {len(wrong)} features that are no points: {examples(wrong)}.",
            f"Give points, e.g. centroids or entrances; outlines up to {WIDEST_METRES / 1000:g} km wide are taken too.",
        )
    if beside:
        table.file.note("left out", Text("shapes drawn beside the point of their row"), len(beside), beside)
    if inside:
        table.file.note(
            "repaired", Text("outlines in place of points: a point inside each counts"), len(inside), inside
        )
    return result


def metres_across(shape: shapely.Geometry, crs: CRS) -> float:
    """Metres from corner to corner of the box around a shape."""
    west, south, east, north = shapely.bounds(shape).tolist()
    geod = crs.get_geod() if crs.is_geographic else None
    if geod is not None:
        return float(geod.inv(west, south, east, north)[2])
    return float(np.hypot(east - west, north - south) * crs.axis_info[0].unit_conversion_factor)
