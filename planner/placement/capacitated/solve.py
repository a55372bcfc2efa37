"""Maximal cover with capacities, and the fewest CHWs who serve a share of the people, for countries of any size.

Current, J. and Storbeck, J. (1988) Capacitated covering models, Environment and Planning B 15, 153-163,
doi:10.1068/b150153; Pirkul, H. and Schilling, D. (1991) The maximal covering location problem with capacities on total
workload, Management Science 37, 233-248, doi:10.1287/mnsc.37.2.233::

    maximise    sum_ij w_i y_ij              people served
    subject to  sum_j y_ij <= 1              nobody is served twice; y_ij only where j reaches i in time
                sum_i l_i y_ij <= K_j n_j    a CHW at j can serve a load of K_j
                sum_j n_j <= p               at most p CHWs
                0 <= y_ij <= 1,  least_j <= n_j <= most_j, n_j whole

or, for the fewest, ``minimise sum_j n_j`` with ``sum_ij w_i y_ij >= D`` instead of the limit p.

Steps: add CHWs greedily and move them one by one, on a flow of people to CHWs (`state`); bound every placement by the
linear relaxation (`relaxation`), then by blocks of sites solved as they are (`blocks`), whose best placements put
together are improved in turn; place the CHWs of blocks anew.
"""

from __future__ import annotations

import math
import time

import numpy as np

from planner.placement.capacitated import blocks, relaxation
from planner.placement.capacitated.state import State
from planner.placement.capacitated.workload import Workload
from planner.types.arrays import Longs

SIZES = (30, 45)  # sites in a block, in the rounds of bounding and improving
PROVED = 1e-9  # relative


def most_served(work: Workload, p: int, time_limit_s: float) -> tuple[Longs, float, str]:
    """Place at most `p` CHWs so that they serve the most people; none who would serve nobody, but for `least`.

    Returns
    -------
    chws
        At each site, int64.
    bound
        The most people that such a placement serves.
    method
        In words.
    """
    deadline = time.perf_counter() + time_limit_s
    best = State(work, work.least)
    best.add(p - best.total)
    relaxed = relaxation.bound_at(work, p, np.zeros(len(work.weights)))
    bound = min(relaxed.bound, float(work.weights.sum()))
    how = "greedy"
    if best.served >= bound * (1 - PROVED):
        return best.workers, bound, f"{how}: every CHW is fully used, or everyone within reach is served"
    best.move()
    relaxed = relaxation.solve(work, p, best.served, (deadline - time.perf_counter()) / 2)
    bound, how = min(bound, relaxed.bound), "greedy, exchange and linear relaxation"
    for turn, size in enumerate(SIZES):
        if best.served >= bound * (1 - PROVED) or time.perf_counter() > deadline:
            break
        parts = blocks.part(work, relaxed.once + PROVED * work.weights, size, blocks.order_of(work, turn))
        solved = blocks.solve(work, relaxed, parts, deadline)
        bound = min(bound, solved.worth + solved.price * p)
        trial = State(work, solved.workers)
        trial.remove(max(trial.total - p, 0))
        trial.add(p - trial.total)
        trial.move()
        best = max(best, trial, key=lambda some: some.served)
        parts = blocks.part(work, work.weights, size, blocks.order_of(work, turn + len(SIZES)))
        best.improve_blocks(parts, deadline)
        best.add(p - best.total)
        best.move()
        how = "greedy, exchange, linear relaxation and blocks of sites solved exactly (HiGHS)"
    best.remove(best.total, spare=0.0)
    return best.workers, bound, how


def fewest(work: Workload, people: float, time_limit_s: float) -> tuple[Longs, int, str] | None:
    """Place the fewest CHWs who serve so many people; None where no number of them does, as far as was searched.

    Returns
    -------
    chws
        At each site, int64.
    bound
        The fewest that any placement needs.
    method
        In words.
    """
    deadline = time.perf_counter() + time_limit_s
    enough = people * (1 - PROVED)
    best = State(work, work.least)
    best.add(int((work.most - work.least).sum()), people - best.served)
    if best.served < enough:
        best = State(work, work.most)
        if best.served < enough:
            return None
    best = _fewer(best, people)
    relaxed = relaxation.bound_at(work, best.total, np.zeros(len(work.weights)))
    bound = _fewest_at(work, relaxed, people)
    how = "greedy, exchange"
    for _ in range(3):
        if bound == best.total:
            return best.workers, bound, f"{how} and linear relaxation"
        relaxed = relaxation.solve(work, bound, 0.0, (deadline - time.perf_counter()) / 4)
        before, bound = bound, max(bound, _fewest_at(work, relaxed, people))
        if bound - before <= 1e-3 * bound:
            break
    for turn, size in enumerate(SIZES):
        if bound == best.total or time.perf_counter() > deadline:
            break
        parts = blocks.part(work, relaxed.once + PROVED * work.weights, size, blocks.order_of(work, turn))
        solved = blocks.solve(work, relaxed, parts, deadline)
        bound = max(bound, math.ceil((enough - solved.worth) / solved.price)) if solved.price > 0 else bound
        trial = State(work, solved.workers)
        trial.add(int((work.most - trial.workers).sum()), people - trial.served)
        if trial.served >= enough:
            best = min(best, _fewer(trial, people), key=lambda some: some.total)
        parts = blocks.part(work, work.weights, size, blocks.order_of(work, turn + len(SIZES)))
        best.improve_blocks(parts, deadline)
        best = _fewer(best, people)
        how = "greedy, exchange, linear relaxation and blocks of sites solved exactly (HiGHS)"
    return best.workers, bound, how


def _fewer(state: State, people: float) -> State:
    """Move CHWs so that others can leave, as long as any can."""
    before = state.total + 1
    while state.total < before:
        before = state.total
        state.remove(before, state.served - people * (1 - PROVED))
        state.move()
    state.remove(before, state.served - people * (1 - PROVED))
    return state


def _fewest_at(work: Workload, relaxed: relaxation.Relaxation, people: float) -> int:
    """The fewest CHWs at which the bound with these multipliers lets so many people be served."""
    least, most = int(work.least.sum()), int(work.most.sum())
    while least < most:
        middle = (least + most) // 2
        if relaxation.bound_at(work, middle, relaxed.once).bound >= people * (1 - PROVED):
            most = middle
        else:
            least = middle + 1
    return least
