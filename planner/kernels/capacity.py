"""Loops over sites whose workers can serve only so much: what sites are worth, steps of the relaxation, and blocks.

Rows of demand are divisible; ``indices[indptr[j]:indptr[j + 1]]`` are the rows that site j reaches (a pair each).
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from planner.kernels import LOOP


@njit(**LOOP)
def site_values(indptr, indices, value, load, capacity, first):
    """Value of each further worker of a site that serves the best of its rows, as if it were alone.

    A site fills its workers with the rows of the greatest value for a unit of load (the continuous knapsack, Dantzig
    1957, doi:10.1287/opre.5.2.266), so no worker adds more than the one before.

    Parameters
    ----------
    indptr, indices
        Rows of each site.
    value, load
        Of each row, float64; load above 0. Rows of no value are not served.
    capacity
        Load that one worker of the site can serve, float64.
    first
        Where the values of each site begin, int64, and where the last ends; a site has as many workers as values.
    """
    added = np.zeros(first[-1], np.float64)
    for site in range(indptr.shape[0] - 1):
        rows = indices[indptr[site] : indptr[site + 1]]
        density = np.empty(rows.shape[0], np.float64)
        for k in range(rows.shape[0]):
            density[k] = -value[rows[k]] / load[rows[k]]
        worker, room = first[site], capacity[site]
        for k in np.argsort(density, kind="mergesort"):
            left = load[rows[k]]
            if density[k] >= 0.0 or worker == first[site + 1]:
                break
            while worker < first[site + 1] and left > 0.0:
                part = min(left, room)
                added[worker] -= part * density[k]
                left -= part
                room -= part
                if room <= 0.0:
                    worker += 1
                    room = capacity[site]
    return added


@njit(**LOOP)
def primal_dual_steps(indptr, indices, weights, use, least, most, p, steps_of, at, total, balance, steps):
    """Take `steps` steps of the primal-dual hybrid gradient method on the relaxation; `at` and `total` in place.

    The relaxation is that of `planner.placement.capacitated.relaxation`; its price, the multiplier of the number of
    workers, is an array of one.

    Parameters
    ----------
    indptr, indices, weights
        Rows of each site, and what a row counts.
    use
        Of each pair: workers that the whole row takes at the site.
    least, most, p
        Workers at each site, and the most in all; float64.
    steps_of
        Step lengths of served, workers, alone, busy, open, price (in this order in `at` and `total` as well).
    at, total
        Where the method stands, and the sum of where it stood.
    balance
        Greater is longer steps of served and workers, and shorter ones of the multipliers.
    """
    served_step, workers_step, once_step, busy_step, open_step, price_step = steps_of
    served, workers, once, busy, open_, price = at
    served_sum, workers_sum, once_sum, busy_sum, open_sum, price_sum = total
    row_total = np.empty(weights.shape[0], np.float64)
    for _ in range(steps):
        row_total[:] = 0.0
        everywhere = 0.0
        for site in range(indptr.shape[0] - 1):
            worth = busy[site] - price[0]
            for pair in range(indptr[site], indptr[site + 1]):
                worth += open_[pair]
            before = workers[site]
            now = min(max(before + balance * workers_step[site] * worth, least[site]), most[site])
            ahead = 2.0 * now - before
            workers[site] = now
            workers_sum[site] += now
            taken = 0.0
            for pair in range(indptr[site], indptr[site + 1]):
                row = indices[pair]
                worth = weights[row] - once[row] - busy[site] * use[pair] - open_[pair]
                before = served[pair]
                now = min(max(before + balance * served_step[pair] * worth, 0.0), 1.0)
                served[pair] = now
                served_sum[pair] += now
                now = 2.0 * now - before
                row_total[row] += now
                taken += use[pair] * now
                open_[pair] = max(open_[pair] + open_step[pair] / balance * (now - ahead), 0.0)
                open_sum[pair] += open_[pair]
            busy[site] = max(busy[site] + busy_step[site] / balance * (taken - ahead), 0.0)
            busy_sum[site] += busy[site]
            everywhere += ahead
        for row in range(weights.shape[0]):
            once[row] = max(once[row] + once_step[row] / balance * (row_total[row] - 1.0), 0.0)
            once_sum[row] += once[row]
        price[0] = max(price[0] + price_step[0] / balance * (everywhere - p), 0.0)
        price_sum[0] += price[0]


@njit(**LOOP)
def grow_blocks(indptr, indices, row_indptr, row_sites, tie, size, order):
    """Part the sites into blocks of at most `size`, each grown by the site most tied to it.

    Parameters
    ----------
    indptr, indices, row_indptr, row_sites
        Rows of each site, sites of each row.
    tie
        Of each row: how much two of its sites belong together.
    size
        Most sites in a block.
    order
        In which sites become the first of a block.

    Returns
    -------
    block : int32
        Of each site, from 0.
    """
    n_sites = indptr.shape[0] - 1
    block = np.full(n_sites, -1, np.int32)
    tied = np.zeros(n_sites, np.float64)
    block_of_tie = np.full(n_sites, -1, np.int32)
    queued_by = np.full(n_sites, -1, np.int32)
    n_blocks = 0
    for seed in order:
        if block[seed] >= 0:
            continue
        queue = [(0.0, np.int64(seed))]
        tied[seed], block_of_tie[seed] = 0.0, n_blocks
        members = 0
        while len(queue) > 0 and members < size:
            strength, site = heapq.heappop(queue)
            if block[site] >= 0 or strength != tied[site]:
                continue
            block[site] = n_blocks
            members += 1
            for at in range(indptr[site], indptr[site + 1]):
                row = indices[at]
                for k in range(row_indptr[row], row_indptr[row + 1]):
                    other = row_sites[k]
                    if block[other] < 0:
                        if block_of_tie[other] != n_blocks:
                            tied[other], block_of_tie[other] = 0.0, n_blocks
                        tied[other] -= tie[row]
            for at in range(indptr[site], indptr[site + 1]):
                row = indices[at]
                for k in range(row_indptr[row], row_indptr[row + 1]):
                    other = row_sites[k]
                    if block[other] < 0 and queued_by[other] != site:
                        queued_by[other] = site
                        heapq.heappush(queue, (tied[other], np.int64(other)))
        n_blocks += 1
    return block
