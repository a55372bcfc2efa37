"""The two grids of the made-up district, and noise on them.

Cells are 3 arc-seconds, as in WorldPop. Landscape and roads are first drawn on blocks of 3 x 3 cells.
Points are (x, y) in cells from the north-west corner, x eastwards, y southwards.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Bools, Doubles, Longs

CELLS = 660
CELLS_PER_BLOCK = 3
BLOCKS = CELLS // CELLS_PER_BLOCK
CELL_DEGREES = 1 / 1200
CELL_METRES = 92.0
BLOCK_METRES = CELL_METRES * CELLS_PER_BLOCK
WEST, NORTH = 4.0, -11.0  # open ocean: no place on a real map can be taken for this one

# Row step, column step: the eight neighbours of a block.
NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))

Number = TypeVar("Number", bound=np.generic)


def steady(values: npt.ArrayLike) -> Doubles:
    """Round to six decimals: the last bits of exp and FFT differ between processors and must never decide."""
    return np.asarray(np.round(np.asarray(values, dtype=np.float64), 6), dtype=np.float64)


def noise(rng: np.random.Generator, size: int, power: float, longest: float = np.inf) -> Doubles:
    """Fractal noise with mean 0 and standard deviation 1, shape ``(size, size)``.

    Parameters
    ----------
    rng
        Source of the randomness.
    size
        Rows and columns.
    power
        Amplitude falls with frequency to this power (1 = rough, 2 = smooth).
    longest
        Waves longer than this many cells are left out.
    """
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    amplitude = np.zeros_like(frequency)
    kept = frequency > max(1 / longest, 0.5 / size)
    amplitude[kept] = frequency[kept] ** -power
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((size, size))) * amplitude, s=(size, size))
    return steady((field - field.mean()) / field.std())


def to_cells(blocks: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Repeat every block's value over its cells."""
    return np.repeat(np.repeat(blocks, CELLS_PER_BLOCK, 0), CELLS_PER_BLOCK, 1)


def block_xy(blocks: npt.ArrayLike) -> Doubles:
    """Centres of flat blocks, in cells, shape ``(n, 2)``."""
    row, col = np.divmod(np.asarray(blocks, np.int64), BLOCKS)
    return np.stack([col + 0.5, row + 0.5], -1) * CELLS_PER_BLOCK


def block_of(xy: Doubles) -> Longs:
    """Flat block under each point; points beyond the edge belong to the block at the edge."""
    col, row = np.clip(np.floor(xy / CELLS_PER_BLOCK).astype(np.int64), 0, BLOCKS - 1).T
    return np.asarray(row * BLOCKS + col)


def nearest(points: Doubles, at: Doubles) -> tuple[Doubles, Longs]:
    """Distance, in cells, from each of ``at`` to the nearest of the points, and that point's position."""
    from scipy.spatial import cKDTree

    distance, position = cKDTree(points).query(at)
    return steady(distance), np.asarray(position)


def lonlat(xy: Doubles) -> Doubles:
    """Longitude and latitude of points, in degrees, to about 0.1 m as GPS lists and OSM have them."""
    return steady(np.stack([WEST + xy[..., 0] * CELL_DEGREES, NORTH - xy[..., 1] * CELL_DEGREES], -1))


def metres_from(mask: Bools, cell_metres: float) -> Doubles:
    """Straight metres from each cell to the nearest cell of the mask."""
    from scipy.ndimage import distance_transform_edt

    return steady(distance_transform_edt(~mask) * cell_metres)


def steepness(elevation: Doubles, cell_metres: float) -> Doubles:
    """Rise over run of the steepest way down, from differences over two cells."""
    return steady(np.hypot(*np.gradient(elevation, cell_metres)))
