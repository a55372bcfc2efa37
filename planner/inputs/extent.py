"""Where places are expected: on the population raster, and in the areas; and how far outside they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from planner.types.arrays import Bools, Doubles, Objects
from planner.types.frame import Frame
from planner.types.text import Text


@dataclass(frozen=True, eq=False)
class Extent:
    """The raster's cells, and the areas (polygons in its CRS); without areas the raster alone."""

    frame: Frame
    areas: Objects

    @property
    def name(self) -> Text:
        """What it is called in messages."""
        return Text("the areas") if len(self.areas) else Text("the population raster")

    def metres_outside(self, x: Doubles, y: Doubles) -> Doubles:
        """How far points lie outside the raster, or the areas, whichever is further; 0 = inside, inf = nowhere."""
        metres = np.full(len(x), np.inf)
        placed = np.isfinite(x) & np.isfinite(y)
        metres[placed] = self._off_raster(x[placed], y[placed])
        if len(self.areas) and placed.any():
            metres[placed] = np.maximum(metres[placed], self._out_of_areas(x[placed], y[placed]))
        return metres

    def _off_raster(self, x: Doubles, y: Doubles) -> Doubles:
        west, south, east, north = self.frame.bounds
        metres = np.zeros(len(x))
        off = self.frame.cell_of(x, y) < 0
        edge_x, edge_y = np.clip(x[off], west, east), np.clip(y[off], south, north)
        metres[off] = self._metres(x[off], y[off], edge_x, edge_y)
        return metres

    def _out_of_areas(self, x: Doubles, y: Doubles) -> Doubles:
        metres = np.zeros(len(x))
        out: Bools = np.ones(len(x), np.bool_)
        out[shapely.STRtree(self.areas).query(shapely.points(x, y), predicate="intersects")[0]] = False
        if not out.any():
            return metres
        # Nearest in degrees is nearest in metres only where degrees of longitude are drawn as short as they are.
        _, south, _, north = self.frame.bounds
        narrow = np.cos(np.radians((south + north) / 2)) if self.frame.geographic else 1.0
        areas = shapely.transform(self.areas, lambda xy: xy * (narrow, 1.0))
        points = shapely.points(x[out] * narrow, y[out])
        nearest = areas[shapely.STRtree(areas).nearest(points)]
        edge = shapely.get_point(shapely.shortest_line(points, nearest), 1)
        metres[out] = self._metres(x[out], y[out], shapely.get_x(edge) / narrow, shapely.get_y(edge))
        return metres

    def _metres(self, x1: Doubles, y1: Doubles, x2: Doubles, y2: Doubles) -> Doubles:
        metres = self.frame.metres_between(x1, y1, x2, y2)
        return np.where(np.isfinite(metres), metres, np.inf)
