"""Search for sites that serve every customer whole, within their capacities, at the least cost; and a bound on it.

``cost[j, i]`` is of serving customer i from site j, ``load[i]`` what that takes of ``capacity[j]``, all float64.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

SHAKEN = 400  # kicks without a better answer, before the search goes back to the best
AIM = 1.02  # times the cost found: where the steps of the bound aim
WORSE = 0.003  # relative: what a kick may leave worse and be kept


@njit(**INNER_LOOP)
def _excess(used, capacity):
    return max(used - capacity, 0.0)


@njit(**INNER_LOOP)
def _assign(cost, load, capacity, opened, customers, site_of, used):
    """Give these customers a site each, those first who would lose most by having their second best; in place."""
    regret = np.empty(customers.shape[0], np.float64)
    for k in range(customers.shape[0]):
        best, second = np.inf, np.inf
        for site in opened:
            value = cost[site, customers[k]]
            if value < best:
                best, second = value, best
            elif value < second:
                second = value
        regret[k] = best - second if second < np.inf else 0.0
    for k in np.argsort(regret, kind="mergesort"):
        customer = customers[k]
        best, roomy = -1, opened[0]
        for site in opened:
            fits = used[site] + load[customer] <= capacity[site]
            if fits and (best < 0 or cost[site, customer] < cost[best, customer]):
                best = site
            if capacity[site] - used[site] > capacity[roomy] - used[roomy]:
                roomy = site
        if best < 0:
            best = roomy
        site_of[customer] = best
        used[best] += load[customer]


@njit(**INNER_LOOP)
def _improve(cost, load, capacity, may, must, opened, site_of, used, penalty):
    """Move customers, exchange two, and move sites, as long as any helps, in place; load above capacity is paid."""
    n_sites, n = cost.shape
    is_open = np.zeros(n_sites, np.bool_)
    for site in opened:
        is_open[site] = True
    better = True
    while better:
        better = False
        for one in range(n):
            here = site_of[one]
            relief = penalty * (_excess(used[here], capacity[here]) - _excess(used[here] - load[one], capacity[here]))
            best, least = -1, -1e-9 * (1.0 + cost[here, one])
            for there in opened:
                if there != here:
                    change = cost[there, one] - cost[here, one] - relief
                    if change < least:
                        change += penalty * (
                            _excess(used[there] + load[one], capacity[there]) - _excess(used[there], capacity[there])
                        )
                        if change < least:
                            best, least = there, change
            if best >= 0:
                used[here] -= load[one]
                used[best] += load[one]
                site_of[one] = best
                better = True
        for one in range(n):
            for other in range(one + 1, n):
                here, there = site_of[one], site_of[other]
                if here == there:
                    continue
                change = cost[there, one] + cost[here, other] - cost[here, one] - cost[there, other]
                paid = penalty * (_excess(used[here], capacity[here]) + _excess(used[there], capacity[there]))
                if change - paid > -1e-9 * (1.0 + cost[here, one]):
                    continue
                shift = load[other] - load[one]
                change += penalty * (
                    _excess(used[here] + shift, capacity[here]) + _excess(used[there] - shift, capacity[there])
                )
                if change - paid < -1e-9 * (1.0 + cost[here, one]):
                    used[here] += shift
                    used[there] -= shift
                    site_of[one], site_of[other] = there, here
                    better = True
        for place in range(opened.shape[0]):
            here = opened[place]
            if must[here]:
                continue
            mine = np.flatnonzero(site_of == here)
            now = penalty * _excess(used[here], capacity[here])
            for one in mine:
                now += cost[here, one]
            best, least = -1, now - 1e-9 * (1.0 + now)
            for there in range(n_sites):
                if may[there] and not is_open[there]:
                    value = penalty * _excess(used[here], capacity[there])
                    for one in mine:
                        value += cost[there, one]
                        if value >= least:
                            break
                    if value < least:
                        best, least = there, value
            if best >= 0:
                is_open[here], is_open[best] = False, True
                used[best], used[here] = used[here], 0.0
                site_of[mine] = best
                opened[place] = best
                better = True


@njit(**INNER_LOOP)
def _worth(cost, capacity, site_of, used, penalty):
    total = 0.0
    for one in range(site_of.shape[0]):
        total += cost[site_of[one], one]
    for site in range(used.shape[0]):
        total += penalty * _excess(used[site], capacity[site])
    return total


@njit(**LOOP)
def iterated_search(cost, load, capacity, may, must, p, penalty, kicks, seed):
    """Local search from a random start, then from its answers with one site closed and another opened.

    Parameters
    ----------
    cost, load, capacity
        See above; finite.
    may, must
        Sites that may be opened, and those that are always open; bool.
    p
        Sites to open.
    penalty
        Paid for a unit of load above a capacity.
    kicks, seed
        How often to go on, and of the random numbers.

    Returns
    -------
    site_of : int64
        Of each customer.
    worth
        Cost and penalties.
    """
    np.random.seed(seed)
    n_sites, n = cost.shape
    forced = np.flatnonzero(must)
    free = np.random.permutation(np.flatnonzero(may & ~must))
    opened = np.concatenate((forced, free[: p - forced.shape[0]]))
    site_of, used = np.zeros(n, np.int64), np.zeros(n_sites, np.float64)
    _assign(cost, load, capacity, opened, np.arange(n), site_of, used)
    _improve(cost, load, capacity, may, must, opened, site_of, used, penalty)
    worth = _worth(cost, capacity, site_of, used, penalty)
    best, best_worth = (opened.copy(), site_of.copy(), used.copy()), worth
    idle = 0
    for _ in range(kicks):
        trial, trial_of, trial_used = opened.copy(), site_of.copy(), used.copy()
        place = np.random.randint(p)
        if must[trial[place]] or free.shape[0] <= p - forced.shape[0]:
            continue
        there = free[np.random.randint(free.shape[0])]
        while (trial == there).any():
            there = free[np.random.randint(free.shape[0])]
        left = np.flatnonzero(trial_of == trial[place])
        trial_used[trial[place]] = 0.0
        trial[place] = there
        _assign(cost, load, capacity, trial, left, trial_of, trial_used)
        _improve(cost, load, capacity, may, must, trial, trial_of, trial_used, penalty)
        now = _worth(cost, capacity, trial_of, trial_used, penalty)
        if now < worth or now < best_worth * (1.0 + WORSE):
            opened, site_of, used, worth = trial, trial_of, trial_used, now
        idle += 1
        if now < best_worth * (1.0 - 1e-12):
            best, best_worth = (opened.copy(), site_of.copy(), used.copy()), now
            idle = 0
        if idle == SHAKEN:
            opened, site_of, used, worth = best[0].copy(), best[1].copy(), best[2].copy(), best_worth
            idle = 0
    return best[1], best_worth


@njit(**INNER_LOOP)
def _knapsack(gain, units, room, part):
    """Least sum of gains of items whose units together fit the room, by dynamic programming; `part` is set to them."""
    part[:] = 0.0
    items = np.flatnonzero((gain < 0.0) & (units <= room))
    least = np.zeros(room + 1, np.float64)
    taken = np.zeros((items.shape[0], room + 1), np.bool_)
    for k in range(items.shape[0]):
        size, value = units[items[k]], gain[items[k]]
        for at in range(room, size - 1, -1):
            if least[at - size] + value < least[at]:
                least[at] = least[at - size] + value
                taken[k, at] = True
    at = room
    for k in range(items.shape[0] - 1, -1, -1):
        if taken[k, at]:
            part[items[k]] = 1.0
            at -= units[items[k]]
    return least[room]


@njit(**LOOP)
def lagrangean(cost, units, rooms, may, must, p, found, steps):
    """Least cost that any answer can have, by subgradient steps on the multipliers of "every customer is served".

    Each site is then a knapsack (Pirkul, 1987, doi:10.1016/0305-0548(87)90022-9).

    Parameters
    ----------
    cost, may, must, p
        As in `iterated_search`.
    units, rooms
        Load of each customer at each site, and capacity of each site, in whole units, int64; rounded so that every
        answer still fits.
    found
        Cost of an answer: where the steps aim.
    steps
        Of them.

    Returns
    -------
    bound
        The greatest found.
    value : float64
        Of each site, at the multipliers of that bound: what it takes off, 0 or below.
    """
    n_sites, n = cost.shape
    multiplier = np.empty(n, np.float64)
    for one in range(n):
        multiplier[one] = cost[:, one].min()
    best, best_multiplier, best_value = -np.inf, multiplier.copy(), np.zeros(n_sites)
    length, idle = 1.0, 0
    direction = np.zeros(n)
    for _ in range(steps):
        value = np.zeros(n_sites)
        part = np.zeros((n_sites, n))
        for site in range(n_sites):
            if not may[site]:
                value[site] = np.inf
                continue
            value[site] = _knapsack(cost[site] - multiplier, units[:, site], rooms[site], part[site])
        rank = value.copy()
        rank[must] = -np.inf
        order = np.argsort(rank, kind="mergesort")[:p]
        bound, slope = multiplier.sum(), np.ones(n)
        for site in order:
            bound += value[site]
            slope -= part[site]
        if bound > best * (1.0 + 1e-6 * np.sign(best)):
            idle = 0
        else:
            idle += 1
        if bound > best:
            best, best_multiplier, best_value = bound, multiplier.copy(), value
        if idle == 20:
            length, idle = 0.5 * length, 0
            multiplier, direction = best_multiplier.copy(), np.zeros(n)
        direction = 0.5 * direction + 0.5 * slope
        norm = (direction**2).sum()
        if norm < 1e-12 or best >= found:
            break
        multiplier = multiplier + length * (AIM * found - bound) / norm * direction
    return best, best_value
