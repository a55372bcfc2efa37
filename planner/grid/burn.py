"""Lines and polygons laid on the cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.kernels.lines import cells_crossed
from planner.kernels.spans import label_spans
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
    return spans(frame, polygons).filled(frame)


class Spans(NamedTuple):
    """Cells of rows, from column `first` up to, not with, `last`, and the position of the polygon that they lie in.

    All int32, in the order of the polygons.
    """

    row: Ints
    first: Ints
    last: Ints
    polygon: Ints

    def filled(self, frame: Frame, *, reverse: bool = False) -> Ints:
        """Position of the first polygon (of the last one where `reverse`) of each cell, -1 = none."""
        labels = np.full(frame.shape, -1, np.int32)
        columns = (np.ascontiguousarray(column[::-1]) if reverse else column for column in self)
        label_spans(*columns, labels)  # one kind of array: it is compiled once
        return labels.ravel()


def spans(frame: Frame, polygons: Objects) -> Spans:
    """The cells whose centres lie in polygons (shapely, frame CRS), row by row.

    A centre exactly on the border of two polygons lies in one of them: in the eastern, or else the southern one.
    """
    import shapely

    rings, polygon = _rings(polygons)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    here, there = xy[:-1][ring[1:] == ring[:-1]], xy[1:][ring[1:] == ring[:-1]]
    of_edge = polygon[ring[:-1][ring[1:] == ring[:-1]]]
    # From north to south, so that an edge crosses the rows in the same places for the polygons on both sides of it.
    down = here[:, 1] >= there[:, 1]
    north, south = np.where(down[:, None], here, there), np.where(down[:, None], there, here)
    top, bottom = (frame.north - north[:, 1]) / frame.dy, (frame.north - south[:, 1]) / frame.dy
    start = np.clip(np.ceil(top - 0.5), 0, frame.ny).astype(np.int64)
    count = np.clip(np.ceil(bottom - 0.5), 0, frame.ny).astype(np.int64) - start
    edge = np.repeat(np.arange(len(count)), count)
    row = start[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    part = (row + 0.5 - top[edge]) / (bottom - top)[edge]
    x = north[edge, 0] + part * (south[edge, 0] - north[edge, 0])
    col = np.clip(np.ceil((x - frame.west) / frame.dx - 0.5), 0, frame.nx).astype(np.int32)
    order = np.lexsort((col, row, of_edge[edge]))
    col, row, label = col[order], row[order].astype(np.int32), of_edge[edge][order].astype(np.int32)
    return Spans(*(np.ascontiguousarray(column) for column in (row[::2], col[::2], col[1::2], label[::2])))


def _rings(polygons: Objects) -> tuple[Objects, npt.NDArray[np.intp]]:
    """All rings of polygons, and the position of the polygon that each belongs to."""
    import shapely

    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, polygon[part]
