"""Which cells a line runs through: every one of them, side by side (4-connected), so that a river burnt into the grid
has no gap on the diagonal and a road over it has none either.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import LOOP


@njit(**LOOP, _nrt=False)
def cells_crossed(col, row, offsets, shape, cells, line, entry):
    """Walk each line from cell to cell (Amanatides and Woo 1987).

    Parameters
    ----------
    col, row
        Vertices in units of cells from the north-west corner, float64.
    offsets
        ``col[offsets[i]:offsets[i + 1]]`` is line i.
    shape
        Rows and columns of the grid.
    cells, line, entry
        Filled for each visit, in the order of the line: flat cell (int32; -1 outside the grid), line (int32), and where
        the line enters the cell (float64): position of the segment's first vertex, plus the part of the segment that
        lies before. A segment makes as many visits as there are rows and columns between its ends, plus 1; the first
        one is to the cell of its first vertex.
    """
    ny, nx = shape
    at = 0
    for i in range(offsets.shape[0] - 1):
        for k in range(offsets[i], offsets[i + 1] - 1):
            x0, y0, x1, y1 = col[k], row[k], col[k + 1], row[k + 1]
            cx, cy = int(np.floor(x0)), int(np.floor(y0))
            last_x, last_y = int(np.floor(x1)), int(np.floor(y1))
            dx, dy = x1 - x0, y1 - y0
            step_x, step_y = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
            per_x = abs(1.0 / dx) if dx != 0 else np.inf
            per_y = abs(1.0 / dy) if dy != 0 else np.inf
            next_x = ((cx + 1 - x0) if dx > 0 else (x0 - cx)) * per_x if dx != 0 else np.inf
            next_y = ((cy + 1 - y0) if dy > 0 else (y0 - cy)) * per_y if dy != 0 else np.inf
            steps = abs(last_x - cx) + abs(last_y - cy)
            before = 0.0
            for left in range(steps, -1, -1):
                inside = 0 <= cx < nx and 0 <= cy < ny
                cells[at], line[at], entry[at] = cy * nx + cx if inside else -1, i, k + before
                at += 1
                if left == 0:
                    break
                # Rounding may put a crossing a hair out of order or beyond the end.
                before = max(before, min(next_x, next_y, 1.0))
                if cx != last_x and (next_x <= next_y or cy == last_y):
                    cx += step_x
                    next_x += per_x
                else:
                    cy += step_y
                    next_y += per_y
