"""Steps of the primal-dual hybrid gradient method on the linear relaxation of a covering problem."""

from __future__ import annotations

import numpy as np
from numba import njit

BISECTIONS = 50


@njit(cache=True, error_model="numpy", nogil=True)
def _shift(x, step, most):
    """Find the least t >= 0 at which x - t step, clipped to 0..1, sums to at most `most`."""
    low, high, total = 0.0, 0.0, 0.0
    for i in range(x.shape[0]):
        total += min(max(x[i], 0.0), 1.0)
        high = max(high, x[i] / step[i])
    if total <= most:
        return 0.0
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        total = 0.0
        for i in range(x.shape[0]):
            total += min(max(x[i] - middle * step[i], 0.0), 1.0)
        if total > most:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True, error_model="numpy", nogil=True)
def primal_dual_steps(indptr, indices, weights, site_step, row_step, new, x, multipliers, steps):
    """Take `steps` steps from the fractional choice `x` and the `multipliers`.

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

    Returns
    -------
    x, multipliers, mean_x, mean_multipliers : float64
        After the last step, and averaged over all steps.
    """
    x, multipliers = x.copy(), multipliers.copy()
    mean_x, mean_multipliers = np.zeros_like(x), np.zeros_like(multipliers)
    trial, reach = np.empty_like(x), np.empty_like(multipliers)
    for _ in range(steps):
        for site in range(x.shape[0]):
            value = 0.0
            for at in range(indptr[site], indptr[site + 1]):
                value += multipliers[indices[at]]
            trial[site] = x[site] + site_step[site] * value
        shift = _shift(trial, site_step, new)
        reach[:] = -1.0
        for site in range(x.shape[0]):
            after = min(max(trial[site] - shift * site_step[site], 0.0), 1.0)
            ahead = 2.0 * after - x[site]
            x[site] = after
            mean_x[site] += after / steps
            if ahead != 0.0:
                for at in range(indptr[site], indptr[site + 1]):
                    reach[indices[at]] += ahead
        for row in range(multipliers.shape[0]):
            multipliers[row] = min(max(multipliers[row] - row_step[row] * reach[row], 0.0), weights[row])
            mean_multipliers[row] += multipliers[row] / steps
    return x, multipliers, mean_x, mean_multipliers
