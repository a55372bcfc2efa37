"""Placements that hold under several conditions: dry and wet season, two tables of speeds, two population rasters."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from planner.placement import exact, question, recount
from planner.placement.answer import choice, to_nearest
from planner.placement.models import robust_cover as model
from planner.placement.most_people import maximal_cover
from planner.placement.presolve import distinct
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Choice, Conditions, Robust, Rules


def robust_cover(
    conditions: Sequence[Conditions], weights: Doubles, p: int, rules: Rules, *, time_limit_s: float
) -> Robust:
    """Choose where at most `p` CHWs live when it is not known which of the conditions will hold.

    Parameters
    ----------
    conditions
        Each with the same sites, in the same order; demand may differ.
    weights
        Of each of the conditions in the average (probabilities, months of the year); not negative, made to sum to 1.
    p, rules
        As in `maximal_cover`.
    time_limit_s
        Seconds for each of the choices: one for each of the conditions, and three for all of them.

    Returns
    -------
    Robust
        Objectives are people: covered on average, covered under the worst conditions, and the greatest regret.

    Raises
    ------
    ValueError
        No conditions, conditions with other numbers of sites, weights that cannot be, and as in `maximal_cover`.
    NoAnswer
        As in `maximal_cover`.
    """
    if not conditions:
        raise ValueError("conditions: expected one or more")
    for one in conditions:
        question.check(one.matrix, one.people, rules, p)
    question.check_column("weights", weights, len(conditions))
    if not weights.sum() > 0:
        raise ValueError("weights: expected one above 0")
    own = tuple(maximal_cover(one.matrix, one.people, p, rules, time_limit_s=time_limit_s) for one in conditions)
    best = np.array([one.objective for one in own])
    even = weights / weights.sum()
    aims = [
        _aim(conditions, even, best, p, rules, aim, time_limit_s, own[0].chws) for aim in ("average", "worst", "regret")
    ]
    return Robust(
        own=own,
        average=aims[0],
        worst=aims[1],
        regret=aims[2],
        covered=np.array([_covered(conditions, one.chws) for one in (*own, *aims)]),
        chosen_in=np.sum([one.chws > 0 for one in own], axis=0, dtype=np.int32),
    )


def _aim(
    conditions: Sequence[Conditions],
    weights: Doubles,
    best: Doubles,
    p: int,
    rules: Rules,
    aim: model.Aim,
    time_limit_s: float,
    known: Ints,
) -> Choice:
    """The best choice for one aim."""
    began = time.perf_counter()
    covers = [distinct(one.matrix, one.people) for one in conditions]
    solution = exact.solve(model.programme(covers, weights, best, p, rules, aim), time_limit_s, known)
    chws = exact.chws(solution, rules)
    covered = _covered(conditions, chws)
    worth = {"average": weights @ covered, "worst": covered.min(), "regret": max((best - covered).max(), 0.0)}
    first = conditions[0]
    return choice(
        f"{model.MODEL}, {aim}", exact.method(solution), chws, float(worth[aim]), "people",
        max(solution.bound, 0.0) if aim == "regret" else solution.bound,
        to_nearest(first.matrix, np.flatnonzero(chws).astype(np.int32), first.people),
        maximise=aim != "regret", rules=rules, p=p, began=began,
    )  # fmt: skip


def _covered(conditions: Sequence[Conditions], chws: Ints) -> Doubles:
    """People covered under each of the conditions."""
    return np.array([recount.people_covered(one.matrix, chws, one.people) for one in conditions])
