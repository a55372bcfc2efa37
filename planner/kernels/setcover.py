"""Loops of the set covering problem: rows that need no look, steps on its relaxation, and a local search.

Two orders of the same pairs: rows of each site (``indptr, rows``) and sites of each row (``row_indptr, sites``), both
ascending.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP


@njit(**LOOP)
def minimal_rows(indptr, rows, row_indptr, sites):
    """Mark the rows whose sites hold no other row's: whoever covers those covers all. Of equal rows the first stays."""
    n_rows = row_indptr.shape[0] - 1
    kept = np.ones(n_rows, np.bool_)
    few_first = np.argsort(row_indptr[1:] - row_indptr[:-1], kind="mergesort")
    marked = np.zeros(indptr.shape[0] - 1, np.bool_)
    for row in few_first:
        if not kept[row]:
            continue
        here = sites[row_indptr[row] : row_indptr[row + 1]]
        rarest = here[0]
        for site in here:
            marked[site] = True
            if indptr[site + 1] - indptr[site] < indptr[rarest + 1] - indptr[rarest]:
                rarest = site
        for at in range(indptr[rarest], indptr[rarest + 1]):
            other = rows[at]
            size = row_indptr[other + 1] - row_indptr[other]
            if not kept[other] or other == row or size < here.shape[0] or (size == here.shape[0] and other < row):
                continue
            common = 0
            for k in range(row_indptr[other], row_indptr[other + 1]):
                common += marked[sites[k]]
            if common == here.shape[0]:
                kept[other] = False
        for site in here:
            marked[site] = False
    return kept


@njit(**LOOP)
def cover_steps(indptr, rows, row_indptr, sites, balance, x, multipliers, steps):
    """Take steps of the primal-dual hybrid gradient method on ``min sum x, sum_j x_j >= 1, 0 <= x <= 1``.

    Chambolle, A. and Pock, T. (2011), doi:10.1007/s10851-010-0251-1, with a step for each x of 1 / its rows and for
    each multiplier of 1 / its sites (Pock and Chambolle 2011, doi:10.1109/ICCV.2011.6126441), those of x times
    `balance`.

    Returns
    -------
    x, multipliers, mean_x, mean_multipliers : float64
        After the last step, and averaged over all steps.
    """
    x, multipliers = x.copy(), multipliers.copy()
    ahead = np.empty_like(x)
    mean_x, mean_multipliers = np.zeros_like(x), np.zeros_like(multipliers)
    for _ in range(steps):
        for site in range(x.shape[0]):
            value = 0.0
            for at in range(indptr[site], indptr[site + 1]):
                value += multipliers[rows[at]]
            step = balance / max(indptr[site + 1] - indptr[site], 1)
            after = min(max(x[site] + step * (value - 1.0), 0.0), 1.0)
            ahead[site] = 2.0 * after - x[site]
            x[site] = after
            mean_x[site] += after / steps
        for row in range(multipliers.shape[0]):
            served = 0.0
            for at in range(row_indptr[row], row_indptr[row + 1]):
                served += ahead[sites[at]]
            step = 1.0 / (balance * max(row_indptr[row + 1] - row_indptr[row], 1))
            multipliers[row] = max(multipliers[row] + step * (1.0 - served), 0.0)
            mean_multipliers[row] += multipliers[row] / steps
    return x, multipliers, mean_x, mean_multipliers


@njit(**INNER_LOOP)
def _add(site, indptr, rows, row_indptr, sites, times, sum_of, weight, score, moved):
    """Choose a site: rows that it covers alone count for it, and no longer for the others."""
    score[site] = 0.0
    for at in range(indptr[site], indptr[site + 1]):
        row = rows[at]
        if times[row] == 0:
            score[site] += weight[row]
            for k in range(row_indptr[row], row_indptr[row + 1]):
                if sites[k] != site:
                    score[sites[k]] -= weight[row]
                    moved[sites[k]] = True
        elif times[row] == 1:
            score[sum_of[row]] -= weight[row]
        times[row] += 1
        sum_of[row] += site


