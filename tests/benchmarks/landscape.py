"""A made-up country to measure on: relief, land cover, rivers, lakes, roads, facilities. Same seed, same bytes.

Every size has the same kind of land: no hill, river or road network is larger in a large country than in a small one,
so that minutes a cell can be compared. Rivers and roads are 4-connected: a river has no gap on the diagonal, and a
bridge over it has none either.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import scipy.fft
from scipy.ndimage import binary_erosion
from scipy.spatial import cKDTree

CELL_METRES = 100.0
WIDEST = 1000  # cells: no feature is wider
WALK_KMH = np.array([4.5, 4.0, 3.5, 2.5, 1.5, 0.0], np.float32)  # crops, grass, shrubs, forest, swamp, lake
COVER_LEVELS, SWAMP, LAKE = [0.0, 0.6, 1.2], 1.8, 2.5
ROAD_KMH, RIDE_KMH = 5.0, np.array([80.0, 50.0, 25.0], np.float32)  # on foot; riding on main roads, roads, tracks
MEANDER = 1.2  # cells that a road strays aside in each stretch of its way
STRETCH = 6  # cells
CELLS_A_PLACE, CELLS_A_FACILITY, CELLS_A_VILLAGE = 1_500, 10_000, 100
TRACKS_MADE, TRACKS_WITH_BRIDGES = 0.65, 0.2
GROUND, ROAD, BRIDGE = 0, 1, 2


@dataclass(frozen=True)
class Landscape:
    """Flat arrays, ``row * nx + column``.

    Attributes
    ----------
    shape
        Rows and columns, int64.
    elevation
        Metres, float32.
    pace
        Minutes a metre on foot on the flat, float32; inf = water without a bridge.
    way
        0 open ground, 1 road, 2 bridge.
    facilities, villages
        Cells, int32; both on open ground or roads.
    ride_from, ride_to, ride_minutes
        Cells at the two ends of each piece of road, and how long a vehicle takes from one to the other.
    """

    shape: np.ndarray
    elevation: np.ndarray
    pace: np.ndarray
    way: np.ndarray
    facilities: np.ndarray
    villages: np.ndarray
    ride_from: np.ndarray
    ride_to: np.ndarray
    ride_minutes: np.ndarray

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))


def load(folder: Path) -> Landscape:
    """Read what `Landscape.save` wrote."""
    return Landscape(**{field.name: np.load(folder / f"{field.name}.npy") for field in fields(Landscape)})


def make(ny: int, nx: int, seed: int = 1) -> Landscape:
    """Make a country of `ny` rows and `nx` columns."""
    rng = np.random.default_rng(seed)
    elevation, mountains = relief(ny, nx, rng)
    kmh = land_cover(ny, nx, rng)
    water = (kmh == 0) | rivers(ny, nx, rng)
    places = settle(water, mountains, rng)
    roads = link(places, nx, rng)
    path, line = trace(places, roads, (ny, nx), rng)
    rank = roads[line, 2]
    bridged = (rank < 2) | (rng.random(len(roads)) < TRACKS_WITH_BRIDGES)[line]
    built = bridged | ~water.ravel()[path]

    way = np.zeros(ny * nx, np.uint8)
    way[path[built]] = ROAD
    way[(way == ROAD) & water.ravel()] = BRIDGE
    kmh[water] = 0
    kmh.ravel()[way != GROUND] = ROAD_KMH
    with np.errstate(divide="ignore"):
        pace = (np.float32(0.06) / kmh).ravel()

    dry = places[way[places] != BRIDGE]
    villages = rng.choice(ny * nx, ny * nx // CELLS_A_VILLAGE, replace=False).astype(np.int32)
    villages.sort()
    pieces = np.flatnonzero(built[:-1] & built[1:] & (line[:-1] == line[1:]) & (path[:-1] != path[1:]))
    one, other, minutes = rides(path[pieces], path[pieces + 1], rank[pieces])
    return Landscape(
        shape=np.array([ny, nx]),
        elevation=elevation.ravel(),
        pace=pace,
        way=way,
        facilities=dry[: max(4, ny * nx // CELLS_A_FACILITY)].astype(np.int32),
        villages=villages[np.isfinite(pace[villages]) & (way[villages] != BRIDGE)],
        ride_from=one,
        ride_to=other,
        ride_minutes=minutes,
    )


def fractal(ny: int, nx: int, roughness: float, rng: np.random.Generator, widest: float = WIDEST) -> np.ndarray:
    """A random field of mean 0 and variance 1, float32, whose power falls with frequency as ``f ** -roughness``."""
    waves = scipy.fft.rfft2(rng.standard_normal((ny, nx), dtype=np.float32), workers=2)
    frequency = np.hypot(scipy.fft.fftfreq(ny)[:, None], scipy.fft.rfftfreq(nx)[None]).astype(np.float32)
    frequency[frequency < max(1 / widest, 1 / max(ny, nx))] = np.inf
    waves *= frequency ** np.float32(-roughness / 2)
    del frequency
    field = scipy.fft.irfft2(waves, s=(ny, nx), workers=2, overwrite_x=True)
    field /= field.std()
    return field


def relief(ny: int, nx: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Metres above the sea, float32: hills, ranges with crests; and where mountains are, 0 to 2."""
    mountains = np.clip(fractal(ny, nx, 3.0, rng), 0, 2)
    crests = np.clip(1 - np.abs(fractal(ny, nx, 3.0, rng)), 0, 1) ** 2
    elevation = 400 + 260 * mountains * crests
    elevation += 120 * fractal(ny, nx, 3.2, rng)
    elevation += (2 + 6 * mountains) * fractal(ny, nx, 2.2, rng, widest=60)
    return elevation, mountains


