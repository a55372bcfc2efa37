"""The fewest CHWs, or the cheapest, who reach or serve everybody or a share of the people."""

from __future__ import annotations

import math
import time
from typing import Literal

import numpy as np

from planner.errors import NoAnswer
from planner.placement import exact, greedy, highs, question, recount, setcover
from planner.placement.answer import choice, to_nearest
from planner.placement.capacitated import at_size
from planner.placement.models import capacitated, maximal_cover
from planner.placement.models import partial_set_cover as partial
from planner.placement.models import set_cover as lscp
from planner.placement.presolve import distinct
from planner.placement.programme import Programme
from planner.placement.rules import only_sites
from planner.placement.service import serve
from planner.types.arrays import Doubles, Ints
from planner.types.placement import NO_LIMIT, Assignment, Choice, Rules
from planner.types.travel import TravelMatrix

Counted = Literal["CHWs", "cost"]


def set_cover(
    matrix: TravelMatrix, people: Doubles, rules: Rules, *, counted: Counted = "CHWs", time_limit_s: float
) -> Choice:
    """Choose the fewest CHWs, or the cheapest, such that everybody has one within reach.

    Parameters
    ----------
    matrix
        Minutes from sites to demand positions, only pairs within the limit.
    people
        At each demand position, not negative; where nobody lives, nobody needs a CHW.
    rules
        What every choice keeps to.
    counted
        Whether CHWs in all are counted, those of today among them, or the cost of the change, as `rules` gives it.
    time_limit_s
        Seconds for the search. When they are over, the best choice found comes back with the proved bound.

    Returns
    -------
    Choice
        `objective` is CHWs, or their cost.

    Raises
    ------
    ValueError
        Arrays of another length than the matrix asks for, or people that are negative or not finite.
    NoAnswer
        Somebody is out of reach of every site, no choice keeps the rules, or none was found in time.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules)
    cover = distinct(matrix, people)
    alone = (people > 0) & (np.bincount(matrix.indices, minlength=matrix.n_demand) == 0)
    if alone.any():
        raise NoAnswer(
            f"{lscp.MODEL}: no site reaches {people[alone].sum():,.0f} people at {np.count_nonzero(alone):,} places "
            f"(first at demand {np.argmax(alone)}); ask for a share of the people, more sites or a longer way"
        )
    simple = only_sites(rules) and counted == "CHWs"
    placed = setcover.fewest(matrix, people, rules, time_limit_s) if simple else None
    if placed is not None:
        chws, bound, method = placed
    else:
        known = _greedily(greedy.Covering(matrix, people), float(people.sum()), rules)
        solution = exact.solve(lscp.programme(cover, rules, counted), time_limit_s, known)
        chws, bound, method = exact.chws(solution, rules), solution.bound, exact.method(solution)
    if np.any((recount.chws_within_reach(matrix, chws) == 0) & (people > 0)):
        raise AssertionError("the set cover leaves people without a CHW within reach")
    return _told(lscp.MODEL, method, chws, rules, counted, bound, _by_nearest(matrix, chws, people), began)


def partial_set_cover(
    matrix: TravelMatrix,
    people: Doubles,
    share: float,
    rules: Rules,
    *,
    counted: Counted = "CHWs",
    time_limit_s: float,
) -> Choice:
    """Choose the fewest CHWs, or the cheapest, such that a share of the people has one within reach.

    As `set_cover`; `share` of all `people`, from 0 to 1, those whom no site reaches among them. Where it cannot be had,
    the message of NoAnswer says how much can.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules)
    question.check_share("share", share)
    cover, everybody = distinct(matrix, people), float(people.sum())
    share = share if everybody else 0.0
    simple = only_sites(rules) and counted == "CHWs"
    placed = setcover.fewest_for_share(matrix, people, share * everybody, rules, time_limit_s) if simple else None
    if placed is not None:
        chws, bound, method = placed
    else:
        most = maximal_cover.programme(cover, NO_LIMIT, rules)
        asked = partial.programme(cover, everybody, share, rules, counted)
        known = _greedily(greedy.Covering(matrix, people), share * everybody, rules)
        solution = _solve_share(asked, most, everybody, share, time_limit_s, known)
        chws, bound, method = exact.chws(solution, rules), solution.bound, exact.method(solution)
    if recount.people_covered(matrix, chws, people) < (share - 1e-8) * everybody:
        raise AssertionError(f"the partial set cover reaches less than {share} of the people")
    return _told(partial.MODEL, method, chws, rules, counted, bound, _by_nearest(matrix, chws, people), began)


