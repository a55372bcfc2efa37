"""Times over a graph whose vertices lie in cells of the tiles: roads that are ridden, bridges that are walked.

The graph is searched to its end each time cells under its vertices have improved (Dijkstra, 4-ary heap), and what it
knows better goes back to the cells, which are queued in their tiles. A vertex is a place of its own: entering it from
the cell under it and leaving it cost minutes, inf where that is not possible.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

NOT_QUEUED, BEYOND, FROM_VERTEX = np.uint8(255), np.uint8(249), np.uint8(254)
FROM_CELL, NONE = np.int64(-2), np.int64(-1)
HIGH_BITS, LOW_BITS = np.uint64(32), np.uint64(2**32 - 1)


@njit(**INNER_LOOP, _nrt=False)
def _push(heap, size, minutes, vertex):
    """Queue a vertex in a 4-ary heap of `size`. Bits of minutes above the vertex: such keys sort as times do."""
    key = np.uint64(np.float32(minutes).view(np.uint32)) << HIGH_BITS | np.uint64(vertex)
    at = size
    while at > 0 and heap[(at - 1) >> 2] > key:
        heap[at] = heap[(at - 1) >> 2]
        at = (at - 1) >> 2
    heap[at] = key
    return size + 1


@njit(**INNER_LOOP, _nrt=False)
def _drop_first(heap, size):
    """Take the earliest entry out of a heap of `size`."""
    size -= 1
    key = heap[size]
    at = 0
    while 4 * at + 1 < size:
        best = 4 * at + 1
        for other in range(best + 1, min(best + 4, size)):
            best = other if heap[other] < heap[best] else best
        if heap[best] >= key:
            break
        heap[at] = heap[best]
        at = best
    heap[at] = key
    return size


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
        ``(tile, local)`` of each vertex's cell, and, tile by tile, ``(vertices, their locals, their enter, starts)``.
    state
        ``(minutes, back)`` of the vertices; back is a vertex, -2 = the cell under it, -1 = none. Of ways that are
        equally quick it is the vertex with the lowest number, and the cell only where there is none. And the heap, with
        room for every vertex from outside, for each from its cell, and for each arc.
    dist, came, queued, pending, earliest
        Of the tiles.
    """
    _, leave, indptr, indices, weight = graph
    tile, local, vertices, locals_, enters, tile_start = where
    minutes, back, heap = state
    size = np.int64(0)  # one type throughout, so that each function is compiled once
    for x in range(starts.shape[0]):
        size = _push(heap, size, minutes[starts[x]], starts[x])
    for x in range(changed.shape[0]):
        t = changed[x]
        for k in range(tile_start[t], tile_start[t + 1]):
            arrival = dist[t, locals_[k]] + enters[k]
            vertex = vertices[k]
            if arrival < minutes[vertex] and arrival <= max_minutes:
                minutes[vertex], back[vertex] = arrival, FROM_CELL
                size = _push(heap, size, arrival, vertex)
    while size > 0:
        vertex = np.int64(heap[0] & LOW_BITS)
        queued_for = np.uint32(heap[0] >> HIGH_BITS).view(np.float32)
        size = _drop_first(heap, size)
        now = minutes[vertex]
        if now < queued_for:
            continue
        for k in range(indptr[vertex], indptr[vertex + 1]):
            other = np.int64(indices[k])
            arrival = now + weight[k]
            if arrival < minutes[other] and arrival <= max_minutes:
                minutes[other], back[other] = arrival, vertex
                size = _push(heap, size, arrival, other)
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
