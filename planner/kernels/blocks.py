"""A grid cut into tiles and put together again, and the exchange of halos between neighbouring tiles.

The layout of tiles is ``(ny, nx, rows, columns, tall, wide, reach)``: rows and columns of the grid, of tiles, and of
each tile's core. Tile (i, j) has its core at rows ``i * tall`` on and columns ``j * wide`` on; around the core a margin
of ``2 * reach`` cells, of which the inner `reach` (how far a step leads) are copies of the neighbours' cells.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

NOT_QUEUED, FROM_VERTEX = np.uint8(255), np.uint8(254)
FAR = np.float32(np.inf)
ONE = np.uint64(1)
BEYOND = np.uint8(249)  # the bucket of pending cells: BUCKETS - 1 of planner.kernels.tiles


@njit(**INNER_LOOP, _nrt=False)
def _copy(cells, out):
    """Copy a row of cells. Rows are slices: in these no index is negative, and loops take many cells at once."""
    for j in range(out.shape[0]):
        out[j] = cells[j]


@njit(**INNER_LOOP, _nrt=False)
def _fill(empty, out):
    for j in range(out.shape[0]):
        out[j] = empty


@njit(**LOOP, _nrt=False)
def cut(layout, first, last, grid, blocks, empty):
    """Copy core and halo of tiles `first` to `last` - 1 out of a flat grid; everything else of a tile is `empty`."""
    ny, nx, _, columns, tall, wide, reach = layout
    margin = 2 * reach
    height, width = tall + 2 * margin, wide + 2 * margin
    for t in range(first, last):
        block = blocks[t]
        top, left = (t // columns) * tall - margin, (t % columns) * wide - margin
        start, stop = max(margin - reach, -left), min(width - margin + reach, nx - left)
        for i in range(height):
            row = top + i
            line = block[i * width : (i + 1) * width]
            if i < margin - reach or i >= height - margin + reach or row < 0 or row >= ny or start >= stop:
                _fill(empty, line)
            else:
                _fill(empty, line[:start])
                _copy(grid[row * nx + left + start : row * nx + left + stop], line[start:stop])
                _fill(empty, line[stop:])


@njit(**INNER_LOOP, _nrt=False)
def _mark_row(known, pace, first, width, metres, open_corners, came):
    """Write by which step each cell of a row that begins at `first` was reached: the first that arrives in time."""
    from_above, from_below, from_before, from_after, above_before, above_after, below_before, below_after = metres
    for j in range(np.uint64(came.shape[0])):
        v = first + j
        now, here, above, below, before, after = known[v], pace[v], v - width, v + width, v - ONE, v + ONE
        code = came[j]
        passes = open_corners | (min(pace[above], pace[before]) < FAR)
        is_it = known[above - ONE] + (pace[above - ONE] + here) * above_before == now
        code = np.uint8(7) if is_it & passes else code
        passes = open_corners | (min(pace[above], pace[after]) < FAR)
        is_it = known[above + ONE] + (pace[above + ONE] + here) * above_after == now
        code = np.uint8(6) if is_it & passes else code
        passes = open_corners | (min(pace[below], pace[before]) < FAR)
        is_it = known[below - ONE] + (pace[below - ONE] + here) * below_before == now
        code = np.uint8(5) if is_it & passes else code
        passes = open_corners | (min(pace[below], pace[after]) < FAR)
        is_it = known[below + ONE] + (pace[below + ONE] + here) * below_after == now
        code = np.uint8(4) if is_it & passes else code
        code = np.uint8(3) if known[before] + (pace[before] + here) * from_before == now else code
        code = np.uint8(2) if known[after] + (pace[after] + here) * from_after == now else code
        code = np.uint8(1) if known[above] + (pace[above] + here) * from_above == now else code
        code = np.uint8(0) if known[below] + (pace[below] + here) * from_below == now else code
        came[j] = code


@njit(**LOOP, _nrt=False)
def came_by(layout, first, last, dist, pace, shares, open_corners, came):
    """Write which of the 8 steps on the flat each core cell of tiles `first` to `last` - 1 was reached by.

    It is the first that arrives when the cell is reached; where none does, `came` stays: a source, or from a vertex.
    """
    _, _, _, columns, tall, wide, reach = layout
    margin = 2 * reach
    width = wide + 2 * margin
    end = shares.shape[0] - 1
    for t in range(first, last):
        for i in range(margin, margin + tall):
            row, v = (t // columns) * tall + i, i * width + margin
            above, at, below = shares[min(row - 1, end)], shares[min(row, end)], shares[min(row + 1, end)]
            metres = (above[1], below[0], at[3], at[2], above[7], above[6], below[5], below[4])
            _mark_row(dist[t], pace[t], np.uint64(v), np.uint64(width), metres, open_corners, came[t, v : v + wide])


@njit(**INNER_LOOP, _nrt=False)
def _put_row(known, came, cell, offsets, limit, minutes, back):
    """Write minutes, and the cell before, of a row of a tile that begins at `cell` of the grid."""
    here = np.int32(cell)
    for j in range(minutes.shape[0]):
        is_far = known[j] > limit
        minutes[j] = FAR if is_far else known[j]
        step = here + np.int32(j) - offsets[came[j]]
        step = np.int32(came[j]) - np.int32(256) if came[j] >= FROM_VERTEX else step
        back[j] = np.int32(-1) if is_far else step


@njit(**LOOP, _nrt=False)
def put_together(layout, first, last, dist, came, offsets, limit, minutes, back):
    """Write minutes, and the cell before, of the core cells of tiles `first` to `last` - 1 into flat grids.

    ``came[v]`` is the direction of the step that improved `v`, ``offsets`` (int32, 256 of them) how far it leads in the
    grid: 254 = from a vertex (left as -2), 255 = none (-1). Cells beyond the limit are unreached.
    """
    ny, nx, _, columns, tall, wide, reach = layout
    margin = 2 * reach
    width = wide + 2 * margin
    for t in range(first, last):
        top, left = (t // columns) * tall, (t % columns) * wide
        n = min(wide, nx - left)
        for i in range(min(tall, ny - top)):
            v, cell = (i + margin) * width + margin, (top + i) * nx + left
            _put_row(dist[t, v : v + n], came[t, v : v + n], cell, offsets, limit, minutes[cell : cell + n],
                     back[cell : cell + n])  # fmt: skip


@njit(**INNER_LOOP, _nrt=False)
def _stretch(side, core, reach):
    """First and last + 1 row (or column) of a tile's halo on this side: -1 before the core, 0 along it, 1 after it."""
    margin = 2 * reach
    if side < 0:
        return margin - reach, margin
    if side == 0:
        return margin, margin + core
    return margin + core, margin + core + reach


