"""Shapes and numbers to the short lists that the map's script draws and tells.

Coordinates are whole 1e-5 degrees (about a metre), latitude before longitude, each point as the step from the one
before: a third of the size of GeoJSON. Numbers are rounded to what is shown; None = unknown, -1 = no way.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely


def count(people: float) -> float | None:
    """People as they are shown: whole, and a part of one where it is not quite nobody."""
    if not math.isfinite(people):
        return None
    return round(people, 2) or 0.01 if 0 < people < 0.5 else round(people)


def minutes(time: float) -> int | None:
    """Whole minutes."""
    if math.isnan(time):
        return None
    return -1 if math.isinf(time) else round(time)


def km(distance: float) -> float | None:
    """Km to one decimal."""
    if math.isnan(distance):
        return None
    return -1 if math.isinf(distance) else round(distance, 1)


def share(part: float) -> float | None:
    """A share (0 to 1); what is nearly all or nearly nothing stays so."""
    if math.isnan(part):
        return None
    if part >= 1 - 1e-9:
        return 1
    return min(max(round(part, 4), 0.0001), 0.9999) if part > 0 else 0


def encode_points(shapes: npt.NDArray[np.object_]) -> list[list[int]]:
    """Points as ``[latitude, longitude]`` in whole 1e-5 degrees."""
    whole_degrees: list[list[int]] = np.rint(shapely.get_coordinates(shapes)[:, ::-1] * 1e5).astype(np.int64).tolist()
    return whole_degrees


def encode_lines(parts: npt.NDArray[np.object_], detail: float) -> list[list[int]]:
    """Lines or rings, simplified (Douglas and Peucker 1973) to ``detail`` degrees, each as one flat list of steps."""
    parts = shapely.simplify(parts, detail, preserve_topology=True)
    degrees, line = shapely.get_coordinates(parts, return_index=True)
    points = np.rint(degrees[:, ::-1] * 1e5).astype(np.int64)
    first = np.diff(line, prepend=-1) != 0
    steps = np.where(first[:, None], points, np.diff(points, axis=0, prepend=0))
    kept = first | (steps != 0).any(axis=1)
    cuts = np.flatnonzero(np.diff(line[kept])) + 1
    return [piece.ravel().tolist() for piece in np.split(steps[kept], cuts)] if len(line) else []


def encode_polygons(shapes: npt.NDArray[np.object_], detail: float) -> list[list[list[list[int]]]]:
    """For each shape its polygons, for each polygon its rings: the outer one, then holes."""
    polygons, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    coded = pd.Series(encode_lines(rings, detail), dtype=object)
    by_polygon = coded.groupby(polygon_of).agg(list)
    by_shape = by_polygon.groupby(shape_of).agg(list)
    return [by_shape.get(position, []) for position in range(len(shapes))]


def encode_coverage(shapes: npt.NDArray[np.object_], detail: float) -> list[list[list[list[int]]]]:
    """As `encode_polygons`, of areas that are simplified together (Visvalingam and Whyatt 1993), to one border.

    What lies across each other is simplified each by itself.
    """
    return encode_polygons(shapely.coverage_simplify(shapes, detail) if len(shapes) else shapes, 0.0)
