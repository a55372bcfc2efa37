"""With so many CHWs, reach the most people: maximal cover and its kin."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import numpy as np

from planner.placement import exact, mclp, question, recount
from planner.placement.answer import choice, to_nearest
from planner.placement.models import maximal_cover as mclp_model
from planner.placement.presolve import distinct
from planner.placement.rules import is_plain
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Choice, Rules
from planner.types.travel import TravelMatrix

Method = Literal["auto", "exact"]


def maximal_cover(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, *, time_limit_s: float, method: Method = "auto"
) -> Choice:
    """Choose where at most `p` CHWs live so that the most people have one within reach.

    CHWs who would add nobody and whom no rule asks for are not placed: fewer than `p` come back once everyone whom a
    site reaches is covered. That is then the best possible.

    Parameters
    ----------
    matrix
        Minutes from sites to demand positions, only pairs within the limit.
    people
        At each demand position, or any weight of theirs; not negative, any real number.
    p
        The most CHWs in all, those of today among them.
    rules
        What every choice keeps to.
    time_limit_s
        Seconds for the exact search. When they are over, the best choice found comes back with the proved bound.
    method
        "exact" is the mixed-integer programme on everything; "auto" takes what is quickest for the size and the rules.

    Returns
    -------
    Choice
        `objective` is people covered.

    Raises
    ------
    ValueError
        Arrays of another length than the matrix asks for, people that are negative or not finite, or `p` below 0.
    NoAnswer
        No choice keeps the rules, or none was found in time.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    if method == "auto" and is_plain(rules):
        chosen, bound, how = mclp.solve(matrix, people, p, time_limit_s)
        chws = np.isin(np.arange(matrix.n_sites), chosen).astype(np.int32)
    else:
        solution = exact.solve(mclp_model.programme(distinct(matrix, people), p, rules), time_limit_s)
        chws = np.rint(solution.values[: matrix.n_sites]).astype(np.int32)
        chws = without_idle(chws, rules, p, lambda some: recount.people_covered(matrix, some, people))
        bound, how = solution.bound, exact.METHOD
    covered = recount.people_covered(matrix, chws, people)
    bound = min(bound, float(people.sum()))
    recount.check(chws, rules, p, covered, bound, maximise=True)
    seconds = time.perf_counter() - began
    posts = np.flatnonzero(chws).astype(np.int32)
    return choice(
        mclp_model.MODEL, how, chws, covered, "people", max(bound, covered), seconds, to_nearest(matrix, posts, people)
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
