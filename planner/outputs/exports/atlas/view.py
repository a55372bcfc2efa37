"""Which part of the land a map shows, and where it comes to lie on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from planner.types.frame import Frame

LEAST_CELLS = 12  # across a map: a smaller area is shown with what is around it
MARGIN = 0.06  # of the area's size, on each side
NICE = (1.0, 2.0, 5.0)
PIXELS_OF_A_CELL = 4  # along a side: programs that smooth pictures blur the edges of cells by a fourth

Extent = tuple[float, float, float, float]  # left, lower, right and upper edge (mm)


@dataclass(frozen=True, eq=False)
class View:
    """A part of the land on a map.

    Attributes
    ----------
    frame
        The cells.
    west, south
        Its lower left corner, in units of the frame.
    width, height
        Of the map (mm).
    per_mm
        Units of the frame that a millimetre is, across and upwards.
    metres
        Metres that a millimetre is, at the middle of the map.
    """

    frame: Frame
    west: float
    south: float
    width: float
    height: float
    per_mm: tuple[float, float]
    metres: float

    @classmethod
    def of(cls, frame: Frame, bounds: Sequence[float], width: float, height: float) -> View:
        """The view of a rectangle (west, south, east, north), true to shape at its middle, in a map so large (mm)."""
        west, south, east, north = bounds
        x, y = (west + east) / 2, (south + north) / 2
        across, upwards = _metres_per_unit(frame, x, y)
        wide = max((east - west) * (1 + 2 * MARGIN), LEAST_CELLS * frame.dx) * across
        high = max((north - south) * (1 + 2 * MARGIN), LEAST_CELLS * frame.dy) * upwards
        metres = max(wide / width, high / height)
        per_mm = metres / across, metres / upwards
        return cls(frame, x - width / 2 * per_mm[0], y - height / 2 * per_mm[1], width, height, per_mm, metres)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, in units of the frame."""
        east, north = self.west + self.width * self.per_mm[0], self.south + self.height * self.per_mm[1]
        return self.west, self.south, east, north

    def on_paper(self, shapes: Any, detail: float = 0.1) -> Any:
        """Shapes in millimetres from the map's lower left corner, cut off beside it, without finer detail (mm)."""
        west, south, east, north = self.bounds
        aside, above = 3 * self.per_mm[0], 3 * self.per_mm[1]
        cut = shapely.clip_by_rect(np.asarray(shapes, object), west - aside, south - above, east + aside, north + above)
        laid = shapely.transform(cut, self.points)
        return shapely.simplify(laid, detail, preserve_topology=False)

    def points(self, coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Points (units of the frame) in millimetres from the map's lower left corner."""
        return (coordinates - (self.west, self.south)) / self.per_mm

    def places(self, rows: Any) -> npt.NDArray[np.float64]:
        """Where the points of a layer lie on the map (mm), ``(n, 2)``."""
        return self.points(shapely.get_coordinates(rows.geometry.to_numpy()))

    def cells(self, classes: npt.NDArray[Any], pixel: float, beyond: int) -> tuple[npt.NDArray[Any], Extent]:
        """The classes of the cells as a picture of pixels of about this size (mm), and where on the map it lies.

        Large cells are some pixels each, whole, so that a map of few cells takes little room; of smaller ones, those
        under the middles of the pixels are taken. Outside the frame the class is `beyond`.
        """
        frame = self.frame
        west, south, east, north = self.bounds
        if min(frame.dx / self.per_mm[0], frame.dy / self.per_mm[1]) < PIXELS_OF_A_CELL * pixel:
            columns, rows = (max(round(side / pixel), 1) for side in (self.width, self.height))
            x = west + (np.arange(columns) + 0.5) * self.width / columns * self.per_mm[0]
            y = north - (np.arange(rows) + 0.5) * self.height / rows * self.per_mm[1]
            column, row = np.floor((x - frame.west) / frame.dx), np.floor((frame.north - y) / frame.dy)
            extent = 0.0, 0.0, self.width, self.height
        else:
            column = np.arange(np.floor((west - frame.west) / frame.dx), np.ceil((east - frame.west) / frame.dx))
            row = np.arange(np.floor((frame.north - north) / frame.dy), np.ceil((frame.north - south) / frame.dy))
            corners = np.array(
                [
                    (frame.west + column[0] * frame.dx, frame.north - (row[-1] + 1) * frame.dy),
                    (frame.west + (column[-1] + 1) * frame.dx, frame.north - row[0] * frame.dy),
                ]
            )
            (left, below), (right, above) = self.points(corners).tolist()
            extent = left, below, right, above
            column, row = (np.repeat(each, PIXELS_OF_A_CELL) for each in (column, row))
        inside = ((row >= 0) & (row < frame.ny))[:, None] & ((column >= 0) & (column < frame.nx))
        column = np.clip(column, 0, frame.nx - 1).astype(np.int64)
        row = np.clip(row, 0, frame.ny - 1).astype(np.int64)
        return np.where(inside, classes[np.ix_(row, column)], beyond), extent

    def scale_bar(self, longest: float) -> tuple[float, float]:
        """A round number of metres, 1, 2 or 5 times a power of ten, and its length (mm), at most `longest`."""
        most = longest * self.metres
        power = 10.0 ** np.floor(np.log10(most))
        metres = max(nice * power for nice in NICE if nice * power <= most)
        return metres, metres / self.metres

    def north(self) -> tuple[float, float]:
        """The direction of true north on the map, at its middle: a step to the right, and upwards, of length 1."""
        if self.frame.geographic:
            return 0.0, 1.0
        x, y = self.west + self.width / 2 * self.per_mm[0], self.south + self.height / 2 * self.per_mm[1]
        lon, lat = (float(each) for each in self.frame.lonlat(x, y))
        there = Transformer.from_crs("EPSG:4326", self.frame.pyproj_crs, always_xy=True).transform(lon, lat + 0.01)
        step = self.points(np.array(there)) - self.points(np.array((x, y)))
        across, upwards = (step / np.hypot(*step)).tolist()
        return across, upwards


def _metres_per_unit(frame: Frame, x: float, y: float) -> tuple[float, float]:
    """Metres of a unit of the frame at a point, across and upwards."""
    step = np.array([frame.dx, frame.dy]) / 2
    at_x, at_y = np.array([x]), np.array([y])
    across = frame.metres_on_grid(at_x - step[0], at_y, at_x + step[0], at_y)[0] / frame.dx
    upwards = frame.metres_on_grid(at_x, at_y - step[1], at_x, at_y + step[1])[0] / frame.dy
    return float(across), float(upwards)
