"""The marks of places and lines, the same on maps and in legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import LineCollection, PatchCollection, PathCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from planner.outputs.exports.atlas.sheet import Pane
from planner.outputs.palette import CHW, CHW_EDGE, FACILITY, HARD_TO_REACH, PROPOSED, RIVER, ROAD, VILLAGE_EDGE, WATER

RADIUS = {"facility1": 1.35, "facility2": 1.8, "facility3": 2.2, "chw": 0.95, "new": 2.1, "hard": 0.95, "village": 0.45}
DARK = "#12303f"
CIRCLE = Path.unit_circle()
SQUARE = Path(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * 0.92, closed=True)
DIAMOND = Path(np.array([[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0], [0, -1.15]]), closed=True)
CROSS = [[(-0.6, 0.0), (0.6, 0.0)], [(0.0, -0.6), (0.0, 0.6)]]

# by kind: shape, fill, edge, width of the edge (points)
LOOKS: dict[str, tuple[Path, str, str, float]] = {
    "village": (CIRCLE, "#ffffff", VILLAGE_EDGE, 0.4),
    "hard": (DIAMOND, HARD_TO_REACH, "#ffffff", 0.4),
    "chw": (CIRCLE, CHW, CHW_EDGE, 1.1),
    "new": (CIRCLE, PROPOSED, DARK, 0.8),
    "facility1": (CIRCLE, FACILITY, "#ffffff", 0.6),
    "facility2": (SQUARE, FACILITY, "#ffffff", 0.6),
    "facility3": (SQUARE, FACILITY, "#ffffff", 0.6),
}
MAJOR = {"motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link", "secondary_link"}
BORDER = (0, (6, 2))  # dashes of the borders of areas
PATHS = {"path", "footway", "track", "steps", "bridleway", "cycleway", "pedestrian"}
WAYS: dict[str, tuple[float, Any, str]] = {
    "major": (1.2, "solid", ROAD),
    "road": (0.6, "solid", ROAD),
    "path": (0.45, (0, (3, 2)), ROAD),
    "ferry": (0.6, (0, (1, 2)), RIVER),
}

Points = npt.NDArray[np.float64]


def facility_kind(tier: int) -> str:
    """The mark of a tier: from the third on they look alike."""
    return f"facility{min(max(int(tier), 1), 3)}"


def way_kind(highway: str) -> str:
    """How a road of a class is drawn."""
    return "major" if highway in MAJOR else "path" if highway in PATHS else "ferry" if highway == "ferry" else "road"


def places(pane: Pane, kind: str, points: Points, size: float, zorder: float = 5.0) -> None:
    """Draw marks of a kind at points (mm)."""
    if not len(points):
        return
    shape, fill, edge, width = LOOKS[kind]
    radius = RADIUS[kind] * size
    marks = [_at(shape, radius, point) for point in points]
    if kind == "new":  # a white ring: in grey print, the mark is as dark as the map
        rings = [_at(shape, radius + 0.5 * size, point) for point in points]
        pane.add(PathCollection(rings, facecolors="#ffffff", edgecolors="none", zorder=zorder - 0.01))
    pane.add(PathCollection(marks, facecolors=fill, edgecolors=edge, linewidths=width * size, zorder=zorder))
    if kind.startswith("facility"):
        arms = [np.array(arm) * radius + point for point in points for arm in CROSS]
        lines(pane, arms, "#ffffff", 0.9 * size * RADIUS[kind] / RADIUS["facility1"], zorder=zorder + 0.1)


def _at(shape: Path, radius: float, point: Points) -> Path:
    return Path(np.asarray(shape.vertices, np.float64) * radius + point, shape.codes)


def lines(
    pane: Pane, shapes: Sequence[Any], colour: str, width: float, *, style: Any = "solid", zorder: float = 2.0,
    alpha: float | None = None,
) -> None:  # fmt: skip
    """Draw lines, each a list of points (mm)."""
    if len(shapes):
        pane.add(
            LineCollection(
                list(shapes),
                colors=[colour],
                linewidths=[width],
                linestyles=[style],
                zorder=zorder,
                alpha=alpha,
                capstyle="round",
            )
        )


def leads(pane: Pane, shapes: Sequence[Any], size: float, zorder: float) -> None:
    """Draw lines from names or numbers to their places, on dark ground too."""
    lines(pane, shapes, "#ffffff", 1.5 * size, zorder=zorder - 0.01)
    lines(pane, shapes, DARK, 0.6 * size, zorder=zorder)


def _flat(shapes: Any) -> npt.NDArray[np.object_]:
    """The single lines, polygons and points of shapes, collections in collections too."""
    flat = shapely.get_parts(shapely.get_parts(np.asarray(shapes, object)))
    return np.asarray(flat[~shapely.is_empty(flat)], object)


def parts(shapes: Any) -> list[Points]:
    """The lines of shapes, and the rings of their polygons, as lists of points."""
    flat = _flat(shapes)
    kinds = shapely.get_type_id(flat)
    rings = shapely.get_rings(flat[kinds == shapely.GeometryType.POLYGON])
    whole = np.concatenate([flat[kinds == shapely.GeometryType.LINESTRING], rings])
    return [shapely.get_coordinates(each) for each in whole]


def polygons(pane: Pane, shapes: Any, fill: str, *, zorder: float, alpha: float | None = None) -> None:
    """Fill polygons, without their holes."""
    flat = _flat(shapes)
    flat = flat[shapely.get_type_id(flat) == shapely.GeometryType.POLYGON]
    if len(flat):
        patches = [PathPatch(_path(polygon)) for polygon in flat]
        pane.add(PatchCollection(patches, facecolor=fill, edgecolor="none", zorder=zorder, alpha=alpha))


def _path(polygon: Any) -> Path:
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
    codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY], np.uint8) for ring in rings]
    return Path(np.concatenate(rings), np.concatenate(codes))


def water(pane: Pane, shapes: Any, size: float) -> None:
    """Draw rivers and lakes."""
    polygons(pane, shapes, WATER, zorder=1.5)
    lines(pane, parts(shapes), RIVER, 0.7 * size, zorder=1.6)


def ways(pane: Pane, kind: str, shapes: Any, size: float) -> None:
    """Draw roads of a kind."""
    width, style, colour = WAYS[kind]
    lines(pane, parts(shapes), colour, width * size, style=style, zorder=2.0)


def dots(pane: Pane, points: Points, radius: float, colour: str) -> None:
    """Draw dots at points (mm)."""
    if len(points):
        circles = [_at(CIRCLE, radius, point) for point in points]
        pane.add(PathCollection(circles, facecolors=colour, edgecolors="none", zorder=3.0))
