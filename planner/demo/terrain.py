"""Hills worn by running water, the river and the lake that they drain to, and the streams between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from planner.demo.grid import (
    BLOCK_METRES,
    BLOCKS,
    CELL_METRES,
    CELLS,
    CELLS_PER_BLOCK,
    NEIGHBOURS,
    block_of,
    block_xy,
    metres_from,
    nearest,
    noise,
    steady,
    steepness,
)
from planner.types.arrays import Bools, Doubles, Longs

LOWEST, HIGHEST = 310.0, 1790.0
STREAM_BLOCKS = 110  # a stream begins where about 8 square kilometres drain together


@dataclass(frozen=True, eq=False)
class Terrain:
    """The landscape without people.

    Attributes
    ----------
    elevation
        Metres, ``(CELLS, CELLS)``.
    block_elevation, block_slope
        The same on blocks, metres and rise over run.
    river
        Points of the river's course from north to south, in cells, ``(n, 2)``.
    river_width
        Cells, at each point of the course.
    lake
        Blocks under the lake.
    base
        Blocks that water runs to: the river and the lake.
    streams
        Edges from block to block, downstream, where a stream runs.
    """

    elevation: Doubles
    block_elevation: Doubles
    block_slope: Doubles
    river: Doubles
    river_width: Doubles
    lake: Bools
    base: Bools
    streams: tuple[tuple[int, int], ...]


def raise_hills(rng: np.random.Generator) -> Terrain:
    """Draw river and lake, then lift and erode the land around them until valleys lead to both."""
    river = _course(rng)
    lake = _lake(rng)
    base = lake.copy()
    base.flat[block_of(river)] = True
    bed = np.where(lake, 560.0, 0.0)
    river_bed = np.where(lake, 0.0, 430.0 - (430.0 - LOWEST) * np.arange(BLOCKS)[:, None] / BLOCKS)
    bed = np.where(lake, bed, river_bed)
    # Hollows become valley floors, so that every stream runs downhill.
    receiver, drained, _, block_elevation = _flow(_erode(rng, base, bed), base)
    elevation = _refine(rng, block_elevation)
    wet = np.flatnonzero((drained >= STREAM_BLOCKS) & ~base.ravel())
    width = steady(1.2 + 0.9 * np.linspace(0, 1, len(river)) + 0.25 * np.sin(np.arange(len(river)) / 9))
    return Terrain(
        elevation=elevation,
        block_elevation=block_elevation,
        block_slope=steepness(block_elevation, BLOCK_METRES),
        river=river,
        river_width=width,
        lake=lake,
        base=base,
        streams=tuple((int(block), int(receiver[block])) for block in wet),
    )


def _course(rng: np.random.Generator) -> Doubles:
    """From the northern to the southern edge, in bends of 25, 9 and 3 km."""
    along = np.linspace(0, CELLS, 480)
    bends = ((270, 34), (100, 13), (34, 5.5))
    x = CELLS * (0.36 + 0.05 * along / CELLS)
    y = along.copy()
    for length, swing in bends:
        phase, drift = rng.uniform(0, 2 * np.pi, 2)
        wave = 2 * np.pi * along / length + phase + 0.8 * np.sin(2 * np.pi * along / (2.7 * length) + drift)
        x = x + swing * np.sin(wave)
        y = y + 0.12 * swing * np.sin(2 * wave) * np.sin(np.pi * along / CELLS)
    return steady(np.stack([x, y], -1))


def _lake(rng: np.random.Generator) -> Bools:
    """An oblong of about 9 square kilometres with a ragged shore, east of the river."""
    row, col = np.indices((BLOCKS, BLOCKS))
    far = np.hypot((row - 0.27 * BLOCKS) / 8, (col - 0.74 * BLOCKS) / 5)
    return np.asarray(far + 0.2 * noise(rng, BLOCKS, 2.2, 40) < 1)


def _erode(rng: np.random.Generator, base: Bools, bed: Doubles) -> Doubles:
    """Lift and erode by stream power, solved implicitly from the outlets upwards (Braun and Willett 2013)."""
    from planner.kernels.drainage import wear_down

    near = np.minimum(metres_from(base, BLOCK_METRES) / 15000, 1)
    lift = np.clip(1 + 0.45 * noise(rng, BLOCKS, 1.6), 0.2, None) * (0.35 + 0.65 * near)
    rim = np.pad(np.zeros((BLOCKS - 2, BLOCKS - 2), dtype=np.bool_), 1, constant_values=True)
    lift = lift + 0.7 * near * np.exp(-metres_from(rim, BLOCK_METRES) / 2500)  # the map ends at a watershed
    height = np.where(base, bed, bed.mean() + 250 * near + 60 * noise(rng, BLOCKS, 1.3))
    for _ in range(22):
        receiver, drained, upwards, _ = _flow(height, base)
        height = steady(height + np.where(base, 0, 60 * lift))
        wear = steady(0.2 * np.sqrt(drained))
        worn = np.reshape(wear_down(height.ravel(), wear, receiver, upwards), height.shape)
        height = steady(np.where(base, bed, gaussian_filter(worn, 0.5)))
    top = np.percentile(height - bed, 99.9)
    stretched = bed + (height - bed) * (HIGHEST - bed.mean()) / top
    # Rivers lay down floors: the lowest slopes above river and lake are flattened.
    floor = 1 - np.exp(-((metres_from(base, BLOCK_METRES) / 1500) ** 2))
    return steady(np.clip(np.where(base, bed, bed + 3 + (stretched - bed) * (0.25 + 0.75 * floor)), LOWEST, HIGHEST))


def _flow(height: Doubles, base: Bools) -> tuple[Longs, Doubles, Longs, Doubles]:
    """Where each block drains to, how many blocks drain through it, the blocks from the outlets upwards, the surface.

    Hollows of the surface are filled from the outlets; then water takes the steepest way.
    """
    from planner.kernels.drainage import drain, fill

    surface, order = fill(height, base, *np.array(NEIGHBOURS).T, 0.01)
    around = np.pad(surface, 1, constant_values=np.inf)
    drops = np.stack(
        [
            (surface - around[1 + row : 1 + row + BLOCKS, 1 + col : 1 + col + BLOCKS]) / np.hypot(row, col)
            for row, col in NEIGHBOURS
        ]
    )
    offsets = np.array([row * BLOCKS + col for row, col in NEIGHBOURS])
    receiver = (np.arange(BLOCKS**2).reshape(BLOCKS, BLOCKS) + offsets[drops.argmax(0)]).ravel()
    upwards = order[~base.ravel()[order]]
    return receiver, drain(receiver, upwards), upwards, steady(surface)


def _refine(rng: np.random.Generator, blocks: Doubles) -> Doubles:
    """From blocks to cells: cubic between the centres, with a little roughness on the slopes."""
    at = (np.arange(CELLS) + 0.5) / CELLS_PER_BLOCK - 0.5
    rows, cols = np.meshgrid(at, at, indexing="ij")
    fine = map_coordinates(blocks, [rows, cols], order=3, mode="nearest")
    rough = noise(rng, CELLS, 1.3, 40)
    steep = steepness(fine, CELL_METRES)
    return steady(np.clip(fine + 14 * np.minimum(steep, 0.4) * rough, LOWEST - 10, HIGHEST))


def stream_points(terrain: Terrain, blocks: list[int]) -> Doubles:
    """Where a stream through these blocks runs, in cells; it ends in the river itself, not beside it."""
    points = block_xy(blocks)
    if terrain.base.flat[blocks[-1]] and not terrain.lake.flat[blocks[-1]]:
        points[-1] = terrain.river[nearest(terrain.river, points[-1])[1]]
    return points
