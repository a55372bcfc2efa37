"""Bridges as a graph: cells that are entered and left along the road only, and the steps between them.

In the tiles a bridge is closed like the water under it. Its cells, and the road cells beside it, are vertices here;
arcs are the steps that touch a bridge (start on it, end on it or cross it) with every cell of the step on the road.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels.neighbours import KINDS, NEIGHBOURS, SHARES, corner, crossed
from planner.types.arrays import Doubles, Floats, Ints, Longs
from planner.types.land import BRIDGE, ROAD, Land


class Graph(NamedTuple):
    """Vertices in cells, in the direction in which people move; `enter`, `leave`: minutes from and to the cell."""

    cell: Ints
    enter: Floats
    leave: Floats
    start: Ints
    end: Ints
    minutes: Floats


def bridge_graph(land: Land, neighbours: int, slope: str, open_corners: bool) -> Graph:
    """Steps that touch a bridge, for people moving from `start` to `end`."""
    frame, nx = land.frame, land.frame.nx
    on_bridge = np.flatnonzero(land.way == BRIDGE)
    row, col = np.divmod(on_bridge, nx)
    reach = int(np.abs(NEIGHBOURS[:neighbours]).max())
    starts, ends, minutes = [], [], []
    around = [
        np.where((row + i >= 0) & (row + i < frame.ny) & (col + j >= 0) & (col + j < nx), on_bridge + i * nx + j, -1)
        for i in range(-reach, reach + 1)
        for j in range(-reach, reach + 1)
    ]
    near = np.unique(np.concatenate(around)) if len(on_bridge) else on_bridge
    near = near[near >= 0]
    near = near[land.way[near] >= ROAD]
    for q in range(neighbours):
        start, end, step = _steps(land, near, q, slope, open_corners)
        starts.append(start)
        ends.append(end)
        minutes.append(step)
    start, end = np.concatenate(starts), np.concatenate(ends)
    cells = np.unique(np.concatenate([on_bridge, start, end])).astype(np.int32)
    free = np.where(land.way[cells] == BRIDGE, np.inf, 0.0).astype(np.float32)
    return Graph(
        cell=cells,
        enter=free,
        leave=free,
        start=np.searchsorted(cells, start).astype(np.int32),
        end=np.searchsorted(cells, end).astype(np.int32),
        minutes=np.concatenate(minutes).astype(np.float32),
    )


def _steps(land: Land, near: Longs, q: int, slope: str, open_corners: bool) -> tuple[Longs, Longs, Doubles]:
    """The steps of one direction from the cells `near` that touch a bridge and stay on the road."""
    ny, nx = land.frame.shape
    row, col = np.divmod(near, nx)
    to_row, to_col = row + NEIGHBOURS[q, 0], col + NEIGHBOURS[q, 1]
    inside = (to_row >= 0) & (to_row < ny) & (to_col >= 0) & (to_col < nx)
    start, row = near[inside], row[inside]
    end = start + NEIGHBOURS[q, 0] * nx + NEIGHBOURS[q, 1]
    between = [start + i * nx + j for i, j in crossed(q)]
    ways = np.array([land.way[cells] for cells in (start, end, *between)])
    allowed = (ways >= ROAD).all(axis=0) & (ways == BRIDGE).any(axis=0)
    beside = [start + i * nx + j for i, j in corner(q)]
    if beside and not open_corners:
        allowed &= ~np.array([np.isinf(land.pace[cells]) | (land.way[cells] == BRIDGE) for cells in beside]).all(axis=0)
    end_share, shares = SHARES[int(KINDS[q])]
    pace = end_share * (land.pace[start].astype(float) + land.pace[end])
    for share, cells in zip(shares, between, strict=True):
        pace += share * land.pace[cells]
    metres = land.step_metres[row, q]
    rise = np.zeros(len(start))
    if land.elevation is not None:
        rise = (land.elevation[end].astype(float) - land.elevation[start]) / metres
    minutes = metres * pace * slope_factor(slope, rise)
    return start[allowed], end[allowed], minutes[allowed]


def slope_factor(slope: str, rise: Doubles) -> Doubles:
    """How many times slower than on the flat a rise over run is walked; NaN rise = flat. Sources: `kernels.tiles`."""
    rise = np.nan_to_num(np.asarray(rise, float), nan=0.0)
    if slope == "none":
        return np.ones_like(rise)
    if slope == "irmischer_clarke":
        return np.asarray((0.11 + np.exp(-25 / 1800)) / (0.11 + np.exp(-((100 * rise + 5) ** 2) / 1800)))
    return np.asarray(np.exp(3.5 * (np.abs(rise + 0.05) - 0.05)))
