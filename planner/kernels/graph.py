"""Times over a graph whose vertices lie in cells of the tiles: roads that are ridden, bridges that are walked.

The graph is searched to its end each time cells under its vertices have improved, and what it knows better goes back to
the cells, which are queued in their tiles. A vertex is a place of its own: entering it from the cell under it and
leaving it cost minutes, inf where that is not possible.

Vertices reached within a window of the earliest are searched from in any order, and again when they improve: the last
one found comes first, so that a road is followed cell by cell, through memory that is at hand. A queue in the order of
time (4-ary heap) jumps from road to road, and took up to 1.8 times as long.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

NOT_QUEUED, BEYOND, FROM_VERTEX = np.uint8(255), np.uint8(249), np.uint8(254)
FROM_CELL, NONE = np.int32(-2), np.int32(-1)
WINDOW = np.float32(10.0)  # minutes


@njit(**INNER_LOOP, _nrt=False)
def _wait(waiting, is_waiting, first, vertex):
    """List a vertex, once, before those that wait for a later window; where they begin now."""
    if not is_waiting[vertex]:
        is_waiting[vertex] = True
        first -= 1
        waiting[first] = vertex
    return first


@njit(**INNER_LOOP, _nrt=False)
def _open_window(waiting, first, minutes):
    """Move the vertices within a window of the earliest to the front of the list.

    Returns
    -------
    how many they are, where those that wait on begin, and the end of the window.
    """
    earliest = np.float32(np.inf)
    for k in range(first, waiting.shape[0]):
        earliest = min(earliest, minutes[waiting[k]])
    until, size = earliest + WINDOW, 0
    for k in range(first, waiting.shape[0]):
        vertex = waiting[k]
        if minutes[vertex] <= until:
            waiting[k] = waiting[first]
            waiting[size] = vertex
            size += 1
            first += 1
    return size, first, until


@njit(**LOOP, _nrt=False)
def relax(changed, starts, graph, where, state, max_minutes, dist, came, queued, pending, earliest):
    """Search the graph on from everything that improved, and give the cells what it knows better.

    Parameters
    ----------
    changed
        Tiles whose cells may have improved since the last call.
    starts
        Vertices that have been given a time from outside (sources on a bridge).
    graph
        ``(enter, leave, indptr, indices, weight)``: minutes from the cell to its vertex and back, arcs (CSR), in the
        direction of the search.
    where
        Entry of each vertex's cell in `dist` laid flat, and, tile by tile, ``(vertices, their locals, their enter,
        starts)``.
    state
        ``(minutes, back)`` of the vertices; back is a vertex, -2 = the cell under it, -1 = none. Of ways that are
        equally quick it is the vertex with the lowest number, and the cell only where there is none. And a list with
        room for each vertex, and whether it is on it: none is between calls.
    dist, came, queued, pending, earliest
        Of the tiles.
    """
    _, leave, indptr, indices, weight = graph
    entry, vertices, locals_, enters, tile_start = where
    known, cells = dist.reshape(dist.size), np.uint64(dist.shape[1])
    minutes, back, waiting, is_waiting = state
    first = waiting.shape[0]
    for x in range(starts.shape[0]):
        first = _wait(waiting, is_waiting, first, starts[x])
    for x in range(changed.shape[0]):
        t = changed[x]
        for k in range(tile_start[t], tile_start[t + 1]):
            arrival = dist[t, locals_[k]] + enters[k]
            vertex = vertices[k]
            if arrival < minutes[vertex] and arrival <= max_minutes:
                minutes[vertex], back[vertex] = arrival, FROM_CELL
                first = _wait(waiting, is_waiting, first, vertex)
    while first < waiting.shape[0]:
        size, first, until = _open_window(waiting, first, minutes)
        while size > 0:
            size -= 1
            vertex = waiting[size]
            is_waiting[vertex] = False
            now = minutes[vertex]
            for k in range(indptr[vertex], indptr[vertex + 1]):
                other = indices[k]
                arrival = now + weight[k]
                if arrival < minutes[other] and arrival <= max_minutes:
                    minutes[other], back[other] = arrival, vertex
                    if arrival > until:
                        first = _wait(waiting, is_waiting, first, other)
                    elif not is_waiting[other]:
                        is_waiting[other] = True
                        waiting[size] = other
                        size += 1
                elif arrival == minutes[other] and now < arrival and (back[other] == FROM_CELL or vertex < back[other]):
                    back[other] = vertex
            arrival = now + leave[vertex]
            if arrival < known[entry[vertex]] and arrival <= max_minutes:
                t, u = np.divmod(entry[vertex], cells)
                dist[t, u], came[t, u] = arrival, FROM_VERTEX
                if queued[t, u] == NOT_QUEUED:
                    pending[t, 0] += 1
                    pending[t, pending[t, 0]] = u
                    queued[t, u] = BEYOND
                earliest[t] = min(earliest[t], arrival)