def capacitated_set_cover(
    matrix: TravelMatrix,
    people: Doubles,
    share: float,
    rules: Rules,
    *,
    capacity: float | Doubles,
    load: Doubles | None = None,
    closest: bool = False,
    counted: Counted = "CHWs",
    time_limit_s: float,
    method: Literal["auto", "exact", "large"] = "auto",
) -> Choice:
    """Choose the fewest CHWs, or the cheapest, who can serve a share of the people, each only so many.

    As `partial_set_cover`; `capacity`, `load`, `closest` and `method` as in `capacitated_cover`.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules)
    question.check_share("share", share)
    work, each = question.work(people, load, capacity, matrix.n_sites)
    everybody = float(people.sum())
    share = share if everybody else 0.0
    alike = method != "exact" and not closest and counted == "CHWs"
    if alike and at_size.suits(matrix, people, work, rules, small=method == "large"):
        chws, least, how = at_size.fewest(matrix, people, work, each, share, rules, time_limit_s)
        bound = float(least)
    else:
        most = capacitated.programme(matrix, people, work, each, NO_LIMIT, rules, closest)
        asked = capacitated.fewest(matrix, people, work, each, share, rules, closest, counted)
        known = None if closest else _greedily(greedy.Serving(matrix, people, work, each), share * everybody, rules)
        solution = _solve_share(asked, most, everybody, share, time_limit_s, known)
        chws, bound, how = exact.chws(solution, rules), solution.bound, exact.method(solution)
    if counted == "CHWs":
        bound = max(bound, capacitated.least_work(people, work, share * everybody) / max(each.max(initial=0.0), 1e-300))
    served = serve(matrix, people, work, each, chws, closest, time_limit_s)
    recount.check_service(matrix, chws, people, work, each, closest, served)
    if served.people.sum() < (share - 1e-8) * everybody:
        raise AssertionError(f"the CHWs serve less than {share} of the people")
    return _told(capacitated.FEWEST, how, chws, rules, counted, bound, served, began)


def _solve_share(
    asked: Programme, most: Programme, everybody: float, share: float, time_limit_s: float, known: Ints | None
) -> highs.Solution:
    """Solve for a share of the people; where it cannot be had, say how much can."""
    try:
        return exact.solve(asked, time_limit_s, known)
    except NoAnswer as none:
        reach = highs.solve(most, time_limit_s=time_limit_s)
        if reach.status not in ("optimal", "feasible") or reach.bound >= share * everybody:
            raise
        raise NoAnswer(
            f"{asked.title}: {100 * share:.4g} % of the people are asked for, and however many CHWs there are, these "
            f"rules let no more than {100 * reach.bound / everybody:.4g} % have one. {none}"
        ) from None


def _greedily(counted: greedy.People, asked: float, rules: Rules) -> Ints | None:
    """CHWs, added one by one until so many people have one; None where this way does not get there."""
    chws = greedy.choose(counted, NO_LIMIT, rules, lambda: counted.people >= asked)
    return chws if counted.people >= asked else None


def _by_nearest(matrix: TravelMatrix, chws: Ints, people: Doubles) -> Assignment:
    return to_nearest(matrix, np.flatnonzero(chws).astype(np.int32), people)


def _told(
    model: str,
    method: str,
    chws: Ints,
    rules: Rules,
    counted: Counted,
    bound: float,
    assignment: Assignment,
    began: float,
) -> Choice:
    objective = float(chws.sum()) if counted == "CHWs" else recount.money(chws, rules)
    bound = max(bound, 0.0)
    if counted == "CHWs":  # whole: a bound between two numbers of them is the greater one
        bound = math.ceil(bound - 1e-6)
    return choice(
        model, method, chws, objective, counted, bound, assignment,
        maximise=False, rules=rules, p=NO_LIMIT, began=began,
    )  # fmt: skip
