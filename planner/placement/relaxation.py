"""The linear relaxation of the covering problem: a bound on every choice, and hints where to look for a good one.

Relaxing ``y_i <= sum_j x_j`` with multipliers ``0 <= lambda_i <= w_i`` leaves a problem solved by sorting (Galvao, R.
and ReVelle, C. 1996, A Lagrangean heuristic for the maximal covering location problem)::

    bound(lambda) = sum_i (w_i - lambda_i) + the p greatest of v_j,   v_j = sum of lambda_i over the rows of site j

This is an upper bound for any multipliers, so it holds however early the search for good ones is stopped, and for any
number of posts p. The search is the primal-dual hybrid gradient method (Chambolle and Pock 2011,
doi:10.1007/s10851-010-0251-1), reflected, drawn towards an anchor (Halpern) and restarted (Lu and Yang 2024,
arXiv:2407.16144): two passes over the pairs a step, no factorisation, little memory.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from planner.placement.presolve import Cover
from planner.types.arrays import Bools, Doubles

STEPS = 40  # between two looks at the bound
MOST_STEPS = 4000
MOST_PAIRS = 2.5e10  # passed over in all: larger problems get fewer steps, but never below
FEWEST_STEPS = 800
CLEARLY = 0.3  # between bound and a choice's worth the relaxed solution is so near the bound: it stays above
RESTART_AT = 0.5  # restart once the gap has halved,
RESTART_AFTER = 0.36  # or a third of all steps have passed since the last restart


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The bound, its multipliers and site values v, and the fractional choice x (in the order of the cover)."""

    bound: float
    multipliers: Doubles
    values: Doubles
    fractions: Doubles
    balance: float  # of the step lengths: a good one to begin another search with

    def could_improve(self, new: int, covered: float) -> Bools:
        """Mark the sites that a choice covering more than `covered` may contain.

        A choice with a site that is not among the `new` of greatest value gives up the least of these for it: the bound
        sinks by the difference (reduced-cost fixing). 1e-9 of the bound is left for rounding.
        """
        return np.asarray(self.bound - self.given_up(new) >= covered - 1e-9 * self.bound)

    def given_up(self, new: int) -> Doubles:
        """What the bound loses if a site is chosen: 0 for the `new` sites of greatest value."""
        return np.asarray(np.maximum(np.partition(self.values, -new)[-new] - self.values, 0.0))

    def bounds(self, cover: Cover, most: int) -> Doubles:
        """The bounds on all choices of 0 to `most` sites that these multipliers prove."""
        best = -np.sort(-self.values)[:most]
        return float((cover.weights - self.multipliers).sum()) + np.append(0.0, np.cumsum(best))

    def mixed(self, other: Relaxation, share: float) -> Relaxation:
        """So much of these multipliers, the rest of the others: the values are mixed alike, the bound is not kept."""
        rest = 1.0 - share
        return replace(
            self,
            bound=np.inf,
            multipliers=share * self.multipliers + rest * other.multipliers,
            values=share * self.values + rest * other.values,
        )


def solve(
    cover: Cover,
    new: int,
    close_enough: float,
    seconds: float,
    start: Relaxation | None = None,
    worth: float | None = None,
    most_steps: int = MOST_STEPS,
) -> Relaxation:
    """Search for good multipliers until they prove the relaxation's optimum, or the steps or the time are over.

    Parameters
    ----------
    cover
        The problem, with more than `new` sites.
    new
        The most sites to choose, at least 1.
    close_enough
        Relative distance from the bound to the relaxation's own solution at which to stop.
    seconds
        For the search. The clock is read between blocks of steps only, so the answer is the same on every machine
        unless the time is short.
    start
        Of the same cover with another number of sites.
    worth
        Of a choice; the search ends as well once the bound is down to it, or clearly never will be.
    most_steps
        At most; large problems get fewer.
    """
    from planner.kernels.relaxation import primal_dual_steps, reach_of, site_values

    weights, pairs, n_sites = cover.weights, (cover.indptr, cover.indices), len(cover.sites)
    site_step = 1.0 / site_values(*pairs, weights)
    row_step = weights / np.diff(cover.by_row[0])
    if start is None:
        anchor = np.full(n_sites, new / n_sites), weights * 0.5
    else:
        anchor = start.fractions * min(new / start.fractions.sum(), 1.0), start.multipliers

    deadline = time.perf_counter() + seconds
    state, taken, gap_before = anchor, 0, np.inf
    balance = 1.0 if start is None else start.balance
    bound, multipliers, values, reached, fractions = np.inf, anchor[1], anchor[0], -1.0, anchor[0]
    steps = int(np.clip(MOST_PAIRS / len(cover.indices), min(FEWEST_STEPS, most_steps), most_steps))
    for step in range(STEPS, steps + 1, STEPS):
        point, state = primal_dual_steps(
            *pairs, weights, balance * site_step, row_step / balance, new, anchor, state, taken, STEPS
        )
        taken += STEPS
        values_now = site_values(*pairs, point[1])
        bound_now = float((weights - point[1]).sum() + np.partition(values_now, -new)[-new:].sum())
        reached_now = float(weights @ np.minimum(reach_of(*pairs, len(weights), point[0]), 1.0))
        if bound_now < bound:
            bound, multipliers, values = bound_now, point[1], values_now
        if reached_now > reached:
            reached, fractions = reached_now, point[0]
        if worth is not None and (bound <= worth or bound - reached <= CLEARLY * (bound - worth)):
            break
        if bound - reached <= close_enough * bound or time.perf_counter() > deadline:
            break
        if bound_now - reached_now < RESTART_AT * gap_before or taken >= RESTART_AFTER * step:
            x_moved = np.sqrt((((point[0] - anchor[0]) ** 2) / site_step).sum())
            multipliers_moved = np.sqrt((((point[1] - anchor[1]) ** 2) / row_step).sum())
            if x_moved > 0 and multipliers_moved > 0:
                balance = np.sqrt(balance * x_moved / multipliers_moved)
            anchor, state, taken, gap_before = point, point, 0, bound_now - reached_now
    return Relaxation(bound, multipliers, values, fractions, balance)
