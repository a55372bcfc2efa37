"""Lines and polygons laid on the cells."""

from __future__ import annotations

import numpy as np

from planner.kernels.lines import cells_crossed
from planner.types.arrays import Ints, Objects
from planner.types.frame import Frame


def line_cells(frame: Frame, lines: Objects) -> tuple[Ints, Ints]:
    """Cells that each line (shapely, frame CRS) runs through, side by side, and the position of that line."""
    import shapely

    if not len(lines):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    offsets = np.searchsorted(line, np.arange(len(lines) + 1)).astype(np.int64)
    col = (xy[:, 0] - frame.west) / frame.dx
    row = (frame.north - xy[:, 1]) / frame.dy
    jumps = np.abs(np.diff(np.floor(col))) + np.abs(np.diff(np.floor(row))) + 1
    room = int(jumps.sum()) + len(lines)
    cells, which = np.empty(room, np.int32), np.empty(room, np.int32)
    used = cells_crossed(col, row, offsets, frame.shape, cells, which)
    return cells[:used], which[:used]


def polygon_labels(frame: Frame, polygons: Objects) -> Ints:
    """Position of the polygon under each cell's centre, int32, -1 = none; of overlapping ones the first."""
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    labels = np.full(frame.shape, -1, np.int32)
    last_to_first = [(polygon, position) for position, polygon in enumerate(polygons) if not polygon.is_empty][::-1]
    if last_to_first:
        rasterize(last_to_first, out=labels, transform=Affine(*frame.gdal_transform))
    return labels.ravel()
