"""The land as it would be if people could cross narrow water anywhere, and where paths and roads are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.grid.burn import line_cells
from planner.grid.lay import no_go_cells
from planner.types.arrays import Bools
from planner.types.inputs import Inputs, WalkingSpeeds
from planner.types.land import GROUND, Land

PATHS = ("path", "footway", "track", "steps", "bridleway", "cycleway", "pedestrian")


def bridged(land: Land, found: Inputs, longest_metres: float) -> tuple[Land, Bools]:
    """Open the closed ground that a bridge can span, and say which cells these are.

    They are walked as the nearest open ground is: no faster than along the bank.

    A cell is spanned where no square of closed cells that is wider than `longest_metres` holds it: rivers and inlets
    are, lakes and the sea are not. Ground is closed by water as a rule; areas closed to everybody stay closed.
    """
    from scipy import ndimage

    frame = land.frame
    closed = np.isinf(land.pace)
    closed[no_go_cells(frame, found.no_go)] = False
    height, width = land.step_metres[frame.ny // 2, [0, 2]]
    square = np.ones([int(max(longest_metres / side, 1.0)) + 1 for side in (height, width)], bool)
    beyond = np.pad(
        closed.reshape(frame.shape), square.shape, constant_values=True
    )  # what lies off the grid is not known
    wide = ndimage.binary_opening(beyond, square)[
        square.shape[0] : -square.shape[0], square.shape[1] : -square.shape[1]
    ]
    opened = closed & ~wide.ravel()
    bank = ndimage.distance_transform_edt(
        np.isinf(land.pace).reshape(frame.shape), sampling=(height, width), return_distances=False, return_indices=True
    )
    nearest = (bank[0] * frame.nx + bank[1]).ravel()
    pace = np.where(opened, land.pace[nearest], land.pace)
    return replace(land, pace=pace, way=np.where(opened, np.uint8(GROUND), land.way)), opened


def on_roads(land: Land, found: Inputs, speeds: WalkingSpeeds) -> Bools:
    """Cells that a road runs through, other than a path or track, on which people walk."""
    highway = found.roads.highway.astype(str)
    walked = np.isin(highway, [name for name, kmh in speeds.roads.items() if kmh > 0])
    roads = found.roads.geometry[walked & ~np.isin(highway, PATHS)]
    crossed = np.zeros(land.frame.n, bool)
    crossed[line_cells(land.frame, roads)[0]] = True
    crossed &= land.way != GROUND
    return crossed
