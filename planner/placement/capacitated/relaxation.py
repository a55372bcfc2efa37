"""The linear relaxation of maximal cover with capacities: what no placement can exceed, and prices that prove it.

With ``y_ij`` the part of row i that site j serves and ``n_j`` its CHWs (`planner.placement.capacitated.solve`)::

    maximise    sum_ij w_i y_ij
    subject to  sum_j y_ij <= 1                  once: multiplier lambda_i
                sum_i l_i y_ij <= K_j n_j        busy
                y_ij <= n_j                      open: a tighter form of the one above where K_j n_j is over l_i
                sum_j n_j <= p                   price
                0 <= y_ij <= 1,  least_j <= n_j <= most_j

For any ``lambda_i >= 0``, taking the first rows into the objective leaves sites that decide alone (Pirkul and Schilling
1991, doi:10.1287/mnsc.37.2.233)::

    bound(lambda) = sum_i lambda_i + the p greatest of v_j(n) - v_j(n - 1)

``v_j(n)`` is what n CHWs at j add with rows worth ``w_i - lambda_i``: a continuous knapsack, concave in n. As n is
whole there, the bound is as good as the relaxation's or better, and it holds however early the search for good lambda
ends. The search is that of `planner.placement.relaxation`, the primal-dual hybrid gradient method.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from planner.placement.capacitated.workload import Workload
from planner.types.arrays import Bools, Doubles

STEPS = 40  # between two looks at the bound
BLOCKS = 100  # of so many steps, at most
PATIENCE = 15  # blocks in which the bound may sink by less than
LEAST_STEP = 2e-5  # of itself, before the search is over
RESTART_AT = 0.5  # restart once the distance to the optimum has halved,
RESTART_AFTER = 0.36  # or a third of all steps have passed since the last restart


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The bound, and the multipliers that prove it: of each row, and of the number of CHWs (worth of the p-th)."""

    bound: float
    once: Doubles
    price: float


def bound_at(work: Workload, p: int, once: Doubles) -> Relaxation:
    """The bound at these multipliers of the rows, 0 to weights."""
    added = values_of_sites(work, work.weights - once)
    forced = _forced(work)
    free = max(p - int(work.least.sum()), 0)
    best = added[~forced]
    price = float(np.partition(best, -free)[-free]) if 0 < free <= len(best) else 0.0
    best = np.partition(best, -free)[len(best) - free :] if free < len(best) else best
    return Relaxation(float(once.sum() + added[forced].sum() + best.sum()), once, price)


def values_of_sites(work: Workload, values: Doubles) -> Doubles:
    """What each CHW that a site may have adds alone, one site behind the other, with rows worth `values`."""
    from planner.kernels.capacity import site_values

    first = np.append(0, np.cumsum(work.most))
    return np.asarray(site_values(work.indptr, work.indices, values, work.load, work.capacity, first))


def _forced(work: Workload) -> Bools:
    """Mark, in the order of `values_of_sites`, the CHWs that a site must have."""
    first = np.cumsum(work.most) - work.most
    return np.arange(int(work.most.sum())) - np.repeat(first, work.most) < np.repeat(work.least, work.most)


def solve(work: Workload, p: int, found: float, seconds: float) -> Relaxation:
    """Search for good multipliers until the bound no longer sinks, or is `found`, or the time is over.

    The clock is read between blocks of steps only.
    """
    from planner.kernels.capacity import primal_dual_steps

    n_rows = len(work.weights)
    dear = work.capacity * (work.weights.sum() / work.load.sum())  # what a CHW is worth, about
    pair_weight = work.weights[work.indices]
    per_site = np.bincount(work.site_of_pair, pair_weight, work.n_sites)
    lengths = (
        1 / (2 * pair_weight + dear[work.site_of_pair] * work.use),
        1 / (2 * dear + per_site),
        work.weights / np.bincount(work.indices, minlength=n_rows),
        dear / (np.bincount(work.site_of_pair, work.use, work.n_sites) + 1),
        pair_weight / 2,
        np.array([dear.mean() / work.n_sites]),
    )
    least, most = work.least.astype(np.float64), work.most.astype(np.float64)
    at = _zeros(work)
    at[1][:] = np.clip(p / work.n_sites, least, most)
    at[5][0] = dear.mean() / 2
    start, total, counted, balance, distance = _copy(at), _zeros(work), 0, 1.0, np.inf
    best = bound_at(work, p, np.zeros(n_rows))
    deadline, lowest = time.perf_counter() + seconds, [np.inf]
    for block in range(1, BLOCKS + 1):
        primal_dual_steps(
            work.indptr, work.indices, work.weights, work.use, least, most, float(p), lengths, at, total, balance, STEPS
        )
        counted += STEPS
        trials = []
        lowest.append(lowest[-1])
        for trial in (at, tuple(part / counted for part in total)):
            relaxed = bound_at(work, p, np.minimum(trial[2], work.weights))
            best = min(best, relaxed, key=lambda some: some.bound)
            lowest[-1] = min(lowest[-1], relaxed.bound)
            trials.append((_distance(work, p, dear, trial, relaxed.bound), trial))
        idle = block > PATIENCE and lowest[-1] > lowest[-PATIENCE] * (1 - LEAST_STEP)
        if best.bound <= found or idle or time.perf_counter() > deadline:
            break
        nearest, trial = min(trials, key=lambda some: some[0])
        if nearest < RESTART_AT * distance or counted >= RESTART_AFTER * block * STEPS:
            at = _copy(trial)
            moved = [(((now - then) ** 2) / length).sum() for now, then, length in zip(at, start, lengths, strict=True)]
            primal, dual = sum(moved[:2]), sum(moved[2:])
            if primal > 0 and dual > 0:
                balance = float(np.sqrt(balance * np.sqrt(primal / dual)))
            start, total, counted, distance = _copy(at), _zeros(work), 0, nearest
    return best


def _zeros(work: Workload) -> tuple[Doubles, ...]:
    sizes = (len(work.indices), work.n_sites, len(work.weights), work.n_sites, len(work.indices), 1)
    return tuple(np.zeros(size) for size in sizes)


def _copy(parts: tuple[Doubles, ...]) -> tuple[Doubles, ...]:
    return tuple(part.copy() for part in parts)


def _distance(work: Workload, p: int, dear: Doubles, at: tuple[Doubles, ...], bound: float) -> float:
    """How far from optimal: bound less what is served, and what breaks each row, all in people."""
    served, workers = at[:2]
    pair_weight = work.weights[work.indices]
    over = np.maximum(np.bincount(work.indices, served, len(work.weights)) - 1, 0) @ work.weights
    over += np.maximum(np.bincount(work.site_of_pair, work.use * served, work.n_sites) - workers, 0) @ dear
    over += np.maximum(served - workers[work.site_of_pair], 0) @ pair_weight
    over += max(workers.sum() - p, 0) * dear.mean()
    return float(abs(bound - served @ pair_weight) + over)
