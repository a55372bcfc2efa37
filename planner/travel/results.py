"""What follows from solved travel times: who passes where, catchments, the k-th nearest site, the ways themselves."""

from __future__ import annotations

import numpy as np

from planner.kernels import sweep
from planner.types.arrays import CELL, MINUTES, Doubles, Floats, Ints, Longs
from planner.types.travel import TravelMatrix, TravelTime


def flows(time: TravelTime, weights: Doubles) -> Doubles:
    """People that pass each node on the way to (or from) their nearest source, those who set out there included.

    Parameters
    ----------
    time
        The solved travel times.
    weights
        People a cell; those of unreached cells stay at home.

    Returns
    -------
    float64 a node: cells, then vertices of the network. At a source it is the people of its catchment.
    """
    amount = np.zeros(len(time.back))
    reached = np.isfinite(time.minutes)
    amount[: len(weights)][reached] = weights[reached]
    sweep.pass_on(time.back, amount)
    return amount


def flows_on_cells(time: TravelTime, flow: Doubles, vertex_cell: Ints) -> Doubles:
    """People that pass each cell, on foot or riding: `flow` of nodes, with the vertices laid on their cells.

    They count where they leave the cell for another one, or end in it: once, however many of its nodes they pass.
    """
    n = len(time.minutes)
    cell_of = np.concatenate([np.arange(n), vertex_cell])
    leaving = (time.back < 0) | (cell_of != cell_of[time.back])
    return np.bincount(cell_of[leaving], flow[leaving], n).astype(np.float64)


def catchment_sums(time: TravelTime, weights: Doubles, n_sources: int) -> Doubles:
    """People of each source's catchment, float64; people of unreached cells belong to none."""
    reached = time.nearest >= 0
    return np.bincount(time.nearest[reached], weights[reached], minlength=n_sources).astype(np.float64)


def kth_nearest(matrix: TravelMatrix, k: int) -> tuple[Floats, Ints]:
    """Minutes to the k-th nearest site of each demand position (k from 1), and which site it is.

    Of sites equally far the one listed first is the nearer. Where fewer than `k` sites are within the limit the
    minutes are inf and the site is -1.
    """
    site = np.repeat(np.arange(matrix.n_sites, dtype=CELL), np.diff(matrix.indptr))
    order = np.lexsort((site, matrix.minutes, matrix.indices))
    first = np.searchsorted(matrix.indices[order], np.arange(matrix.n_demand + 1))
    enough = np.flatnonzero(np.diff(first) >= k)
    pair = order[first[enough] + k - 1]
    minutes, which = np.full(matrix.n_demand, np.inf, MINUTES), np.full(matrix.n_demand, -1, CELL)
    minutes[enough], which[enough] = matrix.minutes[pair], site[pair]
    return minutes, which


def ways(time: TravelTime, starts: Ints) -> tuple[Longs, Ints]:
    """The way from each start to its nearest source, node by node.

    Returns
    -------
    offsets, nodes
        ``nodes[offsets[i]:offsets[i + 1]]`` is the way of start ``i``; it has none where the start is -1 or unreached.
    """
    offsets = np.zeros(len(starts) + 1, np.int64)
    starts = starts.astype(CELL)
    sweep.trace(starts, time.minutes, time.back, offsets, np.empty(0, np.int32))
    nodes = np.empty(int(offsets[-1]), np.int32)
    if len(nodes):
        sweep.trace(starts, time.minutes, time.back, offsets, nodes)
    return offsets, nodes
