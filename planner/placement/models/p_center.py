"""p-center: with so many CHWs, the least minutes that nobody has to go farther than to the nearest.

Hakimi, S. L. (1964) Optimum locations of switching centers, Operations Research 12, 450-459, doi:10.1287/opre.12.3.450;
solved as Minieka, E. (1970) The m-center problem, SIAM Review 12, 138-139, doi:10.1137/1012016: the answer is one of
the minutes between a site and a demand position, and t minutes are enough where this set cover has an answer::

    sum_{j: t_ij <= t} n_j >= 1     everybody i has a CHW within t minutes
    sum_j n_j <= p
    n_j whole                       and the rules (`planner.placement.rule_rows`)
"""

from __future__ import annotations

import numpy as np

from planner.placement.models import set_cover
from planner.placement.presolve import distinct
from planner.placement.programme import Programme
from planner.types.arrays import Doubles, Floats
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

MODEL = "p-center"


def programme(matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, minutes: float) -> Programme:
    """The question whether so many minutes are enough; its first columns are n, one a site of the rules.

    Every demand position with people is within `minutes` of some site.
    """
    made = set_cover.programme(distinct(matrix.within(minutes), people), rules, "nothing", p)
    made.title = f"{MODEL}, {minutes:g} minutes"
    return made


def radii(matrix: TravelMatrix, people: Doubles, rules: Rules) -> Floats:
    """The minutes that the answer may be, ascending: none less than somebody needs to the nearest allowed site."""
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    may = (rules.most > 0)[site] & (people > 0)[matrix.indices]
    demand, minutes = matrix.indices[may], matrix.minutes[may]
    soonest = np.full(matrix.n_demand, np.inf, np.float32)
    np.minimum.at(soonest, demand, minutes)
    return np.unique(minutes[minutes >= soonest[people > 0].max(initial=0.0)])
