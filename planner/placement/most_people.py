"""With so many CHWs, reach the most people: maximal cover and its kin."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from planner.placement import exact, greedy, mclp, question, recount
from planner.placement.answer import choice, to_nearest, without_idle
from planner.placement.capacitated import at_size, under_rules
from planner.placement.models import backup_cover as bacop
from planner.placement.models import capacitated
from planner.placement.models import maximal_cover as mclp_model
from planner.placement.presolve import distinct
from planner.placement.rules import only_sites
from planner.placement.service import serve
from planner.placement.staying import keep_in_place
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Assignment, Choice, Rules
from planner.types.travel import TravelMatrix

Method = Literal["auto", "exact", "greedy", "large"]


def maximal_cover(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, *, time_limit_s: float, method: Method = "auto"
) -> Choice:
    """Choose where at most `p` CHWs live so that the most people have one within reach.

    CHWs who would add nobody and whom no rule asks for are not placed: fewer than `p` come back once everyone whom a
    site reaches is covered. That is then the best possible. Where CHWs of today may move, those stay without whose move
    as many people are covered.

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
        "exact" is the mixed-integer programme on everything; "auto" takes what is best for the size and the rules.
        Where there are no rules but where CHWs must live and may not, "large" leaves out the exact search at the end,
        and "greedy" all but the greedy choice and its bound.

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
    if method != "exact" and only_sites(rules) and rules.least.sum() <= p:
        chws, bound, how = mclp.solve(matrix, people, p, rules, time_limit_s, method)
    elif method not in ("auto", "exact"):
        raise ValueError(f"method: {method!r} takes no rules but where CHWs must live and may not; use 'auto'")
    else:
        chws, bound, how = _under_rules(matrix, people, p, rules, time_limit_s)
        chws = without_idle(chws, rules, p, lambda some: recount.people_covered(matrix, some, people))
    chws = keep_in_place(matrix, people, chws, rules, p)
    covered = recount.people_covered(matrix, chws, people)
    posts = np.flatnonzero(chws).astype(np.int32)
    return choice(
        mclp_model.MODEL, how, chws, covered, "people", min(bound, float(people.sum())),
        to_nearest(matrix, posts, people), maximise=True, rules=rules, p=p, began=began,
    )  # fmt: skip


def _under_rules(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, time_limit_s: float
) -> tuple[Ints, float, str]:
    """The best CHWs found, what they are proved against, and how; greedy where the solver finds nothing."""
    known = greedy.choose(greedy.Covering(matrix, people), p, rules)
    solution = exact.solve(mclp_model.programme(distinct(matrix, people), p, rules), time_limit_s, known)
    chws, bound = exact.chws(solution, rules), solution.bound
    return chws, min(bound, greedy.cover_bound(matrix, people, p, chws)), exact.method(solution)


def backup_cover(
    matrix: TravelMatrix,
    people: Doubles,
    p: int,
    rules: Rules,
    *,
    backup_weight: float,
    cover_all: bool = False,
    time_limit_s: float,
) -> Choice:
    """Choose where at most `p` CHWs live so that the most people have one within reach, and another as a backup.

    Parameters
    ----------
    matrix, people, p, rules, time_limit_s
        As in `maximal_cover`.
    backup_weight
        What a second CHW within reach counts against the first, 0 to 1. Two at one site are each other's backup.
    cover_all
        Whether everybody whom some site reaches must have a first CHW (BACOP1), whatever backups that costs.

    Returns
    -------
    Choice
        `objective` is people covered, and `backup_weight` times those covered twice.

    Raises
    ------
    ValueError, NoAnswer
        As in `maximal_cover`.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    question.check_share("backup_weight", backup_weight)

    def worth(chws: Ints) -> float:
        return recount.backup_covered(matrix, chws, people, backup_weight)

    cover = distinct(matrix, people)
    known = None if cover_all else greedy.choose(greedy.Covering(matrix, people), p, rules)
    solution = exact.solve(bacop.programme(cover, p, rules, backup_weight, cover_all), time_limit_s, known)
    chws = without_idle(exact.chws(solution, rules), rules, p, worth)
    posts = np.flatnonzero(chws).astype(np.int32)
    return choice(
        bacop.MODEL, exact.method(solution), chws, worth(chws), "people",
        min(solution.bound, (1 + backup_weight) * float(people.sum())),
        to_nearest(matrix, posts, people), maximise=True, rules=rules, p=p, began=began,
    )  # fmt: skip


def capacitated_cover(
    matrix: TravelMatrix,
    people: Doubles,
    p: int,
    rules: Rules,
    *,
    capacity: float | Doubles,
    load: Doubles | None = None,
    closest: bool = False,
    time_limit_s: float,
    method: Literal["auto", "exact", "large"] = "auto",
) -> Choice:
    """Choose where at most `p` CHWs live so that they can serve the most people, each only so many.

    Parameters
    ----------
    matrix, people, p, rules, time_limit_s
        As in `maximal_cover`; `rules.most` says how many CHWs may live at one site.
    capacity
        What one CHW can do, in the unit of `load`: at any site, or at each.
    load
        The work of serving all people of each demand position: households, hours a week; None = the people themselves.
    closest
        Whether people go to their nearest CHWs or to none; else they may be sent to any within reach.
    method
        "exact" is the mixed-integer programme on everything. "large" is for whole countries: a placement that comes
        close and a bound that proves how close: `planner.placement.capacitated.solve` where rules say no more than how
        many CHWs each site must and may have, else `under_rules` beside it. "auto" takes the programme where it is
        small, and so does everything where people go to their `closest` CHWs.

    Returns
    -------
    Choice
        `objective` is people served. Of all ways to serve as many, `assignment` is one with the least travel.

    Raises
    ------
    ValueError, NoAnswer
        As in `maximal_cover`.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    work, each = question.work(people, load, capacity, matrix.n_sites)

    def service(chws: Ints) -> Assignment:
        return serve(matrix, people, work, each, chws, closest, time_limit_s)

    large = method != "exact" and not closest
    if large and at_size.suits(matrix, people, work, rules, small=method == "large"):
        chws, bound, how = at_size.cover(matrix, people, work, each, p, rules, time_limit_s)
    else:
        known = greedy.choose(greedy.Serving(matrix, people, work, each), p, rules)
        if large and at_size.large(matrix, people, work, small=method == "large"):
            chws, bound, how = under_rules.cover(matrix, people, work, each, p, rules, known, time_limit_s)
        else:
            asked = capacitated.programme(matrix, people, work, each, p, rules, closest)
            solution = exact.solve(asked, time_limit_s, known)
            chws = without_idle(exact.chws(solution, rules), rules, p, lambda some: float(service(some).people.sum()))
            bound, how = solution.bound, exact.method(solution)
    bound = min(bound, capacitated.most_people(people, work, p * float(each.max(initial=0.0))))
    served = service(chws)
    recount.check_service(matrix, chws, people, work, each, closest, served)
    return choice(
        capacitated.MODEL, how, chws, float(served.people.sum()), "people", bound,
        served, maximise=True, rules=rules, p=p, began=began,
    )  # fmt: skip
