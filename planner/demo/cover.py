"""Land cover in the codes of ESA WorldCover, and the water's own cells."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from planner.demo.grid import CELL_METRES, CELLS, metres_from, nearest, noise, steady, steepness, to_cells
from planner.demo.terrain import Terrain
from planner.types.arrays import Bools, Bytes, Doubles

TREE, SHRUB, GRASS, CROP, BUILT, BARE, WATER, WETLAND = 10, 20, 30, 40, 50, 60, 80, 90


def river_banks(terrain: Terrain) -> Doubles:
    """The river's outline, in cells, cut at the edges of the map; first point = last point."""
    reaches = [
        shapely.LineString(terrain.river[first : first + 2]).buffer(terrain.river_width[first] / 2, quad_segs=2)
        for first in range(len(terrain.river) - 1)
    ]
    whole = shapely.union_all(reaches).simplify(0.1).intersection(shapely.box(0, 0, CELLS, CELLS))
    return np.asarray(shapely.get_coordinates(shapely.get_exterior_ring(whole)))


def water_cells(terrain: Terrain) -> Bools:
    """Cells of the river and the lake."""
    row, col = np.indices((CELLS, CELLS)) + 0.5
    centres = np.stack([col.ravel(), row.ravel()], -1)
    distance, point = nearest(terrain.river, centres)
    # A little more than the banks: no diagonal gap in a river that is about as wide as a cell.
    river = distance <= terrain.river_width[point] / 2 + 0.2
    return np.asarray(river.reshape(CELLS, CELLS) | to_cells(terrain.lake))


def land_cover(rng: np.random.Generator, terrain: Terrain, people: Doubles, water: Bools) -> Bytes:
    """What grows in each cell: fields round the villages, trees on the heights, grass and shrub between."""
    steep = steepness(terrain.elevation, CELL_METRES)
    worked = steady(gaussian_filter(np.nan_to_num(people), 6))
    damp = noise(rng, CELLS, 1.4, 150)
    patchy = noise(rng, CELLS, 1.1, 40)
    high = (terrain.elevation - 900) / 450
    to_water = metres_from(water, CELL_METRES)
    cover = np.full((CELLS, CELLS), GRASS, np.uint8)
    cover[0.7 * patchy + 0.5 * damp > 0.35] = SHRUB
    cover[0.6 * damp + 0.5 * patchy + 0.7 * np.clip(high, -1, 1.4) + 1.5 * steep > 0.75] = TREE
    cover[(high > 1.35) & (patchy + 3 * steep > 1.1)] = BARE
    cover[(worked > np.exp(0.9 * patchy) * 0.5) & (steep < 0.22) & (high < 1.4)] = CROP
    cover[(to_water < 600) & (steep < 0.05) & (0.8 * damp + patchy > 0.7)] = WETLAND
    cover[np.nan_to_num(people) >= 9] = BUILT
    cover[water] = WATER
    return cover
