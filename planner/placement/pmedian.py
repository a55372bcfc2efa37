"""The p-median of a travel matrix where rules say no more than where CHWs must and may not live."""

from __future__ import annotations

import math

import numpy as np

from planner.placement.pmedian_search import Median, median, solve
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

METHOD = "greedy, exchanges, Lagrangean bound, branch and bound"


def place(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, unserved_minutes: float, time_limit_s: float
) -> tuple[Ints, float] | None:
    """CHWs at each site, and the person-minutes that no choice stays below.

    `rules` must be such as `rules.only_sites` says. None where no choice was found that reaches everybody who must be,
    or there are more forced CHWs than `p`.
    """
    chws, new = rules.least.copy(), p - int(rules.least.sum())
    if new < 0:
        return None
    problem, certain = _problem(matrix, people, rules, unserved_minutes)
    bound = problem.cost(np.empty(0, np.int32))
    if new and len(problem.site) and len(problem.cap):
        if new < len(problem.site):
            chosen, bound = solve(problem, new, time_limit_s=time_limit_s)
        else:
            chosen = np.arange(len(problem.site), dtype=np.int32)
            bound = problem.cost(chosen)
        chws[problem.site[_without_idle(problem, chosen)]] = 1
    if math.isinf(unserved_minutes) and not _everybody_reached(matrix, people, chws):
        return None
    return chws, bound + certain


def _problem(matrix: TravelMatrix, people: Doubles, rules: Rules, unserved_minutes: float) -> tuple[Median, float]:
    """What is left to decide, and the person-minutes of those whom no site that is left could help.

    The forced sites lower what a demand position costs at most. Where everybody must be reached, being out of reach
    costs more than any choice that reaches everybody does.
    """
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    costs = people[matrix.indices] * matrix.minutes
    if math.isinf(unserved_minutes):
        dearest = np.zeros(matrix.n_demand)
        np.maximum.at(dearest, matrix.indices, costs)
        cap = np.where(people > 0, math.ceil(dearest.sum()) + 1.0, 0.0)
    else:
        cap = people * unserved_minutes
    forced = rules.least[site] > 0
    np.minimum.at(cap, matrix.indices[forced], costs[forced])

    useful = ~forced & (rules.most[site] > 0) & (costs < cap[matrix.indices])
    sites, pair_site = np.unique(site[useful], return_inverse=True)
    rows, pair_row = np.unique(matrix.indices[useful], return_inverse=True)
    certain = float(np.delete(cap, rows).sum())
    return median(sites.astype(np.int32), pair_site, pair_row.astype(np.int32), costs[useful], cap[rows]), certain


def _without_idle(problem: Median, chosen: Ints) -> Ints:
    """Leave out the sites without whom the choice costs the same, the last first."""
    k = len(chosen) - 1
    first, second = problem.two_cheapest(chosen)
    while k >= 0:
        part = slice(problem.indptr[chosen[k]], problem.indptr[chosen[k] + 1])
        rows = problem.rows[part]
        if not np.any((problem.costs[part] == first[rows]) & (second[rows] > first[rows])):
            chosen = np.delete(chosen, k)
            first, second = problem.two_cheapest(chosen)
        k -= 1
    return chosen


def _everybody_reached(matrix: TravelMatrix, people: Doubles, chws: Ints) -> bool:
    reached = np.zeros(matrix.n_demand, np.bool_)
    for site in np.flatnonzero(chws):
        reached[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = True
    return bool(reached[people > 0].all())
