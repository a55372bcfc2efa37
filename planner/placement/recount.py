"""Recount what a choice is worth and whether it keeps the rules, from the choice alone.

Nothing here is shared with what makes the programmes: a fault in one shows as a difference to the other.
"""

from __future__ import annotations

import numpy as np

from planner.types.arrays import Doubles, Floats, Ints
from planner.types.placement import Assignment, Rules, Supervisors
from planner.types.travel import TravelMatrix

ROUNDING = 1e-9  # of sums in float64, relative


def chws_within_reach(matrix: TravelMatrix, chws: Ints) -> Ints:
    """CHWs who reach each demand position, int32."""
    counted = np.zeros(matrix.n_demand, np.int32)
    for site in np.flatnonzero(chws):
        counted[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] += chws[site]
    return counted


def money(chws: Ints, rules: Rules) -> float:
    """What the choice costs more than the CHWs of today."""
    more = np.maximum(chws - rules.today, 0)
    fewer = np.maximum(rules.today - chws, 0)
    return float((rules.cost * more).sum() + rules.leave_cost * fewer.sum())


def broken_rules(chws: Ints, rules: Rules, p: int) -> list[str]:
    """Every rule that the choice breaks, in words; empty where it keeps them all."""
    total = int(chws.sum())
    outside = np.flatnonzero((chws < rules.least) | (chws > rules.most))
    told = [f"{chws[j]} CHWs at {rules.site_called(int(j))}" for j in outside]
    if total > p:
        told.append(f"{total} CHWs, at most {p} allowed")
    if total < rules.fewest:
        told.append(f"{total} CHWs, at least {rules.fewest} asked for")
    if money(chws, rules) > rules.budget * (1 + ROUNDING) + ROUNDING:
        told.append(f"costs {money(chws, rules):g}, more than the budget of {rules.budget:g}")
    moved = int(np.maximum(rules.today - chws, 0).sum())
    if 0 <= rules.max_moves < moved:
        told.append(f"{moved} CHWs of today leave their site, at most {rules.max_moves} may")
    told += [f"sites {a} and {b} both have CHWs" for a, b in rules.apart if chws[a] > 0 and chws[b] > 0]
    for area, (least, most) in enumerate(zip(rules.area_least, rules.area_most, strict=True)):
        here = int(chws[rules.area == area].sum())
        if not least <= here <= most:
            told.append(f"{here} CHWs in {rules.area_called(area)}, asked for {least} to {most}")
    if rules.supervisors is not None and supervised(chws, rules.supervisors) < total:
        told.append("CHWs without a free place with a supervisor within reach")
    return told


def supervised(chws: Ints, supervisors: Supervisors) -> int:
    """The most of these CHWs who can have a place with a supervisor each: a maximum flow."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    reach = supervisors.reach
    n_sites, n_facilities = reach.n_sites, reach.n_demand
    source, sink = n_sites + n_facilities, n_sites + n_facilities + 1
    site = np.repeat(np.arange(n_sites), np.diff(reach.indptr))
    tail = np.concatenate((np.full(n_sites, source), site, n_sites + np.arange(n_facilities)))
    head = np.concatenate((np.arange(n_sites), n_sites + reach.indices, np.full(n_facilities, sink)))
    room = np.concatenate((chws, chws[site], supervisors.places)).astype(np.int32)
    graph = csr_array((room, (tail, head)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)


def check(chws: Ints, rules: Rules, p: int, objective: float, bound: float, maximise: bool) -> None:
    """Raise AssertionError where a choice breaks a rule, or is better than what was proved to be the best possible."""
    if told := broken_rules(chws, rules, p):
        raise AssertionError(f"the placement breaks its rules: {'; '.join(told)}")
    better = objective - bound if maximise else bound - objective
    if better > 1e-6 * max(abs(objective), abs(bound)):
        raise AssertionError(f"the placement counts {objective}, better than the proved bound of {bound}")


def people_covered(matrix: TravelMatrix, chws: Ints, people: Doubles) -> float:
    """People within reach of a CHW."""
    return float(people[chws_within_reach(matrix, chws) > 0].sum())


def backup_covered(matrix: TravelMatrix, chws: Ints, people: Doubles, backup_weight: float) -> float:
    """People within reach of a CHW, and those within reach of two once more, times `backup_weight`."""
    within = chws_within_reach(matrix, chws)
    return float(people[within > 0].sum() + backup_weight * people[within > 1].sum())


def minutes_to_nearest(matrix: TravelMatrix, chws: Ints) -> Floats:
    """Minutes from each demand position to the nearest CHW, float32; inf = out of reach."""
    soonest = np.full(matrix.n_demand, np.inf, np.float32)
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    near = chws[site] > 0
    np.minimum.at(soonest, matrix.indices[near], matrix.minutes[near])
    return soonest


def check_service(
    matrix: TravelMatrix,
    chws: Ints,
    people: Doubles,
    load: Doubles,
    capacity: Doubles,
    closest: bool,
    served: Assignment,
) -> None:
    """Raise AssertionError where more people are served than live there, or a CHW serves more than one can."""
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    pair = site.astype(np.int64) * matrix.n_demand + matrix.indices
    asked = served.site.astype(np.int64) * matrix.n_demand + served.demand
    at = np.minimum(np.searchsorted(pair, asked), max(len(pair) - 1, 0))
    if len(asked) and not (len(pair) and np.array_equal(pair[at], asked)):
        raise AssertionError("people are served by a CHW out of their reach")
    by_demand = np.bincount(served.demand, served.people, matrix.n_demand)
    if np.any(by_demand > people * (1 + ROUNDING)):
        raise AssertionError("more people are served than live there")
    each = np.divide(load, people, out=np.zeros_like(load), where=people > 0)
    work = np.bincount(served.site, served.people * each[served.demand], matrix.n_sites)
    if np.any(work > capacity * chws * (1 + ROUNDING)):
        raise AssertionError("a CHW serves more than one can")
    if closest and len(asked) and np.any(matrix.minutes[at] > minutes_to_nearest(matrix, chws)[served.demand]):
        raise AssertionError("people are served by another than the nearest CHW")
