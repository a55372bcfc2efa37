"""The placement that is fairest to the areas, and what that costs in people covered."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from planner.placement import exact, question, recount
from planner.placement.answer import choice, gap_of, status_of, to_nearest
from planner.placement.models import equitable_cover as model
from planner.placement.most_people import maximal_cover
from planner.placement.presolve import distinct
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Choice, Equity, Rules
from planner.types.travel import TravelMatrix

ROUNDING = 1e-9  # that a sum of shares may fall short of what an earlier step found


def equitable_cover(
    matrix: TravelMatrix, people: Doubles, area: Ints, p: int, rules: Rules, *, time_limit_s: float
) -> Equity:
    """Choose where at most `p` CHWs live so that the worst-off area has as great a share covered as can be.

    Then the second worst, and so on (lexicographic max-min); among choices that are equally fair, the most people.

    Parameters
    ----------
    matrix, people, p, rules
        As in `maximal_cover`. People out of everybody's reach count in the share of their area all the same.
    area
        Area of each demand position; -1 = none: these people count only where choices are equally fair.
    time_limit_s
        Seconds for the choice of the most people, and again for all steps of the fairest together. Where a step is not
        proved in its part of them, the next goes on from the best found, and the gap is that of the first such step.

    Raises
    ------
    ValueError, NoAnswer
        As in `maximal_cover`.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    if area.shape != (matrix.n_demand,):
        raise ValueError(f"area: expected {matrix.n_demand} areas, found {area.shape}")
    most = maximal_cover(matrix, people, p, rules, time_limit_s=time_limit_s)
    n_areas = int(area.max(initial=-1)) + 1
    everybody = np.bincount(area[area >= 0], people[area >= 0], n_areas).astype(np.float64)
    inhabited = np.flatnonzero(everybody > 0).astype(np.int32)
    deadline = time.perf_counter() + time_limit_s
    chws, gap, bound = _steps(matrix, people, area, everybody, inhabited, p, rules, most, deadline)
    covered = recount.people_covered(matrix, chws, people)
    fairest = choice(
        model.MODEL, f"{len(inhabited) + 1} steps, each a {exact.METHOD}", chws, covered, "people",
        min(bound, float(people.sum())),
        to_nearest(matrix, np.flatnonzero(chws).astype(np.int32), people),
        maximise=True, rules=rules, p=p, began=began,
    )  # fmt: skip
    gap = gap or fairest.gap
    return Equity(
        fairest=replace(fairest, gap=gap, status=status_of(gap)),
        most=most,
        share=_shares(matrix, chws, people, area, everybody),
        share_of_most=_shares(matrix, most.chws, people, area, everybody),
        given_up=most.objective - covered,
    )


def _steps(
    matrix: TravelMatrix,
    people: Doubles,
    area: Ints,
    everybody: Doubles,
    inhabited: Ints,
    p: int,
    rules: Rules,
    most: Choice,
    deadline: float,
) -> tuple[Ints, float, float]:
    """Raise the sum of the one, two … smallest shares, then people: CHWs, first gap, the most people as fair."""
    covers = [distinct(matrix, np.where(area == a, people, 0.0)) for a in inhabited]
    rest = distinct(matrix, np.where(np.isin(area, inhabited), 0.0, people))
    chws, gap, floors, bound = most.chws, 0.0, list[float](), np.inf
    for k in range(1, len(inhabited) + 2):
        step = model.programme(covers, rest, everybody[inhabited], p, rules, floors)
        seconds = (deadline - time.perf_counter()) / (len(inhabited) + 2 - k)
        solution = exact.solve(step, max(seconds, 0.0), chws)
        chws, bound = exact.chws(solution, rules), solution.bound
        if k <= len(inhabited):
            smallest = float(np.sort(_shares(matrix, chws, people, area, everybody)[inhabited])[:k].sum())
            floors.append(smallest - ROUNDING)
            gap = gap or gap_of(smallest, min(bound, float(k)))
    return chws, gap, bound


def _shares(matrix: TravelMatrix, chws: Ints, people: Doubles, area: Ints, everybody: Doubles) -> Doubles:
    """Share of the people covered, by area; NaN where nobody lives."""
    reached = (recount.chws_within_reach(matrix, chws) > 0) & (area >= 0)
    covered = np.bincount(area[reached], people[reached], len(everybody))
    share: Doubles = np.full(len(everybody), np.nan)
    np.divide(covered, everybody, out=share, where=everybody > 0)
    return share
