"""Solve a programme exactly, or say in words why there is no answer."""

from __future__ import annotations

import numpy as np

from planner.errors import NoAnswer
from planner.placement import highs
from planner.placement.highs import Solution
from planner.placement.programme import Programme
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Rules

METHOD = "mixed-integer programme (HiGHS)"
GREEDY = "greedy: the solver found nothing"


def solve(programme: Programme, time_limit_s: float, known: Ints | None = None) -> Solution:
    """The best values found, with a proved bound.

    `known` are CHWs at each site that keep the rules: the search starts from them, and they stand where it finds
    nothing in time or HiGHS is not installed; the status is then "unknown".

    Raises
    ------
    NoAnswer
        Nothing keeps all the rules: the message says which of them bite, and by how much they would have to give way.
        Or nothing was found, and nothing was known.
    """
    start = None if known is None else values(programme, known)
    solution = highs.solve(programme, time_limit_s=time_limit_s, start=start)
    if solution.status == "infeasible":
        raise no_answer(programme, time_limit_s)
    if solution.status != "unknown":
        return solution
    if start is None:
        raise nothing_found(programme.title, time_limit_s)
    return Solution("unknown", start, solution.bound)


def values(programme: Programme, chws: Ints) -> Doubles:
    """Values of the columns that say where CHWs live; NaN for all others."""
    told = np.full(programme.n_columns, np.nan)
    for block in programme.column_blocks:
        if block.name in ("n", "o"):
            told[block.first : block.first + block.size] = chws if block.name == "n" else chws > 0
    return told


def method(solution: Solution) -> str:
    """What found the choice, in words."""
    return GREEDY if solution.status == "unknown" else METHOD


def no_answer(programme: Programme, time_limit_s: float) -> NoAnswer:
    """What to say where nothing keeps all the rules."""
    return NoAnswer(f"{programme.title}: no placement keeps all the rules. {why(programme, time_limit_s)}")


def nothing_found(title: str, time_limit_s: float) -> NoAnswer:
    """What to say where the solver ended without an answer."""
    if highs.installed():
        return NoAnswer(
            f"{title}: no placement was found within {time_limit_s:g} s; allow more time, or loosen the rules"
        )
    return NoAnswer(f"{title}: HiGHS is not installed, and this needs it; install it with: pip install highspy")


def chws(solution: Solution, rules: Rules) -> Ints:
    """CHWs at each site: the first columns of every model."""
    return np.rint(solution.values[: len(rules.today)]).astype(np.int32)


def why(programme: Programme, time_limit_s: float) -> str:
    """What would have to give way, changed as little as can be, for there to be an answer."""
    solution = highs.solve(programme.elastic(), time_limit_s=time_limit_s)
    if solution.status not in ("optimal", "feasible"):
        return f"Which of them bite was not found within {time_limit_s:g} s; allow more time."
    told = programme.missed(solution.values)
    more = f"; and {len(told) - 5} more" if len(told) > 5 else ""
    least = "The least that would have to give way" if solution.status == "optimal" else "It is enough to give way here"
    return f"{least}: {'; '.join(told[:5])}{more}."
