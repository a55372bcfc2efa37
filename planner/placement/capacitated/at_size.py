"""Capacitated cover of a travel matrix and rules by the methods for large countries."""

from __future__ import annotations

import math

import numpy as np

from planner.errors import NoAnswer
from planner.placement.capacitated import solve
from planner.placement.capacitated.state import State
from planner.placement.capacitated.workload import Workload, workload
from planner.types.arrays import Doubles, Ints
from planner.types.placement import NO_LIMIT, Rules
from planner.types.travel import TravelMatrix

EXACT_PAIRS = 3000  # of a site and demand: up to so many, the mixed-integer programme is solved whole


def suits(matrix: TravelMatrix, people: Doubles, load: Doubles, rules: Rules, small: bool) -> bool:
    """Whether the question is large, or may be small, and no rule is more than the CHWs each site must and may have.

    Those of today count as such rules where they stay; and where they may go as they like, they are none. Whoever takes
    no work to serve is left to the exact programme.
    """
    free = rules.max_moves < 0 or bool((rules.today <= rules.least).all())
    paid = math.isfinite(rules.budget) and bool(rules.cost.any() or rules.leave_cost)
    quotas = bool(rules.area_least.any() or (rules.area_most < NO_LIMIT).any())
    other = paid or quotas or len(rules.apart) or rules.supervisors is not None or rules.fewest > int(rules.least.sum())
    return free and not other and large(matrix, people, load, small)


def large(matrix: TravelMatrix, people: Doubles, load: Doubles, small: bool) -> bool:
    """Whether the question is large, or may be small, and everybody takes some work to serve."""
    return (small or len(matrix.indices) > EXACT_PAIRS) and bool(np.all(load[people > 0] > 0))


def cover(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: Doubles,
    p: int,
    rules: Rules,
    time_limit_s: float,
) -> tuple[Ints, float, str]:
    """CHWs at each site who serve the most people, the most that any placement serves, and how that was found."""
    if int(rules.least.sum()) > p:
        raise NoAnswer(f"{int(rules.least.sum())} CHWs must be where the rules want them, and only {p} may be placed")
    work = _work(matrix, people, load, capacity, rules)
    chws, bound, how = solve.most_served(work, p, time_limit_s)
    return chws.astype(np.int32), bound, how


def fewest(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: Doubles,
    share: float,
    rules: Rules,
    time_limit_s: float,
) -> tuple[Ints, int, str]:
    """CHWs at each site, as few as serve the share, the fewest that any placement needs, and how that was found.

    Raises
    ------
    NoAnswer
        No number of CHWs within the rules serves so many; the message says how many can be served.
    """
    work = _work(matrix, people, load, capacity, rules)
    everybody = float(people.sum())
    found = solve.fewest(work, share * everybody, time_limit_s)
    if found is None:
        most = State(work, work.most).served / everybody
        raise NoAnswer(
            f"{share:.4g} of the people cannot be served under these rules, however many CHWs there are: at most "
            f"{most:.4g} can; ask for less, more CHWs at a site, more sites or a longer way"
        )
    chws, bound, how = found
    return chws.astype(np.int32), bound, how


def _work(matrix: TravelMatrix, people: Doubles, load: Doubles, capacity: Doubles, rules: Rules) -> Workload:
    return workload(matrix, people, load, capacity, rules.least, rules.most)
