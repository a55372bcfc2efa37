"""Where quickest ways would cross water, if it could be crossed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.travel import along, results
from planner.types.arrays import Bools, Doubles, Floats, Ints, Longs
from planner.types.land import Land
from planner.types.network import Network
from planner.types.travel import TravelTime


class Crossings(NamedTuple):
    """From the bank where people come from to the other one: cells, minutes, and what passes there."""

    start: Longs
    end: Longs
    minutes: Floats
    flow: Doubles


def crossings(opened: Land, network: Network, time: TravelTime, water: Bools, weights: Doubles) -> Crossings:
    """Find where the quickest ways on land with open water lead over that water.

    Parameters
    ----------
    opened, network, time
        The land with its water open, the roads ridden on it, and the time to the nearest facility there.
    water
        Which cells were opened.
    weights
        What sets out from each cell: it is summed where it crosses.

    Returns
    -------
    A crossing for each pair of banks, in the order of the first one's cells. Water on which a way ends or a vehicle is
    boarded has no other bank.
    """
    found = along.steps(opened, network, time, np.flatnonzero(weights > 0).astype(np.int32))
    wet = along.shares(opened, found, water.astype(np.float32)) > 0
    start = found.cell[wet & ~water[found.cell]].astype(np.int64)
    end = time.back[start].astype(np.int64)
    n = opened.frame.n
    while (on_water := (end >= 0) & (end < n) & water[np.minimum(end, n - 1)]).any():
        end = np.where(on_water, time.back[end], end)
    other_bank = (end >= 0) & (end < n)
    start, end = start[other_bank], end[other_bank]
    flow = results.flows(time, weights)[start]
    return Crossings(start, end, time.minutes[start] - time.minutes[end], flow)


def best_of_each_place(found: Crossings, land: Land, span_metres: float, apart_metres: float, most: int) -> Ints:
    """Positions of the crossings with the greatest flow, one in each place, the place with the greatest sum first.

    Ways cross a river here and there, and one bridge serves those near it: so flows are summed over squares of
    `apart_metres`, and no two of the chosen squares touch. Crossings that are longer than `span_metres` and the way to
    the cells of the banks, since they run along the water, are left out.
    """
    frame = land.frame
    down, across = land.step_metres[frame.ny // 2, [0, 2]]
    metres = frame.metres_on_grid(*frame.centre_of(found.start), *frame.centre_of(found.end))
    flow = np.where(metres <= span_metres + 2 * np.hypot(down, across), found.flow, 0.0)
    row, col = np.divmod(found.start, frame.nx)
    square_row, square_col = row // max(1, round(apart_metres / down)), col // max(1, round(apart_metres / across))
    _, square = np.unique(square_row * frame.nx + square_col, return_inverse=True)
    total = np.bincount(square, flow)
    by_flow = np.lexsort((np.arange(len(square)), -flow, square))
    first = by_flow[np.searchsorted(square[by_flow], np.arange(len(total)))]
    chosen: list[int] = []
    for k in first[np.lexsort((first, -total))].tolist():
        near = [abs(square_row[k] - square_row[j]) <= 1 and abs(square_col[k] - square_col[j]) <= 1 for j in chosen]
        if flow[k] > 0 and not any(near):
            chosen.append(k)
        if len(chosen) == most:
            break
    return np.array(chosen, np.int32)
