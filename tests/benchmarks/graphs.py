"""The land as an explicit graph of float64 minutes, for scipy: what the searches are compared with."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from measure import read
from ours import ALIGHT_MINUTES, WAIT_MINUTES
from pyproj import Geod
from scipy.sparse import block_array, csr_array

from lands import corners_met, line_shares
from planner.kernels.neighbours import NEIGHBOURS

CELL_METRES = 100.0


def explicit_graph(
    folder: str,
    *,
    neighbours: int = 16,
    slope: str = "tobler",
    corners: str = "closed",
    land_as: str = "cells",
    geographic: bool = False,
) -> Any:
    """Every step of the land as an arc from its end to its start, float64 minutes: the graph of the way to care.

    Written from the definitions and apart from planner: a step takes its metres in each cell times that cell's pace,
    times Tobler's factor; a step that meets a corner between two closed cells is closed.
    """
    shape, pace, height, way = read(folder, "shape", "pace", "elevation", "way")
    ny, nx = (int(length) for length in shape)
    pace, height = pace.reshape(ny, nx).astype(np.float64), height.reshape(ny, nx).astype(np.float64)
    way = way.reshape(ny, nx) if land_as == "bridges" else np.zeros((ny, nx), np.uint8)
    moves = sorted((tuple(move) for move in NEIGHBOURS[:neighbours].tolist()), key=lambda move: move[0] * nx + move[1])
    table = np.full((ny, nx, neighbours), np.inf)
    for q, (down, right) in enumerate(moves):
        top, bottom = max(0, -down), ny - max(0, down)
        left, end = max(0, -right), nx - max(0, right)

        def beside(values: np.ndarray, cell: tuple[int, int], box=(top, bottom, left, end)) -> np.ndarray:
            """The cells that lie so many rows and columns from the starts of the steps."""
            return values[box[0] + cell[0] : box[1] + cell[0], box[2] + cell[1] : box[3] + cell[1]]

        shares = line_shares((down, right))
        metres = step_metres(ny, (down, right), geographic)[top:bottom]
        minutes = metres * sum(share * beside(pace, cell) for cell, share in shares.items())
        if slope == "tobler":
            rise = (beside(height, (0, 0)) - beside(height, (down, right))) / metres
            minutes *= np.exp(3.5 * (np.abs(rise + 0.05) - 0.05))
        for pair in corners_met((down, right)) if corners == "closed" else ():
            closed = [np.isinf(beside(pace, cell)) | (beside(way, cell) == 2) for cell in pair]
            minutes[closed[0] & closed[1]] = np.inf
        if land_as == "bridges":
            ways = [beside(way, cell) for cell in shares]
            minutes[np.any([w == 2 for w in ways], axis=0) & np.any([w == 0 for w in ways], axis=0)] = np.inf
        table[top:bottom, left:end, q] = minutes
    table = table.reshape(-1, neighbours)
    is_open = np.isfinite(table)
    steps = np.array([down * nx + right for down, right in moves], np.int32)
    ends = (np.arange(ny * nx, dtype=np.int32)[:, None] + steps)[is_open]
    indptr = np.append(0, np.cumsum(is_open.sum(axis=1))).astype(np.int32)
    graph = csr_array((table[is_open], ends, indptr), shape=(ny * nx, ny * nx))
    return with_rides(folder, graph) if land_as == "rides" else graph


def with_rides(folder: str, graph: Any) -> Any:
    """The same with a node for each cell that a road runs through: boarded, ridden both ways, left; all reversed."""
    one, other, minutes = read(folder, "ride_from", "ride_to", "ride_minutes")
    cells, node = np.unique(np.concatenate([one, other]), return_inverse=True)
    start, end = np.split(node, 2)
    m, n = len(cells), graph.shape[0]
    ends = (np.concatenate([start, end]), np.concatenate([end, start]))
    rides = csr_array((np.tile(minutes.astype(np.float64), 2), ends), shape=(m, m))
    alight = csr_array((np.full(m, ALIGHT_MINUTES), (cells, np.arange(m))), shape=(n, m))
    wait = csr_array((np.full(m, WAIT_MINUTES), (np.arange(m), cells)), shape=(m, n))
    return block_array([[graph, alight], [wait, rides]], format="csr")


def step_metres(ny: int, move: tuple[int, int], geographic: bool) -> np.ndarray:
    """Metres of a step from each row, ``(ny, 1)``."""
    if not geographic:
        return np.full((ny, 1), CELL_METRES * math.hypot(*move))
    latitude = -9.0 - (np.arange(ny) + 0.5) / 1200
    down, right = move
    ends = np.full(ny, 34.0 + right / 1200), latitude - down / 1200
    return Geod(ellps="WGS84").inv(np.full(ny, 34.0), latitude, *ends)[2][:, None]
