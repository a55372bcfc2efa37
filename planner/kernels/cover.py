"""Loops over a sparse matrix of sites and the demand rows they cover: the greedy choice, and sites that are no use."""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP


@njit(**INNER_LOOP, _nrt=False)
def _is_subset(few, many):
    """Say whether all of `few` stand in `many`; both ascending."""
    at = 0
    for value in few:
        while at < many.shape[0] and many[at] < value:
            at += 1
        if at == many.shape[0] or many[at] != value:
            return False
    return True


@njit(**INNER_LOOP, _nrt=False)
def _gain(indptr, indices, weights, covered, site):
    """Sum the weights of the site's rows that are not covered yet."""
    gain = 0.0
    for at in range(indptr[site], indptr[site + 1]):
        if not covered[indices[at]]:
            gain += weights[indices[at]]
    return gain


@njit(**INNER_LOOP, _nrt=False)
def _sink(queue, size, at, gains):
    """Let an entry of a binary heap of `size` sink below those of greater gain, and equal ones of lower number."""
    k = queue[at]
    while 2 * at + 1 < size:
        below = 2 * at + 1
        first = queue[below]
        if below + 1 < size:
            other = queue[below + 1]
            if gains[other] > gains[first] or (gains[other] == gains[first] and other < first):
                below, first = below + 1, other
        if gains[k] > gains[first] or (gains[k] == gains[first] and k < first):
            break
        queue[at] = first
        at = below
    queue[at] = k


@njit(**LOOP)
def greedy_cover(indptr, indices, weights, candidates, covered, new):
    """Choose sites one by one, each time the one that adds the greatest weight to what is covered.

    Gains only shrink as more is covered, so a gain from an earlier round is an upper bound, and most need no second
    look (Minoux, 1978, doi:10.1007/BFb0006528). A sum of fewer non-negative terms in the same order is never greater
    in floating point either, so the choice is that of the plain algorithm. Ties go to the site first in `candidates`.

    Parameters
    ----------
    indptr, indices
        Demand rows of each site: ``indices[indptr[i]:indptr[i + 1]]``.
    weights
        Of each demand row, float64, not negative.
    candidates
        Sites that may be chosen, each once.
    covered
        Demand rows that are covered beforehand, bool.
    new
        The most sites to choose.

    Returns
    -------
    chosen : int32
        Sites in the order of choice; fewer than `new` where no other adds anything.
    gain : float64
        What each added.
    """
    covered = covered.copy()
    size = candidates.shape[0]
    room = max(min(new, size), 0)
    queue, gains, known_at = np.empty(size, np.int64), np.empty(size, np.float64), np.zeros(size, np.int64)
    for k in range(size):
        queue[k], gains[k] = k, _gain(indptr, indices, weights, covered, candidates[k])
    for at in range(size // 2 - 1, -1, -1):
        _sink(queue, size, at, gains)
    chosen, added = np.empty(room, np.int32), np.empty(room, np.float64)
    used = 0
    while used < room:
        k = queue[0]
        site = candidates[k]
        if gains[k] <= 0.0:
            break
        if known_at[k] < used:
            gains[k], known_at[k] = _gain(indptr, indices, weights, covered, site), used
            _sink(queue, size, np.int64(0), gains)
            continue
        for at in range(indptr[site], indptr[site + 1]):
            covered[indices[at]] = True
        chosen[used], added[used] = site, gains[k]
        used += 1
        size -= 1
        queue[0] = queue[size]
        _sink(queue, size, np.int64(0), gains)
    return chosen[:used], added[:used]


@njit(**LOOP)
def undominated(indptr, indices, row_start, sites_of):
    """Mark the sites whose demand rows are no subset of another site's; of equal sites the first, of empty ones none.

    A site that dominates site i covers every row of i, so it is found among the sites of i's least covered row. One bit
    of 64 for each row, and the rows need a look only where the bits do not settle it.

    Parameters
    ----------
    indptr, indices
        Demand rows of each site, ascending.
    row_start, sites_of
        The same the other way: sites of each row.
    """
    n_sites = indptr.shape[0] - 1
    bits = np.zeros(n_sites, np.uint64)
    for site in range(n_sites):
        for at in range(indptr[site], indptr[site + 1]):
            mixed = np.uint64(indices[at]) * np.uint64(0x9E3779B97F4A7C15)
            bits[site] |= np.uint64(1) << (mixed >> np.uint64(58))
    kept = np.ones(n_sites, np.bool_)
    for site in range(n_sites):
        rows = indices[indptr[site] : indptr[site + 1]]
        if rows.shape[0] == 0:
            kept[site] = False
            continue
        rarest = rows[0]
        for row in rows:
            if row_start[row + 1] - row_start[row] < row_start[rarest + 1] - row_start[rarest]:
                rarest = row
        for at in range(row_start[rarest], row_start[rarest + 1]):
            other = sites_of[at]
            n_others = indptr[other + 1] - indptr[other]
            if other == site or n_others < rows.shape[0] or (bits[site] & ~bits[other]) != 0:
                continue
            if n_others == rows.shape[0] and other > site:
                continue
            if _is_subset(rows, indices[indptr[other] : indptr[other + 1]]):
                kept[site] = False
                break
    return kept


@njit(**LOOP)
def weights_covered(indptr, indices, weights, choices, ends):
    """Sum the weights that each of several choices covers, each site once in a choice.

    Only sites that a choice has and the one before has not, and the other way round, are gone through: choices that
    follow each other closely take little time.

    Parameters
    ----------
    indptr, indices, weights
        As in `greedy_cover`.
    choices, ends
        The sites of all choices, one choice after the other; where each ends.
    """
    times = np.zeros(weights.shape[0], np.int32)
    last = np.full(indptr.shape[0] - 1, -1, np.int64)  # choice that each site was in
    sums = np.zeros(ends.shape[0], np.float64)
    before, begin, total = np.int64(0), np.int64(0), 0.0
    for k in range(ends.shape[0]):
        for site in choices[begin : ends[k]]:
            if last[site] < 0 or last[site] < k - 1:
                for at in range(indptr[site], indptr[site + 1]):
                    row = indices[at]
                    if times[row] == 0:
                        total += weights[row]
                    times[row] += 1
            last[site] = k
        for site in choices[before:begin]:
            if last[site] != k:
                for at in range(indptr[site], indptr[site + 1]):
                    row = indices[at]
                    times[row] -= 1
                    if times[row] == 0:
                        total -= weights[row]
        sums[k] = total
        before, begin = begin, ends[k]
    return sums
