"""The capacitated p-median: search, a bound, and an exact end where what is left is small.

The formulation stands in `planner.placement.models.capacitated_p_median`. Steps, where there are no rules but which
sites must and may have a CHW: iterated local search (`planner.kernels.capacitated_median`: places change their site or
exchange it, sites move, one is closed and another opened); a Lagrangean bound, which also tells sites that no better
answer can have; the mixed-integer programme on the others. With other rules, the programme on everything.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from planner.placement import exact, highs, question, recount
from planner.placement.answer import PROVED, choice
from planner.placement.models import capacitated_p_median as model
from planner.placement.rules import only_sites
from planner.types.arrays import Bools, Doubles, Ints, Longs
from planner.types.placement import Assignment, Choice, Rules
from planner.types.travel import TravelMatrix

KICKS = 20_000  # of the local search, at most,
WORK = 2e9  # and not more than so many times sites x places
STEPS = 600  # of the bound
EXACT_PAIRS = 4000  # of site and place that may still be in a better answer: up to so many are searched exactly
UNITS = 1000  # that a capacity is told in where loads are not whole numbers
FAR = 100.0  # times the greatest cost: of a place out of reach


def capacitated_p_median(
    matrix: TravelMatrix,
    people: Doubles,
    p: int,
    rules: Rules,
    *,
    capacity: float | Doubles,
    load: Doubles | None = None,
    time_limit_s: float,
) -> Choice:
    """Choose where at most `p` CHWs live, and which of them serves each place, so that the travel of all is least.

    Every place is served whole by the CHWs of one site, and no CHW serves more than he or she can. Site x place arrays
    are dense: for some thousands of both.

    Parameters
    ----------
    matrix, people, p, rules, time_limit_s
        As in `maximal_cover`.
    capacity, load
        As in `capacitated_cover`.

    Returns
    -------
    Choice
        `objective` is person-minutes.

    Raises
    ------
    ValueError
        As in `maximal_cover`.
    NoAnswer
        No choice serves everybody within the rules, or none was found in time.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    work, each = question.work(people, load, capacity, matrix.n_sites)
    chws, site_of, bound, how = _solve(matrix, people, work, each, p, rules, began + time_limit_s)
    demand = np.flatnonzero(people > 0).astype(np.int32)
    served = Assignment(demand=demand, site=site_of[demand], people=people[demand].astype(np.float64))
    recount.check_service(matrix, chws, people, work, each, False, served)
    minutes = _minutes(matrix)[served.site, served.demand]
    return choice(
        model.MODEL, how, chws, float(served.people @ minutes), "person-minutes", max(bound, 0.0), served,
        maximise=False, rules=rules, p=p, began=began,
    )  # fmt: skip


def _solve(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: Doubles,
    p: int,
    rules: Rules,
    deadline: float,
) -> tuple[Ints, Ints, float, str]:
    """CHWs at each site, the site of each place, a bound, and how they were found."""
    may, must = rules.most > 0, rules.least > 0
    demand = np.flatnonzero(people > 0)
    simple = only_sites(rules) and rules.most.max(initial=0) <= 1
    found = None
    if simple and len(demand) and must.sum() <= min(p, may.sum()):
        found = _search(matrix, people, load, capacity, min(p, int(may.sum())), may, must)
    if found is None:
        made = model.programme(matrix, people, load, capacity, p, rules)
        solution = exact.solve(made, deadline - time.perf_counter())
        return exact.chws(solution, rules), _site_of(matrix, people, solution.values), solution.bound, exact.METHOD
    site_of, cost, bound, could = found
    chws = np.where(must, 1, 0).astype(np.int32)
    chws[site_of[demand]] = 1
    how = "iterated local search and Lagrangean bound"
    could |= chws > 0
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    left = np.count_nonzero(could[site] & (people > 0)[matrix.indices])
    if cost * (1 - PROVED) > bound and left <= EXACT_PAIRS and deadline > time.perf_counter():
        fewer = replace(rules, most=np.where(could, rules.most, 0).astype(np.int32))
        made = model.programme(matrix, people, load, capacity, p, fewer)
        goes = (site_of[matrix.indices] == site)[(people > 0)[matrix.indices]]
        start = np.append(chws, goes).astype(np.float64)
        solution = highs.solve(
            made, time_limit_s=deadline - time.perf_counter(), start=start if len(start) == made.n_columns else None
        )
        if len(solution.values):
            exactly = _site_of(matrix, people, solution.values)
            if _cost(matrix, people, exactly) < cost:
                cost, site_of, chws = _cost(matrix, people, exactly), exactly, exact.chws(solution, rules)
            bound = max(bound, min(solution.bound, cost))
            how = f"{how}, then {exact.METHOD} on the sites that a better answer could have"
    return chws, site_of, bound, how


