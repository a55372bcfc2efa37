"""The linear relaxation of the set covering problem: a bound on the number of sites, and where it is spent.

With multipliers ``u >= 0`` of the rows, every cover has at least ::

    sum_i u_i + sum_j min(0, 1 - sum_{i of j} u_i)    sites, rounded up
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from planner.placement.presolve import Cover
from planner.types.arrays import Bools, Doubles

STEPS = 50  # between two looks at the bound,
BLOCKS = 100  # so many times, at most
CLOSE_ENOUGH = 1e-4  # relative distance from the bound to the relaxation's own solution
RESTART_AT, RESTART_AFTER = 0.5, 0.36  # as in `planner.placement.relaxation`
ROUNDING = 1e-6  # of a number of sites


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The bound, the multipliers of the rows that prove it, their sum over each site's rows, and a fractional cover."""

    bound: float
    multipliers: Doubles
    values: Doubles
    fractions: Doubles

    @property
    def least(self) -> int:
        """Every cover has at least so many sites."""
        return math.ceil(self.bound - ROUNDING)

    def could_be_in(self, size: int) -> Bools:
        """Mark the sites that a cover of at most `size` sites may contain (reduced-cost fixing)."""
        return np.asarray(self.bound + np.maximum(1.0 - self.values, 0.0) <= size + ROUNDING)


def relax(cover: Cover, few: int, seconds: float) -> Relaxation:
    """Look for multipliers that bound the number of sites of a cover well.

    The search for good multipliers ends when they prove that `few` are the fewest, by precision, or with the time.
    """
    from planner.kernels.setcover import cover_steps

    pairs = cover.indptr, cover.indices, *cover.by_row
    site_rows, row_sites = np.diff(pairs[0]), np.diff(pairs[2])

    deadline = time.perf_counter() + seconds
    x, multipliers, balance = np.full(len(site_rows), few / len(site_rows)), 1.0 / row_sites, 1.0
    x_sum, multipliers_sum, blocks = np.zeros_like(x), np.zeros_like(multipliers), 0
    x_before, multipliers_before, gap_before = x, multipliers, np.inf
    best = Relaxation(0.0, multipliers, np.zeros_like(x), x)
    for block in range(1, BLOCKS + 1):
        x, multipliers, x_mean, multipliers_mean = cover_steps(*pairs, balance, x, multipliers, STEPS)
        x_sum, multipliers_sum, blocks = x_sum + x_mean, multipliers_sum + multipliers_mean, blocks + 1
        trials = []
        for x_try, multipliers_try in ((x, multipliers), (x_sum / blocks, multipliers_sum / blocks)):
            value_try = np.add.reduceat(multipliers_try[pairs[1]], pairs[0][:-1])
            bound_try = float(multipliers_try.sum() + np.minimum(1.0 - value_try, 0.0).sum())
            missed = float(np.maximum(1.0 - np.add.reduceat(x_try[pairs[3]], pairs[2][:-1]), 0.0).sum())
            trials.append((abs(float(x_try.sum()) - bound_try) + missed, x_try, multipliers_try))
            if bound_try > best.bound:
                best = Relaxation(bound_try, multipliers_try, value_try, x_try)
        gap, x_try, multipliers_try = min(trials, key=lambda trial: trial[0])
        if best.least >= few or gap <= CLOSE_ENOUGH * best.bound or time.perf_counter() > deadline:
            break
        if gap < RESTART_AT * gap_before or blocks >= RESTART_AFTER * block:
            x, multipliers = x_try, multipliers_try
            x_moved = np.sqrt((((x - x_before) ** 2) * site_rows).sum())
            multipliers_moved = np.sqrt((((multipliers - multipliers_before) ** 2) * row_sites).sum())
            if x_moved > 0 and multipliers_moved > 0:
                balance = float(np.sqrt(balance * x_moved / multipliers_moved))
            x_sum, multipliers_sum, blocks = np.zeros_like(x), np.zeros_like(multipliers), 0
            x_before, multipliers_before, gap_before = x, multipliers, gap
    return best
