"""The land a person walks on: one value a cell, flat order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Bools, Bytes, Doubles, Floats, Ints, check_array
from planner.types.frame import Frame

GROUND, ROAD, BRIDGE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Land:
    """The surface that people cross, on the frame's cells.

    Attributes
    ----------
    people, under_fives
        People a cell, float64; 0 where the raster is unknown (see `known`). They sum to the raster's own total.
    known
        False where the population raster has no data.
    pace
        Minutes per metre on the flat, float32; inf = closed (water, no land, speed 0).
    way
        ``GROUND``; ``ROAD`` = crossed by a road or path; ``BRIDGE`` = a road over a barrier: it is entered and left
        along road cells only, so that nobody steps off a bridge, or out of a river, sideways.
    elevation
        Metres, float32; NaN = void (treated as flat); None where no elevation is given.
    area
        Position in `Areas` of the area under the cell's centre, int32; -1 = outside all areas.
    step_metres
        Metres between the centres of a cell in a row and its 16 neighbours, float64, ``(ny, 16)``, in the order of
        `planner.kernels.neighbours`; geodesic on geographic grids, planar on projected ones.
    driven
        Where a vehicle is driven instead of walking: slope does not change its pace. None = nowhere.
    """

    frame: Frame
    people: Doubles
    under_fives: Doubles
    known: Bools
    pace: Floats
    way: Bytes
    elevation: Floats | None
    area: Ints
    step_metres: Doubles
    driven: Bools | None = None

    def __post_init__(self) -> None:
        n = self.frame.n
        check_array("people", self.people, np.float64, (n,))
        check_array("under_fives", self.under_fives, np.float64, (n,))
        check_array("known", self.known, np.bool_, (n,))
        check_array("pace", self.pace, np.float32, (n,))
        check_array("way", self.way, np.uint8, (n,))
        if self.elevation is not None:
            check_array("elevation", self.elevation, np.float32, (n,))
        check_array("area", self.area, np.int32, (n,))
        check_array("step_metres", self.step_metres, np.float64, (self.frame.ny, None))
        if self.driven is not None:
            check_array("driven", self.driven, np.bool_, (n,))
