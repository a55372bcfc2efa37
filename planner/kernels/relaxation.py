"""Steps of the primal-dual hybrid gradient method on the linear relaxation of a covering problem."""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

ROUNDS = 60  # at most, to find how far to shift; a few are enough
EXACT = 1e-9  # relative


@njit(**INNER_LOOP, _nrt=False)
def _shift(x, step, most, guess):
    """Find t >= 0 at which x - t step, clipped to 0..1, sums to `most`; 0 where it sums to less.

    Newton's method on a falling broken line, kept between two points on either side.
    """
    low, high = 0.0, 0.0
    total = 0.0
    for i in range(x.shape[0]):
        total += min(max(x[i], 0.0), 1.0)
        high = max(high, x[i] / step[i])
    if total <= most:
        return 0.0
    t = guess if low < guess < high else 0.5 * high
    for _ in range(ROUNDS):
        total, slope = 0.0, 0.0
        for i in range(x.shape[0]):
            at = x[i] - t * step[i]
            if at >= 1.0:
                total += 1.0
            elif at > 0.0:
                total += at
                slope += step[i]
        if abs(total - most) <= EXACT * most:
            break
        if total > most:
            low = t
        else:
            high = t
        t = t + (total - most) / slope if slope > 0.0 else high
        if not low < t < high:
            t = 0.5 * (low + high)
    return t


@njit(**LOOP)
def site_values(indptr, indices, multipliers):
    """Sum the multipliers of each site's rows."""
    values = np.empty(indptr.shape[0] - 1, np.float64)
    for site in range(values.shape[0]):
        value = 0.0
        for at in range(indptr[site], indptr[site + 1]):
            value += multipliers[indices[at]]
        values[site] = value
    return values


@njit(**LOOP)
def reach_of(indptr, indices, n_rows, x):
    """Sum the fractional choice `x` over the sites of each row."""
    reach = np.zeros(n_rows, np.float64)
    for site in range(x.shape[0]):
        if x[site] != 0.0:
            for at in range(indptr[site], indptr[site + 1]):
                reach[indices[at]] += x[site]
    return reach


@njit(**LOOP)
def primal_dual_steps(indptr, indices, weights, site_step, row_step, new, anchor, state, taken, steps):
    """Take `steps` reflected steps, each drawn towards the anchor, less so the more steps were `taken` from it.

    Parameters
    ----------
    indptr, indices
        Demand rows of each site.
    weights
        Of each row; the multipliers stay between 0 and these.
    site_step, row_step
        Length of a step for each x and each multiplier.
    new
        The sum of x stays at or below this.
    anchor
        ``(x, multipliers)`` at the last restart.
    state
        ``(x, multipliers)`` to go on from: the anchor, or the last `state` returned.
    taken
        Steps since the last restart.

    Returns
    -------
    point, state : (x, multipliers), float64
        Of the last step, where both lie within their limits, and what to go on from, where they need not.
    """
    x, multipliers = state[0].copy(), state[1].copy()
    new_x, new_multipliers = np.empty_like(x), np.empty_like(multipliers)
    trial, reach, shift = np.empty_like(x), np.empty_like(multipliers), 0.0
    for step in range(taken, taken + steps):
        on = (step + 1.0) / (step + 2.0)
        for site in range(x.shape[0]):
            value = 0.0
            for at in range(indptr[site], indptr[site + 1]):
                value += multipliers[indices[at]]
            trial[site] = x[site] + site_step[site] * value
        shift = _shift(trial, site_step, new, shift)
        for row in range(reach.shape[0]):
            reach[row] = -1.0
        for site in range(x.shape[0]):
            new_x[site] = min(max(trial[site] - shift * site_step[site], 0.0), 1.0)
            reflected = 2.0 * new_x[site] - x[site]
            if reflected != 0.0:
                for at in range(indptr[site], indptr[site + 1]):
                    reach[indices[at]] += reflected
            x[site] = on * reflected + (1.0 - on) * anchor[0][site]
        for row in range(multipliers.shape[0]):
            moved = min(max(multipliers[row] - row_step[row] * reach[row], 0.0), weights[row])
            new_multipliers[row] = moved
            multipliers[row] = on * (2.0 * moved - multipliers[row]) + (1.0 - on) * anchor[1][row]
    return (new_x, new_multipliers), (x, multipliers)
