"""Least travel time over the cells of the land: an exact Dijkstra search, from all places at once or from each in turn.

A step costs its length times the mean pace of the cells it crosses (half and half on sides and diagonals, a quarter
each on knight's moves, as GRASS r.walk and AccessMod have it), times the slope factor of the straight line between the
two centres. Closed cells have pace inf. A step is closed when it enters or crosses a closed cell; a diagonal, when both
cells beside its corner are barriers: nothing leaks. A bridge (``way`` 2) is entered and left along roads only.

Sums are float64. Ties are broken by the lower cell, so the answer does not depend on the order of the queue.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# Tobler, W. (1993) Three presentations on geographical analysis and modeling, NCGIA 93-1:
# W = 6 exp(-3.5 |S + 0.05|) km/h. Scaled to 1 on the flat, as AccessMod does, so that speeds are those of the table.
TOBLER_DECAY = 3.5
TOBLER_BEST_SLOPE = 0.05
TOBLER_FLAT = np.exp(-TOBLER_DECAY * TOBLER_BEST_SLOPE)

SIDES, DIAGONALS = 4, 8
BRIDGE, ROAD = 2, 1
NOT_QUEUED, DONE = -1, -2


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def _sift_up(heap, place, minutes, at):
    """Move the entry at `at` towards the root of the 4-ary heap until its parent is not later."""
    cell = heap[at]
    key = minutes[cell]
    while at > 0:
        parent = (at - 1) >> 2
        other = heap[parent]
        if minutes[other] < key or (minutes[other] == key and other < cell):
            break
        heap[at] = other
        place[other] = at
        at = parent
    heap[at] = cell
    place[cell] = at


@njit(cache=True, error_model="numpy", nogil=True, inline="always")
def _pop(heap, place, minutes, size):
    """Take the earliest cell out of a heap of `size` entries; the heap then has ``size - 1``."""
    first = heap[0]
    size -= 1
    cell = heap[size]
    key = minutes[cell]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            a, b = heap[other], heap[best]
            if minutes[a] < minutes[b] or (minutes[a] == minutes[b] and a < b):
                best = other
        low = heap[best]
        if key < minutes[low] or (key == minutes[low] and cell < low):
            break
        heap[at] = low
        place[low] = at
        at = best
    heap[at] = cell
    place[cell] = at
    place[first] = DONE
    return first


@njit(cache=True, error_model="numpy", nogil=True)
def _flat_minutes(u, v, a, b, q, metres, pace, way, open_corners):
    """Minutes of the step from u to v on the flat; inf where it is closed. a and b are the cells it crosses."""
    if q >= DIAGONALS:
        bridge = way[u] == BRIDGE or way[v] == BRIDGE or way[a] == BRIDGE or way[b] == BRIDGE
        road = way[u] >= ROAD and way[v] >= ROAD and way[a] >= ROAD and way[b] >= ROAD
        if bridge and not road:
            return np.inf
        return metres * (np.float64(pace[u]) + pace[v] + pace[a] + pace[b]) / 4.0
    if (way[u] == BRIDGE or way[v] == BRIDGE) and not (way[u] >= ROAD and way[v] >= ROAD):
        return np.inf
    corner = q >= SIDES and not open_corners
    if corner and (pace[a] == np.inf or way[a] == BRIDGE) and (pace[b] == np.inf or way[b] == BRIDGE):
        return np.inf
    return metres * (np.float64(pace[u]) + pace[v]) / 2.0


@njit(cache=True, error_model="numpy", nogil=True)
def _work_arrays(n):
    """What a search writes to: minutes, nearest, back, place in the queue, the queue, cells in the order reached."""
    return (
        np.full(n, np.inf),
        np.full(n, -1, np.int32),
        np.full(n, -1, np.int32),
        np.full(n, NOT_QUEUED, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
    )


@njit(cache=True, error_model="numpy", nogil=True)
def _grow(work, size, max_minutes, surface):
    """Run the queue of `size` cells empty; return the number of cells reached, listed in order."""
    minutes, nearest, back, place, heap, order = work
    nx, step_metres, moves, crossed, pace, way, elevation, slope, towards, open_corners = surface
    reached = 0
    while size > 0:
        u = _pop(heap, place, minutes, size)
        size -= 1
        order[reached] = u
        reached += 1
        row, col = u // nx, u % nx
        for q in range(moves.shape[0]):
            to_row, to_col = row + moves[q, 0], col + moves[q, 1]
            if to_row < 0 or to_row >= step_metres.shape[0] or to_col < 0 or to_col >= nx:
                continue
            v = to_row * nx + to_col
            if place[v] == DONE or pace[v] == np.inf:
                continue
            metres = step_metres[row, q]
            a = u + crossed[q, 0, 0] * nx + crossed[q, 0, 1]
            b = u + crossed[q, 1, 0] * nx + crossed[q, 1, 1]
            step = _flat_minutes(u, v, a, b, q, metres, pace, way, open_corners)
            if slope:
                if not minutes[u] + step * TOBLER_FLAT <= minutes[v]:  # no slope makes it faster than this
                    continue
                rise = (np.float64(elevation[u]) - elevation[v]) / metres  # walking from v to u
                if not towards:
                    rise = -rise
                if not np.isnan(rise):
                    step *= TOBLER_FLAT * np.exp(TOBLER_DECAY * abs(rise + TOBLER_BEST_SLOPE))
            arrival = minutes[u] + step
            if arrival > max_minutes or arrival > minutes[v] or arrival == np.inf:
                continue
            if arrival == minutes[v]:
                if back[v] >= 0 and u < back[v]:
                    back[v], nearest[v] = u, nearest[u]
                continue
            minutes[v], back[v], nearest[v] = arrival, u, nearest[u]
            if place[v] == NOT_QUEUED:
                heap[size], place[v] = v, size
                size += 1
            _sift_up(heap, place, minutes, place[v])
    return reached


@njit(cache=True, error_model="numpy", nogil=True)
def nearest_source(sources, max_minutes, surface):
    """Search from all sources at once.

    Parameters
    ----------
    sources
        Flat cells (int32); -1 takes no part. Of sources in one cell the first is `nearest`.
    max_minutes
        Cells beyond are not reached (inclusive limit; inf = none).
    surface
        ``(nx, step_metres, moves, crossed, pace, way, elevation, slope, towards, open_corners)``: columns; metres of
        each step by row; the directions (`planner.kernels.neighbours`); a cell: minutes per metre (inf closed), 0/1/2 =
        ground/road/bridge, metres of elevation (NaN counts as flat); whether elevation counts; whether people walk to
        the source (True) or from it; whether diagonals pass between two barriers (True only to compare with AccessMod).

    Returns
    -------
    minutes float64 (inf unreached), nearest int32, back int32 (-1), order int32.
    """
    pace = surface[4]
    work = _work_arrays(pace.shape[0])
    minutes, nearest, back, place, heap, order = work
    size = 0
    for i in range(sources.shape[0]):
        cell = sources[i]
        if cell < 0 or pace[cell] == np.inf or nearest[cell] >= 0:
            continue
        minutes[cell], nearest[cell] = 0.0, i
        heap[size], place[cell] = cell, size
        _sift_up(heap, place, minutes, size)
        size += 1
    reached = _grow(work, size, max_minutes, surface)
    return minutes, nearest, back, order[:reached].copy()
