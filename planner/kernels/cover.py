"""Loops over a sparse matrix of sites and the demand rows they cover: the greedy choice, and sites that are no use."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy", nogil=True)
def _is_subset(few, many):
    """Say whether all of `few` stand in `many`; both ascending."""
    at = 0
    for value in few:
        while at < many.shape[0] and many[at] < value:
            at += 1
        if at == many.shape[0] or many[at] != value:
            return False
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def _gain(indptr, indices, weights, covered, site):
    """Sum the weights of the site's rows that are not covered yet."""
    gain = 0.0
    for at in range(indptr[site], indptr[site + 1]):
        if not covered[indices[at]]:
            gain += weights[indices[at]]
    return gain


@njit(cache=True, error_model="numpy", nogil=True)
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
    # Entries: minus the gain, position in `candidates`, and how many sites were chosen when the gain was reckoned.
    queue = [(-_gain(indptr, indices, weights, covered, candidates[k]), k, 0) for k in range(candidates.shape[0])]
    heapq.heapify(queue)
    room = max(min(new, candidates.shape[0]), 0)
    chosen = np.empty(room, np.int32)
    gains = np.empty(room, np.float64)
    used = 0
    while used < room:
        minus_gain, k, known_at = heapq.heappop(queue)
        if minus_gain >= 0.0:
            break
        site = candidates[k]
        if known_at < used:
            heapq.heappush(queue, (-_gain(indptr, indices, weights, covered, site), k, used))
            continue
        for at in range(indptr[site], indptr[site + 1]):
            covered[indices[at]] = True
        chosen[used] = site
        gains[used] = -minus_gain
        used += 1
    return chosen[:used], gains[:used]


@njit(cache=True, error_model="numpy", nogil=True)
def undominated(indptr, indices, n_rows):
    """Mark the sites whose demand rows are no subset of another site's; of equal sites the first, of empty ones none.

    A site that dominates site i covers every row of i, so it is found among the sites of i's least covered row.

    Parameters
    ----------
    indptr, indices
        Demand rows of each site, ascending.
    n_rows
        Number of demand rows.
    """
    n_sites = indptr.shape[0] - 1
    row_start = np.zeros(n_rows + 1, np.int64)
    for row in indices:
        row_start[row + 1] += 1
    for row in range(n_rows):
        row_start[row + 1] += row_start[row]
    room = row_start[:-1].copy()
    sites_of = np.empty(indices.shape[0], np.int32)
    for site in range(n_sites):
        for at in range(indptr[site], indptr[site + 1]):
            sites_of[room[indices[at]]] = site
            room[indices[at]] += 1

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
            others = indices[indptr[other] : indptr[other + 1]]
            if other == site or others.shape[0] < rows.shape[0]:
                continue
            if others.shape[0] == rows.shape[0] and other > site:
                continue
            if _is_subset(rows, others):
                kept[site] = False
                break
    return kept


@njit(cache=True, error_model="numpy", nogil=True)
def interchange(indptr, indices, weights, chosen, min_gain):
    """Exchange one chosen site for one other as long as that covers more.

    Teitz, M. and Bart, P. (1968) Heuristic methods for estimating the generalized vertex median of a weighted graph,
    doi:10.1287/opre.16.5.955. Sites are tried in turn, each for the chosen one whose place it fills best; the first
    exchange that helps is made.

    Parameters
    ----------
    indptr, indices, weights
        As in `greedy_cover`.
    chosen
        Sites to start from, each once, int32.
    min_gain
        What an exchange has to add, above the rounding of sums.

    Returns
    -------
    chosen : int32
        As many sites, with no single exchange left that helps.
    """
    chosen = chosen.copy()
    n_sites = indptr.shape[0] - 1
    is_chosen = np.zeros(n_sites, np.bool_)
    times = np.zeros(weights.shape[0], np.int32)  # chosen sites that cover the row, and the sum of their places:
    places = np.zeros(weights.shape[0], np.int64)  # where one covers it, the sum is its place
    for place in range(chosen.shape[0]):
        is_chosen[chosen[place]] = True
        for at in range(indptr[chosen[place]], indptr[chosen[place] + 1]):
            times[indices[at]] += 1
            places[indices[at]] += place
    alone = np.zeros(chosen.shape[0], np.float64)  # weight that only this site covers
    for row in range(weights.shape[0]):
        if times[row] == 1:
            alone[places[row]] += weights[row]

    idle, site = 0, 0
    while idle < n_sites and chosen.shape[0] > 0:
        idle += 1
        if not is_chosen[site]:
            gain = 0.0
            loss = alone.copy()
            for at in range(indptr[site], indptr[site + 1]):
                row = indices[at]
                if times[row] == 0:
                    gain += weights[row]
                elif times[row] == 1:
                    loss[places[row]] -= weights[row]
            worst = int(np.argmin(loss))
            if gain - loss[worst] > min_gain:
                left = chosen[worst]
                for at in range(indptr[left], indptr[left + 1]):
                    row = indices[at]
                    times[row] -= 1
                    places[row] -= worst
                    if times[row] == 1:
                        alone[places[row]] += weights[row]
                alone[worst] = 0.0
                for at in range(indptr[site], indptr[site + 1]):
                    row = indices[at]
                    if times[row] == 1:
                        alone[places[row]] -= weights[row]
                    elif times[row] == 0:
                        alone[worst] += weights[row]
                    times[row] += 1
                    places[row] += worst
                chosen[worst] = site
                is_chosen[left], is_chosen[site] = False, True
                idle = 0
        site = (site + 1) % n_sites
    return chosen
