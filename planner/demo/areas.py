"""The district's outline, its three districts and their sub-areas, as polygons that share their borders exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.ndimage import binary_fill_holes, distance_transform_edt, label

from planner.demo.grid import BLOCKS, CELLS_PER_BLOCK, block_xy, lonlat, noise
from planner.demo.lines import chains, smooth
from planner.demo.terrain import Terrain
from planner.types.arrays import Bools, Doubles, Ints

DISTRICTS = 3
SUBAREAS = 4  # in each district
OUTSIDE = 0


def inside(rng: np.random.Generator) -> Bools:
    """Blocks of the whole territory: a ragged round square that keeps clear of the raster's edge."""
    row, col = (np.indices((BLOCKS, BLOCKS)) + 0.5) / BLOCKS * 2 - 1
    far = (np.abs(row) ** 3.5 + np.abs(col) ** 3.5) ** (1 / 3.5) + 0.045 * noise(rng, BLOCKS, 1.7, 90)
    pieces, _ = label(far < 0.86)
    return np.asarray(binary_fill_holes(pieces == pieces[BLOCKS // 2, BLOCKS // 2]))


def divide(rng: np.random.Generator, territory: Bools, terrain: Terrain) -> Ints:
    """Number of the sub-area of each block, 1 to 12; 0 outside. The river parts the first district from the others."""
    xy = block_xy(np.arange(BLOCKS**2))
    bent = xy + 14 * np.stack([noise(rng, BLOCKS, 2, 80).ravel(), noise(rng, BLOCKS, 2, 80).ravel()], -1)
    west = xy[:, 0] < np.interp(xy[:, 1], terrain.river[:, 1], terrain.river[:, 0])
    district = np.where(west, 1, 0)
    east = np.flatnonzero(territory.ravel() & ~west)
    district[east] = 2 + _parts(rng, bent[east], DISTRICTS - 1)
    number = np.zeros(BLOCKS**2, np.int32)
    for each in range(DISTRICTS):
        blocks = np.flatnonzero(territory.ravel() & (district == each + 1))
        number[blocks] = 1 + each * SUBAREAS + _parts(rng, bent[blocks], SUBAREAS)
    return _in_one_piece(number.reshape(BLOCKS, BLOCKS), territory)


def _in_one_piece(number: Ints, territory: Bools) -> Ints:
    """Give stray pieces of an area to whichever area lies beside them."""
    main = np.zeros_like(number)
    for each in range(1, int(number.max()) + 1):
        pieces, _ = label(number == each)
        main[pieces == 1 + np.bincount(pieces.ravel())[1:].argmax()] = each
    _, (row, col) = distance_transform_edt(main == OUTSIDE, return_indices=True)
    return np.where(territory, main[row, col], OUTSIDE).astype(np.int32)


def _parts(rng: np.random.Generator, xy: Doubles, count: int) -> Ints:
    """Part of each point: Lloyd's rounds, so that parts are about equal; numbered from north to south."""
    centres = xy[rng.choice(len(xy), count, replace=False)]
    for _ in range(25):
        nearest = np.hypot(*(xy[:, None] - centres).T).argmin(0)
        centres = np.stack([xy[nearest == part].mean(0) for part in range(count)])
    rank = np.empty(count, np.int32)
    rank[np.argsort(centres[:, 1])] = np.arange(count)
    return np.asarray(rank[nearest])


def outlines(numbers: Ints) -> dict[int, Any]:
    """Polygon (longitude, latitude) of each number above 0: blocks' edges, smoothed; neighbours share their points."""
    padded = np.pad(numbers, 1)
    width = BLOCKS + 1
    edges = {}
    for row, col in zip(*np.nonzero(padded[:, 1:] != padded[:, :-1]), strict=True):
        edges[(int(row) - 1) * width + int(col), int(row) * width + int(col)] = ""
    for row, col in zip(*np.nonzero(padded[1:] != padded[:-1]), strict=True):
        edges[int(row) * width + int(col) - 1, int(row) * width + int(col)] = ""
    lines = []
    for _, corners in chains(edges):
        row, col = np.divmod(corners, width)
        points = smooth(np.stack([col, row], -1) * float(CELLS_PER_BLOCK), 6)
        lines.append(shapely.LineString(lonlat(points)))
    shapes: dict[int, list[Any]] = {}
    for polygon in shapely.get_parts(shapely.polygonize(lines)):
        number = _most_frequent_inside(polygon, numbers)
        if number != OUTSIDE:
            shapes.setdefault(number, []).append(polygon)
    return {number: shapely.union_all(parts) for number, parts in sorted(shapes.items())}


def _most_frequent_inside(polygon: Any, numbers: Ints) -> int:
    """Number of the blocks whose centres lie in the polygon."""
    centres = lonlat(block_xy(np.arange(BLOCKS**2)))
    west, south, east, north = polygon.bounds
    near = (centres[:, 0] >= west) & (centres[:, 0] <= east) & (centres[:, 1] >= south) & (centres[:, 1] <= north)
    blocks = np.flatnonzero(near)
    found = numbers.ravel()[blocks[shapely.contains_xy(polygon, centres[blocks])]]
    return int(np.bincount(found).argmax()) if len(found) else OUTSIDE