def _search(
    matrix: TravelMatrix, people: Doubles, load: Doubles, capacity: Doubles, p: int, may: Bools, must: Bools
) -> tuple[Ints, float, float, Bools] | None:
    """Site of each place, its cost, the least cost there can be, and which sites a better answer could have.

    None where the search found no answer that keeps to reach and capacities.
    """
    from planner.kernels.capacitated_median import iterated_search, lagrangean

    demand = np.flatnonzero(people > 0)
    cost = _minutes(matrix)[:, demand] * people[demand]
    reached = np.isfinite(cost)
    greatest = float(cost[reached].max(initial=0.0)) or 1.0
    cost[~reached] = FAR * greatest
    asked = load[demand]
    penalty = 2 * greatest / (float(asked.mean()) or 1.0)
    kicks = int(min(KICKS, WORK / cost.size))
    where, _ = iterated_search(cost, asked, capacity, may, must, p, penalty, kicks, 1)
    used = np.bincount(where, asked, matrix.n_sites)
    if np.any(used > capacity * (1 + PROVED)) or not reached[where, np.arange(len(demand))].all():
        return None
    found = float(cost[where, np.arange(len(demand))].sum())
    units, rooms = _in_units(asked, capacity)
    bound, value = lagrangean(cost, units, rooms, may, must, p, found, STEPS)
    free = np.sort(value[may & ~must])
    least = free[p - int(must.sum()) - 1] if p > must.sum() else -np.inf
    could = must | (may & (bound + np.maximum(value - least, 0.0) <= found))
    site_of = np.full(len(people), -1, np.int32)
    site_of[demand] = where
    return site_of, found, float(bound), could


def _in_units(load: Doubles, capacity: Doubles) -> tuple[Longs, Longs]:
    """Loads of each place at each site, and capacities, in whole units: rounded so that no answer is shut out."""
    whole = bool(np.all(load == np.rint(load))) and float(capacity.max(initial=0.0)) <= 10 * UNITS
    if whole:
        units, rooms = np.broadcast_to(load[:, None], (len(load), len(capacity))), capacity
    else:
        units, rooms = load[:, None] * (UNITS / capacity * (1 - PROVED)), np.full(len(capacity), float(UNITS))
    return np.floor(units).astype(np.int64), np.floor(rooms * (1 + PROVED)).astype(np.int64)


def _minutes(matrix: TravelMatrix) -> Doubles:
    """Site x place, float64; inf = out of reach."""
    minutes = np.full((matrix.n_sites, matrix.n_demand), np.inf)
    minutes[np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr)), matrix.indices] = matrix.minutes
    return minutes


def _cost(matrix: TravelMatrix, people: Doubles, site_of: Ints) -> float:
    demand = np.flatnonzero(people > 0)
    return float(people[demand] @ _minutes(matrix)[site_of[demand], demand])


def _site_of(matrix: TravelMatrix, people: Doubles, values: Doubles) -> Ints:
    """The site that each place goes to in the last columns of the programme; -1 = nobody lives there."""
    asked = (people > 0)[matrix.indices]
    x = values[len(values) - np.count_nonzero(asked) :] > 0.5
    site_of = np.full(matrix.n_demand, -1, np.int32)
    site_of[matrix.indices[asked][x]] = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))[asked][x]
    return site_of
