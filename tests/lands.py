"""Small lands for tests, and an independent float64 reference for the search on them."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner import grid
from planner.kernels.neighbours import NEIGHBOURS
from planner.types.frame import Frame
from planner.types.inputs import POSITION, VillageList
from planner.types.land import Land

UTM = "EPSG:32736"


def make_land(
    kmh,
    *,
    elevation=None,
    way=None,
    people=None,
    area=None,
    driven=None,
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
        driven=None if driven is None else np.asarray(driven, bool).ravel(),
    )


def village_list(ids, names, x, y, *, area=None, people=None):
    """A list of villages that have their positions."""
    count = len(ids)
    return VillageList(
        tuple(ids), tuple(names), np.asarray(x, float), np.asarray(y, float),
        folded=tuple("" if name == own else name.casefold() for own, name in zip(ids, names, strict=True)),
        area=tuple(area or [""] * count), people=np.full(count, np.nan) if people is None else np.array(people, float),
        how=(POSITION,) * count, matched=("",) * count, similarity=np.full(count, np.nan), carried=("",) * count,
    )  # fmt: skip


def rough_land(ny, nx, seed, *, geographic=False, bridges=True):
    """A larger land with hills, four speeds, walls, lakes and roads with bridges."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 12, nx), np.linspace(0, 12, ny))
    elevation = 400 + 150 * np.sin(x + rng.uniform(0, 6)) * np.cos(y) + rng.normal(0, 4, (ny, nx))
    kmh = rng.choice([1.5, 3.0, 4.0, 5.0], (ny, nx))
    kmh[rng.random((ny, nx)) < 0.06] = 0
    way = np.zeros((ny, nx), int)
    for row in rng.integers(2, ny - 2, 4):
        kmh[row] = 0
    if bridges:
        for col in rng.integers(2, nx - 2, 5):
            way[:, col] = np.where(kmh[:, col] == 0, 2, 1)
            kmh[:, col] = 5.0
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": -13.0} if geographic else {}
    return make_land(kmh, elevation=elevation, way=way, **place)


def some_cells(land, count, seed=0):
    """Open cells, each once."""
    return np.random.default_rng(seed).choice(np.flatnonzero(np.isfinite(land.pace)), count, False).astype(np.int32)


