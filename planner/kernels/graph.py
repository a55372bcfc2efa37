"""Times over a graph whose vertices lie in cells of the tiles: roads that are ridden, bridges that are walked.

The graph is searched to its end each time cells under its vertices have improved (Dijkstra, 4-ary heap), and what it
knows better goes back to the cells, which are queued in their tiles. A vertex is a place of its own: entering it from
the cell under it and leaving it cost minutes, inf where that is not possible.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = np.float32(1e9)
NOT_QUEUED, BEYOND, FROM_VERTEX = np.uint8(255), np.uint8(249), np.uint8(254)
OUT, FROM_CELL, NONE = np.int64(-1), np.int64(-2), np.int64(-1)


@njit(cache=True, error_model="numpy", nogil=True)
def _rise(heap, place, minutes, at):
    """Move the vertex at `at` towards the root until its parent is not later."""
    vertex = heap[at]
    while at > 0:
        parent = (at - 1) >> 2
        if minutes[heap[parent]] <= minutes[vertex]:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = vertex
    place[vertex] = at


@njit(cache=True, error_model="numpy", nogil=True)
def _pop(heap, place, minutes, size):
    """Take the earliest vertex out of a heap of `size`; it has ``size - 1`` then."""
    first = heap[0]
    place[first] = OUT
    size -= 1
    vertex = heap[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if minutes[heap[other]] < minutes[heap[best]]:
                best = other
        if minutes[vertex] <= minutes[heap[best]]:
            break
        heap[at] = heap[best]
        place[heap[at]] = at
        at = best
    if size > 0:
        heap[at] = vertex
        place[vertex] = at
    return first


@njit(cache=True, error_model="numpy", nogil=True)
def _improve(vertex, arrival, before, state, size):
    """Give a vertex an earlier time and queue it; return the size of the queue."""
    minutes, back, heap, place = state
    minutes[vertex], back[vertex] = arrival, before
    if place[vertex] == OUT:
        heap[size] = vertex
        place[vertex] = size
        size += 1
    _rise(heap, place, minutes, place[vertex])
    return size


@njit(cache=True, error_model="numpy", nogil=True)
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
        ``(tile, local, by_tile, tile_start)``: tile and local id of each vertex's cell; vertices by tile.
    state
        ``(minutes, back, heap, place)`` of the vertices; back is a vertex, -2 = the cell under it, -1 = none. Of ways
        that are equally quick it is the vertex with the lowest number, and the cell only where there is none.
    dist, came, queued, pending, earliest
        Of the tiles.
    """
    enter, leave, indptr, indices, weight = graph
    tile, local, by_tile, tile_start = where
    minutes, back, heap, place = state
    size = np.int64(0)  # one type throughout, so that each function is compiled once
    for x in range(starts.shape[0]):
        vertex = starts[x]
        size = _improve(vertex, minutes[vertex], back[vertex], state, size)
    for x in range(changed.shape[0]):
        t = changed[x]
        for k in range(tile_start[t], tile_start[t + 1]):
            vertex = by_tile[k]
            arrival = dist[t, local[vertex]] + enter[vertex]
            if arrival < minutes[vertex] and arrival <= max_minutes:
                size = _improve(vertex, arrival, FROM_CELL, state, size)
    while size > 0:
        vertex = _pop(heap, place, minutes, size)
        size -= 1
        now = minutes[vertex]
        for k in range(indptr[vertex], indptr[vertex + 1]):
            other = np.int64(indices[k])
            arrival = now + weight[k]
            if arrival < minutes[other] and arrival <= max_minutes:
                size = _improve(other, arrival, vertex, state, size)
            elif arrival == minutes[other] and now < arrival and (back[other] == FROM_CELL or vertex < back[other]):
                back[other] = vertex
        t, u = tile[vertex], local[vertex]
        arrival = now + leave[vertex]
        if arrival < dist[t, u] and arrival <= max_minutes:
            dist[t, u], came[t, u] = arrival, FROM_VERTEX
            if queued[t, u] == NOT_QUEUED:
                pending[t, 0] += 1
                pending[t, pending[t, 0]] = u
                queued[t, u] = BEYOND
            earliest[t] = min(earliest[t], arrival)
