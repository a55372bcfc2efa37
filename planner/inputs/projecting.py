"""Geometries brought onto the frame: flat, in its CRS, on its side of the antimeridian."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from planner.inputs.crs import DEGREES, known_crs
from planner.inputs.findings import File
from planner.inputs.osm_tags import Tags
from planner.types.arrays import Bools, Doubles, Objects
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.lists import row_in_words
from planner.types.text import Text

KINDS = {"Point": 0, "LineString": 1, "Polygon": 3}  # shapely's numbers
MULTI = 4  # shapely's type of multipoints; those of other parts and of collections are above
BEYOND = Text("features with coordinates beyond the earth, or beyond the raster's coordinate reference system")
TURN = 360.0
# A straight line of one CRS is a curve in another: segments longer than this get vertices, so that lines are drawn a
# few metres off at most where people live.
LONGEST_DEGREES, LONGEST_METRES = 0.1, 10_000.0
# What lies beyond is no place; a latitude of 95 is one in some formulas of projections.
FARTHEST_DEGREES, FARTHEST_METRES = (2 * TURN, 90.0), (1e8, 1e8)
ENDLESS = (np.finfo(float).max,) * 2


def project(geometry: Objects, crs: Any, frame: Frame) -> Objects:
    """Two-dimensional geometries in the frame's CRS; None for those with a coordinate that is no place in it.

    Where the frame is in degrees, features whose longitudes count another turn are moved to where the frame lies, and
    areas that the antimeridian cuts in two come together.
    """
    flat = np.array(shapely.force_2d(geometry), np.object_)
    source = CRS.from_user_input(crs)
    degrees = source.is_geographic
    flat[~within(flat, FARTHEST_DEGREES if degrees else FARTHEST_METRES)] = None
    if not source.equals(frame.pyproj_crs, ignore_axis_order=True):
        transformer = Transformer.from_crs(source, frame.pyproj_crs, always_xy=True)
        onto = cast(Any, transformer.transform)  # the stubs of shapely know only the interleaved form
        longest = LONGEST_DEGREES if degrees else LONGEST_METRES
        long = shapely.length(flat) > longest
        flat[long] = shapely.segmentize(flat[long], longest)
        flat = np.array(shapely.transform(flat, onto, interleaved=False), np.object_)
        flat[~within(flat, ENDLESS)] = None
    return turned(flat, frame) if frame.geographic else flat


def on_frame(
    geometry: Objects, crs: CRS | None, frame: Frame, kinds: tuple[str, ...], file: File, tags: Sequence[Tags]
) -> tuple[Objects, npt.NDArray[np.intp]]:
    """Single parts in the frame's CRS that touch the frame, and the feature that each came from.

    `kinds` are the shapely geometry types to keep; others, missing, zero-length and far features become notes. Features
    are kept whole, not cut at the frame's edge. ``@id`` of their tags names them, else their row.
    """

    def leave_out(what: Text, features: npt.NDArray[np.intp], found: Sequence[str]) -> None:
        if len(features):
            names = [tags[at].get("@id") or row_in_words(at + 1) for at in features.tolist()]
            changes = [Change(name, before, "") for name, before in zip(names, found, strict=True)]
            file.note("left out", what, len(features), changes)

    empty = np.flatnonzero(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    leave_out(Text("features without geometry"), empty, [Text("none")] * len(empty))
    parts, index = single_parts(geometry)
    right = np.isin(shapely.get_type_id(parts), [KINDS[kind] for kind in kinds])
    leave_out(
        Text("parts that are no {kinds: or }", kinds=kinds), index[~right], [part.geom_type for part in parts[~right]]
    )
    if len(parts) and not right.any():
        raise file.fault(f"holds no {' or '.join(kinds)}.", "Give the layer that has them.")
    crs = known_crs(crs, geometry, frame, file)
    parts, index = parts[right], index[right]
    drawn = project(parts, crs, frame)
    lost = shapely.is_missing(drawn)
    leave_out(BEYOND, index[lost], [extent(part) for part in parts[lost]])
    pointlike = shapely.length(drawn) == 0
    leave_out(Text("lines of no length"), index[pointlike], [extent(part) for part in parts[pointlike]])
    near = ~(lost | pointlike)
    far = near.copy()
    box = shapely.box(*frame.bounds)
    shapely.prepare(box)
    near[near] = shapely.intersects(box, drawn[near])
    far &= ~near
    if near.any():
        if far.any():
            file.note("info", Text("features that do not touch the population raster"), far.sum())
    elif far.any():
        where, way_out = apart(drawn[far], frame)
        file.note(
            "warning",
            Text(
                "none of its features touches the population raster: {where}. {way_out}", where=where, way_out=way_out
            ),
            far.sum(),
        )
    return drawn[near], index[near]


def extent(shape: shapely.Geometry) -> str:
    """Where a geometry lies, in words: its corners in its own CRS."""
    west, south, east, north = shapely.bounds(shape).tolist()
    return f"{west:.9g}, {south:.9g}" + (f" to {east:.9g}, {north:.9g}" if (west, south) != (east, north) else "")


def apart(shapes: Objects, frame: Frame) -> tuple[Text, Text]:
    """Where shapes in the frame's CRS lie that do not touch the raster, and where it lies, in words; and a way out."""
    to_degrees = Transformer.from_crs(frame.pyproj_crs, DEGREES, always_xy=True)
    bounds = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
    if not np.isfinite(bounds).all():
        return Text("they have no coordinates"), Text("Export it again with its geometry.")
    (west, south, east, north), raster = (to_degrees.transform_bounds(*box) for box in (bounds.tolist(), frame.bounds))
    there, here = (", ".join(f"{side:.4f}" for side in sides) for sides in ((west, south, east, north), raster))
    way_out = Text("Give the file of the same place, and see that its coordinate reference system is the right one.")
    if south <= raster[2] and north >= raster[0] and west <= raster[3] and east >= raster[1]:
        way_out = Text("Latitude and longitude are exchanged in it: write it again with the longitude first.")
    where = Text(
        "in degrees (west, south, east, north) they lie at {there}, and the raster at {here}", there=there, here=here
    )
    return where, way_out