def land_cover(ny: int, nx: int, rng: np.random.Generator) -> np.ndarray:
    """Walking speed off the roads, km/h, float32; 0 = lake."""
    cover = np.digitize(fractal(ny, nx, 2.4, rng, widest=WIDEST / 6), COVER_LEVELS)
    wetness = fractal(ny, nx, 2.6, rng, widest=WIDEST / 4)
    cover[wetness > SWAMP] = 4
    cover[wetness > LAKE] = 5
    return WALK_KMH[cover]


def rivers(ny: int, nx: int, rng: np.random.Generator) -> np.ndarray:
    """Lines along the inner rim of random regions, diagonal neighbours included: 4-connected."""
    region = fractal(ny, nx, 3.4, rng, widest=WIDEST / 5) > 0
    return region & ~binary_erosion(region, np.ones((3, 3)), border_value=1)


def settle(water: np.ndarray, mountains: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cells of towns, centres and villages with a road, in this order: on dry land, fewer in the mountains."""
    wanted = max(20, water.size // CELLS_A_PLACE)
    tried = rng.choice(water.size, 3 * wanted, replace=False)
    fit = ~water.ravel()[tried] & (mountains.ravel()[tried] < 2 * rng.random(len(tried)))
    return tried[fit][:wanted]


def link(places: np.ndarray, nx: int, rng: np.random.Generator) -> np.ndarray:
    """Roads as rows (place, place, rank): towns to 3 towns, centres to 2 towns, two thirds of the rest to the next."""
    points = np.column_stack(np.divmod(places, nx))
    towns, centres = len(places) // 60 + 4, max(len(places) // 8, len(places) // 60 + 5)
    roads = []
    for rank, (first, last, among, each) in enumerate(
        [(0, towns, towns, 4), (towns, centres, towns, 2), (centres, len(places), centres, 1)]
    ):
        start = np.arange(first, last)
        if rank == 2:
            start = start[rng.random(len(start)) < TRACKS_MADE]
        end = cKDTree(points[:among]).query(points[start], k=np.arange(1, each + 1))[1]
        pairs = np.column_stack([np.repeat(start, each), end.ravel()])
        pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]]), axis=0)
        roads.append(np.column_stack([pairs, np.full(len(pairs), rank)]))
    return np.concatenate(roads)


def trace(
    places: np.ndarray, roads: np.ndarray, shape: tuple[int, int], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Cells that winding roads run through, one after the other, and the road of each."""
    ny, nx = shape
    points = np.column_stack(np.divmod(places, nx)) + 0.5
    start, end = points[roads[:, 0]], points[roads[:, 1]]
    count = np.maximum(2, (np.hypot(*(end - start).T) / STRETCH).astype(int)) + 1
    first = np.cumsum(count) - count
    road = np.repeat(np.arange(len(roads)), count)
    part = ((np.arange(len(road)) - first[road]) / (count - 1)[road])[:, None]
    # A Brownian bridge: a random walk less its way from the first to the last point.
    walk = rng.normal(0, MEANDER, (len(road), 2)).cumsum(axis=0)
    last = first + count - 1
    aside = walk - walk[first][road] - part * (walk[last] - walk[first])[road]
    way = start[road] + part * (end - start)[road] + aside
    return through(np.clip(way, 0, np.array([ny, nx]) - 0.5), road, nx)


def through(points: np.ndarray, line: np.ndarray, nx: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells along lines, each side by side with the one before, and the line of each."""
    ends = np.append(np.diff(line) != 0, True)
    leg = np.diff(points, axis=0, append=points[-1:])
    leg[ends] = 0
    steps = 1 + (2 * np.abs(leg).max(axis=1)).astype(int)
    at = np.repeat(np.arange(len(points)), steps)
    part = (np.arange(len(at)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[at]
    row, col = (points[at] + part[:, None] * leg[at]).astype(np.int32).T
    line = line[at].astype(np.int32)
    same = np.diff(line, prepend=-1) == 0
    # Where both change, the line passes the cell at the corner.
    corner = np.where(same, row * nx + np.roll(col, 1), row * nx + col)
    cells, line = np.column_stack([corner, row * nx + col]).ravel(), np.repeat(line, 2)
    new = np.append(True, (np.diff(cells) != 0) | (np.diff(line) != 0))
    return cells[new], line[new]


def rides(one: np.ndarray, other: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pieces of road, each once, with the minutes of the best road there."""
    one, other = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((rank, other, one))
    one, other, rank = one[order], other[order], rank[order]
    best = np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0))
    return one[best], other[best], (np.float32(0.06 * CELL_METRES) / RIDE_KMH[rank[best]]).astype(np.float32)
