"""From sites to an answer: who is served by whom, the objective recounted, and the proof in plain words."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from planner.placement import recount
from planner.types.arrays import Doubles, Floats, Ints
from planner.types.placement import Assignment, Choice, Rules
from planner.types.travel import TravelMatrix

PROVED = 1e-9  # relative gap up to which a choice is called best possible: the rounding of sums in float64


def gap_of(objective: float, bound: float) -> float:
    """How much better than `objective` an answer at `bound` would be, relative; 0 within rounding, inf from nothing."""
    distance = abs(bound - objective)
    if distance <= PROVED * max(abs(objective), abs(bound)):
        return 0.0
    return distance / abs(objective) if objective else math.inf


def status_of(gap: float) -> str:
    """The gap in words, rounded up to a tenth of a percent."""
    if gap == 0.0:
        return "best possible"
    if math.isinf(gap):
        return "best found: how much better exists is not known"
    return f"best found: at most {math.ceil(gap * 1000) / 10:g} % better exists"


def choice(
    model: str,
    method: str,
    chws: Ints,
    objective: float,
    unit: str,
    bound: float,
    assignment: Assignment,
    *,
    maximise: bool,
    rules: Rules,
    p: int,
    began: float,
) -> Choice:
    """Tell a choice and its proof, checked against the rules; `began` is when the solve did (`time.perf_counter`).

    A bound within rounding of the objective is the objective, and so is one on its wrong side by rounding.
    """
    recount.check(chws, rules, p, objective, bound, maximise)
    bound = max(bound, objective) if maximise else min(bound, objective)
    gap = gap_of(objective, bound)
    return Choice(
        model=model,
        method=method,
        chws=chws,
        objective=objective,
        unit=unit,
        bound=bound if gap else objective,
        gap=gap,
        status=status_of(gap),
        seconds=time.perf_counter() - began,
        assignment=assignment,
    )


def without_idle(chws: Ints, rules: Rules, p: int, worth: Callable[[Ints], float]) -> Ints:
    """Leave out the CHWs without whom the choice is worth the same and keeps the rules; those of today all stay."""
    full = worth(chws)
    for site in np.flatnonzero(chws > np.maximum(rules.today, rules.least))[::-1]:
        while chws[site] > max(rules.today[site], rules.least[site]):
            fewer = chws.copy()
            fewer[site] -= 1
            if worth(fewer) < full or recount.broken_rules(fewer, rules, p):
                break
            chws = fewer
    return chws


def nearest_post(matrix: TravelMatrix, posts: Ints) -> tuple[Ints, Floats]:
    """The site among `posts` that is nearest to each demand position (ties to the one listed first), and its minutes.

    Returns
    -------
    site : int32, -1 = no post reaches it
    minutes : float32, inf = no post reaches it
    """
    site = np.full(matrix.n_demand, -1, np.int32)
    soonest = np.full(matrix.n_demand, np.inf, np.float32)
    for post in posts:
        row = slice(matrix.indptr[post], matrix.indptr[post + 1])
        reached, minutes = matrix.indices[row], matrix.minutes[row]
        sooner = minutes < soonest[reached]
        site[reached[sooner]] = post
        soonest[reached[sooner]] = minutes[sooner]
    return site, soonest


def to_nearest(matrix: TravelMatrix, posts: Ints, people: Doubles) -> Assignment:
    """Everybody who lives within reach of a post is served by the nearest."""
    site, _ = nearest_post(matrix, posts)
    demand = np.flatnonzero((site >= 0) & (people > 0)).astype(np.int32)
    return Assignment(demand=demand, site=site[demand], people=people[demand].astype(np.float64))