def single_parts(geometry: Objects) -> tuple[Objects, npt.NDArray[np.intp]]:
    """All parts of geometries, also of collections within collections, and the geometry that each came from."""
    parts, index = shapely.get_parts(geometry, return_index=True)
    while (shapely.get_type_id(parts) >= MULTI).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        index = index[inner]
    return np.asarray(parts, np.object_), index


def within(geometry: Objects, farthest: tuple[float, float]) -> Bools:
    """Whether no coordinate is NaN or larger than `farthest` in x and y; so it is where there are none."""
    bounds = shapely.bounds(geometry)
    nothing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    return np.asarray(nothing | (np.abs(bounds) <= farthest * 2).all(axis=1), np.bool_)


def turned(geometry: Objects, frame: Frame) -> Objects:
    """Geometries in degrees, each part turned by 360 degrees where it lies on the frame only so."""
    west, _, east, _ = frame.bounds
    xy, feature = shapely.get_coordinates(geometry, return_index=True)
    if west >= -TURN / 2 and east <= TURN / 2 and (np.abs(xy[:, 0]) <= TURN / 2).all():
        return geometry
    parts = shapely.get_parts(geometry)
    _, part = shapely.get_coordinates(parts, return_index=True)
    left, _, right, _ = shapely.bounds(parts).T
    # What jumps from one side of the world to the other crosses the antimeridian, uncut: each vertex turns by itself.
    jumps = (right - left > TURN / 2) & (right - left < TURN) & (east > TURN / 2 or west < -TURN / 2)
    nearest = -TURN * np.floor((xy[:, 0] - (west + east - TURN) / 2) / TURN)
    turn = np.where(jumps[part], nearest, turns(left, right, frame)[part])
    moved = np.unique(feature[turn != 0])
    xy[:, 0] += turn
    valid = shapely.is_valid(geometry[moved])
    result = np.array(shapely.set_coordinates(geometry.copy(), xy), np.object_)
    cut = moved[valid & ~shapely.is_valid(result[moved])]
    result[cut] = shapely.make_valid(result[cut], method="structure")
    return result


def turns(left: Doubles, right: Doubles, frame: Frame) -> Doubles:
    """Degrees to add to what reaches from `left` to `right`, so that it lies on the frame; 0 where nothing helps."""
    west, _, east, _ = frame.bounds

    def on(turn: float) -> Bools:
        return np.asarray((right + turn >= west) & (left + turn < east), np.bool_)

    return np.select([on(0.0), on(TURN), on(-TURN)], [0.0, TURN, -TURN], 0.0)
