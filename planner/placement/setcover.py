"""Set cover, partial set cover and p-center where rules say no more than where CHWs must and may not live."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from planner.placement import mclp, relaxation, setcover_search
from planner.placement.presolve import Cover, presolve
from planner.types.arrays import Doubles, Floats, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

ROUNDING = 1e-9  # of people, relative


@dataclass(frozen=True, eq=False)
class Rest:
    """What the forced sites leave to cover, and the people whom they reach."""

    cover: Cover
    reached: float


def rest(matrix: TravelMatrix, people: Doubles, rules: Rules) -> Rest:
    """Leave out the rows that forced sites cover, and the sites where nobody may live."""
    reached = np.zeros(matrix.n_demand, np.bool_)
    for site in np.flatnonzero(rules.least):
        reached[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = True
    may = (rules.most > 0) & (rules.least == 0)
    return Rest(presolve(matrix, np.where(reached, 0.0, people), may), float(people[reached].sum()))


def fewest(matrix: TravelMatrix, people: Doubles, rules: Rules, time_limit_s: float) -> tuple[Ints, float, str] | None:
    """The fewest CHWs who reach everybody: at each site, a bound on their number, and the method in words.

    None where somebody is out of reach of every site that is allowed.
    """
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    within = np.bincount(matrix.indices[rules.most[site] > 0], minlength=matrix.n_demand) > 0
    if not within[people > 0].all():
        return None
    chosen, least, method = setcover_search.solve(rest(matrix, people, rules).cover, time_limit_s=time_limit_s)
    chws = rules.least.copy()
    chws[chosen] = 1
    return chws, float(least + rules.least.sum()), method


def center(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, radii: Floats, deadline: float
) -> tuple[Ints, int] | None:
    """CHWs within the least minutes found to be enough, and the place in `radii` below which none are.

    Minieka, E. (1970) The m-center problem, doi:10.1137/1012016: so many minutes are enough where a set cover of that
    reach has at most p sites. None where the greatest of `radii` is not found to be enough.
    """
    new = p - int(rules.least.sum())
    best, low, high = None, 0, len(radii) - 1
    middle = high
    while best is None or low < high:
        left = rest(matrix.within(float(radii[middle])), people, rules).cover
        chosen, least, _ = setcover_search.solve(left, time_limit_s=deadline - time.perf_counter(), enough=new)
        if len(chosen) <= new:
            best = rules.least.copy()
            best[chosen] = 1
            high = middle
        elif least > new and best is not None:
            low = middle + 1
        else:
            break
        middle = (low + high) // 2
    return None if best is None else (best, low)


def fewest_for_share(
    matrix: TravelMatrix, people: Doubles, wanted: float, rules: Rules, time_limit_s: float
) -> tuple[Ints, float, str] | None:
    """The fewest CHWs who reach so many of the people, as `fewest`; None where all sites together do not.

    That so many sites are not enough is proved by the most that these can cover (`mclp`), and by the multipliers of its
    relaxation for any number of them at once.
    """
    deadline = time.perf_counter() + time_limit_s
    left = rest(matrix, people, rules)
    cover, chws = left.cover, rules.least.copy()
    need = wanted - left.reached - ROUNDING * wanted
    if need > cover.weights.sum():
        return None
    forced = int(chws.sum())
    if need <= 0:
        return chws, float(forced), "none to place"
    best = _as_many_as_needed(cover, mclp.greedy(cover, len(cover.sites)), need)
    least, method = _fewest_by_relaxation(cover, len(best), need, time_limit_s / 4), "greedy"
    low = least  # below it nothing is, or was found
    while low < len(best):
        method = "maximal covers of so many sites"
        middle = (low + len(best) - 1) // 2
        seconds = (deadline - time.perf_counter()) / 3
        if seconds <= 0:
            break
        chosen, bound, _ = mclp.choose(cover, middle, seconds)
        if cover.covered(chosen) >= need:
            best = _as_many_as_needed(cover, chosen, need)
        else:
            low = middle + 1
            if bound < need and least <= middle:
                least = middle + 1
    chws[cover.sites[best]] = 1
    return chws, float(forced + min(least, len(best))), f"{method}, linear relaxation"


def _as_many_as_needed(cover: Cover, chosen: Ints, need: float) -> Ints:
    """The first of the sites that cover so many people together."""
    done = cover.covered_by(())
    for k, site in enumerate(chosen):
        done[cover.indices[cover.indptr[site] : cover.indptr[site + 1]]] = True
        if cover.weights[done].sum() >= need:
            return chosen[: k + 1]
    return chosen


def _fewest_by_relaxation(cover: Cover, enough: int, need: float, seconds: float) -> int:
    """A number of sites that no choice stays below: from the multipliers for one fewer than are known to be enough."""
    new = enough - 1
    if new < 1 or new >= len(cover.sites):
        return 1
    relaxed = relaxation.solve(cover, new, mclp.CLOSE_ENOUGH, seconds)
    values = np.sort(relaxed.values)[::-1].cumsum()
    most = relaxed.bound - values[new - 1] + values  # with 1, 2, ... sites
    return 1 + int(np.searchsorted(most, need * (1 - ROUNDING)))
