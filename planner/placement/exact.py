"""Solve a programme exactly, or say in words why there is no answer."""

from __future__ import annotations

import numpy as np

from planner.errors import NoAnswer
from planner.placement import highs
from planner.placement.highs import Solution
from planner.placement.programme import Programme
from planner.types.arrays import Ints
from planner.types.placement import Rules

METHOD = "mixed-integer programme (HiGHS)"


def solve(programme: Programme, time_limit_s: float) -> Solution:
    """The best values found, with a proved bound.

    Raises
    ------
    NoAnswer
        Nothing keeps all the rules: the message says which of them bite, and by how much they would have to give way.
        Or nothing was found in time, or HiGHS is not installed.
    """
    solution = attempt(programme, time_limit_s)
    if solution.status == "unknown":
        raise nothing_found(programme.title, time_limit_s)
    return solution


def attempt(programme: Programme, time_limit_s: float) -> Solution:
    """As `solve`, but where nothing was found, the bound comes back alone."""
    solution = highs.solve(programme, time_limit_s=time_limit_s)
    if solution.status == "infeasible":
        raise NoAnswer(f"{programme.title}: no placement keeps all the rules. {why(programme, time_limit_s)}")
    return solution


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
