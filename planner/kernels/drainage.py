"""Loops that let water run: from every block to an outlet, and over the land that it wears down."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from planner.kernels import LOOP


@njit(**LOOP)
def fill(height, outlet, rows, cols, drop):
    """Fill the hollows of a surface from its outlets.

    Priority flood (Barnes, Lehman and Mulla 2014, doi:10.1016/j.cageo.2013.04.024).

    Parameters
    ----------
    height
        Metres, float64, ``(n_rows, n_cols)``.
    outlet
        Marks the blocks that water leaves by; one is needed.
    rows, cols
        Offsets of the neighbours of a block, int64.
    drop
        Metres by which a filled block lies above the one it was reached from, at least.

    Returns
    -------
    level : float64
        The surface without hollows.
    order : int64
        Flat numbers of the blocks, from the outlets upwards; equal heights by number.
    """
    n_rows, n_cols = height.shape
    level, known = height.copy(), outlet.copy()
    n_blocks = n_rows * n_cols
    heap = [(level[k // n_cols, k % n_cols], k) for k in range(n_blocks) if outlet[k // n_cols, k % n_cols]]
    heapq.heapify(heap)
    order, n = np.empty(n_blocks, np.int64), 0
    while len(heap) > 0:
        here, block = heapq.heappop(heap)
        order[n] = block
        n += 1
        for k in range(rows.shape[0]):
            row, col = block // n_cols + rows[k], block % n_cols + cols[k]
            if row < 0 or row >= n_rows or col < 0 or col >= n_cols or known[row, col]:
                continue
            known[row, col] = True
            level[row, col] = max(level[row, col], here + drop)
            heapq.heappush(heap, (level[row, col], row * n_cols + col))
    return level, order[:n]


@njit(**LOOP)
def drain(receiver, upwards):
    """How many blocks drain through each, itself as well: float64; from the blocks that each drains to."""
    drained = np.ones(receiver.shape[0], np.float64)
    for k in range(upwards.shape[0] - 1, -1, -1):
        drained[receiver[upwards[k]]] += drained[upwards[k]]
    return drained


@njit(**LOOP)
def wear_down(height, wear, receiver, upwards):
    """Wear each block down towards the one it drains to, from the outlets upwards, as implicit stream power does.

    Braun and Willett (2013, doi:10.1016/j.geomorph.2012.10.008) for a slope exponent of 1.
    """
    worn = height.copy()
    for block in upwards:
        worn[block] = (worn[block] + wear[block] * worn[receiver[block]]) / (1.0 + wear[block])
    return worn