@njit(**INNER_LOOP)
def _drop(site, indptr, rows, row_indptr, sites, times, sum_of, weight, score, moved):
    """Give a site up: the reverse of `_add`."""
    score[site] = 0.0
    for at in range(indptr[site], indptr[site + 1]):
        row = rows[at]
        times[row] -= 1
        sum_of[row] -= site
        if times[row] == 0:
            score[site] += weight[row]
            for k in range(row_indptr[row], row_indptr[row + 1]):
                if sites[k] != site:
                    score[sites[k]] += weight[row]
                    moved[sites[k]] = True
        elif times[row] == 1:
            score[sum_of[row]] += weight[row]
    moved[site] = False


@njit(**LOOP)
def fewer_sites(indptr, rows, row_indptr, sites, chosen, enough, steps, sample, seed):
    """Look for a cover of fewer sites by exchanges, with weights that grow on rows that stay uncovered.

    Gao, C., Yao, X., Weise, T. and Li, J. (2015) An efficient local search heuristic with row weighting for the unicost
    set covering problem, doi:10.1016/j.ejor.2015.05.038. Whenever all rows are covered, the site that loses least goes.
    Each step gives up the least useful of a `sample` of the chosen sites and chooses the most useful one of an
    uncovered row; a site comes back only after something near it has changed, and what moved last stays for a step.

    Parameters
    ----------
    chosen
        A cover, int32.
    enough
        Number of sites at which the search ends.
    steps
        At most so many exchanges since the last smaller cover.

    Returns
    -------
    int32
        The smallest cover found, ascending.
    """
    np.random.seed(seed)
    n_sites, n_rows = indptr.shape[0] - 1, row_indptr.shape[0] - 1
    times, sum_of = np.zeros(n_rows, np.int32), np.zeros(n_rows, np.int64)
    weight, score = np.ones(n_rows), np.zeros(n_sites)
    moved, last_at = np.ones(n_sites, np.bool_), np.zeros(n_sites, np.int64)
    for site in range(n_sites):
        score[site] = indptr[site + 1] - indptr[site]
    inside = np.empty(n_sites, np.int32)  # the chosen ones in any order, and the uncovered rows
    count = 0
    for site in chosen:
        _add(site, indptr, rows, row_indptr, sites, times, sum_of, weight, score, moved)
        inside[count] = site
        count += 1
    best = np.sort(chosen)
    bare, place = np.empty(n_rows, np.int64), np.full(n_rows, -1, np.int64)
    n_bare, step, found_at, first, second = 0, 0, 0, np.int32(-1), np.int32(-1)
    while True:
        covered = n_bare == 0
        if covered:
            best = np.sort(inside[:count])
            if count <= enough:
                break
            found_at = step
            out = 0
            for k in range(count):
                if score[inside[k]] < score[inside[out]]:
                    out = k
        else:
            if step - found_at >= steps:
                break
            step += 1
            out = -1
            for k in range(min(sample, count)):
                trial = np.random.randint(count) if count > sample else k
                site = inside[trial]
                if site in (first, second):
                    continue
                if out < 0 or (score[site], last_at[site]) < (score[inside[out]], last_at[inside[out]]):
                    out = trial
            out = max(out, 0)
        left = inside[out]
        _drop(left, indptr, rows, row_indptr, sites, times, sum_of, weight, score, moved)
        last_at[left] = step
        count -= 1
        inside[out] = inside[count]
        for at in range(indptr[left], indptr[left + 1]):
            row = rows[at]
            if times[row] == 0:
                bare[n_bare], place[row] = row, n_bare
                n_bare += 1
        if not covered:
            row = bare[np.random.randint(n_bare)]
            joins = -1
            for at in range(row_indptr[row], row_indptr[row + 1]):
                site = sites[at]
                if not moved[site]:
                    continue
                if joins < 0 or (-score[site], last_at[site]) < (-score[joins], last_at[joins]):
                    joins = site
            if joins < 0:
                joins = sites[row_indptr[row]]
            for at in range(indptr[joins], indptr[joins + 1]):
                row = rows[at]
                if times[row] == 0:
                    n_bare -= 1
                    bare[place[row]] = bare[n_bare]
                    place[bare[n_bare]] = place[row]
            _add(joins, indptr, rows, row_indptr, sites, times, sum_of, weight, score, moved)
            last_at[joins] = step
            inside[count] = joins
            count += 1
            second, first = first, joins
            for k in range(n_bare):
                weight[bare[k]] += 1.0
                for at in range(row_indptr[bare[k]], row_indptr[bare[k] + 1]):
                    score[sites[at]] += 1.0
    return best
