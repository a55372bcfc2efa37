"""The linear relaxation of the covering problem: a bound on every choice, and hints where to look for a good one.

Relaxing ``y_i <= sum_j x_j`` with multipliers ``0 <= lambda_i <= w_i`` leaves a problem solved by sorting (Galvao, R.
and ReVelle, C. 1996, A Lagrangean heuristic for the maximal covering location problem)::

    bound(lambda) = sum_i (w_i - lambda_i) + the p greatest of v_j,   v_j = sum of lambda_i over the rows of site j

This is an upper bound for any multipliers, so it holds however early the search for good ones is stopped. The search is
the primal-dual hybrid gradient method (Chambolle and Pock 2011, doi:10.1007/s10851-010-0251-1) with averaging and
restarts (Applegate et al. 2021, arXiv:2106.04756): two passes over the pairs a step, no factorisation, little memory.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from planner.placement.presolve import Cover
from planner.types.arrays import Bools, Doubles

STEPS = 40  # between two looks at the bound
BLOCKS = 100  # of so many steps, at most
CLOSE_ENOUGH = 1e-5  # relative distance from the bound to the relaxation's own solution
RESTART_AT = 0.5  # restart once the gap has halved,
RESTART_AFTER = 0.36  # or a third of all steps have passed since the last restart


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The bound, the site values v that prove it, and the fractional choice x (both in the order of `Cover.sites`)."""

    bound: float
    values: Doubles
    fractions: Doubles

    def could_improve(self, new: int, covered: float) -> Bools:
        """Mark the sites that a choice covering more than `covered` may contain.

        A choice with a site that is not among the `new` of greatest value gives up the least of these for it: the bound
        sinks by the difference (reduced-cost fixing). 1e-9 of the bound is left for rounding.
        """
        least = np.partition(self.values, -new)[-new]
        given_up = np.maximum(least - self.values, 0.0)
        return np.asarray(self.bound - given_up >= covered - 1e-9 * self.bound)


def solve(cover: Cover, new: int, seconds: float) -> Relaxation:
    """Search for good multipliers until they prove the relaxation's optimum, or the time is over.

    Parameters
    ----------
    cover
        The problem, with more than `new` sites.
    new
        The most sites to choose, at least 1.
    seconds
        For the search. The clock is read between blocks of steps only, so small problems end by precision and are
        the same on every machine.
    """
    from planner.kernels.relaxation import primal_dual_steps

    weights = cover.weights
    by_site = cover.matrix()
    by_row = by_site.T.tocsr()
    site_step = 1.0 / (by_site @ weights)
    row_step = weights / np.diff(by_row.indptr)

    deadline = time.perf_counter() + seconds
    x, multipliers, balance = np.full(len(cover.sites), new / len(cover.sites)), weights * 0.5, 1.0
    x_sum, multipliers_sum, blocks = np.zeros_like(x), np.zeros_like(multipliers), 0
    x_before, multipliers_before, gap_before = x, multipliers, np.inf
    bound, values, reached, fractions = np.inf, x, 0.0, x
    for block in range(1, BLOCKS + 1):
        x, multipliers, x_mean, multipliers_mean = primal_dual_steps(
            cover.indptr, cover.indices, weights, balance * site_step, row_step / balance, new, x, multipliers, STEPS
        )
        x_sum, multipliers_sum, blocks = x_sum + x_mean, multipliers_sum + multipliers_mean, blocks + 1
        trials = []
        for x_try, multipliers_try in ((x, multipliers), (x_sum / blocks, multipliers_sum / blocks)):
            values_try = by_site @ multipliers_try
            bound_try = float((weights - multipliers_try).sum() + np.partition(values_try, -new)[-new:].sum())
            reached_try = float(weights @ np.minimum(by_row @ x_try, 1.0))
            trials.append((bound_try - reached_try, x_try, multipliers_try))
            if bound_try < bound:
                bound, values = bound_try, values_try
            if reached_try > reached:
                reached, fractions = reached_try, x_try
        if bound - reached <= CLOSE_ENOUGH * bound or time.perf_counter() > deadline:
            break
        gap, x_try, multipliers_try = min(trials, key=lambda trial: trial[0])
        if gap < RESTART_AT * gap_before or blocks >= RESTART_AFTER * block:
            x, multipliers = x_try, multipliers_try
            x_moved = np.sqrt((((x - x_before) ** 2) / site_step).sum())
            multipliers_moved = np.sqrt((((multipliers - multipliers_before) ** 2) / row_step).sum())
            if x_moved > 0 and multipliers_moved > 0:
                balance = np.sqrt(balance * x_moved / multipliers_moved)
            x_sum, multipliers_sum, blocks = np.zeros_like(x), np.zeros_like(multipliers), 0
            x_before, multipliers_before, gap_before = x, multipliers, gap
    return Relaxation(bound, values, fractions)