@njit(**LOOP, _nrt=False)
def exchange(tiles, changed, layout, dist, queued, pending, earliest):
    """Take over into the halos of `tiles` what their changed neighbours know better, and queue it.

    A cell that the neighbour itself has still to scan is left for later: it may improve before.
    """
    _, _, rows, columns, tall, wide, reach = layout
    width = wide + 4 * reach
    for x in range(tiles.shape[0]):
        t = tiles[x]
        row, col = t // columns, t % columns
        for side_row in range(-1, 2):
            for side_col in range(-1, 2):
                i, j = row + side_row, col + side_col
                other = i * columns + j
                if (side_row == 0 and side_col == 0) or i < 0 or i >= rows or j < 0 or j >= columns:
                    continue
                if changed[other] == 0:
                    continue
                top, bottom = _stretch(side_row, tall, reach)
                left, right = _stretch(side_col, wide, reach)
                shift = -side_row * tall * width - side_col * wide
                for a in range(top, bottom):
                    for b in range(left, right):
                        here = a * width + b
                        known = dist[other, here + shift]
                        if known < dist[t, here] and queued[other, here + shift] == NOT_QUEUED:
                            dist[t, here] = known
                            if queued[t, here] == NOT_QUEUED:
                                pending[t, 0] += 1
                                pending[t, pending[t, 0]] = here
                                queued[t, here] = BEYOND
                            earliest[t] = min(earliest[t], known)
