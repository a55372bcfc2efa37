"""A good choice under any rules without a solver, and what no choice can be better than."""

from __future__ import annotations

import numpy as np

from planner.placement.recount import broken_rules
from planner.types.arrays import Bools, Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix


def maximal_cover(matrix: TravelMatrix, people: Doubles, p: int, rules: Rules) -> tuple[Ints | None, float]:
    """Add CHWs one by one, each where it covers the most people of those places that the rules leave open.

    Those of today stay. Areas that need CHWs get theirs first.

    Returns
    -------
    chws
        At each site; None where this way leads to no choice that keeps the rules.
    bound
        No choice of `p` CHWs covers more people than this one and the p greatest additions to it together: covering is
        submodular (Nemhauser, Wolsey and Fisher, 1978, doi:10.1007/BF01588971).
    """
    chws = np.maximum(rules.least, rules.today)
    covered = np.zeros(matrix.n_demand, np.bool_)
    for post in np.flatnonzero(chws):
        covered[_reached(matrix, int(post))] = True
    short = [int(area) for area in np.flatnonzero(rules.area_least)]
    while int(chws.sum()) < p:
        gains = _gains(matrix, people, covered)
        while short and chws[rules.area == short[0]].sum() >= rules.area_least[short[0]]:
            short.pop(0)
        wanted = rules.area == short[0] if short else gains > 0
        site = _first_allowed(chws, rules, p, gains, wanted & (chws < rules.most))
        if site < 0:
            break
        chws[site] += 1
        covered[_reached(matrix, site)] = True
    greatest = np.sort(_gains(matrix, people, covered))[::-1][:p]
    bound = float(people[covered].sum() + greatest.sum())
    return (None if broken_rules(chws, rules, p) else chws), bound


def _reached(matrix: TravelMatrix, site: int) -> Ints:
    return matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]


def _gains(matrix: TravelMatrix, people: Doubles, covered: Bools) -> Doubles:
    """People whom each site would add."""
    new = np.append(0.0, np.cumsum(np.where(covered, 0.0, people)[matrix.indices]))
    return np.asarray(new[matrix.indptr[1:]] - new[matrix.indptr[:-1]], np.float64)


def _first_allowed(chws: Ints, rules: Rules, p: int, gains: Doubles, wanted: Bools) -> int:
    """The site of the greatest gain where one CHW more breaks no rule that was not broken before; -1 = none."""
    broken = len(broken_rules(chws, rules, p))
    for site in np.argsort(-gains, kind="stable"):
        if wanted[site]:
            more = chws.copy()
            more[site] += 1
            if len(broken_rules(more, rules, p)) <= broken:
                return int(site)
    return -1
