"""What each site of today alone reaches, and the one move that would do most, all others staying where they are.

Let U be the demand that nobody reaches, O_j what only site j reaches, N_i what site i reaches, and w the people. One
CHW more at i adds ``w(N_i and U)``; moving from j to i adds ``w(N_i and U) + w(N_i and O_j) - w(O_j)``. The second term
is a product of sparse matrices, so every move is weighed, none is searched for.
"""

from __future__ import annotations

import numpy as np

from planner.placement.recount import chws_within_reach
from planner.types.arrays import Bools, Doubles, Ints
from planner.types.placement import Moves
from planner.types.travel import TravelMatrix


def one_move(matrix: TravelMatrix, people: Doubles, today: Ints, candidate: Bools) -> Moves:
    """Weigh the move of one CHW from each site of today, and one CHW more at each.

    Parameters
    ----------
    matrix
        Sites by demand, within the limit.
    people
        At each demand position.
    today
        CHWs at each site.
    candidate
        Sites that a CHW may move to; those where CHWs live reach nobody anew.

    Returns
    -------
    Moves
        By site; sites without a CHW today have none.
    """
    from scipy.sparse import csc_array, csr_array

    reaching = chws_within_reach(matrix, today)
    reach = csr_array(
        (np.ones(len(matrix.indices)), matrix.indices, matrix.indptr), shape=(matrix.n_sites, matrix.n_demand)
    )
    adds = reach @ np.where(reaching == 0, people, 0.0)
    adds[~candidate] = -np.inf
    here = np.flatnonzero(today)
    only = csc_array(reach[here].multiply(np.where(reaching == 1, people, 0.0)).T)
    alone = np.zeros(matrix.n_sites)
    alone[here] = only.sum(axis=0)
    best, gain = np.full(matrix.n_sites, -1, np.int32), np.zeros(matrix.n_sites)
    freed = csc_array(reach @ only)
    elsewhere = int(np.argmax(adds)) if candidate.any() else -1
    for column, site in enumerate(here):
        if elsewhere < 0:
            break
        rows = slice(freed.indptr[column], freed.indptr[column + 1])
        sites = np.append(freed.indices[rows], elsewhere)
        worth = adds[sites] + np.append(freed.data[rows], freed[elsewhere, column])
        first = sites[worth == worth.max()].min()
        net = float(worth.max() - alone[site])
        if first != site and net > 1e-9 * max(alone[site], 1.0):  # sums in another order differ in the last digits
            best[site], gain[site] = first, net
    return Moves(alone, best, gain)
