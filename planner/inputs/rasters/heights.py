"""Heights that no ground has are mended: spikes and small voids from the ground beside them, cliffs to 60 degrees."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from rasterio.fill import fillnodata

from planner.inputs.findings import File
from planner.inputs.rasters.cells import cell_metres
from planner.types.arrays import Bools, Doubles, Floats
from planner.types.frame import Frame
from planner.types.text import Text

LOWEST, HIGHEST = -500.0, 9000.0  # metres: the Dead Sea's shore lies at about -430, Everest at 8849
STEEPEST = math.tan(math.radians(60))
FILL_METRES = 500.0
ROUNDING = np.float32(0.01)  # metres: what float32 may keep of a step
AROUND = 2  # cells on each side of one that may be a spike
DIRECTIONS = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))


def mended(metres: Floats, frame: Frame, people: Doubles, file: File) -> Floats:
    """Heights (rows by columns) without spikes, small voids and steps beyond 60 degrees; each told with its cells.

    Voids are filled where the population raster has data; NaN = a void that is too large. Changes `metres`.
    """
    wild = (metres < LOWEST) | (metres > HIGHEST)
    if wild.any():
        file.note(
            "left out",
            Text("cells below {lowest:g} m or above {highest:g} m: void", lowest=LOWEST, highest=HIGHEST),
            wild.sum(),
        )
        metres[wild] = np.nan
    wide, high = cell_metres(frame)
    steep = steep_cells(metres, wide, high)
    if steep.any():
        spike = spikes(metres, steep, STEEPEST * max(wide, high))
        if spike.any():
            file.note("left out", Text("spikes, steeper than 60 degrees to the ground around them: void"), spike.sum())
            metres[spike] = np.nan
    voids = np.isnan(metres) & np.isfinite(people.reshape(frame.shape))
    if voids.any() and not np.isnan(metres).all():
        reach = math.ceil(FILL_METRES / min(wide, high))
        filled = fillnodata(metres.copy(), mask=np.isfinite(metres), max_search_distance=reach)
        metres[voids] = filled[voids]
        if count := int(np.count_nonzero(voids & np.isfinite(metres))):
            file.note(
                "repaired",
                Text("voids, filled from the heights within {metres:g} m", metres=FILL_METRES),
                count,
            )
    if steep.any():
        before = metres.copy()
        lower_cliffs(metres, wide, high)
        if count := int(np.count_nonzero(metres < before)):
            file.note("repaired", Text("cells on slopes steeper than 60 degrees, lowered to that slope"), count)
    return metres


def steep_cells(metres: Floats, wide: float, high: float) -> Bools:
    """Cells with a step to the next one, in row or column, that is steeper than 60 degrees."""
    steep = np.zeros(metres.shape, np.bool_)
    across = np.abs(np.diff(metres, axis=1)) > STEEPEST * wide
    down = np.abs(np.diff(metres, axis=0)) > STEEPEST * high
    steep[:, 1:] |= across
    steep[:, :-1] |= across
    steep[1:] |= down
    steep[:-1] |= down
    return steep


def spikes(metres: Floats, steep: Bools, most: float) -> Bools:
    """Those of the steep cells that stand further than `most` metres above or below the middle of those around them."""
    row, col = np.nonzero(steep)
    windows = sliding_window_view(np.pad(metres, AROUND, constant_values=np.nan), (2 * AROUND + 1, 2 * AROUND + 1))
    off = np.abs(metres[row, col] - np.nanmedian(windows[row, col].reshape(len(row), -1), axis=1)) > most
    found = np.zeros(metres.shape, np.bool_)
    found[row[off], col[off]] = True
    return found


def lower_cliffs(metres: Floats, wide: float, high: float) -> None:
    """Lower heights, in place, until no step to one of the eight cells around is steeper than 60 degrees."""
    ny, nx = metres.shape
    lowered = True
    while lowered:
        lowered = False
        for down, right in DIRECTIONS:
            most = np.float32(STEEPEST * math.hypot(down * high, right * wide))
            here = metres[max(down, 0) : ny + min(down, 0), max(right, 0) : nx + min(right, 0)]
            beside = metres[max(-down, 0) : ny + min(-down, 0), max(-right, 0) : nx + min(-right, 0)]
            too_high = here > beside + most + ROUNDING
            if too_high.any():
                here[too_high] = beside[too_high] + most
                lowered = True
