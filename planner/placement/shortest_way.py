"""With so many CHWs, the shortest way to the nearest: of all people together, or of whoever has the longest."""

from __future__ import annotations

import math
import time

import numpy as np

from planner.errors import NoAnswer
from planner.placement import exact, greedy, highs, pmedian, pmedian_in_rounds, question, recount, setcover
from planner.placement.answer import choice, to_nearest, without_idle
from planner.placement.models import p_center as center
from planner.placement.models import p_median as median
from planner.placement.rules import only_sites
from planner.types.arrays import Doubles, Floats, Ints
from planner.types.placement import Choice, Rules
from planner.types.travel import TravelMatrix


def p_median(
    matrix: TravelMatrix,
    people: Doubles,
    p: int,
    rules: Rules,
    *,
    unserved_minutes: float = math.inf,
    time_limit_s: float,
) -> Choice:
    """Choose where at most `p` CHWs live so that the travel time of all people to the nearest is least.

    Parameters
    ----------
    matrix, people, p, rules, time_limit_s
        As in `maximal_cover`.
    unserved_minutes
        What somebody counts at most, and who has no CHW within reach; inf = everybody must have one.

    Returns
    -------
    Choice
        `objective` is person-minutes.

    Raises
    ------
    ValueError
        As in `maximal_cover`.
    NoAnswer
        Somebody cannot have a CHW within reach, no choice keeps the rules, or none was found in time.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    placed = pmedian.place(matrix, people, p, rules, unserved_minutes, time_limit_s) if only_sites(rules) else None
    if placed is not None:
        (chws, bound), method = placed, pmedian.METHOD
    else:
        known = greedy.choose(greedy.Walking(matrix, people, unserved_minutes), p, rules)
        if known is not None and math.isinf(_person_minutes(matrix, known, people, unserved_minutes)):
            known = None
        chws, bound, method = pmedian_in_rounds.place(matrix, people, p, rules, unserved_minutes, known, time_limit_s)
        chws = without_idle(chws, rules, p, lambda some: -_person_minutes(matrix, some, people, unserved_minutes))
    person_minutes = _person_minutes(matrix, chws, people, unserved_minutes)
    if math.isinf(person_minutes):
        raise AssertionError("the p-median leaves people without a CHW within reach")
    return choice(
        median.MODEL, method, chws, person_minutes, "person-minutes",
        max(bound, 0.0),
        to_nearest(matrix, np.flatnonzero(chws).astype(np.int32), people),
        maximise=False, rules=rules, p=p, began=began,
    )  # fmt: skip


def p_center(matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, *, time_limit_s: float) -> Choice:
    """Choose where at most `p` CHWs live so that nobody has a longer way to the nearest than need be.

    As `p_median`; `objective` is the minutes of whoever has the longest way, and of all choices with as few minutes any
    one comes back.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    radii = center.radii(matrix, people, rules)
    if not len(radii) and people.any():
        raise NoAnswer(f"{center.MODEL}: some people are out of reach of every site that may have a CHW")
    # With nobody to reach there is one question left: whether the rules can be kept.
    radii = radii if len(radii) else np.zeros(1, np.float32)
    deadline = began + time_limit_s
    placed = setcover.center(matrix, people, p, rules, radii, deadline) if only_sites(rules) else None
    if placed is not None:
        (chws, proved), each = placed, "set cover"
    else:
        (chws, proved), each = _bisect(matrix, people, p, rules, radii, deadline), exact.METHOD
    chws = without_idle(chws, rules, p, lambda some: -_person_minutes(matrix, some, people, math.inf))
    farthest = float(recount.minutes_to_nearest(matrix, chws)[people > 0].max(initial=0.0))
    return choice(
        center.MODEL, f"bisection over the minutes, each a {each}", chws, farthest, "minutes",
        float(radii[proved]) if people.any() else 0.0,
        to_nearest(matrix, np.flatnonzero(chws).astype(np.int32), people),
        maximise=False, rules=rules, p=p, began=began,
    )  # fmt: skip


def _person_minutes(matrix: TravelMatrix, chws: Ints, people: Doubles, unserved_minutes: float) -> float:
    """Minutes of all people to the nearest CHW; inf where somebody has none and must have one."""
    some = people > 0
    minutes = recount.minutes_to_nearest(matrix, chws)[some].astype(np.float64)
    return float(people[some] @ np.minimum(minutes, unserved_minutes))


def _bisect(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, radii: Floats, deadline: float
) -> tuple[Ints, int]:
    """CHWs within the least minutes found to be enough, and the place in `radii` below which none are."""
    low, high = 0, len(radii) - 1
    widest = center.programme(matrix, people, p, rules, float(radii[high]))
    chws = exact.chws(exact.solve(widest, max(deadline - time.perf_counter(), 0.0)), rules)
    while low < high:
        middle = (low + high) // 2
        asked = center.programme(matrix, people, p, rules, float(radii[middle]))
        solution = highs.solve(asked, time_limit_s=max(deadline - time.perf_counter(), 0.0))
        if solution.status == "infeasible":
            low = middle + 1
        elif solution.status == "unknown":
            break
        else:
            chws, high = exact.chws(solution, rules), middle
    return chws, low
