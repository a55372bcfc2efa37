"""Lines and polygons laid on the cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels.lines import cells_crossed
from planner.types.arrays import Doubles, Ints, Longs, Objects
from planner.types.frame import Frame


class Visits(NamedTuple):
    """The cells that lines run through, one after the other.

    Attributes
    ----------
    xy, first
        Vertices of all lines, ``(n, 2)``, and the position of each line's first one, with their number at the end.
    cell, line
        Flat cell (-1 outside the grid) and line of each visit, int32.
    entry
        Where the line enters the cell: position of the vertex before it, plus the part of the segment passed.
    of_vertex
        The visit in whose cell each vertex lies.
    """

    xy: Doubles
    first: Longs
    cell: Ints
    line: Ints
    entry: Doubles
    of_vertex: Longs


def visits(frame: Frame, lines: Objects) -> Visits:
    """Follow lines (shapely, frame CRS) from cell to cell, side by side."""
    import shapely

    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(line, np.arange(len(lines) + 1)).astype(np.int64)
    col = (xy[:, 0] - frame.west) / frame.dx
    row = (frame.north - xy[:, 1]) / frame.dy
    made = (np.abs(np.diff(np.floor(col))) + np.abs(np.diff(np.floor(row))) + 1).astype(np.int64)
    made[first[1:-1] - 1] = 0  # from one line to the next
    of_vertex = np.concatenate([np.zeros(min(len(xy), 1), np.int64), np.cumsum(made)])
    of_vertex[first[1:] - 1] -= 1
    total = int(made.sum())
    cell, which, entry = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total)
    cells_crossed(col, row, first, frame.shape, cell, which, entry)
    return Visits(xy, first, cell, which, entry, of_vertex)


def line_cells(frame: Frame, lines: Objects) -> tuple[Ints, Ints]:
    """Cells that each line (shapely, frame CRS) runs through, side by side, and the position of that line."""
    found = visits(frame, lines)
    inside = found.cell >= 0
    return found.cell[inside], found.line[inside]


def polygon_labels(frame: Frame, polygons: Objects) -> Ints:
    """Position of the polygon under each cell's centre, int32, -1 = none; of overlapping ones the first."""
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    labels = np.full(frame.shape, -1, np.int32)
    last_to_first = [(polygon, position) for position, polygon in enumerate(polygons) if not polygon.is_empty][::-1]
    if last_to_first:
        rasterize(last_to_first, out=labels, transform=Affine(*frame.gdal_transform))
    return labels.ravel()
