"""Small lands for tests, and an independent float64 reference for the search on them."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner import grid
from planner.kernels.neighbours import NEIGHBOURS
from planner.types.frame import Frame
from planner.types.land import Land

UTM = "EPSG:32736"


def make_land(
    kmh,
    *,
    elevation=None,
    way=None,
    people=None,
    area=None,
    crs=UTM,
    cell=100.0,
    west=500_000.0,
    north=8_500_000.0,
):
    """A land from a table of speeds (km/h, 0 = closed), rows from north to south."""
    kmh = np.asarray(kmh, float)
    ny, nx = kmh.shape
    frame = Frame(crs, west, north, cell, cell, ny, nx)
    with np.errstate(divide="ignore"):
        pace = (0.06 / kmh).astype(np.float32).ravel()
    people = np.ones(frame.n) if people is None else np.asarray(people, float).ravel()
    return Land(
        frame=frame,
        people=np.nan_to_num(people),
        under_fives=np.nan_to_num(people) * 0.16,
        known=np.isfinite(people),
        pace=pace,
        way=np.zeros(frame.n, np.uint8) if way is None else np.asarray(way, np.uint8).ravel(),
        elevation=None if elevation is None else np.asarray(elevation, np.float32).ravel(),
        area=np.zeros(frame.n, np.int32) if area is None else np.asarray(area, np.int32).ravel(),
        step_metres=grid.step_metres(frame),
    )


def metres_of(frame, row, col, to_row, to_col):
    """Length of a step, written independently of the grid stage."""
    x, y = frame.centre_of([row * frame.nx + col, to_row * frame.nx + to_col])
    if frame.geographic:
        return float(frame.geod.inv(x[0], y[0], x[1], y[1])[2])
    return math.dist((x[0], y[0]), (x[1], y[1]))


def step_minutes(land, row, col, move, slope):
    """Minutes to walk one step from (row, col) by `move`, straight from the definitions; inf = closed."""
    ny, nx = land.frame.shape
    to_row, to_col = row + move[0], col + move[1]
    if not (0 <= to_row < ny and 0 <= to_col < nx):
        return math.inf
    pace, way = land.pace.reshape(ny, nx).astype(float), land.way.reshape(ny, nx)
    ends = [(row, col), (to_row, to_col)]
    if abs(move[0]) + abs(move[1]) == 3:
        long_row = abs(move[0]) == 2
        middle = (row + (move[0] // 2 if long_row else 0), col + (0 if long_row else move[1] // 2))
        other = (middle[0] + (0 if long_row else move[0]), middle[1] + (move[1] if long_row else 0))
        crossed = [*ends, middle, other]
    else:
        crossed = ends
    if abs(move[0]) == abs(move[1]) == 1:
        beside = [(row, to_col), (to_row, col)]
        if all(math.isinf(pace[c]) or way[c] == 2 for c in beside):
            return math.inf
    if any(way[c] == 2 for c in crossed) and any(way[c] == 0 for c in crossed):
        return math.inf
    metres = metres_of(land.frame, row, col, to_row, to_col)
    minutes = metres * sum(pace[c] for c in crossed) / len(crossed)
    if slope and land.elevation is not None:
        height = land.elevation.reshape(ny, nx).astype(float)
        rise = (height[to_row, to_col] - height[row, col]) / metres
        if not math.isnan(rise):
            minutes *= math.exp(3.5 * abs(rise + 0.05)) / math.exp(3.5 * 0.05)
    return minutes


def reference_minutes(land, sources, *, neighbours=16, slope=True, towards=True):
    """Exact travel times from an explicit graph (scipy's Dijkstra, float64), one row a source."""
    ny, nx = land.frame.shape
    start, end, cost = [], [], []
    for row in range(ny):
        for col in range(nx):
            for move in NEIGHBOURS[:neighbours].tolist():
                minutes = step_minutes(land, row, col, move, slope)
                if math.isfinite(minutes):
                    start.append(row * nx + col)
                    end.append((row + move[0]) * nx + col + move[1])
                    cost.append(minutes)
    graph = csr_array((cost, (start, end)), shape=(ny * nx, ny * nx))
    return dijkstra(graph.T if towards else graph, indices=sources)
