"""Cells that the tiles cannot search, as a graph: they are closed there, and their steps are arcs here.

A bridge is entered and left along the road only. A driven cell does not feel the slope, and the walked cells of the
same step do: each part of a step takes its own cell's time, as AccessMod has it. Arcs are the steps that the tiles do
not have: those that touch such a cell (start on it, end on it or cross it), and those past a corner between two of
them. The cells of these steps are the vertices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.kernels.neighbours import KINDS, NEIGHBOURS, SHARES, corner, crossed
from planner.types.arrays import Bools, Doubles, Floats, Ints, Longs
from planner.types.land import BRIDGE, ROAD, Land


class Graph(NamedTuple):
    """Vertices in cells, in the direction in which people move; `enter`, `leave`: minutes from and to the cell."""

    cell: Ints
    enter: Floats
    leave: Floats
    start: Ints
    end: Ints
    minutes: Floats


def apart(land: Land, slope: str) -> Longs:
    """Cells that are searched in the graph and not in the tiles: bridges, and driven cells where slope counts."""
    cut_off = land.way == BRIDGE
    if land.driven is not None and slope != "none":
        cut_off |= land.driven
    return np.flatnonzero(cut_off)


def bridge_graph(land: Land, neighbours: int, slope: str, cells_apart: Longs, open_corners: bool) -> Graph:
    """Steps that the tiles lack since these cells are closed there, for people moving from `start` to `end`."""
    if not len(cells_apart):
        cells, minutes = np.empty(0, np.int32), np.empty(0, np.float32)
        return Graph(cells, minutes, minutes, cells, cells, minutes)
    ny, nx = land.frame.shape
    cut_off = np.zeros(land.frame.n, np.bool_)
    cut_off[cells_apart] = True
    row, col = np.divmod(cells_apart, nx)
    reach = int(np.abs(NEIGHBOURS[:neighbours]).max())
    around = np.zeros((ny + 2 * reach, nx + 2 * reach), np.bool_)
    for i in range(2 * reach + 1):
        for j in range(2 * reach + 1):
            around[row + i, col + j] = True
    near = np.flatnonzero(around[reach : ny + reach, reach : nx + reach].ravel() & np.isfinite(land.pace))
    steps = [_steps(land, near, q, slope, cut_off, open_corners) for q in range(neighbours)]
    start, end, minutes = (np.concatenate(parts) for parts in zip(*steps, strict=True))
    is_vertex = cut_off.copy()
    is_vertex[start] = is_vertex[end] = True
    cells = np.flatnonzero(is_vertex).astype(np.int32)
    number = np.cumsum(is_vertex, dtype=np.int32) - np.int32(1)
    free = np.where(cut_off[cells], np.inf, 0.0).astype(np.float32)
    return Graph(
        cell=cells,
        enter=free,
        leave=free,
        start=number[start],
        end=number[end],
        minutes=minutes.astype(np.float32),
    )


def _steps(
    land: Land, near: Longs, q: int, slope: str, cut_off: Bools, open_corners: bool
) -> tuple[Longs, Longs, Doubles]:
    """The steps of one direction from the cells `near` that are open, and that the tiles do not have."""
    ny, nx = land.frame.shape
    row, col = np.divmod(near, nx)
    to_row, to_col = row + NEIGHBOURS[q, 0], col + NEIGHBOURS[q, 1]
    inside = (to_row >= 0) & (to_row < ny) & (to_col >= 0) & (to_col < nx)
    start, row = near[inside], row[inside]
    end = start + NEIGHBOURS[q, 0] * nx + NEIGHBOURS[q, 1]
    entered = [start, end, *(start + i * nx + j for i, j in crossed(q))]
    lacking = np.logical_or.reduce([cut_off[cells] for cells in entered])
    beside = [] if open_corners else [start + i * nx + j for i, j in corner(q)]
    if beside:
        lacking |= np.logical_and.reduce([cut_off[cells] | np.isinf(land.pace[cells]) for cells in beside])
    row, *entered = (cells[lacking] for cells in (row, *entered))
    ways = np.array([land.way[cells] for cells in entered])
    allowed = (ways >= ROAD).all(axis=0) | (ways != BRIDGE).all(axis=0)
    if beside:
        closed = [np.isinf(land.pace[at]) | (land.way[at] == BRIDGE) for at in (cells[lacking] for cells in beside)]
        allowed &= ~np.logical_and.reduce(closed)
    row, start, end, *between = (cells[allowed] for cells in (row, *entered))
    metres = land.step_metres[row, q]
    slower = np.ones(len(start))
    if land.elevation is not None:
        slower = slope_factor(slope, (land.elevation[end].astype(float) - land.elevation[start]) / metres)
    end_share, shares = SHARES[int(KINDS[q])]
    pace = np.zeros(len(start))
    for share, cells in zip((end_share, end_share, *shares), (start, end, *between), strict=True):
        level = land.driven is not None and land.driven[cells]
        pace += share * land.pace[cells] * np.where(level, 1.0, slower)
    is_open = np.isfinite(pace)
    return start[is_open], end[is_open], (metres * pace)[is_open]


def slope_factor(slope: str, rise: npt.ArrayLike) -> Doubles:
    """How many times slower than on the flat a rise over run is walked; NaN rise = flat. Sources: `kernels.tiles`."""
    grade: Doubles = np.nan_to_num(np.asarray(rise, np.float64), nan=0.0)
    if slope == "none":
        return np.ones_like(grade)
    if slope == "irmischer_clarke":
        return np.asarray((0.11 + np.exp(-25 / 1800)) / (0.11 + np.exp(-((100 * grade + 5) ** 2) / 1800)))
    return np.asarray(np.exp(3.5 * (np.abs(grade + 0.05) - 0.05)))