def assert_same(one, other):
    """Two travel times with the same bytes."""
    for name in ("minutes", "nearest", "back"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def embedded(land, before, after):
    """A land with closed rows and columns around it, so that it is cut into other tiles, and where its cells lie there.

    `before` and `after` are pairs: rows, columns.
    """
    ny, nx = land.frame.shape

    def wide(values, fill):
        return np.pad(
            values.reshape(ny, nx), [(before[0], after[0]), (before[1], after[1])], constant_values=fill
        ).ravel()

    inside = np.flatnonzero(wide(np.ones(ny * nx, bool), False))
    frame = replace(land.frame, ny=ny + before[0] + after[0], nx=nx + before[1] + after[1])
    larger = replace(
        land,
        frame=frame,
        people=wide(land.people, 0),
        under_fives=wide(land.under_fives, 0),
        known=wide(land.known, False),
        pace=wide(land.pace, np.inf),
        way=wide(land.way, 0),
        elevation=None if land.elevation is None else wide(land.elevation, 0),
        area=wide(land.area, -1),
        driven=None if land.driven is None else wide(land.driven, False),
        step_metres=np.pad(land.step_metres, [(before[0], after[0]), (0, 0)], mode="edge"),
    )
    return larger, inside


def metres_of(frame, row, col, move):
    """Lengths of steps, written independently of the grid stage."""
    x, y = frame.centre_of(row * frame.nx + col)
    to_x, to_y = x + move[1] * frame.dx, y - move[0] * frame.dy
    return frame.geod.inv(x, y, to_x, to_y)[2] if frame.geographic else np.hypot(to_x - x, to_y - y)


@cache
def line_shares(move):
    """Cells that the straight line between two centres runs through, with the share of its length in each."""
    row, col = move
    cuts = {0.0, 1.0}
    for leg in (abs(row), abs(col)):
        cuts |= {(k + 0.5) / leg for k in range(leg)}
    cuts = sorted(cuts)
    shares = {}
    for a, b in pairwise(cuts):
        if b - a > 1e-12:
            middle = (a + b) / 2
            cell = (round(middle * row), round(middle * col))
            shares[cell] = shares.get(cell, 0.0) + b - a
    return shares


@cache
def corners_met(move):
    """For each corner that the line between two centres passes through: the two cells beside it."""
    row, col = move
    if row == 0 or col == 0:
        return []
    row_cuts = {(k + 0.5) / abs(row) for k in range(abs(row))}
    met = [cut for cut in row_cuts if any(abs(cut - (k + 0.5) / abs(col)) < 1e-12 for k in range(abs(col)))]
    pairs = []
    for cut in met:
        at_row, at_col = cut * row, cut * col
        around = [(math.floor(at_row) + i, math.floor(at_col) + j) for i in (0, 1) for j in (0, 1)]
        entered = set(line_shares(move))
        pairs.append([cell for cell in around if cell not in entered])
    return pairs


def slower(rise, slope):
    """How many times slower than on the flat, straight from Tobler 1993 and from Irmischer and Clarke 2018."""
    if slope == "irmischer_clarke":
        return (0.11 + np.exp(-(5**2) / 1800)) / (0.11 + np.exp(-((100 * rise + 5) ** 2) / 1800))
    return np.exp(3.5 * np.abs(rise + 0.05)) / np.exp(3.5 * 0.05)


def step_minutes(land, row, col, move, slope, open_corners=False):
    """Minutes to walk steps from cells (row, col) by `move`, straight from the definitions; inf = closed."""
    row, col, move = np.asarray(row), np.asarray(col), tuple(move)

    def seen(values, outside):
        ny, nx = land.frame.shape
        wide = np.full((ny + 6, nx + 6), outside, values.dtype)
        wide[3:-3, 3:-3] = values.reshape(ny, nx)
        return lambda i, j: wide[row + i + 3, col + j + 3]

    pace, way = seen(land.pace.astype(float), np.inf), seen(land.way, 0)
    shares = line_shares(move)
    closed = np.zeros(row.shape, bool)
    for pair in corners_met(move) if not open_corners else ():
        closed |= np.all([np.isinf(pace(i, j)) | (way(i, j) == 2) for i, j in pair], axis=0)
    ways = [way(i, j) for i, j in shares]
    closed |= np.any([each == 2 for each in ways], axis=0) & np.any([each == 0 for each in ways], axis=0)
    metres = metres_of(land.frame, row, col, move)
    factor = np.ones(row.shape)
    if slope != "none" and land.elevation is not None:
        height = seen(land.elevation.astype(float), np.nan)
        rise = (height(*move) - height(0, 0)) / metres
        factor = np.where(np.isnan(rise), 1.0, slower(rise, slope))
    driven = seen(np.zeros(land.frame.n, bool) if land.driven is None else land.driven, False)
    parts = [share * pace(i, j) * np.where(driven(i, j), 1.0, factor) for (i, j), share in shares.items()]
    return np.where(closed, np.inf, metres * sum(parts))


def all_steps(land, neighbours, slope, open_corners=False):
    """Start, end and minutes of all steps that are open."""
    row, col = np.indices(land.frame.shape).reshape(2, -1)
    starts, ends, costs = [], [], []
    for move in NEIGHBOURS[:neighbours].tolist():
        minutes = step_minutes(land, row, col, move, slope, open_corners)
        start = np.flatnonzero(np.isfinite(minutes))
        starts.append(start)
        ends.append(start + move[0] * land.frame.nx + move[1])
        costs.append(minutes[start])
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(costs)


def reference_minutes(land, sources, *, neighbours=16, slope="tobler", towards=True, open_corners=False):
    """Exact travel times from an explicit graph (scipy's Dijkstra, float64), one row a source."""
    start, end, cost = all_steps(land, neighbours, slope, open_corners)
    graph = csr_array((cost, (start, end)), shape=(land.frame.n, land.frame.n))
    return dijkstra(graph.T if towards else graph, indices=sources)
