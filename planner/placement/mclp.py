"""Maximal covering location problem (MCLP): with so many new sites, cover the most people.

Church, R. and ReVelle, C. (1974) The maximal covering location problem, Papers of the Regional Science Association 32,
101-118, doi:10.1007/BF01942293::

    maximise    sum_i w_i y_i                people covered
    subject to  y_i <= sum_{j in N_i} x_j    i is covered only by a chosen site that reaches it
                sum_j x_j <= p               at most p new sites
                x_j in {0, 1},  0 <= y_i <= 1

``w_i`` are the people at demand i, ``N_i`` the sites that reach it within the limit. The y need not be integer: with
integer x the right side is 0 or at least 1, and as every w_i is positive the optimum has y_i = min(1, right side).

Steps: leave out what cannot matter (`presolve`); choose greedily; bound every choice by the linear relaxation, and
round its solution to a second choice (`relaxation`); exchange sites one by one in both; then search exactly among the
sites that could still improve on the better one (`highs`), until nothing better can exist or the time is over.
"""

from __future__ import annotations

import math
import time

import numpy as np

from planner.placement import highs, relaxation
from planner.placement.presolve import Cover, presolve
from planner.types.arrays import Doubles, Ints
from planner.types.results import Placement
from planner.types.travel import TravelMatrix

MODEL = "maximal cover (MCLP)"
PROVED = 1e-9  # relative gap up to which a choice is called best possible: the rounding of sums in float64


def maximal_cover(
    matrix: TravelMatrix, people: Doubles, under_fives: Doubles, new: int, *, time_limit_s: float
) -> Placement:
    """Choose at most `new` sites so that the most people are reached by at least one of them.

    Sites that would add nothing are not proposed: fewer than `new` come back once everyone whom any site reaches is
    covered, and none where there is nobody to cover. That is then the best possible.

    Parameters
    ----------
    matrix
        Minutes from sites to demand positions, only pairs within the limit.
    people, under_fives
        At each demand position; not negative, any real number. The choice maximises `people`.
    new
        The most sites to choose.
    time_limit_s
        Seconds for the exact search. When they are over, the best choice found comes back with the proved bound.

    Returns
    -------
    Placement
        `covered` is recounted from the chosen sites and the matrix, never taken from the solver. `bound` holds for
        every choice and is never below `covered`. A choice is "best possible" only with a gap of at most 1e-9.

    Raises
    ------
    ValueError
        Arrays of another length than the matrix asks for, people that are negative or not finite, or `new` below 0.
    """
    began = time.perf_counter()
    for name, column in (("people", people), ("under_fives", under_fives)):
        if column.shape != (matrix.n_demand,) or not np.all(np.isfinite(column)) or np.any(column < 0):
            raise ValueError(f"{name}: expected {matrix.n_demand} finite numbers, none negative")
    if new < 0:
        raise ValueError(f"new: {new} sites, expected none or more")

    cover = presolve(matrix, people)
    chosen, bound, method = _choose(cover, new, time_limit_s)
    served_by, gain, gain_under_fives = _account(matrix, people, under_fives, cover.sites[chosen])
    covered = float(gain.sum())
    if bound <= covered * (1 + PROVED):
        bound = covered
    gap = (bound - covered) / covered if covered > 0 else 0.0
    return Placement(
        model=MODEL,
        method=method,
        chosen=cover.sites[chosen],
        gain=gain,
        gain_under_fives=gain_under_fives,
        covered=covered,
        bound=bound,
        gap=gap,
        status=_status(gap),
        seconds=time.perf_counter() - began,
        served_by=served_by,
    )


def _choose(cover: Cover, new: int, time_limit_s: float) -> tuple[Ints, float, str]:
    """Positions in `cover.sites` in the order of gain, the most that can be covered, and how that was found."""
    from planner.kernels.cover import interchange

    deadline = time.perf_counter() + time_limit_s
    everywhere = np.arange(len(cover.sites), dtype=np.int32)
    everyone = float(cover.weights.sum())
    chosen = _greedy(cover, everywhere, new)
    if len(chosen) == len(everywhere) or _covered(cover, chosen) >= everyone * (1 - PROVED):
        return chosen, everyone, "greedy: everyone whom a site reaches is covered"
    if new == 0:
        return chosen, 0.0, "none to place"

    relaxed = relaxation.solve(cover, new, time_limit_s / 2)
    largest = np.argsort(-relaxed.fractions, kind="stable")[:new].astype(np.int32)
    for start in (chosen, largest):
        trial = interchange(cover.indptr, cover.indices, cover.weights, start, PROVED * everyone)
        chosen = max(chosen, trial, key=lambda sites: _covered(cover, sites))
    bound, method = min(everyone, relaxed.bound), "greedy, linear relaxation and interchange"

    kept = relaxed.could_improve(new, _covered(cover, chosen))
    kept[chosen] = True
    left = np.flatnonzero(kept).astype(np.int32)
    seconds_left = max(deadline - time.perf_counter(), 0.0)
    start = np.searchsorted(left, np.sort(chosen)).astype(np.int32)
    answer = highs.maximal_cover(cover.only(left), new, start, seconds_left)
    if answer is not None:
        chosen = max(chosen, left[answer.chosen], key=lambda sites: _covered(cover, sites))
        bound, method = min(bound, answer.bound), f"{method}, then mixed-integer programme (HiGHS)"
    ordered = _greedy(cover, np.sort(chosen), new)
    return np.append(ordered, _greedy(cover, everywhere, new - len(ordered), ordered)), bound, method


def _covered(cover: Cover, chosen: Ints) -> float:
    """Sum the weights that the chosen sites cover."""
    return float(cover.weights[cover.covered_by(chosen)].sum())


def _greedy(cover: Cover, candidates: Ints, new: int, beforehand: Ints | tuple[()] = ()) -> Ints:
    """Choose up to `new` of the candidates greedily, on top of the sites chosen `beforehand`."""
    from planner.kernels.cover import greedy_cover

    covered = cover.covered_by(beforehand)
    return np.asarray(greedy_cover(cover.indptr, cover.indices, cover.weights, candidates, covered, new)[0])


def _account(
    matrix: TravelMatrix, people: Doubles, under_fives: Doubles, chosen: Ints
) -> tuple[Ints, Doubles, Doubles]:
    """Nearest chosen site of each demand position (ties to the earlier), and what each site adds to those before it."""
    served_by = np.full(matrix.n_demand, -1, np.int32)
    soonest = np.full(matrix.n_demand, np.inf, np.float32)
    gain, gain_under_fives = np.zeros(len(chosen)), np.zeros(len(chosen))
    for k, site in enumerate(chosen):
        row = slice(matrix.indptr[site], matrix.indptr[site + 1])
        reached, minutes = matrix.indices[row], matrix.minutes[row]
        added = reached[served_by[reached] == -1]
        gain[k], gain_under_fives[k] = people[added].sum(), under_fives[added].sum()
        sooner = minutes < soonest[reached]
        served_by[reached[sooner]] = k
        soonest[reached[sooner]] = minutes[sooner]
    return served_by, gain, gain_under_fives


def _status(gap: float) -> str:
    """The gap in words, rounded up to a tenth of a percent."""
    if gap == 0.0:
        return "best possible"
    return f"best found: at most {math.ceil(gap * 1000) / 10:g} % better exists"
