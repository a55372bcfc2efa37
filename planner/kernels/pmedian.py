"""Loops of the p-median problem: greedy choice, exchanges, and multipliers that bound every choice from below.

Two orders of the same pairs: by site (``indptr, rows, costs``) and by demand row (``row_indptr, sites, row_costs``,
cheapest first; of equal costs the first site). Every cost is below the row's ``cap``, what it costs where no chosen
site reaches it; caps are finite.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

OUT, FREE, IN = -1, 0, 1  # may a site be chosen: no, yes, it must


@njit(**INNER_LOOP)
def _saving(indptr, rows, costs, now, site):
    """What the site saves where each row costs `now`."""
    saving = 0.0
    for at in range(indptr[site], indptr[site + 1]):
        if costs[at] < now[rows[at]]:
            saving += now[rows[at]] - costs[at]
    return saving


@njit(**LOOP)
def greedy_median(indptr, rows, costs, cap, new):
    """Choose sites one by one, each time the one that saves most; ties to the first.

    Savings only shrink as more is chosen, so most of them need no second look (Minoux, 1978, doi:10.1007/BFb0006528).

    Returns
    -------
    int32
        `new` sites, fewer only where there are no more.
    """
    now = cap.copy()
    n_sites = indptr.shape[0] - 1
    # Entries: minus the saving, the site, and how many sites were chosen when it was reckoned.
    queue = [(-_saving(indptr, rows, costs, now, site), site, 0) for site in range(n_sites)]
    heapq.heapify(queue)
    chosen = np.empty(min(new, n_sites), np.int32)
    used = 0
    while used < chosen.shape[0]:
        _, site, known_at = heapq.heappop(queue)
        if known_at < used:
            heapq.heappush(queue, (-_saving(indptr, rows, costs, now, site), site, used))
            continue
        for at in range(indptr[site], indptr[site + 1]):
            now[rows[at]] = min(now[rows[at]], costs[at])
        chosen[used] = site
        used += 1
    return chosen


@njit(**INNER_LOOP)
def _two_nearest(row_indptr, sites, row_costs, cap, place, row):
    """Place of the cheapest chosen site of a row (-1 = none), its cost, and the cost of the next (cap = none)."""
    first, nearest = -1, cap[row]
    for at in range(row_indptr[row], row_indptr[row + 1]):
        if place[sites[at]] >= 0:
            if first >= 0:
                return first, nearest, row_costs[at]
            first, nearest = place[sites[at]], row_costs[at]
    return first, nearest, cap[row]


@njit(**LOOP)
def exchange_median(indptr, rows, costs, row_indptr, sites, row_costs, cap, chosen, min_gain):
    """Exchange one chosen site for one other as long as that costs less.

    Whitaker, R. (1983) A fast algorithm for the greedy interchange for large-scale clustering and median location
    problems, doi:10.1080/03155986.1983.11731889, with what each site's leaving costs kept up to date (Resende, M. and
    Werneck, R. 2007, doi:10.1016/j.ejor.2005.05.055). Sites are tried in turn, each for the chosen one whose place it
    fills best; the first exchange that helps is made.

    Parameters
    ----------
    chosen
        Sites to start from, each once, int32.
    min_gain
        What an exchange has to save, above the rounding of sums.

    Returns
    -------
    int32
        As many sites, with no single exchange left that helps.
    """
    chosen = chosen.copy()
    n_sites, n_rows = indptr.shape[0] - 1, cap.shape[0]
    place = np.full(n_sites, -1, np.int64)
    for k in range(chosen.shape[0]):
        place[chosen[k]] = k
    first = np.empty(n_rows, np.int64)
    nearest, second = np.empty(n_rows), np.empty(n_rows)
    loss = np.zeros(chosen.shape[0])  # what it costs that a chosen site leaves
    for row in range(n_rows):
        first[row], nearest[row], second[row] = _two_nearest(row_indptr, sites, row_costs, cap, place, row)
        if first[row] >= 0:
            loss[first[row]] += second[row] - nearest[row]

    idle, site = 0, 0
    while idle < n_sites and chosen.shape[0] > 0:
        idle += 1
        if place[site] < 0:
            saving, net = 0.0, loss.copy()
            for at in range(indptr[site], indptr[site + 1]):
                row, cost = rows[at], costs[at]
                if cost < nearest[row]:
                    saving += nearest[row] - cost
                    if first[row] >= 0:
                        net[first[row]] -= second[row] - nearest[row]
                elif cost < second[row]:
                    net[first[row]] -= second[row] - cost
            worst = int(np.argmin(net))
            if saving - net[worst] > min_gain:
                left = chosen[worst]
                chosen[worst] = site
                place[left], place[site] = -1, worst
                for moved in np.array([left, site]):
                    for at in range(indptr[moved], indptr[moved + 1]):
                        row = rows[at]
                        if costs[at] > second[row]:
                            continue
                        if first[row] >= 0:
                            loss[first[row]] -= second[row] - nearest[row]
                        first[row], nearest[row], second[row] = _two_nearest(
                            row_indptr, sites, row_costs, cap, place, row
                        )
                        if first[row] >= 0:
                            loss[first[row]] += second[row] - nearest[row]
                idle = 0
        site = (site + 1) % n_sites
    return chosen


@njit(**INNER_LOOP)
def _values(row_indptr, sites, row_costs, multipliers, values):
    """Sum for each site what its rows' multipliers exceed their costs by, negative: the site's reduced cost."""
    values[:] = 0.0
    for row in range(multipliers.shape[0]):
        price = multipliers[row]
        for at in range(row_indptr[row], row_indptr[row + 1]):
            if row_costs[at] >= price:
                break
            values[sites[at]] += row_costs[at] - price


@njit(**LOOP)
def ascend(row_indptr, sites, row_costs, cap, state, new, upper, enough, multipliers, pace, steps, patience):
    """Raise the Lagrangean bound by subgradient steps, and settle sites by their reduced costs on the way.

    With multipliers ``0 <= u_i <= cap_i`` of the rows' need to be served (Cornuejols, Fisher and Nemhauser 1977,
    doi:10.1287/mnsc.23.8.789), a choice of `new` sites costs at least ::

        sum_i u_i + the `new` least of v_j,   v_j = sum_i min(0, c_ij - u_i)

    A site that is not among these least gives one of them up: where the bound grows to `enough` by that, no better
    choice has the site; a site among them that may not be missed in the same way is in every better choice.

    Parameters
    ----------
    state
        Of each site: `OUT`, `FREE` or `IN`, int8.
    upper
        Cost of the best choice known, at which the steps aim.
    enough
        A bound from which on nothing better than `upper` can exist.
    multipliers
        To start from.
    pace
        Of the first step, as a share of the one that would close the distance to `upper`: 1 or less.
    steps, patience
        At most so many steps; their pace halves after so many without a better bound.

    Returns
    -------
    bound : float64
        Of all choices that `state` allows; inf = there is none.
    multipliers : float64
        That prove it.
    state : int8
        With the sites settled.
    use : float64
        How often the later steps chose each site, 0 to 1.
    pace : float
        Of the last step.
    """
    n_sites, n_rows = state.shape[0], cap.shape[0]
    state, now, best_at = state.copy(), multipliers.copy(), multipliers.copy()
    best, stall = -np.inf, 0
    values, key, use = np.empty(n_sites), np.empty(n_sites), np.zeros(n_sites)
    picked = np.zeros(n_sites, np.bool_)
    slope = np.zeros(n_rows)
    for _ in range(steps):
        n_in, n_free = 0, 0
        for site in range(n_sites):
            n_in += state[site] == IN
            n_free += state[site] == FREE
        if n_in > new:
            return np.inf, best_at, state, use, pace
        wanted = min(new - n_in, n_free)

        _values(row_indptr, sites, row_costs, now, values)
        bound = 0.0
        for row in range(n_rows):
            bound += now[row]
        for site in range(n_sites):
            key[site] = values[site] if state[site] == FREE else np.inf
            if state[site] == IN:
                bound += values[site]
        last, following = -np.inf, np.inf  # the greatest value picked, the least that is not
        if wanted > 0:
            ordered = np.partition(key, wanted - 1)
            last = ordered[wanted - 1]
            if wanted < n_free:
                following = ordered[wanted:].min()
        room = wanted
        for site in range(n_sites):
            picked[site] = state[site] == IN or key[site] < last
            room -= key[site] < last
        for site in range(n_sites):
            if room > 0 and key[site] == last:
                picked[site] = True
                room -= 1
            if picked[site] and state[site] == FREE:
                bound += key[site]
            use[site] += 0.1 * (picked[site] - use[site])

        stall += 1
        if bound > best:
            if bound > best + 1e-6 * abs(best):
                stall = 0
            best = bound
            best_at[:] = now
        if bound >= enough:
            break
        for site in range(n_sites):
            if state[site] == FREE:
                if not picked[site] and bound + values[site] - last >= enough:
                    state[site] = OUT
                elif picked[site] and bound + following - values[site] >= enough:
                    state[site] = IN
        if stall >= patience:
            pace *= 0.5
            stall = 0
            now[:] = best_at
            slope[:] = 0.0

        length = 0.0
        for row in range(n_rows):
            served = 0
            for at in range(row_indptr[row], row_indptr[row + 1]):
                if row_costs[at] >= now[row]:
                    break
                served += picked[sites[at]]
            slope[row] = (1.0 - served) + 0.6 * slope[row]
            length += slope[row] * slope[row]
        if length == 0.0:
            break
        stride = pace * 1.05 * (upper - bound) / length
        for row in range(n_rows):
            now[row] = min(max(now[row] + stride * slope[row], 0.0), cap[row])
    return best, best_at, state, use, pace
