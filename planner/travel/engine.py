"""The exact search on a prepared land: tiles in rounds, halos, bridges and roads; sources can be added afterwards.

Rounds (as in a bulk-synchronous computation): all tiles whose earliest pending cell lies within a window of the
earliest of all run side by side, each up to a time its neighbours cannot yet undercut by more than the window; then the
graph of bridges and roads takes over what improved, and halos are exchanged. Nothing in a round depends on which thread
ran which tile, so the answer is the same for any number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import numpy as np

from planner.kernels import blocks, graph, tiles
from planner.kernels.neighbours import KINDS, NEIGHBOURS, SHARES, stencil
from planner.scenario import Walking
from planner.travel.bridges import Graph, apart, bridge_graph
from planner.types.arrays import CELL, MINUTES, Doubles, Floats, Ints, Longs
from planner.types.land import Land
from planner.types.network import Network
from planner.types.travel import TravelTime

WINDOW = 80  # buckets that tiles may run ahead of the earliest: measured best between 60 and 120
PACE_SAMPLE = 10_000  # cells that set the width of buckets
SLOPES = {
    "none": tiles.LEVEL,
    "tobler": tiles.TOBLER,
    "tobler_off_path": tiles.TOBLER,
    "irmischer_clarke": tiles.IRMISCHER,
}


class Search:
    """Travel times on one land, for one way of walking (and riding), in one direction.

    Parameters
    ----------
    land, walking
        The surface, and how people walk on it.
    network
        Roads that are ridden; None = everybody walks.
    towards
        True: people move to the sources (patients); False: from them.
    threads
        Tiles run side by side; None = the machine's processors. The answer does not depend on it.
    """

    def __init__(
        self,
        land: Land,
        walking: Walking,
        *,
        network: Network | None = None,
        towards: bool = True,
        threads: int | None = None,
    ) -> None:
        self._land, self._network, self._towards = land, network, towards
        self._threads = threads or os.cpu_count() or 1
        n = walking.neighbours
        self._moves = NEIGHBOURS[:n]
        self._reach = int(np.abs(self._moves).max())
        self._open_corners = walking.corners == "open"
        self._slope = SLOPES[walking.slope] if land.elevation is not None else tiles.LEVEL
        (self._rows, self._tall), (self._columns, self._wide) = (
            _parts(length, tiles.TILE - 4 * self._reach) for length in land.frame.shape
        )
        self._count = self._rows * self._columns
        self._layout = (*land.frame.shape, self._rows, self._columns, self._tall, self._wide, self._reach)
        self._width = self._wide + 4 * self._reach
        self._cells = (self._tall + 4 * self._reach) * self._width
        self._directions = stencil(n, self._width)
        self._pool = ThreadPoolExecutor(self._threads - 1) if min(self._threads, self._count) > 1 else None
        self._shares, self._per_metre = self._step_tables(land.step_metres[:, :n])
        slope = walking.slope if land.elevation is not None else "none"
        self._apart = apart(land, slope)
        walked = land.pace
        if len(self._apart):
            walked = land.pace.copy()
            walked[self._apart] = np.inf
        self._per_minute = _buckets_per_minute(walked, land.step_metres)
        self._pace = self._cut(walked, np.float32(np.inf))
        self._height = self._pace  # any will do where there is no slope
        if self._slope != tiles.LEVEL and land.elevation is not None:
            self._height = self._cut(land.elevation, np.float32(0))
        shape = (self._count, self._cells)
        self._dist, self._queued = np.empty(shape, np.float32), np.empty(shape, np.uint8)
        self._came, self._pending = np.empty(shape, np.uint8), np.empty(shape, np.uint16)
        self._set_graph(bridge_graph(land, n, slope, self._apart, self._open_corners))
        self._work: SimpleQueue[Any] = SimpleQueue()
        for _ in range(min(self._threads, self._count)):
            self._work.put(tiles.work_arrays(n, self._cells))

    def nearest(
        self,
        sources: Ints,
        max_minutes: float = np.inf,
        start_minutes: Floats | None = None,
        *,
        asked: Ints | None = None,
        last: bool = False,
    ) -> TravelTime:
        """Search from all sources at once.

        Parameters
        ----------
        sources
            Flat cells; -1 takes no part.
        max_minutes
            Inclusive limit.
        start_minutes
            What each source starts with, float32; None = 0 everywhere.
        asked
            Cells for which alone the answer is wanted: the search ends when all of them have theirs, and those further
            away than the furthest of them are not reached. None = all cells.
        last
            Whether this is the last question: what only a search needs is let go before the result is made, so that
            never both are held.
        """
        self._clear(max_minutes)
        self._put(np.asarray(sources, np.int64), start_minutes, asked)
        return self._results(last)

    def add(self, sources: Ints) -> None:
        """Add sources to a solved map; they are numbered on from those before. Only what they improve is searched."""
        self._put(np.asarray(sources, np.int64))

    def minutes(self, cells: Ints) -> Floats:
        """Minutes of some cells as they stand, inf = unreached: cheaper than `result` after `add`."""
        tile, local = self._place(np.asarray(cells, np.int64))
        known = self._dist[tile, local]
        over = np.searchsorted(self._bridge_cell, cells)
        over = np.minimum(over, max(len(self._bridge_cell) - 1, 0))
        if len(self._bridge_cell):
            hit = self._bridge_cell[over] == cells
            known = np.where(hit, np.minimum(known, self._vertex[0][self._riders :][over]), known)
        return np.where(known > min(self._max, float(tiles.UNREACHED)), np.float32(np.inf), known).astype(MINUTES)

    def result(self) -> TravelTime:
        """Minutes and the way back of every cell, as they stand."""
        return self._results(last=False)

    def _results(self, last: bool) -> TravelTime:
        if self._slope == tiles.LEVEL and len(self._moves) == 8:
            shares = np.atleast_2d(self._shares)
            self._each_row(blocks.came_by, self._dist, self._pace, shares, self._open_corners, self._came)
        if last:
            del self._pace, self._height, self._queued, self._pending
        n = self._land.frame.n
        minutes, back = np.empty(n, np.float32), np.empty(n + self._riders, np.int32)
        offsets = np.zeros(256, np.int32)
        offsets[: len(self._moves)] = self._moves @ np.array([self._land.frame.nx, 1])
        limit = np.float32(min(self._max, float(tiles.UNREACHED)))
        self._each_row(blocks.put_together, self._dist, self._came, offsets, limit, minutes, back)
        vertex_minutes = self._vertex[0].copy()
        vertex_minutes[vertex_minutes > limit] = np.inf
        self._add_vertices(vertex_minutes, minutes, back)
        return TravelTime(minutes, back, np.concatenate(self._sources), vertex_minutes[: self._riders])

    def _step_tables(self, metres: Doubles) -> tuple[Floats, Floats]:
        """Metres of each step in the cell it starts from by row and direction, and 1 / metres of all of it.

        The sign of the inverse is that of the walker's direction. Rows are those of the tiles: a margin before the
        first row, and room after the last; outside rows repeat. Where all rows are alike they are by direction alone.
        """
        margin = 2 * self._reach
        row = np.clip(np.arange(self._rows * self._tall + 2 * margin) - margin, 0, len(metres) - 1)
        table = metres[row].astype(np.float32)
        if (table == table[0]).all():
            table = table[0].copy()
        with np.errstate(divide="ignore"):
            inverse = np.float32(-1 if self._towards else 1) / table
        shares = np.array([SHARES[int(kind)][0] for kind in KINDS[: len(self._moves)]], np.float32)
        return table * shares, inverse.astype(np.float32)

    def _cut(self, grid: Floats, empty: np.float32) -> Floats:
        out = np.empty((self._count, self._cells), np.float32)
        self._each_row(blocks.cut, grid, out, empty)
        return out

    def _each_row(self, task: Callable[..., None], *arguments: Any) -> None:
        """Do a task for each row of tiles."""
        first = range(0, self._count, self._columns)
        self._each(lambda tile: task(self._layout, tile, tile + self._columns, *arguments), first)

    def _each(self, task: Callable[[Any], None], items: Iterable[Any]) -> None:
        """Do a task for each item, side by side where there is more than one tile and one thread.

        Each thread takes the next item itself when it has done with one; nobody waits to be handed it.
        """
        waiting = iter(list(items))

        def work() -> None:
            for item in waiting:
                task(item)

        others = [self._pool.submit(work) for _ in range(self._threads - 1)] if self._pool else []
        work()
        for other in others:
            other.result()

    def _place(self, cells: Any) -> tuple[Any, Any]:
        """Tile and local id of cells in their tile's core."""
        row, col = np.divmod(cells, self._land.frame.nx)
        margin = 2 * self._reach
        tile = (row // self._tall) * self._columns + col // self._wide
        return tile, (row % self._tall + margin) * self._width + col % self._wide + margin

    def _set_graph(self, bridges: Graph) -> None:
        """Ridden roads first, then bridges, as one graph in the direction of the search."""
        cell, enter, leave = bridges.cell, bridges.enter, bridges.leave
        start, end, minutes = bridges.start, bridges.end, bridges.minutes
        self._riders = 0
        self._bridge_cell = bridges.cell
        if self._network is not None:
            network = self._network
            self._riders = m = len(network)
            riding = np.repeat(np.arange(m, dtype=np.int32), np.diff(network.indptr))
            at = np.minimum(np.searchsorted(bridges.cell, network.cell), max(len(bridges.cell) - 1, 0))
            over = np.zeros(m, bool)
            if len(bridges.cell):
                over = (bridges.cell[at] == network.cell) & np.isinf(bridges.enter[at])
            stops = np.flatnonzero(over & np.isfinite(network.board))
            cell = np.concatenate([network.cell, cell])
            enter, leave = np.concatenate([network.board, enter]), np.concatenate([network.alight, leave])
            start = np.concatenate([riding, start + m, at[stops] + m, stops])
            end = np.concatenate([network.indices, end + m, stops, at[stops] + m])
            minutes = np.concatenate([network.minutes, minutes, network.board[stops], network.alight[stops]])
        if self._towards:
            enter, leave, start, end = leave, enter, end, start
        order = np.argsort(start, kind="stable")
        indptr = np.append(0, np.cumsum(np.bincount(start, minlength=len(cell)))).astype(np.int32)
        self._graph = (enter, leave, indptr, end[order].astype(np.int32), minutes[order].astype(np.float32))
        tile, local = self._place(cell.astype(np.int64))
        by_tile = np.argsort(tile, kind="stable")
        tile_start = np.searchsorted(tile[by_tile], np.arange(self._count + 1)).astype(np.int64)
        entry = (tile * self._cells + local).astype(np.uint64)
        self._where = (entry, by_tile.astype(np.int32), local[by_tile].astype(np.uint16), enter[by_tile], tile_start)
        self._vertex_cell = cell

    def _clear(self, max_minutes: float) -> None:
        self._max = float(max_minutes)

        def clear(first: int) -> None:
            row = slice(first, first + self._columns)
            self._dist[row], self._queued[row], self._came[row] = tiles.NEVER, tiles.NOT_QUEUED, tiles.FROM_NOWHERE

        self._each(clear, range(0, self._count, self._columns))
        self._pending[:, 0] = 0
        self._earliest = np.full(self._count, tiles.NEVER, np.float32)
        m = len(self._vertex_cell)
        self._vertex = (
            np.full(m, tiles.NEVER, np.float32),
            np.full(m, graph.NONE, np.int32),
            np.empty(m, np.int32),
            np.zeros(m, np.bool_),
        )
        self._sources: list[Ints] = []

    def _put(self, sources: Longs, start_minutes: Floats | None = None, asked: Ints | None = None) -> None:
        """Start from these cells, and run until nothing is pending that could change the answer for those asked for."""
        self._sources.append(sources.astype(CELL))
        minutes = np.zeros(len(sources), np.float32) if start_minutes is None else start_minutes
        on_grid = sources >= 0
        sources, minutes = sources[on_grid], minutes[on_grid]
        bridge = np.isin(sources, self._apart)
        starts = self._start_on_bridges(sources[bridge], minutes[bridge])
        is_open = ~bridge & (self._land.pace[sources] < np.inf)
        tile, local = self._place(sources[is_open])
        for t, u, start in zip(tile.tolist(), local.tolist(), minutes[is_open], strict=True):
            if self._dist[t, u] <= start:
                continue
            self._dist[t, u], self._came[t, u] = start, tiles.FROM_NOWHERE
            if self._queued[t, u] == tiles.NOT_QUEUED:
                self._pending[t, 0] += 1
                self._pending[t, self._pending[t, 0]] = u
                self._queued[t, u] = tiles.BUCKETS - 1
            self._earliest[t] = min(self._earliest[t], start)
        self._relax_graph(np.unique(tile).astype(np.int64), starts)
        while self._round():
            if asked is not None:  # nothing that takes longer than the longest way known can shorten any of them
                self._max = min(self._max, float(self.minutes(asked).max(initial=0)))

    def _start_on_bridges(self, cells: Longs, start: Floats) -> Longs:
        vertices = self._riders + np.searchsorted(self._bridge_cell, cells)
        minutes, back, *_ = self._vertex
        fresh = minutes[vertices] > start
        back[vertices[fresh]] = graph.NONE
        np.minimum.at(minutes, vertices[fresh], start[fresh])
        return np.unique(vertices[fresh]).astype(np.int64)

    def _relax_graph(self, changed: Any, starts: Any) -> None:
        if len(self._vertex_cell):
            limit = np.float32(min(self._max, float(tiles.UNREACHED)))
            graph.relax(changed, starts, self._graph, self._where, self._vertex, limit, self._dist,
                        self._came, self._queued, self._pending, self._earliest)  # fmt: skip

    def _round(self) -> bool:
        """Run the tiles that may run; False when nothing within the limit is pending any more."""
        now = self._earliest.min(initial=tiles.NEVER)
        if now >= tiles.UNREACHED or now > self._max:
            return False
        window = np.float32(WINDOW / self._per_minute)
        active = np.flatnonzero(self._earliest < now + window)
        until = self._horizons(active, now, window)

        def run(k: int) -> None:
            t = int(active[k])
            work = self._work.get()
            tile = (self._dist[t], self._pace[t], self._height[t], self._queued[t], self._came[t])
            self._earliest[t], _ = tiles.run_tile(
                tile, self._pending[t], self._width, (t // self._columns) * self._tall, self._shares, self._per_metre,
                self._directions, self._slope, self._open_corners, self._per_minute, int(until[k]), work,
            )  # fmt: skip
            self._work.put(work)

        self._each(run, range(len(active)))
        self._relax_graph(active, np.empty(0, np.int64))
        self._exchange(active)
        return True

    def _horizons(self, active: Any, now: np.float32, window: np.float32) -> Any:
        """The bucket that each active tile may run up to: the earliest of its neighbours plus the window."""
        around = np.full((self._rows + 2, self._columns + 2), tiles.NEVER, np.float32)
        around[1:-1, 1:-1] = self._earliest.reshape(self._rows, self._columns)
        beside = np.minimum(np.minimum(around[:-2], around[1:-1]), around[2:])
        own = np.minimum(around[:-2, 1:-1], around[2:, 1:-1])
        neighbours = np.minimum(np.minimum(beside[:, :-2], beside[:, 2:]), own).ravel()[active]
        until = np.maximum(neighbours, now) + window
        begin = (self._earliest[active] * self._per_minute).astype(np.int64)
        last = np.minimum(until * self._per_minute, begin + tiles.BUCKETS - 2).astype(np.int64)
        return np.maximum(last, begin + 1)

    def _exchange(self, active: Any) -> None:
        """Have the neighbours of the active tiles take over what these know better."""
        around = np.zeros((self._rows + 2, self._columns + 2), np.uint8)
        inside = around[1:-1, 1:-1]
        inside[np.divmod(active, self._columns)] = 1
        changed = inside.ravel()
        near = around[:-2] | around[1:-1] | around[2:]
        near = near[:, :-2] | near[:, 1:-1] | near[:, 2:]

        def exchange(some: Longs) -> None:
            blocks.exchange(some, changed, self._layout, self._dist, self._queued, self._pending, self._earliest)

        self._each(exchange, np.array_split(np.flatnonzero(near), 4 * self._threads if self._pool else 1))

    def _add_vertices(self, vertex_minutes: Floats, minutes: Floats, back: Ints) -> None:
        """Write the times of bridges into their cells, and turn what came from vertices into nodes."""
        n = self._land.frame.n
        vertex_back = np.where(np.isinf(vertex_minutes), graph.NONE, self._vertex[1])
        cell, riders = self._vertex_cell, self._riders
        leave = self._graph[1]
        node = np.concatenate([n + np.arange(riders), cell[riders:]]).astype(np.int64)
        before = np.where(vertex_back >= 0, node[vertex_back], np.where(vertex_back == graph.FROM_CELL, cell, -1))
        back[n:] = before[:riders]
        gave = (back[cell] == -2) & (vertex_minutes + leave == minutes[cell]) & (vertex_back != graph.FROM_CELL)
        giving = np.flatnonzero(gave)[::-1]  # the first of several is written last
        back[cell[giving]] = np.where(giving < riders, n + giving, before[giving])
        lifted = riders + np.flatnonzero(np.isin(cell[riders:], self._apart))
        minutes[cell[lifted]], back[cell[lifted]] = vertex_minutes[lifted], before[lifted]


def _parts(length: int, most: int) -> tuple[int, int]:
    """Into how many parts a length is cut, all alike to within one for each, and how long they are."""
    count = -(-length // most)
    return count, -(-length // count)


def _buckets_per_minute(pace: Floats, step_metres: Doubles) -> np.float32:
    """One bucket for about the cheapest step that is common: a side step at the pace of the fastest tenth of cells."""
    sample = pace[:: max(1, len(pace) // PACE_SAMPLE)]
    sample = sample[np.isfinite(sample)]
    if not len(sample):
        return np.float32(1.0)
    side = float(np.median(step_metres[:, :4]))
    return np.float32(1.0 / (side * max(float(np.quantile(sample, 0.1)), 1e-9)))
