"""What the quickest ways are made of: their length, and what they lead over, summed from every place to its source.

A step is the straight line between the centres of two cells, and each cell that it runs through has its share of it
(`planner.kernels.neighbours`), as in the search itself.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from planner.kernels import sweep
from planner.kernels.neighbours import KINDS, NEIGHBOURS, SHARES, crossed
from planner.types.arrays import Bools, Bytes, Doubles, Floats, Ints, Longs
from planner.types.land import Land
from planner.types.network import Network
from planner.types.travel import TravelTime

REACH = int(np.abs(NEIGHBOURS).max())
NO_MOVE = 255
MOVE_OF = np.full((2 * REACH + 1, 2 * REACH + 1), NO_MOVE, np.uint8)
MOVE_OF[tuple(NEIGHBOURS.T + REACH)] = np.arange(len(NEIGHBOURS))


class Steps(NamedTuple):
    """Steps over cells, each the first one of its cell's way; `move` is the position in `NEIGHBOURS`.

    ``rider`` are the nodes whose first step is a ride (vertex to vertex), with the position of the ride in `Network`.
    """

    cell: Ints
    move: Bytes
    rider: Longs
    ride: Longs


def steps(land: Land, network: Network, time: TravelTime, starts: Ints | None = None) -> Steps:
    """The steps of all ways, or of those from some cells: none of a source, or of what is unreached.

    Getting on and off a vehicle is no step.
    """
    n, nx = land.frame.n, land.frame.nx
    back, walks = time.back, (time.back[:n] >= 0) & (time.back[:n] < n)
    rides = back[n:] >= n
    if starts is not None:
        used = np.zeros(len(back))
        used[starts[np.isfinite(time.minutes[starts])]] = 1.0
        sweep.pass_on(back, used)
        walks, rides = walks & (used[:n] > 0), rides & (used[n:] > 0)
    cell = np.flatnonzero(walks).astype(np.int32)
    down = back[cell] // nx - cell // nx
    across = back[cell] - cell - down * nx
    if np.any((np.abs(down) > REACH) | (np.abs(across) > REACH)):
        raise ValueError("a way leads from a cell to one that no step leads to")
    move = MOVE_OF[down + REACH, across + REACH]
    rider = n + np.flatnonzero(rides)
    vertices = len(network)
    origin = np.repeat(np.arange(vertices, dtype=np.int64), np.diff(network.indptr))
    ride = np.searchsorted(
        origin * vertices + network.indices, (rider - n) * vertices + (back[rider].astype(np.int64) - n)
    )
    return Steps(cell, move, rider, ride)


def metres_of(land: Land, network: Network, found: Steps) -> tuple[Doubles, Floats]:
    """Metres of each step over cells, and of each ride."""
    return land.step_metres[found.cell // land.frame.nx, found.move], network.metres[found.ride]


def shares(land: Land, found: Steps, of_cell: Floats) -> Floats:
    """For each step over cells, the mean of a value over the cells that it runs through, by their share of its length.

    With minutes per metre, times the metres, these are its minutes on the flat.
    """
    mean = np.zeros(len(found.cell), np.float32)
    by_move = np.argsort(found.move, kind="stable")
    ends = np.searchsorted(found.move[by_move], np.arange(len(NEIGHBOURS) + 1))
    for q, (first, last) in enumerate(pairwise(ends.tolist())):
        here = by_move[first:last]
        start = found.cell[here]
        end_share, between = SHARES[int(KINDS[q])]
        offsets = [(0, 0), tuple(NEIGHBOURS[q].tolist()), *crossed(q)]
        for share, (row, col) in zip((end_share, end_share, *between), offsets, strict=True):
            mean[here] += np.float32(share) * of_cell[start + np.int32(row * land.frame.nx + col)]
    return mean


def total(
    time: TravelTime, found: Steps, of_steps: Doubles | Floats, of_rides: Doubles | Floats | None = None
) -> Doubles:
    """Sum over the steps of the way of each cell; NaN where the cell is unreached.

    Parameters
    ----------
    time, found
        The ways, and their steps.
    of_steps, of_rides
        What each step over cells and each ride counts; None = rides count nothing.
    """
    amount = np.zeros(len(time.back))
    amount[found.cell] = of_steps
    if of_rides is not None:
        amount[found.rider] = of_rides
    sweep.add_up(time.back, amount)
    n = len(time.minutes)
    return np.where(np.isfinite(time.minutes), amount[:n], np.nan)


def km(land: Land, network: Network, time: TravelTime, starts: Ints | None = None) -> Doubles:
    """Kilometres along the quickest way of each cell to its source; inf where there is none.

    With `starts`, those of these cells alone are right.
    """
    found = steps(land, network, time, starts)
    metres = total(time, found, *metres_of(land, network, found))
    return np.where(np.isnan(metres), np.inf, metres / 1000.0)


def crosses(land: Land, network: Network, time: TravelTime, cells: Ints) -> Bools:
    """Whether the way of each cell, walked or driven over cells, leads over one of these cells; False where unreached.

    Of a ride along a road it is not known what it crosses: the vertex's own cell counts.
    """
    marked = np.zeros(land.frame.n, bool)
    marked[cells] = True
    found = steps(land, network, time)
    vertex = found.rider - land.frame.n
    ridden = marked[network.cell[vertex]] | marked[network.cell[time.back[found.rider] - land.frame.n]]
    over = total(time, found, shares(land, found, marked.astype(np.float32)), ridden.astype(np.float64))
    return np.nan_to_num(over) > 0.0
